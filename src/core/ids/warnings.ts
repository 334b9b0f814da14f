import { looksLikeTimestamp } from './mint-time';
import type { IdWarning } from './reading';
import { isSuspiciousThreadId } from './suspicion';
import { RUN_SEPARATOR, THREAD_PREFIX } from './thread-id';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The systems under debug minted no ID before 2025. */
const EARLIEST_MINT = Date.UTC(2025, 0, 1);

interface Trap {
  readonly code: string;
  applies(threadId: string, body: string): boolean;
  message(threadId: string): string;
}

/** Traps that show in the thread ID itself (DOMAIN 1 "Traps"). */
const THREAD_TRAPS: readonly Trap[] = [
  {
    code: 'doubled-prefix',
    applies: (threadId) => threadId.startsWith(THREAD_PREFIX + THREAD_PREFIX),
    message: (threadId) => `The prefix is doubled: ${threadId.slice(THREAD_PREFIX.length)} was probably meant.`,
  },
  {
    code: 'run-separator-inside',
    applies: (threadId) => threadId.includes(RUN_SEPARATOR),
    message: () => 'The thread part holds "_run_": parsers cut at the first or at the last one and disagree. The generator refuses such threads.',
  },
  {
    code: 'timestamp-as-thread',
    applies: (_threadId, body) => looksLikeTimestamp(body),
    message: (threadId) => `The thread ${threadId} is a time: the ID was probably made without a thread.`,
  },
  {
    code: 'hyphen',
    applies: (_threadId, body) => body.includes('-'),
    message: () => 'The thread holds a hyphen: generators accept it, the bridge refuses the thread.',
  },
  {
    code: 'illegal-characters',
    applies: (_threadId, body) => /[^A-Za-z0-9_-]/.test(body),
    message: () => 'The thread holds characters other than letters, digits and underscores: the bridge refuses it.',
  },
  {
    code: 'misplaced-underscore',
    applies: (threadId, body) => threadId.includes('__') || body.endsWith('_'),
    message: () => 'The thread holds two underscores in a row or ends in one: the bridge refuses it.',
  },
  {
    code: 'placeholder',
    applies: (threadId) => isSuspiciousThreadId(threadId),
    message: () => 'The bridge takes this thread for a placeholder or a test.',
  },
];

/** What a developer should know about this thread ID. */
export function threadWarnings(threadId: string): IdWarning[] {
  const body = threadId.startsWith(THREAD_PREFIX) ? threadId.slice(THREAD_PREFIX.length) : threadId;
  return THREAD_TRAPS.filter((trap) => trap.applies(threadId, body)).map((trap) => ({ code: trap.code, message: trap.message(threadId) }));
}

/** A mint time that cannot be: before the systems ran, or more than a day ahead of `now`. */
export function mintTimeWarnings(timestamp: number, now: number): IdWarning[] {
  if (timestamp >= EARLIEST_MINT && timestamp <= now + DAY_MS) return [];
  const when = new Date(timestamp).toISOString();
  const problem = timestamp < EARLIEST_MINT ? 'before any of these systems ran' : 'in the future';
  return [{ code: 'time-out-of-range', message: `The time in the ID is ${when}, which is ${problem}.` }];
}

/** The separator stands twice: where the thread ends depends on the reader. */
export function separatorWarnings(text: string): IdWarning[] {
  const first = text.indexOf(RUN_SEPARATOR);
  if (!text.startsWith(THREAD_PREFIX) || first === -1 || text.indexOf(RUN_SEPARATOR, first + 1) === -1) return [];
  return [{ code: 'run-separator-inside', message: 'The ID holds "_run_" twice: readers cut at the first or at the last one and disagree about the thread.' }];
}
