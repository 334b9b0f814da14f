/** The prefix every thread ID of the bridge carries. */
export const THREAD_PREFIX = 'thread_';
/** The prefix of run IDs other than the canonical ones. */
export const RUN_PREFIX = 'run_';
/** What separates thread and run in a canonical run ID. */
export const RUN_SEPARATOR = '_run_';

/** No underscore next to another, none at the end, and the final newline that Python's `$` lets through. */
const VALID_THREAD = /^thread_[a-zA-Z0-9]+(?:_[a-zA-Z0-9]+)*(?:_?\n)?$/;

const UNDERSCORE = 0x5f;
const NEWLINE = 0x0a;

/** 1 for [a-zA-Z0-9], which is what a thread ID is made of besides underscores. */
const ALPHANUMERIC = Uint8Array.from({ length: 0x80 }, (_, code) => (/[a-zA-Z0-9]/.test(String.fromCharCode(code)) ? 1 : 0));

function isSeparatorAt(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 1) === 0x72 && text.charCodeAt(at + 2) === 0x75 && text.charCodeAt(at + 3) === 0x6e && text.charCodeAt(at + 4) === UNDERSCORE
  );
}

/**
 * Where the thread ID that `text` starts with ends: before the first `_run_`, else at the end of the text; -1 when what stands
 * there is no valid thread ID. `text` starts with `thread_`. One pass, because every routed event comes through here.
 */
export function validThreadEnd(text: string): number {
  const { length } = text;
  // The original searches the whole text: a separator that begins in the prefix is the first one, and leaves no thread.
  if (isSeparatorAt(text, THREAD_PREFIX.length - 1)) return -1;
  let previousIsUnderscore = true; // the prefix ends in one, so the body must not start with one
  for (let i = THREAD_PREFIX.length; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80 && ALPHANUMERIC[code] === 1) {
      previousIsUnderscore = false;
      continue;
    }
    if (code === UNDERSCORE) {
      if (previousIsUnderscore) return -1;
      if (isSeparatorAt(text, i)) return i;
      previousIsUnderscore = true;
      continue;
    }
    // Python's `$` accepts one newline at the very end, and the rules about underscores look at that newline, not before it.
    if (code !== NEWLINE || i === THREAD_PREFIX.length) return -1;
    if (i + 1 === length) return length;
    return text.charCodeAt(i + 1) === UNDERSCORE && isSeparatorAt(text, i + 1) ? i + 1 : -1;
  }
  return previousIsUnderscore ? -1 : length;
}

/**
 * Whether the bridge accepts `text` as a thread ID (DOMAIN 2 "Valid thread ID", FIELD_GUIDE 1.4): `thread_`, then letters,
 * digits and single underscores, no underscore at the end. Hyphens are refused and a composite run ID is accepted: both are
 * how the original decides, and both are faults users meet. Never throws; anything that is no string is not valid.
 */
export function isValidThreadId(text: unknown): boolean {
  if (typeof text !== 'string' || !text.startsWith(THREAD_PREFIX)) return false;
  // A separator inside does not make an ID invalid: what follows it has only to go on in the same way.
  return VALID_THREAD.test(text);
}
