import { redactText } from '../../../core/index';
import type { ByteSource } from './byte-source';

const AROUND = 200;
const CHUNK = 1 << 18;
const MOST_BYTES = 4 << 20;

export interface LogExcerpt {
  readonly text: string;
  /** Number of its first line in the log, counted from 1. */
  readonly firstLine: number;
}

/** The lines around one of them, without secrets: for a log that an editor cannot open. @throws {SourceError} */
export async function readExcerpt(source: ByteSource, line: number): Promise<LogExcerpt> {
  const firstLine = Math.max(1, line - AROUND);
  const lastLine = line + AROUND;
  const { reader } = await source.open();
  const parts: Buffer[] = [];
  let bytes = 0;
  let current = 1;
  try {
    const chunk = Buffer.alloc(CHUNK);
    for (let length = CHUNK; length === CHUNK && current <= lastLine && bytes < MOST_BYTES; ) {
      length = await reader.read(chunk);
      let at = 0;
      while (at < length && current <= lastLine) {
        const newline = chunk.subarray(0, length).indexOf(10, at);
        const end = newline < 0 ? length : newline + 1;
        if (current >= firstLine) {
          parts.push(Buffer.from(chunk.subarray(at, end)));
          bytes += end - at;
        }
        at = end;
        if (newline >= 0) current++;
      }
    }
  } finally {
    await reader.close();
  }
  const text = Buffer.concat(parts).toString('utf8').replaceAll('\r\n', '\n').replace(/\n$/, '');
  return { text: text.split('\n').map(redactText).join('\n'), firstLine };
}
