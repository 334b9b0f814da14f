/** The parsers of the first two UnifiedIDManagers, 2025-09-03 (FIELD_GUIDE 1.3, "U1" and "U2"; `eras.jsonl`). */
import { pythonIsDecimal, pythonInt, withoutFinalNewline } from './python-text';
import { RUN_PREFIX, THREAD_PREFIX } from './thread-id';

/** What U1 and U2 read. `timestamp` is undefined for the legacy format, which carries none. */
export interface UnifiedReading {
  /** Without an added prefix, as the original stores it. */
  readonly threadId: string;
  readonly timestamp: number | undefined;
  readonly suffix: string;
  readonly format: 'canonical' | 'legacy_idmanager';
}

const HEX_ANY_CASE = /^[0-9a-fA-F]+$/;
const SUFFIX_LENGTH = 8;
/** `run_` + one character + `_` + eight: what is not longer than the shortest without a thread is refused unread. */
const LONGEST_REFUSED = 13;

/**
 * `^thread_(.+?)_run_(\d+)_([a-f0-9A-F]{8})$`, read from the end: the tail fixes the digits, the digits fix the separator, so
 * lazy and greedy agree and nothing is tried twice.
 */
export function parseUnifiedCanonical(runId: string): UnifiedReading | undefined {
  if (!runId.startsWith(THREAD_PREFIX)) return undefined;
  const body = withoutFinalNewline(runId);
  const suffixStart = body.lastIndexOf('_') + 1;
  const suffix = body.slice(suffixStart);
  if (suffix.length !== SUFFIX_LENGTH || !HEX_ANY_CASE.test(suffix)) return undefined;
  const digitsStart = body.lastIndexOf('_', suffixStart - 2) + 1;
  const digits = body.slice(digitsStart, suffixStart - 1);
  if (!pythonIsDecimal(digits)) return undefined;
  const threadEnd = digitsStart - '_run_'.length;
  if (threadEnd <= THREAD_PREFIX.length || !body.startsWith('_run_', threadEnd)) return undefined;
  const threadId = body.slice(THREAD_PREFIX.length, threadEnd);
  if (threadId.includes('\n')) return undefined;
  return { threadId, timestamp: pythonInt(digits), suffix, format: 'canonical' };
}

function parseLegacy(runId: string, dropLeadingEmpty: boolean): UnifiedReading | undefined {
  if (!runId.startsWith(RUN_PREFIX) || runId.length <= LONGEST_REFUSED) return undefined;
  const parts = runId.split('_');
  const suffix = parts.at(-1) ?? '';
  // Eight characters, of which Python's `$` lets the last be a newline.
  if (parts.length < 3 || suffix.length !== SUFFIX_LENGTH || !HEX_ANY_CASE.test(withoutFinalNewline(suffix))) return undefined;
  const middle = parts.slice(1, -1);
  const firstNamed = dropLeadingEmpty ? middle.findIndex((part) => part !== '') : 0;
  const threadId = firstNamed === -1 ? '' : middle.slice(firstNamed).join('_');
  return { threadId, timestamp: undefined, suffix, format: 'legacy_idmanager' };
}

/** What the UnifiedIDManager of 2025-09-03 10:28 reads ("U1"). */
export function parseU1(runId: string): UnifiedReading | undefined {
  return parseUnifiedCanonical(runId) ?? parseLegacy(runId, false);
}

/** What the UnifiedIDManager of 2025-09-03 13:03 reads ("U2"): leading separators and an empty thread are let through. */
export function parseU2(runId: string): UnifiedReading | undefined {
  return parseUnifiedCanonical(runId) ?? parseLegacy(runId, true);
}
