/** The prefix every thread ID of the bridge carries. */
export const THREAD_PREFIX = 'thread_';
/** The prefix of run IDs other than the canonical ones. */
export const RUN_PREFIX = 'run_';
/** What separates thread and run in a canonical run ID. */
export const RUN_SEPARATOR = '_run_';

const UNDERSCORE = 0x5f;
const NEWLINE = 0x0a;

function isWordCode(code: number): boolean {
  // [a-zA-Z0-9_], ASCII only
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === UNDERSCORE ||
    (code >= 0x41 && code <= 0x5a)
  );
}

/**
 * Whether `text` up to `end` (exclusive) is a thread ID. Works on a range, so that extraction need not cut a string before
 * it knows that the cut is good.
 */
export function isValidThreadRange(text: string, end: number): boolean {
  const start = THREAD_PREFIX.length;
  if (end <= start || !text.startsWith(THREAD_PREFIX)) return false;
  let last = end;
  // Python's `$` accepts one newline at the very end, and the rules about underscores look at that newline, not before it.
  if (text.charCodeAt(end - 1) === NEWLINE) last = end - 1;
  if (last === start) return false;
  let previousIsUnderscore = true; // the prefix ends in one, so the body must not start with one
  for (let i = start; i < last; i++) {
    const code = text.charCodeAt(i);
    if (!isWordCode(code)) return false;
    const isUnderscore = code === UNDERSCORE;
    if (isUnderscore && previousIsUnderscore) return false;
    previousIsUnderscore = isUnderscore;
  }
  return last !== end || !previousIsUnderscore;
}

/**
 * Whether the bridge accepts `text` as a thread ID (DOMAIN 2 "Valid thread ID", FIELD_GUIDE 1.4): `thread_`, then letters,
 * digits and single underscores, no underscore at the end. Hyphens are refused and a composite run ID is accepted: both are
 * how the original decides, and both are faults users meet. Never throws; anything that is no string is not valid.
 */
export function isValidThreadId(text: unknown): boolean {
  return typeof text === 'string' && isValidThreadRange(text, text.length);
}
