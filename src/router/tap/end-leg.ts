import type { Ending, TapSocket } from './tap-socket';

/** How long a peer may take to answer, or to read more of what was sent before, in milliseconds. */
const PATIENCE_MS = 5_000;

/** What can be said to a peer of how the other side ended (RFC 6455 section 7.4.1: 1005, 1006 and 1015 are never sent). */
export function mirrored({ code, reason }: Ending, who: 'client' | 'backend'): Ending {
  if (code !== 1006 && code !== 1015) return { code, reason };
  return { code: 1011, reason: `the connection of the ${who} broke without a closing handshake` };
}

/** Closes a leg, and ends it when its peer neither answers nor reads on. */
export function endLeg(leg: TapSocket, ending: Ending): void {
  if (leg.readyState === leg.CLOSED) return;
  leg.end(ending);
  let unread = leg.bufferedAmount;
  const timer = setInterval(() => {
    const now = leg.bufferedAmount;
    if (now === 0 || now >= unread) leg.terminate();
    unread = now;
  }, PATIENCE_MS);
  timer.unref();
  leg.once('close', () => clearInterval(timer));
}
