import type { RecordingSource } from '../recording';
import type { ChangedField } from './changed-fields';

export type DifferenceKind = 'missing' | 'extra' | 'reordered' | 'changed';

/** Where something stands in a recording. */
export interface Place {
  /** Number of the frame; absent for what is none. */
  readonly seq?: number;
  /** Milliseconds since the recording began. */
  readonly t: number;
}

/** Something that the second recording has not as the first has it. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Of which connection or run, named as in the recording that has it. */
  readonly of: 'connection' | 'run';
  readonly a?: Place & { readonly id: string };
  readonly b?: Place & { readonly id: string };
  readonly lane: 'received' | 'sent' | 'life';
  /** Type of the message, or what happened. */
  readonly type: string;
  /** What is different, for `changed`. */
  readonly fields: readonly ChangedField[];
}

export interface ComparedSide {
  readonly source: RecordingSource;
  readonly created: string;
  readonly frames: number;
  readonly connections: number;
  readonly runs: number;
  /** From the first frame to the last entry, in milliseconds. */
  readonly durationMs: number;
}

/** How the times of the same frames differ, each counted from its recording's first frame; milliseconds. */
export interface ComparedTiming {
  readonly frames: number;
  readonly medianMs: number;
  readonly mostMs: number;
}

/** Two recordings held next to each other, apart from IDs and times. */
export interface Comparison {
  /** Nothing is missing, extra, reordered or changed. */
  readonly equal: boolean;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** Frames, each counted once for every recipient, and events of connections. */
  readonly counts: Readonly<Record<DifferenceKind | 'equal', number>>;
  /** IDs of the first that have another name in the second, always the same one. */
  readonly renamedIds: number;
  /** The first ones, at most 1,000. */
  readonly differences: readonly Difference[];
  readonly timing: ComparedTiming;
  /** False when one side did not see routing, so outcomes and associations were not compared. */
  readonly withRouting: boolean;
}
