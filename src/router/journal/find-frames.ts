import { redactBody } from '../../core/index';
import type { FrameInfo, FrameQuery } from '../../protocol/inspection';
import type { FrameStore } from './frame-store';
import { LinearPattern } from './linear-pattern';

const DEFAULT_LIMIT = 200;
const MOST = 1_000;
/** Time one search may take, in milliseconds; the rest is found by asking on from `after`. */
const BUDGET_MS = 200;

export interface FoundFrames {
  readonly frames: readonly FrameInfo[];
  readonly oldest: number;
  readonly newest: number;
  /** The last frame that was looked at: a search may stop before it is through. */
  readonly searchedTo: number;
}

/**
 * Frames of the journal that fit a query: the newest ones, oldest first; with `after`, the first ones after it.
 * @throws {PatternError} for a regular expression that is refused.
 */
export function findFrames(journal: FrameStore, query: FrameQuery): FoundFrames {
  const { oldest, newest } = journal;
  const limit = Math.max(1, Math.min(query.limit ?? DEFAULT_LIMIT, MOST));
  const fits = frameTest(journal, query);
  const found: FrameInfo[] = [];
  const deadline = performance.now() + BUDGET_MS;
  const forwards = query.after !== undefined;
  const step = forwards ? 1 : -1;
  let searchedTo = query.after ?? newest;
  for (let seq = forwards ? Math.max((query.after ?? 0) + 1, oldest) : newest; seq >= oldest && seq <= newest; seq += step) {
    searchedTo = seq;
    const frame = journal.info(seq);
    if (frame && fits(frame)) found.push(frame);
    if (found.length >= limit || performance.now() > deadline) break;
  }
  if (!forwards) found.reverse();
  return { frames: found, oldest, newest, searchedTo };
}

function frameTest(journal: FrameStore, query: FrameQuery): (frame: FrameInfo) => boolean {
  const { threadId, connectionId, type, outcome, direction } = query;
  // People search as they type: without case.
  const text = query.text?.toLowerCase();
  const pattern = query.pattern === undefined ? undefined : new LinearPattern(query.pattern);
  return (frame) => {
    if (threadId !== undefined && frame.threadId !== threadId) return false;
    if (connectionId !== undefined && frame.connectionId !== connectionId) return false;
    if (type !== undefined && frame.type !== type) return false;
    if (outcome !== undefined && frame.outcome !== outcome) return false;
    if (direction !== undefined && frame.direction !== direction) return false;
    if (text === undefined && pattern === undefined) return true;
    const body = journal.body(frame.seq);
    if (!body || frame.binary) return false;
    const given = body.bytes.toString();
    if (text !== undefined && !given.toLowerCase().includes(text)) return false;
    // Only what may be shown may be found: a search must not confirm a secret.
    const shown = redactBody(given);
    return (text === undefined || shown.toLowerCase().includes(text)) && (pattern === undefined || pattern.test(shown));
  };
}
