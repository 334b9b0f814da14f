/** VS Code starves a tree whose provider fires more often than about every 200 ms, so ours keeps this distance. */
export const REFRESH_INTERVAL_MS = 250;

/**
 * Coalesces refresh requests: the first one runs at once, later ones at most every `REFRESH_INTERVAL_MS`, and the last
 * one always runs. Nothing runs while the view is hidden; one refresh runs when it shows again.
 */
export class RefreshScheduler {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastRun = Number.NEGATIVE_INFINITY;
  private dirty = false;
  private visible = true;

  constructor(
    private readonly run: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  request(): void {
    this.dirty = true;
    this.arm();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) this.arm();
    else this.disarm();
  }

  dispose(): void {
    this.dirty = false;
    this.visible = false;
    this.disarm();
  }

  private arm(): void {
    if (!this.dirty || !this.visible || this.timer !== undefined) return;
    const wait = Math.max(0, this.lastRun + REFRESH_INTERVAL_MS - this.now());
    this.timer = setTimeout(() => this.fire(), wait);
  }

  private disarm(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private fire(): void {
    this.timer = undefined;
    this.dirty = false;
    this.lastRun = this.now();
    this.run();
  }
}
