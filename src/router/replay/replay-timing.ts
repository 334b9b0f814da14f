import type { ReplayTiming } from '../../protocol/recording-task';
import { pause } from '../abortable';

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
