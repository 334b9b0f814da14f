import { unwrapLine } from '../../../core/index';
import type { TraceNote, TraceOrigin } from '../trace-entry';
import { SourceError, type ByteSource } from './byte-source';
import { toSourceError } from './file-source';
import type { OrderFacts } from './source-order';

const HEAD = 65_536;
const LINES = 50;

/** A log that can be read, and what its beginning tells. */
export interface InspectedSource extends OrderFacts {
  readonly source: ByteSource;
  readonly origin: TraceOrigin;
  readonly size: number;
}

/** Looks at the beginning of a log; answers a note instead when it cannot be read. */
export async function inspectSource(source: ByteSource): Promise<InspectedSource | TraceNote> {
  const { uri, label } = source;
  try {
    const { reader, isCompressed, size, modifiedAt } = await source.open();
    try {
      const head = new Uint8Array(HEAD);
      const length = await reader.read(head);
      const lines = Buffer.from(head.buffer, 0, length).toString('utf8').split('\n', LINES);
      let firstTime: number | undefined;
      for (const line of lines) if ((firstTime ??= unwrapLine(line.slice(0, 4096)).time) !== undefined) break;
      return { source, label, size, firstTime, modifiedAt, origin: { uri, label, kind: isCompressed ? 'compressed' : 'text' } };
    } finally {
      await reader.close();
    }
  } catch (error) {
    return noteOf(label, error);
  }
}

export function noteOf(label: string, error: unknown): TraceNote {
  const { reason, message } = error instanceof SourceError ? error : toSourceError(error);
  return { source: label, reason, message };
}
