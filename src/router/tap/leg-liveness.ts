import type { TapSocket } from './tap-socket';

/** What the tap's own pings carry, so that their pongs are told from those of the app. */
const MARK = Buffer.from('thread-lens');

/**
 * Pings and pongs pass end to end, so each side knows of the other what it would know without a tap. Beside them the tap
 * sends its own, and ends a leg that answers none (SECURITY 11): half-open ones disappear.
 */
export class LegLiveness {
  private missed = 0;
  private sentAt = 0;
  /** Round trip of the last ping, in milliseconds. */
  latencyMs: number | undefined;

  constructor(
    private readonly leg: TapSocket,
    private readonly clock: () => number,
  ) {}

  /** It sent something. */
  seen(): void {
    this.missed = 0;
  }

  /** Takes a pong; answers whether it belongs to the tap. */
  pong(data: Buffer): boolean {
    this.missed = 0;
    if (!data.equals(MARK) || this.sentAt === 0) return false;
    this.latencyMs = Math.max(0, this.clock() - this.sentAt);
    this.sentAt = 0;
    return true;
  }

  beat(): void {
    const { leg } = this;
    // What is not read cannot answer.
    if (leg.readyState !== leg.OPEN || leg.isPaused) return;
    if (this.missed >= 2) {
      leg.terminate();
      return;
    }
    this.missed++;
    this.sentAt = this.clock();
    leg.ping(MARK);
  }
}
