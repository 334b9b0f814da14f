import type { FrameInfo } from '../../../src/protocol/inspection';

/** A frame with what a test cares about. */
export function frame(seq: number, parts: Partial<FrameInfo> = {}): FrameInfo {
  return { seq, at: 1000 + seq, direction: 'in', peer: 'agent', bytes: 100, ...parts };
}

export const seqs = (frames: Iterable<FrameInfo>): number[] => [...frames].map(({ seq }) => seq);
