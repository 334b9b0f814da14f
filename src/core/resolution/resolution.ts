/** The systems an ID can be read as; each is one version of the system under debug (DOMAIN 2, FIELD_GUIDE 1.3). */
export type Dialect = 'before_fix' | 'fix' | 'unified' | '20250918';

/** Where a thread ID came from (DOMAIN 3). */
export type ResolutionSource =
  | 'thread_registry'
  | 'orchestrator'
  | 'websocket_manager'
  | 'direct_format'
  | 'pattern_extraction';

export type Priority = 1 | 2 | 3 | 4 | 5;

/** What one step of the chain did. `skipped`: there was nothing to ask; `miss`: it had no answer; `invalid`: it answered something unusable. */
export type StepOutcome = 'hit' | 'miss' | 'invalid' | 'skipped' | 'failed';

/** One step of the 5-priority chain, as it went. */
export interface ResolutionStep {
  readonly priority: Priority;
  /** Short name for people: "Registry", "Orchestrator", "Connection manager", "Pattern extraction". */
  readonly name: string;
  /** What the step was given, stripped. */
  readonly input: string;
  readonly outcome: StepOutcome;
  /** One sentence that says why. */
  readonly reason: string;
  readonly threadId?: string;
  /** The pattern step that matched (`1`, `1.5`, …), in priority 4. */
  readonly pattern?: string;
  /** Time the step took, in milliseconds by the injected clock. */
  readonly durationMs: number;
}

/** The write-back of a resolution into the registry (DOMAIN 3). `registered` is false when the registry refused or threw. */
export interface Backfill {
  readonly runId: string;
  readonly threadId: string;
  readonly metadata: { readonly source: 'orchestrator_backfill' | 'pattern_extraction' };
  readonly registered: boolean;
}

/** The answer of the chain and how it came about. */
export interface Resolution {
  readonly runId: string;
  readonly threadId?: string;
  readonly source?: ResolutionSource;
  readonly priority?: Priority;
  readonly pattern?: string;
  readonly dialect: Dialect;
  /** Says why nothing was found, when nothing was found. */
  readonly error?: string;
  readonly steps: readonly ResolutionStep[];
  readonly backfill?: Backfill;
  readonly durationMs: number;
}
