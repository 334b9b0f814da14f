import type { Diagnosis, DialectComparison, ParsedRunId } from '../../core/index';
import type { RouteAnswer } from '../live/live-answer';

/** What is known of one ID. */
export interface IdFacts {
  readonly id: string;
  readonly readings: readonly ParsedRunId[];
  readonly dialects: DialectComparison;
  readonly route: RouteAnswer;
  /** The threads of the live connection of this ID. */
  readonly listensOn?: readonly string[];
}

/** Everything an explanation document is made of. */
export interface ExplanationFacts {
  readonly about: IdFacts | undefined;
  readonly diagnoses: readonly Diagnosis[];
  /** The explained log lines; undefined when an ID was given. */
  readonly lines: readonly string[] | undefined;
  /** Name of the document that the numbers of lines count in; undefined for pasted text. */
  readonly source: string | undefined;
  /** Number of the first of the lines. */
  readonly firstLine: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}
