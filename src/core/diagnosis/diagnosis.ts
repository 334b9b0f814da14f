import type { FaultId } from './catalogue';
import type { NearMiss } from './near-misses';

/** `error`: the user sees nothing, or a stranger does; `warning`: now and then, or in part; `information`: misleading at most. */
export type Severity = 'error' | 'warning' | 'information';

/** What a user interface may offer to do; the sentence says it for people. */
export type ActionCode =
  | 'associate-connection'
  | 'extract-thread-id'
  | 'register-mapping'
  | 'remove-mapping'
  | 'replay-scenario'
  | 'simulate-delivery'
  | 'strip-prefix'
  | 'use-thread-id';

export interface DiagnosisAction {
  readonly text: string;
  readonly code?: ActionCode;
}

/** A place in a log that shows the fault. */
export interface Evidence {
  /** Number of the line as the caller counts; absent when the line has none. */
  readonly line?: number;
  /** The line, shortened. */
  readonly text: string;
  /** What in the line shows it, in UTF-16 units of the whole line. */
  readonly offset: number;
  readonly length: number;
  /** Milliseconds since 1970. */
  readonly time?: number;
}

/** One fault, what shows it, and what to do. */
export interface Diagnosis {
  /** A name of DOMAIN 5 where one exists. */
  readonly id: FaultId;
  /** Rows of FIELD_GUIDE 6, e.g. `F1`; empty for a fault that has no row of its own. */
  readonly catalogue: readonly string[];
  readonly title: string;
  readonly severity: Severity;
  /** 1: the lines say it outright; below 0.5: a guess. */
  readonly confidence: number;
  /** Concluded from state that was put together from other lines, not read. */
  readonly inferred: boolean;
  /** One sentence that says it all. */
  readonly verdict: string;
  /** Why such a thing happens. */
  readonly cause: string;
  /** The first places, in order. */
  readonly evidence: readonly Evidence[];
  /** How often it was seen in all. */
  readonly count: number;
  readonly threadId?: string;
  readonly runId?: string;
  readonly connectionId?: string;
  readonly userId?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly nearMisses: readonly NearMiss[];
  readonly actions: readonly DiagnosisAction[];
  /** Looks like a fault and is none. */
  readonly noise: boolean;
}
