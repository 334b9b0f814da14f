import { DIALECTS, extractThreadId, type FormatTable, readRunId } from '../../core/index';

/** What is traced: the ID as it was given, and what it stands for as far as the ID alone tells. */
export interface TraceTarget {
  readonly id: string;
  readonly kind: 'run' | 'thread' | 'connection' | 'unknown';
  /** The thread it routes to; undefined for a bare run ID, a connection and what cannot be read. */
  readonly threadId: string | undefined;
}

/** Reads what an ID stands for; what cannot be read with some confidence is `unknown`. */
export function targetOf(id: string, table?: FormatTable): TraceTarget {
  const [reading] = readRunId(id, { table });
  const known = reading !== undefined && reading.confidence >= 0.25 ? reading.kind : 'unknown';
  const kind = known === 'run' || known === 'thread' || known === 'connection' ? known : 'unknown';
  if (kind === 'connection' || kind === 'unknown') return { id, kind, threadId: undefined };
  return { id, kind, threadId: reading?.threadId ?? extractThreadId(id)?.threadId };
}

/** The part of an ID that tells it from others, without the prefix that all of its kind have; the ID itself when that part is short. */
export function distinctivePart(id: string): string {
  const body = id.replace(/^(?:thread_|run_)+/, '');
  return body.length >= 6 && /\d/.test(body) ? body : id;
}

/** Every thread that some version of the backend makes of the ID. */
export function threadsOf(id: string, table?: FormatTable): ReadonlySet<string> {
  const threads = new Set<string>();
  for (const dialect of DIALECTS) {
    const extraction = extractThreadId(id, dialect);
    if (extraction !== undefined) threads.add(extraction.threadId);
  }
  const [reading] = readRunId(id, { table });
  if (reading?.threadId !== undefined && reading.confidence >= 0.25) threads.add(reading.threadId);
  return threads;
}
