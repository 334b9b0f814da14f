/** The two parsers the bridge of 2025-09-03 calls (FIELD_GUIDE 1.3, "standard" and "IDManager"). Neither adds a prefix. */
import { withoutFinalNewline } from './python-text';
import { RUN_PREFIX, RUN_SEPARATOR, THREAD_PREFIX } from './thread-id';

const SUFFIX_LENGTH = 8;

function isLowerHexCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}

/** Whether `text` from `start` to `end` is lower-case hexadecimal. */
export function isLowerHexRange(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isLowerHexCode(text.charCodeAt(i))) return false;
  return true;
}

/**
 * Index of the first `_run_` when it may end a thread part, else -1. It must leave at least one character after `thread_`;
 * an earlier one makes the whole ID unreadable, because the original never looks for a second.
 */
export function threadPartEnd(runId: string): number {
  if (!runId.startsWith(THREAD_PREFIX)) return -1;
  const separator = runId.indexOf(RUN_SEPARATOR);
  return separator > THREAD_PREFIX.length ? separator : -1;
}

/** What `run_id_generator` extracts: the text between `thread_` and the first `_run_`. Time and suffix are not looked at. */
export function extractByRunIdGenerator(runId: string): string | undefined {
  const end = threadPartEnd(runId);
  return end === -1 ? undefined : runId.slice(THREAD_PREFIX.length, end);
}

/**
 * What `IDManager` extracts: `^run_(.+)_([a-f0-9]{8})$`, greedy, so everything but the last part; lower-case hexadecimal
 * only; no newline in the thread part; one final newline is let through by Python's `$`.
 */
export function extractByIdManager(runId: string): string | undefined {
  if (!runId.startsWith(RUN_PREFIX)) return undefined;
  const body = withoutFinalNewline(runId);
  const separator = body.length - SUFFIX_LENGTH - 1;
  if (separator <= RUN_PREFIX.length || body[separator] !== '_') return undefined;
  if (!isLowerHexRange(body, separator + 1, body.length)) return undefined;
  const thread = body.slice(RUN_PREFIX.length, separator);
  return thread.includes('\n') ? undefined : thread;
}
