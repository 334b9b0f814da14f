import { type Diagnosis, extractThreadId, type FormatTable, readDefined } from '../../core/index';

/** The thread that events of a diagnosed fault belong to, as far as it can be told. */
export function rightThread({ expected, threadId, runId, nearMisses }: Diagnosis, table?: FormatTable): string | undefined {
  // What was expected may also be a sentence, or the name of an event type.
  const isThread = expected !== undefined && (/^thread_\S+$/.test(expected) || nearMisses.some((miss) => miss.threadId === expected));
  if (isThread) return expected;
  const carried = runId === undefined ? undefined : (readDefined(runId, table)?.threadId ?? extractThreadId(runId)?.threadId);
  if (carried !== undefined) return carried;
  if (threadId === undefined || threadId === runId || !threadId.startsWith('thread_')) return undefined;
  return extractThreadId(threadId)?.threadId ?? threadId;
}
