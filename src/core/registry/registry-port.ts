/** One mapping as it is kept. Times are milliseconds since 1970. */
export interface RunRecord {
  readonly runId: string;
  readonly threadId: string;
  readonly createdAt: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Where a registry keeps its mappings beyond its own life. Every call is synchronous, so that a registration is not
 * acknowledged before it is stored. What `save` throws makes the registration fail; what `remove` throws is reported
 * through `ThreadRunRegistry.problems`.
 */
export interface RegistryPort {
  /** Every stored mapping, in any order. Called once, when the registry is made. */
  load(): Iterable<RunRecord>;
  /** Stores a mapping, replacing that of the same run. */
  save(record: RunRecord): void;
  /** Forgets mappings. */
  remove(runIds: readonly string[]): void;
}
