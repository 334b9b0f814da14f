/** When the steps of a replay are due: as recorded, so many times faster, or as soon as the one before is done. */
export type ReplayTiming = { readonly kind: 'original' } | { readonly kind: 'scaled'; readonly factor: number } | { readonly kind: 'none' };

/** Keeps the times of a replay. */
export class ReplayPace {
  private readonly startedAt = performance.now();

  constructor(
    private readonly timing: ReplayTiming,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Waits until what was recorded at `t`, in milliseconds from the beginning, is due.
   * @throws the signal's reason when that fires
   */
  async until(t: number): Promise<void> {
    const { timing, signal } = this;
    signal.throwIfAborted();
    if (timing.kind === 'none') return;
    const due = this.startedAt + (timing.kind === 'scaled' ? t / timing.factor : t);
    const wait = due - performance.now();
    if (wait > 0) await pause(wait, signal);
  }
}

/** @throws the signal's reason when that fires first */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, Math.min(ms, 2 ** 31 - 1));
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}
