/** The rewritten UnifiedIDManager of 2025-09-07 (FIELD_GUIDE 1.3, "U4"; `eras.jsonl`). */
import { pythonLength } from './python-text';
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

/** What U4 takes a run ID apart into. All members are text, also the time, which is `ms % 100000`. */
export interface U4Parts {
  readonly threadId: string;
  readonly timestamp: string;
  readonly suffix: string;
}

const SUFFIX_LENGTH = 8;
const FEWEST_PARTS = 4;

/** The parts U4 sees, or undefined for what its own validation refuses: fewer than four parts, or a tail that is not eight long. */
export function parseByU4(runId: string): U4Parts | undefined {
  const parts = runId.split('_');
  const suffix = parts.at(-1) ?? '';
  if (parts.length < FEWEST_PARTS || parts[0] !== 'run' || pythonLength(suffix) !== SUFFIX_LENGTH) return undefined;
  return { threadId: parts.slice(1, -2).join('_'), timestamp: parts.at(-2) ?? '', suffix };
}

/** Whether U4 calls this a valid run ID. Canonical run IDs are not. */
export function isValidByU4(runId: string): boolean {
  return parseByU4(runId) !== undefined;
}
