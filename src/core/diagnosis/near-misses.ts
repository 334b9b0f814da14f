import { editDistance } from './edit-distance';

/** A thread that somebody listens on. */
export interface LiveThread {
  readonly id: string;
  /** Open connections on it. */
  readonly connections: number;
}

/** A live thread whose ID is close to the one that was asked for. */
export interface NearMiss {
  readonly threadId: string;
  readonly connections: number;
  /** Why it is close, e.g. "1 character away", "without the thread_ prefix"; completes "… is live". */
  readonly why: string;
}

export interface NearMissOptions {
  /** How many to give; 5 unless said otherwise. */
  readonly limit?: number;
}

const PREFIX = 'thread_';
const DOUBLED = 'thread_thread_';
const SEPARATOR = '_run_';
const SPACE = 32;
const DEFAULT_LIMIT = 5;
/** Bounds of the work: more threads are not looked at, longer IDs are not compared letter by letter. */
const MOST_THREADS = 50_000;
const LONGEST_COMPARED = 256;
/** From this many letters on two may differ; below four none, or everything is close to everything. */
const LETTERS_FOR_TWO = 8;
const LETTERS_FOR_ONE = 4;

/** A kind of closeness; lower rank is the better explanation. */
interface Closeness {
  readonly rank: number;
  readonly why: string;
}

function body(id: string): string {
  let at = 0;
  while (id.startsWith(PREFIX, at)) at += PREFIX.length;
  return id.slice(at);
}

/** Whether `run` reads `run_{thread}_{8 hex}`, with or without a five-digit counter before the tail. */
function isLegacyRunOf(run: string, thread: string): boolean {
  const start = `run_${thread}_`;
  return run.startsWith(start) && /^(?:\d{1,5}_)?[0-9a-f]{8}$/i.test(run.slice(start.length));
}

function firstDifference(asked: string, live: string): number {
  let at = 0;
  while (at < asked.length && asked.charCodeAt(at) === live.charCodeAt(at)) at++;
  return at;
}

/** Same length: whether only case, or only hyphens and underscores, differ. The first difference rules most out. */
function inOtherLetters(asked: string, live: string): Closeness | undefined {
  const at = firstDifference(asked, live);
  const one = asked.charAt(at);
  const other = live.charAt(at);
  if (one.toLowerCase() === other.toLowerCase() && asked.toLowerCase() === live.toLowerCase()) return { rank: 2, why: 'differs only in case' };
  const isSeparator = (char: string): boolean => char === '-' || char === '_';
  if (isSeparator(one) && isSeparator(other) && asked.replaceAll('-', '_') === live.replaceAll('-', '_')) {
    return { rank: 2, why: 'differs only in hyphens and underscores' };
  }
  return undefined;
}

/** What does not depend on single letters: the same name in another dress. Cheap tests first, for this runs over every thread. */
function inOtherDress(asked: string, live: string): Closeness | undefined {
  if (asked.length > live.length) {
    if (asked.startsWith(SEPARATOR, live.length) && asked.startsWith(live)) return { rank: 0, why: "this composite ID's own thread" };
    if (asked.length === live.length + PREFIX.length && asked.startsWith(PREFIX) && asked.endsWith(live)) return { rank: 1, why: 'without the thread_ prefix' };
    if (asked.startsWith('run_') && (isLegacyRunOf(asked, body(live)) || isLegacyRunOf(asked, live))) return { rank: 0, why: "this run ID's own thread" };
  } else if (live.length === asked.length + PREFIX.length && live.startsWith(PREFIX) && live.endsWith(asked)) {
    return { rank: 1, why: asked.startsWith(PREFIX) ? 'with a doubled thread_ prefix' : 'with the thread_ prefix' };
  }
  if ((asked.startsWith(DOUBLED) && live.startsWith(PREFIX)) || (live.startsWith(DOUBLED) && asked.startsWith(PREFIX))) {
    if (body(asked) === body(live)) return { rank: 1, why: asked.length > live.length ? 'without the doubled thread_ prefix' : 'with a doubled thread_ prefix' };
  }
  if (asked.length === live.length) return inOtherLetters(asked, live);
  if (live.startsWith(SEPARATOR, asked.length) && live.startsWith(asked)) return { rank: 3, why: "a composite ID of this very thread, used as a thread's name" };
  const blanks = asked.charCodeAt(0) <= SPACE || asked.charCodeAt(asked.length - 1) <= SPACE || live.charCodeAt(0) <= SPACE || live.charCodeAt(live.length - 1) <= SPACE;
  return blanks && asked.trim() === live.trim() ? { rank: 2, why: 'differs only in white space around it' } : undefined;
}

function swapped(asked: string, live: string): boolean {
  if (asked.length !== live.length) return false;
  const at = firstDifference(asked, live);
  return (
    asked.charCodeAt(at) === live.charCodeAt(at + 1) &&
    asked.charCodeAt(at + 1) === live.charCodeAt(at) &&
    asked.slice(at + 2) === live.slice(at + 2)
  );
}

function byLetters(asked: string, live: string): Closeness | undefined {
  if (Math.abs(asked.length - live.length) > 2 && !live.startsWith(asked)) return undefined;
  const letters = Math.min(body(asked).length, body(live).length);
  const allowed = letters >= LETTERS_FOR_TWO ? 2 : letters >= LETTERS_FOR_ONE ? 1 : 0;
  if (allowed > 0) {
    const distance = editDistance(asked, live, allowed);
    if (distance === 2 && swapped(asked, live)) return { rank: 4, why: 'two neighbouring characters swapped' };
    if (distance === 1) return { rank: 4, why: '1 character away' };
    if (distance === 2) return { rank: 5, why: '2 characters away' };
  }
  if (letters >= LETTERS_FOR_ONE && live.startsWith(`${asked}_`)) return { rank: 6, why: 'begins with this ID, which looks cut short' };
  return undefined;
}

/**
 * Live threads that were probably meant, best first; a thread given by name alone counts as one connection. Exact about why; a thread with the very ID is no near miss and is
 * left out. The work is bounded: one look at each of at most 50,000 threads, and a letter by letter comparison that
 * gives up after two differences.
 */
export function nearMisses(threadId: string, liveThreads: Iterable<LiveThread | string>, options: NearMissOptions = {}): NearMiss[] {
  const found: { readonly rank: number; readonly miss: NearMiss }[] = [];
  let seen = 0;
  for (const thread of liveThreads) {
    if (++seen > MOST_THREADS) break;
    const [id, connections] = typeof thread === 'string' ? [thread, 1] : [thread.id, thread.connections];
    if (id === threadId || id === '' || threadId === '') continue;
    const comparable = id.length <= LONGEST_COMPARED && threadId.length <= LONGEST_COMPARED;
    const close = inOtherDress(threadId, id) ?? (comparable ? byLetters(threadId, id) : undefined);
    if (close !== undefined) found.push({ rank: close.rank, miss: { threadId: id, connections, why: close.why } });
  }
  found.sort(
    (a, b) => a.rank - b.rank || b.miss.connections - a.miss.connections || (a.miss.threadId < b.miss.threadId ? -1 : 1),
  );
  return found.slice(0, options.limit ?? DEFAULT_LIMIT).map((entry) => entry.miss);
}
