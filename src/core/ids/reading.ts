/** How much a reading may be trusted: 1 is a whole-string match of a grammar that nothing else produces, 0 a mere guess. */
export type Confidence = number;

/** What kind of thing the text names. A `thread_` or `run_` prefix alone proves nothing (DOMAIN 1). */
export type IdKind = 'run' | 'thread' | 'connection' | 'request' | 'other';

/** Something a developer should know about an ID although it could be read (DOMAIN 1, "Traps"). */
export interface IdWarning {
  /** Stable name, e.g. `doubled-prefix`, `run-separator-inside`, `timestamp-as-thread`, `non-hex-suffix`, `hyphen`, `foreign-system`. */
  readonly code: string;
  readonly message: string;
}

/** One reading of an ID. An ID can have several (FIELD_GUIDE 1.7). */
export interface ParsedRunId {
  /** The text that was read. */
  readonly text: string;
  /** Name of the format in the format table, e.g. `run_id_generator`, `id_manager`, `thread`, `bare_run`. */
  readonly format: string;
  /** The format in words, e.g. "Composite run ID". */
  readonly label: string;
  readonly kind: IdKind;
  /** When such IDs were minted, e.g. `2025-09-01..2025-09-07`, or `any`. */
  readonly era: string;
  /** The thread this reading routes to, with its `thread_` prefix where the format has one; undefined when the ID does not say. */
  readonly threadId: string | undefined;
  /** Milliseconds since 1970 at which the ID was minted, when it carries that. */
  readonly timestamp?: number;
  /** The random tail, e.g. `9adf1f09`. */
  readonly suffix?: string;
  /** Every named part, as it stands in the text, e.g. `user` of a connection ID or `op` of a generated run ID. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly confidence: Confidence;
  readonly warnings: readonly IdWarning[];
}
