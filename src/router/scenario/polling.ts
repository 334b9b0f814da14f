import { pause } from '../abortable';

/** Between two looks at a condition, in milliseconds. */
const POLL_MS = 2;

/** The run was ended from outside. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly reason = 'cancelled';

  constructor() {
    super('The run was cancelled.');
  }
}

/** @throws {CancelledError} when it was. */
export function checkCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError();
}

/** Waits in real time. @throws {CancelledError} */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  checkCancelled(signal);
  // What fired is told below.
  await pause(ms, signal).catch(() => {});
  checkCancelled(signal);
}

/** Waits until a condition holds, at most `ms`; answers whether it does. @throws {CancelledError} */
export async function waitFor(condition: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() >= deadline) return false;
    await sleep(POLL_MS, signal);
  }
  return true;
}
