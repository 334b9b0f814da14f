import type { Recipient } from './send-attempts';

/** Whom the original closes when a send to its user fails. */
export interface ClosableRecipient<M> extends Recipient<M> {
  /** Closes it; it is no longer found from then on. */
  drop(code: number, reason: string): void;
}

/**
 * Sends to one connection of a user (FIELD_GUIDE 4.5): one attempt; a connection that is closed, unhealthy (there is no ping
 * to ask with, so it fails the health check) or fails is closed.
 * @param prepare the message for this connection; what it throws counts as a failed send.
 */
export function sendToOneOfUser<M>(recipient: ClosableRecipient<M>, prepare: () => M, done: (sent: boolean) => void): void {
  const drop = (code: number, reason: string): void => {
    recipient.drop(code, reason);
    done(false);
  };
  if (!recipient.isConnected()) return drop(1000, 'Connection lost');
  if (!recipient.healthy) return drop(1001, 'Health check failed');
  let message: M;
  try {
    message = prepare();
  } catch {
    return drop(1011, 'Send error');
  }
  // Here the original waits as long as it takes.
  recipient.send(message, Infinity, (result) => {
    if (result === 'sent') done(true);
    else drop(1011, 'Send error');
  });
}

/** Runs `each` for all, and says when all have answered, how many said yes. */
export function countAll<T>(items: readonly T[], each: (item: T, done: (yes: boolean) => void) => void, done: (yes: number) => void): void {
  let left = items.length;
  let yes = 0;
  if (left === 0) done(0);
  for (const item of items) {
    each(item, (said) => {
      if (said) yes++;
      if (--left === 0) done(yes);
    });
  }
}
