/** An event that a connection got although its run belongs to another thread. */
export interface Misrouting {
  /** The thread that the event's run belongs to. */
  readonly expected: string;
  /** The threads of the connection that got it. */
  readonly received: string;
}

/** `unknown`: the run has no known thread, or the connection named none. */
export type EventVerdict = { readonly verdict: 'right' | 'unknown' } | ({ readonly verdict: 'misrouted' } & Misrouting);

const MOST_NAMED = 5;
const PREFIX = 'thread_';

/**
 * Judges whether an event reached a connection of its thread.
 * @param threadId of the event's run, as far as it is known
 * @param connectionThreads the threads that the connection is on
 */
export function judgeEvent(threadId: string | undefined, connectionThreads: readonly string[]): EventVerdict {
  if (threadId === undefined || connectionThreads.length === 0) return { verdict: 'unknown' };
  const wanted = bare(threadId);
  if (connectionThreads.some((thread) => bare(thread) === wanted)) return { verdict: 'right' };
  const named = connectionThreads.slice(0, MOST_NAMED).join(', ');
  const more = connectionThreads.length - MOST_NAMED;
  return { verdict: 'misrouted', expected: threadId, received: more > 0 ? `${named} and ${more} more` : named };
}

/** Clients name threads with and without the prefix (DOMAIN 5, prefix-mismatch): that alone sends no event astray. */
function bare(threadId: string): string {
  return threadId.startsWith(PREFIX) ? threadId.slice(PREFIX.length) : threadId;
}
