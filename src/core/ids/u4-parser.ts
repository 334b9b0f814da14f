/** The rewritten UnifiedIDManager of 2025-09-07 (FIELD_GUIDE 1.3, "U4"; `eras.jsonl`). */
import { RUN_PREFIX, THREAD_PREFIX } from './thread-id';

const PREFIXED_UNREAD = ['websocket_factory_', 'context_', 'agent_'];

/** What U4 makes of a run ID, and by which of its three rules. */
export interface U4Extraction {
  /** May be empty, and may be the run ID itself: U4 always answers a string. */
  readonly text: string;
  readonly rule: 'prefixed' | 'middle' | 'unchanged';
}

/**
 * What U4 extracts. System IDs get a prefix, `run_` IDs lose their first and their last two parts (three parts leave the
 * empty string), and everything else, canonical run IDs among it, comes back unchanged: the founding failure again.
 */
export function extractByU4(runId: string): U4Extraction {
  if (PREFIXED_UNREAD.some((prefix) => runId.startsWith(prefix))) return { text: THREAD_PREFIX + runId, rule: 'prefixed' };
  if (runId.startsWith(RUN_PREFIX)) {
    const last = runId.lastIndexOf('_');
    const lastButOne = runId.lastIndexOf('_', last - 1);
    if (last > RUN_PREFIX.length - 1) return { text: runId.slice(RUN_PREFIX.length, Math.max(lastButOne, RUN_PREFIX.length)), rule: 'middle' };
  }
  return { text: runId, rule: 'unchanged' };
}
