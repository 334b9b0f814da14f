import { messageOf } from '../../core/message-of';
import type { FrameInfo, FrameQuery } from '../../protocol/inspection';
import type { HostToPage } from '../../protocol/traffic-panel';

/** Time between two questions of one search while new frames arrive, in milliseconds. */
const INTERVAL_MS = 300;
const LIMIT = 1000;

/** Asks a journal. `searchedTo`: how far it looked; it may stop early to keep a router responsive. */
export type AskFrames = (query: FrameQuery) => Promise<{ frames: readonly FrameInfo[]; oldest: number; newest: number; searchedTo?: number }>;

/** Finds the frames whose body has a text or matches a pattern, from the oldest on, and goes on with what arrives. */
export class BodySearch {
  private searchedTo = 0;
  private newest = 1;
  private asking = false;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    private readonly id: number,
    private readonly query: { readonly text?: string; readonly pattern?: string },
    private readonly ask: AskFrames,
    private readonly post: (message: HostToPage) => void,
  ) {
    void this.step();
  }

  /** There are frames up to this number. */
  sawUpTo(newest: number): void {
    if (newest <= this.newest) return;
    this.newest = newest;
    this.schedule();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private schedule(after = INTERVAL_MS): void {
    if (this.timer || this.asking || this.ended || this.searchedTo >= this.newest) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.step();
    }, after);
    this.timer.unref();
  }

  private async step(): Promise<void> {
    this.asking = true;
    try {
      const answer = await this.ask({ ...this.query, after: this.searchedTo, limit: LIMIT });
      if (this.ended) return;
      const seqs = answer.frames.map(({ seq }) => seq);
      const last = seqs.at(-1);
      // A full answer ends at its last frame; any other went as far as it says, or to the end.
      const to = answer.searchedTo ?? (seqs.length >= LIMIT && last !== undefined ? last : answer.newest);
      const before = this.searchedTo;
      this.searchedTo = Math.max(before, to);
      this.newest = Math.max(this.newest, answer.newest);
      this.post({ type: 'matches', search: this.id, seqs, upTo: this.searchedTo });
      this.asking = false;
      // The whole journal is searched at once; after that, now and then.
      if (this.searchedTo > before) this.schedule(this.newest - this.searchedTo > LIMIT ? 0 : INTERVAL_MS);
    } catch (error) {
      if (this.ended) return;
      this.ended = true;
      this.post({ type: 'matches', search: this.id, seqs: [], upTo: this.searchedTo, error: messageOf(error) });
    }
  }
}
