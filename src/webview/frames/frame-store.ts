import type { FrameInfo } from '../../protocol/inspection';

/** Evicting moves the whole list, so it is done for many at once. */
const SLACK = 0.1;

/** The newest frames, in the order of their numbers; a bounded number of them. */
export class FrameStore {
  private frames: FrameInfo[] = [];

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.frames.length;
  }

  get newest(): FrameInfo | undefined {
    return this.frames.at(-1);
  }

  get oldest(): FrameInfo | undefined {
    return this.frames[0];
  }

  /** Oldest first. */
  all(): readonly FrameInfo[] {
    return this.frames;
  }

  /**
   * Takes in frames, oldest first; those not newer than the newest held are left out, so that a repeated batch does no harm.
   * Answers what was added.
   */
  add(frames: readonly FrameInfo[]): readonly FrameInfo[] {
    const added: FrameInfo[] = [];
    let last = this.newest?.seq ?? -1;
    for (const frame of frames) {
      if (frame.seq <= last) continue;
      last = frame.seq;
      added.push(frame);
    }
    for (const frame of added) this.frames.push(frame);
    if (this.frames.length > this.capacity) this.frames = this.frames.slice(-Math.floor(this.capacity * (1 - SLACK)));
    return added;
  }

  clear(): void {
    this.frames = [];
  }

  get(seq: number): FrameInfo | undefined {
    const frame = this.frames[this.indexFrom(seq)];
    return frame?.seq === seq ? frame : undefined;
  }

  /** Frames with numbers from `seq` on. */
  from(seq: number): readonly FrameInfo[] {
    return this.frames.slice(this.indexFrom(seq));
  }

  /** Index of the first frame that arrived at `at` or later. Clocks may jump, so it is only as exact as they are. */
  indexAt(at: number): number {
    return lowerBound(this.frames.length, (index) => (this.frames[index]?.at ?? 0) < at);
  }

  private indexFrom(seq: number): number {
    return lowerBound(this.frames.length, (index) => (this.frames[index]?.seq ?? 0) < seq);
  }
}

/** The first index in 0…length for which `before` is false; it must be true for all smaller ones. */
export function lowerBound(length: number, before: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
