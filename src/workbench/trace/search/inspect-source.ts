import { unwrapLine } from '../../../core/index';
import type { TraceOrigin } from '../trace-entry';
import type { ByteSource } from './byte-source';
import type { OrderFacts } from './source-order';

const HEAD = 65_536;
const LINES = 50;

/** A log that can be read, and what its beginning tells. */
export interface InspectedSource extends OrderFacts {
  readonly source: ByteSource;
  readonly origin: TraceOrigin;
  readonly size: number;
}

/** Looks at the beginning of a log. @throws {SourceError} when it cannot be read */
export async function inspectSource(source: ByteSource): Promise<InspectedSource> {
  const { uri, label } = source;
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
}
