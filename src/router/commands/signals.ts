/** Fires at SIGINT and SIGTERM while something runs; call `release` after it. */
export function untilSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error('interrupted'));
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  return {
    signal: controller.signal,
    release: () => {
      process.removeListener('SIGINT', abort);
      process.removeListener('SIGTERM', abort);
    },
  };
}

/** Stops what runs until it is told to end, at the first SIGINT or SIGTERM. */
export function stopAtSignal(stop: () => Promise<void>): void {
  const { signal } = untilSignal();
  signal.addEventListener('abort', () => void stop(), { once: true });
}
