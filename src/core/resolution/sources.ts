/**
 * What a resolution may ask. Each source may be absent, may answer anything, may answer later (a promise) and may throw;
 * nothing it says is trusted (DESIGN 4.1).
 */
export interface ResolutionSources {
  readonly registry?: RegistrySource | undefined;
  readonly orchestrator?: OrchestratorSource | undefined;
  readonly connectionManager?: ConnectionManagerSource | undefined;
}

export interface RegistrySource {
  getThread(runId: string): unknown;
  /** Answers or resolves to `false` when it refused. */
  register(runId: string, threadId: string, metadata?: Readonly<Record<string, unknown>>): unknown;
}

export interface OrchestratorSource {
  getThreadIdForRun?(runId: string): unknown;
}

export interface ConnectionManagerSource {
  /** Connections by thread ID. A manager without a table to ask makes step 3 accept every valid thread ID. */
  readonly connections?: { get?(key: string): unknown } | null | undefined;
}
