import type { LiveThread } from './near-misses';

/** A connection as a router or a connection manager knows it. */
export interface LiveConnection {
  readonly id: string;
  readonly userId?: string;
  /** The threads it receives; none means that it was never associated. */
  readonly threads: readonly string[];
  /** False when it cannot be written to; healthy unless said otherwise. */
  readonly healthy?: boolean;
}

/** What a registry answers about a run. */
export interface LiveMapping {
  readonly threadId: string;
  readonly expired?: boolean;
}

/** The routing state at this moment, as far as somebody knows it. */
export interface LiveState {
  readonly threads?: Iterable<LiveThread>;
  readonly connections?: Iterable<LiveConnection>;
  lookup?(runId: string): LiveMapping | undefined;
}
