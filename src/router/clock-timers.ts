/** Longest sleep between two looks at the clock, in milliseconds: a clock that was shifted is noticed after it. */
const LOOK_MS = 25;

interface Due {
  readonly at: number;
  readonly call: () => void;
}

/** Calls back by the router's clock, which tests and scenarios shift, not by the machine's. */
export class ClockTimers {
  private readonly due = new Set<Due>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly clock: () => number) {}

  /** Calls once, `ms` milliseconds of the clock from now; answers what cancels that. */
  after(ms: number, call: () => void): () => void {
    const entry = { at: this.clock() + ms, call };
    this.due.add(entry);
    clearTimeout(this.timer);
    this.schedule();
    return () => this.due.delete(entry);
  }

  /** Nothing is called any more. */
  stop(): void {
    this.due.clear();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(): void {
    this.timer = undefined;
    if (this.due.size === 0) return;
    let next = Infinity;
    for (const { at } of this.due) next = Math.min(next, at);
    this.timer = setTimeout(() => {
      this.look();
      this.schedule();
    }, Math.min(LOOK_MS, Math.max(1, next - this.clock())));
    this.timer.unref();
  }

  private look(): void {
    const now = this.clock();
    const ripe = [...this.due].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const entry of ripe) if (this.due.delete(entry)) entry.call();
  }
}
