/** FIELD_GUIDE 4.4 step 4. Times in milliseconds. */
export const SEND_ATTEMPTS = 2;
export const SEND_TIMEOUT_MS = 2_000;
const BACKOFF_MS = 500;
/** Most that chance adds to the back-off after a time-out. */
const JITTER_MS = 100;

export type SendResult = 'sent' | 'timeout' | 'error';

/** Whom a message is sent to. */
export interface Recipient<M> {
  /** False once sends to it failed; it is then left out. */
  healthy: boolean;
  isConnected(): boolean;
  /** Sends, and says how that went: once, at the latest after `timeoutMs`, perhaps before it returns. */
  send(message: M, timeoutMs: number, done: (result: SendResult) => void): void;
}

/** What the original counts of its attempts. */
export interface AttemptCounts {
  sendTimeouts: number;
  timeoutRetries: number;
  timeoutFailures: number;
}

export interface AttemptPorts {
  /** Calls back after so many milliseconds. */
  pause(ms: number, then: () => void): void;
  /** From 0 to below 1. */
  random(): number;
  readonly counts: AttemptCounts;
}

/** `sent`, or why not. */
export type AttemptsOutcome = 'sent' | 'disconnected' | 'timeout' | 'error';

/**
 * Sends to one connection as the original does (FIELD_GUIDE 4.4): two attempts of two seconds with a back-off between. A
 * connection that is closed, or times out in the last attempt, becomes unhealthy; one whose send fails otherwise stays healthy.
 */
export function sendWithAttempts<M>(recipient: Recipient<M>, message: M, ports: AttemptPorts, done: (outcome: AttemptsOutcome) => void): void {
  const { counts } = ports;
  const fail = (why: 'disconnected' | 'timeout'): void => {
    recipient.healthy = false;
    done(why);
  };
  const attempt = (n: number): void => {
    if (!recipient.isConnected()) return fail('disconnected');
    const last = n === SEND_ATTEMPTS - 1;
    const backoff = BACKOFF_MS * 2 ** n;
    recipient.send(message, SEND_TIMEOUT_MS, (result) => {
      if (result === 'sent') return done('sent');
      if (result === 'error') {
        if (last) return done('error');
        return ports.pause(backoff, () => attempt(n + 1));
      }
      counts.sendTimeouts++;
      if (!recipient.isConnected()) return fail('disconnected');
      if (!last) {
        return ports.pause(backoff + ports.random() * JITTER_MS, () => {
          counts.timeoutRetries++;
          attempt(n + 1);
        });
      }
      counts.timeoutFailures++;
      fail('timeout');
    });
  };
  attempt(0);
}
