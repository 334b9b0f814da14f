/** The clock of a scenario's router: real time, moved on by what is skipped. Times are milliseconds. */
export class ScenarioClock {
  private offset: number;
  /** What it showed at the beginning, since 1970. */
  readonly startsAt: number;

  constructor(startsAt: number | undefined) {
    const now = Date.now();
    this.startsAt = startsAt ?? now;
    this.offset = this.startsAt - now;
  }

  /** Since 1970, for the router. */
  readonly now = (): number => Date.now() + this.offset;

  /** Since the beginning. */
  get elapsed(): number {
    return this.now() - this.startsAt;
  }

  advance(ms: number): void {
    this.offset += ms;
  }
}
