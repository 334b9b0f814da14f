import type { Diagnosis, LogLevel } from '../../core/index';

/** Where a line was read. */
export interface TraceOrigin {
  /** The source's URI as text; for the live journal `journal:`. */
  readonly uri: string;
  /** Short name, unique within one trace, e.g. `app.log.1`. */
  readonly label: string;
  /** `compressed`: an editor cannot open it as it is. */
  readonly kind: 'text' | 'compressed' | 'journal';
}

/** Why a line belongs to the trace. */
export type Relation =
  /** It names the ID that is traced, or one that stands for it. */
  | 'direct'
  /** It names a connection of the thread. */
  | 'connection'
  /** It tells what became of a user whose connections have the thread. */
  | 'user'
  /** It follows such a line and explains it. */
  | 'context';

export type TraceMarkKind =
  /** The moment it broke. */
  | 'broke'
  /** Another line that shows a fault. */
  | 'fault'
  | 'gap'
  | 'duplicate'
  /** Its time is before that of the line above it in the same source. */
  | 'clock'
  /** Something began here that never ended, or ended without having begun. */
  | 'unfinished';

export interface TraceMark {
  readonly kind: TraceMarkKind;
  /** One sentence. */
  readonly text: string;
}

/** One line of the timeline. */
export interface TraceEntry {
  /** Milliseconds since 1970; undefined when neither the line nor one before it in its source has a time. */
  readonly time: number | undefined;
  /** False when the time is that of a line before it. */
  readonly hasOwnTime: boolean;
  readonly origin: TraceOrigin;
  /** Counted from 1; in the journal the number of the frame. */
  readonly line: number;
  readonly relation: Relation;
  /** The name of the message, e.g. `no-connections-for-thread`; `line` for one that is not known, `frame` in the journal. */
  readonly kind: string;
  readonly level?: LogLevel;
  /** What happened, in plain words; empty for a line that is not known. */
  readonly what: string;
  /** The message, shortened, without secrets. */
  readonly text: string;
  /** The type of the agent event that the line is about. */
  readonly event?: string;
  /** Whether that event reached somebody; undefined when the line does not say. */
  readonly delivered?: boolean;
  readonly runId?: string;
  readonly threadId?: string;
  readonly connectionId?: string;
  readonly userId?: string;
  /** Milliseconds since the entry before; undefined for the first and where a time is missing. */
  readonly deltaMs?: number;
  readonly marks: readonly TraceMark[];
}

/** Something that could not be read, or not all of it. */
export interface TraceNote {
  /** Label of the source; empty when the note is about the whole trace. */
  readonly source: string;
  readonly reason: TraceNoteReason;
  /** One sentence that says what was expected and what was received. */
  readonly message: string;
}

export type TraceNoteReason =
  | 'vanished'
  | 'unreadable'
  | 'not-a-file'
  | 'binary'
  | 'broken-gzip'
  | 'long-line'
  | 'too-large'
  | 'shrunk'
  | 'too-many-lines'
  | 'too-many-names'
  | 'too-many-files'
  | 'no-time'
  | 'journal'
  | 'cancelled';

/** A stretch in which a connection had the thread. */
export interface ConnectionSpan {
  readonly connectionId: string;
  readonly userId?: string;
  /** When it began to listen on the thread; undefined when no line tells. */
  readonly from?: number;
  /** When it stopped; undefined while nothing tells that it did. */
  readonly to?: number;
  /** Why it stopped, in words. */
  readonly end?: string;
  /** The connection itself was made here, when a line tells. */
  readonly connectedAt?: number;
}

/** The timeline of a run, a thread or a connection. */
export interface Trace {
  readonly id: string;
  readonly threadIds: readonly string[];
  readonly runIds: readonly string[];
  /** One sentence. */
  readonly verdict: string;
  /** Index of the entry where it broke, and what explains it. */
  readonly broke?: { readonly index: number; readonly diagnosis?: Diagnosis };
  readonly diagnoses: readonly Diagnosis[];
  readonly entries: readonly TraceEntry[];
  /** How many entries there are of each kind, the most frequent first. */
  readonly counts: readonly (readonly [kind: string, count: number])[];
  readonly connections: readonly ConnectionSpan[];
  readonly notes: readonly TraceNote[];
  readonly searched: { readonly sources: number; readonly bytes: number; readonly passes: number; readonly durationMs: number };
  readonly cancelled: boolean;
}
