import type { FrameInfo } from '../../protocol/inspection';

/**
 * What a mark says, each with a shape of its own: an event delivered, one that waits, one that has no way, one that
 * was no event, and a frame from or to a client that is no event.
 */
export type MarkKind = 'delivered' | 'queued' | 'undeliverable' | 'rejected' | 'client';

export interface TimelineMark {
  /** Pixels from the left. */
  readonly x: number;
  readonly kind: MarkKind;
  /** The newest frame under the mark. */
  readonly seq: number;
}

/** Events waited from `from` to `to`; `open` while they still do; `seq` is the first of them. Pixels from the left. */
export interface TimelineWait {
  readonly from: number;
  readonly to: number;
  readonly open: boolean;
  readonly seq: number;
}

export interface TimelineLane {
  /** Undefined for frames that belong to no thread. */
  readonly threadId: string | undefined;
  readonly marks: readonly TimelineMark[];
  readonly waits: readonly TimelineWait[];
  readonly counts: Readonly<Record<MarkKind, number>>;
}

export interface TimelineLayout {
  readonly lanes: readonly TimelineLane[];
  /** Threads with frames in the span that got no lane. */
  readonly hidden: number;
}

export interface TimelineSpan {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Pixels. */
  readonly width: number;
}

const MAX_LANES = 50;
/** Marks of one kind closer than this many pixels are one mark. */
const GRAIN = 3;

interface LaneDraft {
  readonly threadId: string | undefined;
  readonly marks: TimelineMark[];
  readonly waits: TimelineWait[];
  readonly counts: Record<MarkKind, number>;
  readonly lastX: Map<MarkKind, number>;
}

/**
 * Lays frames out on one lane per thread.
 * @param frames oldest first; those before the span count only for what still waits when it begins
 */
export function layoutTimeline(frames: Iterable<FrameInfo>, { from, to, width }: TimelineSpan): TimelineLayout {
  const lanes = new Map<string | undefined, LaneDraft>();
  const hidden = new Set<string | undefined>();
  const waiting = new Map<number, FrameInfo>();
  const scale = width / Math.max(1, to - from);
  const xOf = (at: number): number => Math.max(0, (at - from) * scale);
  const laneOf = (threadId: string | undefined): LaneDraft | undefined => {
    let lane = lanes.get(threadId);
    if (!lane && lanes.size < MAX_LANES) lanes.set(threadId, (lane = emptyLane(threadId)));
    if (!lane) hidden.add(threadId);
    return lane;
  };
  for (const frame of frames) {
    if (frame.at > to) break;
    const { deliverySeq } = frame;
    const began = deliverySeq === undefined ? undefined : waiting.get(deliverySeq);
    if (began && deliverySeq !== undefined && frame.direction === 'out') {
      waiting.delete(deliverySeq);
      if (frame.at >= from) laneOf(began.threadId)?.waits.push({ from: xOf(began.at), to: xOf(frame.at), open: false, seq: began.seq });
    }
    if (frame.outcome === 'queued' && deliverySeq !== undefined) waiting.set(deliverySeq, frame);
    const kind = kindOf(frame);
    if (frame.at < from || kind === undefined) continue;
    const lane = laneOf(frame.threadId);
    if (lane) addMark(lane, kind, xOf(frame.at), frame.seq);
  }
  for (const frame of waiting.values()) laneOf(frame.threadId)?.waits.push({ from: xOf(frame.at), to: width, open: true, seq: frame.seq });
  // The lane of what has no thread stands last; the others by name, so that they keep their places.
  const byName = (a: LaneDraft, b: LaneDraft): number =>
    a.threadId === undefined ? 1 : b.threadId === undefined ? -1 : a.threadId < b.threadId ? -1 : 1;
  const merged = [...lanes.values()].map((lane) => ({ ...lane, waits: mergeWaits(lane.waits) }));
  return { lanes: merged.sort(byName), hidden: hidden.size };
}

/** Waits that overlap as one: ten thousand events that wait on a thread are one bar to the eye, and as cheap. */
function mergeWaits(waits: readonly TimelineWait[]): TimelineWait[] {
  const merged: TimelineWait[] = [];
  for (const wait of waits.toSorted((a, b) => Number(a.open) - Number(b.open) || a.from - b.from)) {
    const last = merged.at(-1);
    if (last && last.open === wait.open && wait.from <= last.to) merged[merged.length - 1] = { ...last, to: Math.max(last.to, wait.to) };
    else merged.push(wait);
  }
  return merged;
}

function emptyLane(threadId: string | undefined): LaneDraft {
  return { threadId, marks: [], waits: [], counts: { delivered: 0, queued: 0, undeliverable: 0, rejected: 0, client: 0 }, lastX: new Map() };
}

/** An event that is delivered at once has a frame in and a frame out of the same moment; the one out is its mark. */
function kindOf(frame: FrameInfo): MarkKind | undefined {
  if (frame.outcome === undefined) return 'client';
  // It did not reach those of its thread.
  if (frame.misrouted !== undefined) return 'undeliverable';
  if (frame.direction === 'out') return 'delivered';
  return frame.outcome === 'delivered' ? undefined : frame.outcome;
}

function addMark(lane: LaneDraft, kind: MarkKind, x: number, seq: number): void {
  lane.counts[kind]++;
  const last = lane.lastX.get(kind);
  if (last !== undefined && x - last < GRAIN) return;
  lane.lastX.set(kind, x);
  lane.marks.push({ x, kind, seq });
}

/** The mark nearest to a point of a lane, within `reach` pixels. */
export function markAt(lane: TimelineLane, x: number, reach: number): number | undefined {
  let best: { seq: number; distance: number } | undefined;
  for (const mark of lane.marks) {
    const distance = Math.abs(mark.x - x);
    if (distance <= reach && (!best || distance < best.distance)) best = { seq: mark.seq, distance };
  }
  return best?.seq ?? lane.waits.find((wait) => x >= wait.from && x <= wait.to)?.seq;
}
