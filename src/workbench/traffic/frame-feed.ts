import type { ChangesMessage, FrameInfo } from '../../protocol/inspection';
import type { HostToPage } from '../../protocol/traffic-panel';

/** Time between two batches, in milliseconds: ten a second look continuous. */
const INTERVAL_MS = 100;
/** Frames of one batch, and of one question to the journal, which answers no more at a time. */
const BATCH = 1000;
/** Frames that wait here for a busy page; beyond it they are read from the journal again. */
const MAX_BACKLOG = 5000;

/** Where frames come from. */
export interface FrameSource {
  /** Frames after a number, oldest first, at most `limit` of them. */
  frames(after: number, limit: number): Promise<{ frames: readonly FrameInfo[]; oldest: number; newest: number }>;
}

/**
 * Brings the journal's frames to one page, in order and each once: what the page has missed is read from the journal,
 * what happens now comes as changes. At most one batch is under way, so a busy page is never flooded, and what waits
 * here is bounded: the journal keeps it.
 */
export class FrameFeed {
  private source: FrameSource | undefined;
  private sentTo = 0;
  private newest = 0;
  private backlog: FrameInfo[] = [];
  private batch = 0;
  private underway = false;
  private paused = false;
  private timer: NodeJS.Timeout | undefined;
  private lastSentAt = -INTERVAL_MS;

  constructor(
    private readonly post: (message: HostToPage) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Begins with the frames after number `after`; forgets what came before. */
  start(source: FrameSource, after: number): void {
    this.stop();
    this.source = source;
    this.sentTo = after;
    // There may be frames: the first question tells.
    this.newest = after + 1;
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.source = undefined;
    this.backlog = [];
    this.batch++;
    this.underway = false;
    this.lastSentAt = -INTERVAL_MS;
  }

  take(changes: ChangesMessage): void {
    const { frames } = changes;
    const last = frames?.at(-1);
    if (!this.source || !frames || !last) return;
    this.newest = Math.max(this.newest, last.seq);
    const next = (this.backlog.at(-1)?.seq ?? this.sentTo) + 1;
    if (this.backlog.length + frames.length > MAX_BACKLOG) this.backlog = [];
    else if (frames[0]?.seq === next) this.backlog.push(...frames);
    // A hole: what is before it comes from the journal.
    else this.backlog = [...frames];
    this.schedule();
  }

  /** There may be frames that nobody told of: the journal is asked. */
  lookAgain(): void {
    this.newest = Math.max(this.newest, this.sentTo + 1);
    this.schedule();
  }

  /** The page has taken a batch in. */
  acknowledge(batch: number): void {
    if (batch !== this.batch) return;
    this.underway = false;
    this.schedule();
  }

  /** While paused the page is told only how many frames wait. */
  pause(on: boolean): void {
    this.paused = on;
    this.schedule();
  }

  private schedule(): void {
    if (this.timer || this.underway || !this.source || this.newest <= this.sentTo) return;
    // A page that lags by more than a batch is waited for, not slowed down further.
    const lags = this.newest - this.sentTo > BATCH && !this.paused;
    const due = lags ? 0 : Math.max(0, this.lastSentAt + INTERVAL_MS - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.pump();
    }, due);
    this.timer.unref();
  }

  private async pump(): Promise<void> {
    const { source } = this;
    if (!source) return;
    this.lastSentAt = performance.now();
    if (this.paused) {
      this.post({ type: 'pending', count: Math.max(0, this.newest - this.sentTo) });
      return;
    }
    this.underway = true;
    const batch = ++this.batch;
    const fresh = this.backlog.findIndex((frame) => frame.seq > this.sentTo);
    this.backlog = fresh < 0 ? [] : this.backlog.slice(fresh);
    let frames: readonly FrameInfo[] = [];
    if (this.backlog[0]?.seq === this.sentTo + 1) frames = this.backlog.splice(0, BATCH);
    else {
      try {
        const answer = await source.frames(this.sentTo, BATCH);
        if (batch !== this.batch) return;
        ({ frames } = answer);
        this.newest = Math.max(answer.newest, this.backlog.at(-1)?.seq ?? 0);
      } catch (error) {
        if (batch !== this.batch) return;
        this.underway = false;
        this.newest = this.sentTo;
        this.failed(error);
        return;
      }
    }
    this.send(batch, frames);
  }

  private send(batch: number, frames: readonly FrameInfo[]): void {
    const first = frames[0];
    const last = frames.at(-1);
    if (!first || !last) {
      this.underway = false;
      this.newest = Math.max(this.sentTo, this.backlog.at(-1)?.seq ?? 0);
      this.schedule();
      return;
    }
    const skipped = first.seq - this.sentTo - 1;
    this.sentTo = last.seq;
    this.post({ type: 'frames', batch, frames, skipped: Math.max(0, skipped), behind: Math.max(0, this.newest - this.sentTo) });
  }
}
