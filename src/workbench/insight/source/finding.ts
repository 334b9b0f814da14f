/** What the rules look for (FIELD_GUIDE 6.1). */
export type SourceRule =
  /** F1: a run ID where a thread ID belongs. */
  | 'run-as-thread'
  /** F4, F31: one kind of ID where another belongs. */
  | 'connection-as-thread'
  | 'connection-as-user'
  | 'run-as-user'
  /** A run ID put together so that no parser finds its thread again. */
  | 'unreadable-run-id'
  /** F8 */
  | 'hyphen'
  /** F9 */
  | 'doubled-prefix'
  /** Run IDs of several formats are minted in one workspace. */
  | 'several-generators';

export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface SourceFix {
  readonly kind: 'extract' | 'use-variable' | 'without-hyphens' | 'strip-prefix' | 'generate';
  /** The code that is put in, for the title. */
  readonly code: string;
  readonly changes: readonly TextChange[];
}

export interface SourceFinding {
  readonly rule: SourceRule;
  /** UTF-16 offsets in the source. */
  readonly start: number;
  readonly end: number;
  /** What stands there. */
  readonly received: string;
  /** The function or the name it is given to, or the ID that it makes. */
  readonly context: string;
  readonly fixes: readonly SourceFix[];
}

/** A place that mints run IDs. */
export interface GeneratorSite {
  /** Name of the format in the table, e.g. `canonical`. */
  readonly format: string;
  /** Its form, e.g. `thread_{tid}_run_{ms}_{hex8}`, as the code shows it. */
  readonly shape: string;
  readonly namesThread: boolean;
  readonly start: number;
  readonly end: number;
}

export interface SourceReport {
  /** Hold wherever they stand. */
  readonly findings: readonly SourceFinding[];
  /** Hold only where thread routing of this sort is in use: `speaksOfRouting` of this or another file of the workspace. */
  readonly findingsInRouting: readonly SourceFinding[];
  readonly generators: readonly GeneratorSite[];
  readonly speaksOfRouting: boolean;
}
