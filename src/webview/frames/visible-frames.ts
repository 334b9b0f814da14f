import type { FrameInfo } from '../../protocol/inspection';
import { type FrameStore, lowerBound } from './frame-store';

/** From this number on, looking at all frames is cheaper than putting single ones in their places. */
const MANY = 100;

/**
 * The frames that pass the filter, in order: what the list shows. Kept up to date frame by frame, so that a frame
 * that arrives costs one test and not one pass over all.
 */
export class VisibleFrames {
  private list: FrameInfo[] = [];

  constructor(
    private readonly store: FrameStore,
    private accepts: (frame: FrameInfo) => boolean,
  ) {}

  get length(): number {
    return this.list.length;
  }

  at(index: number): FrameInfo | undefined {
    return this.list[index];
  }

  all(): readonly FrameInfo[] {
    return this.list;
  }

  /** Looks at all frames anew, with another test if one is given. */
  refilter(accepts = this.accepts): void {
    this.accepts = accepts;
    this.list = this.store.all().filter(accepts);
  }

  /**
   * Takes in frames that were just added to the store, and lets go what the store has let go.
   * Answers how many went away at the beginning, so that a list can keep its place.
   */
  append(added: readonly FrameInfo[]): number {
    for (const frame of added) if (this.accepts(frame)) this.list.push(frame);
    const oldest = this.store.oldest?.seq ?? Infinity;
    const gone = lowerBound(this.list.length, (index) => (this.list[index]?.seq ?? 0) < oldest);
    if (gone > 0) this.list = this.list.slice(gone);
    return gone;
  }

  /** Tests some frames again: what is known of their bodies has changed. */
  recheck(seqs: readonly number[]): void {
    if (seqs.length > MANY) {
      this.refilter();
      return;
    }
    for (const seq of seqs) {
      const frame = this.store.get(seq);
      if (!frame) continue;
      const index = this.indexFrom(seq);
      const shown = this.list[index]?.seq === seq;
      const wanted = this.accepts(frame);
      if (wanted && !shown) this.list.splice(index, 0, frame);
      else if (!wanted && shown) this.list.splice(index, 1);
    }
  }

  /** Where the frame with this number is, or would be. */
  indexFrom(seq: number): number {
    return lowerBound(this.list.length, (index) => (this.list[index]?.seq ?? 0) < seq);
  }

  /** Where the frame with this number is; -1 when the filter hides it. */
  indexOf(seq: number): number {
    const index = this.indexFrom(seq);
    return this.list[index]?.seq === seq ? index : -1;
  }
}
