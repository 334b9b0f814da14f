/**
 * The pattern steps of the bridge, each exact (DOMAIN 2, FIELD_GUIDE 2.3, `extraction.jsonl`). A step takes the stripped ID
 * and answers a thread ID or nothing. `thread` alone is no valid thread ID, so a step that finds no part after it finds nothing.
 */
import { extractByIdManager } from './early-parsers';
import { pythonIsDigit, pythonLength, pythonLower } from './python-text';
import { isSuspiciousThreadId } from './suspicion';
import { isValidThreadId, RUN_PREFIX, RUN_SEPARATOR, THREAD_PREFIX } from './thread-id';

/** Adds `thread_` unless it is there already. */
export function withThreadPrefix(threadPart: string): string {
  return threadPart.startsWith(THREAD_PREFIX) ? threadPart : THREAD_PREFIX + threadPart;
}

/** Pattern 1 before the fix: a composite ID passes as its own thread. */
export function pattern1BeforeFix(runId: string): string | undefined {
  return isValidThreadId(runId) ? runId : undefined;
}

/** Pattern 1: a thread ID that is no composite one is its own thread. */
export function pattern1(runId: string): string | undefined {
  return isValidThreadId(runId) && !runId.includes(RUN_SEPARATOR) ? runId : undefined;
}

/** Pattern 1.6: IDs of IDManager. */
export function pattern1_6(runId: string): string | undefined {
  const threadPart = extractByIdManager(runId);
  if (threadPart === undefined) return undefined;
  const threadId = withThreadPrefix(threadPart);
  return isValidThreadId(threadId) ? threadId : undefined;
}

const PATTERN_2_STOPS = new Set(['run', 'execution', 'session', 'timestamp', 'step', 'task']);
/** `thread` and five more: the original stops only when it already holds more than five. */
const PATTERN_2_MOST_PARTS = 6;

/** Pattern 2: `thread` and the parts after it, up to a word that ends them. */
export function pattern2(runId: string): string | undefined {
  if (!runId.includes(THREAD_PREFIX)) return undefined;
  const parts = runId.split('_');
  for (let i = parts.indexOf('thread'); i !== -1; i = parts.indexOf('thread', i + 1)) {
    let end = i + 1;
    while (end < parts.length && end - i < PATTERN_2_MOST_PARTS && !PATTERN_2_STOPS.has(parts[end] ?? '')) end++;
    const threadId = parts.slice(i, end).join('_');
    if (isValidThreadId(threadId)) return threadId;
  }
  return undefined;
}

const PATTERN_3_STOPS = new Set(['timestamp', 'step', 'execution', 'session']);
const PATTERN_3_SHORTEST_NUMBER = 6;

/** Pattern 3: what follows `run_thread_`, up to a number or a word that ends it. */
export function pattern3(runId: string): string | undefined {
  if (!runId.startsWith(RUN_PREFIX + THREAD_PREFIX)) return undefined;
  const parts = runId.slice(RUN_PREFIX.length).split('_');
  let end = 0;
  for (const part of parts) {
    if (pythonLength(part) >= PATTERN_3_SHORTEST_NUMBER && pythonIsDigit(part)) break;
    if (end > 2 && PATTERN_3_STOPS.has(part)) break;
    end++;
  }
  const threadId = parts.slice(0, end).join('_');
  return isValidThreadId(threadId) && !isSuspiciousThreadId(threadId) ? threadId : undefined;
}

const PATTERN_4_STOPS = new Set(['run', 'execution', 'step', 'task', 'session']);
const PATTERN_4_REFUSED = new Set(['pattern', 'no', 'impossible', 'anywhere', 'nothing', 'missing', 'without', 'totally', 'random']);
const PATTERN_4_MOST_PARTS = 3;

/** Pattern 4: `thread_` within the ID and at most two parts; some words refuse it as a whole. */
export function pattern4(runId: string): string | undefined {
  const start = runId.indexOf(THREAD_PREFIX);
  if (start <= 0) return undefined;
  const parts = runId.slice(start).split('_', PATTERN_4_MOST_PARTS);
  let end = 1;
  for (const part of parts.slice(1)) {
    if (PATTERN_4_REFUSED.has(pythonLower(part))) return undefined;
    if (end > 1 && PATTERN_4_STOPS.has(part)) break;
    end++;
  }
  const threadId = parts.slice(0, end).join('_');
  return isValidThreadId(threadId) && !isSuspiciousThreadId(threadId) ? threadId : undefined;
}
