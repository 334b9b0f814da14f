import type { FormatTable } from '../ids/formats/format-table';
import type { Finding } from './findings';
import { isTimestampThread, ownThread, withOnePrefix } from './id-facts';

/** Faults that the thread ID of an answer shows by itself; `how` begins the sentence, e.g. "The registry answered". */
export function explainAnswer(runId: string, threadId: string, how: string, table?: FormatTable): Finding | undefined {
  const about = { runId, threadId, confidence: 0.95, received: threadId };
  if (threadId === runId || threadId === `thread_${runId}`) {
    if (threadId === runId && runId.startsWith('thread_')) return undefined;
    const own = ownThread(runId, table);
    return {
      id: 'fallback-to-run-id',
      key: runId,
      ...about,
      verdict: `${how} the run ID itself as the thread of ${runId}; nobody connects with that.`,
      ...(own === undefined ? {} : { expected: own }),
    };
  }
  if (threadId.startsWith('thread_thread_')) {
    const expected = withOnePrefix(threadId);
    return { id: 'doubled-prefix', key: threadId, ...about, verdict: `${how} ${threadId}, which carries the prefix twice; clients are associated with ${expected}.`, expected };
  }
  if (!isTimestampThread(threadId)) return undefined;
  return { id: 'timestamp-as-thread', key: runId, ...about, verdict: `${how} ${threadId} as the thread of ${runId}: that is the time at which the run was made, not a thread.` };
}
