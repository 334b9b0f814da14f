import type { DialectComparison, ParsedRunId, Resolution } from '../core/index';
import type { RunningRouter } from './router/router-controller';

/** An ID taken apart: its best reading, all readings, and what each dialect would make of it. */
export interface DecodedId extends ParsedRunId {
  readonly readings: readonly ParsedRunId[];
  readonly dialects: DialectComparison;
}

/** What `activate` returns: a small typed API for other extensions. */
export interface ThreadLensApi {
  /** The readings of an ID; undefined when the text can be read as none. */
  decode(text: string): DecodedId | undefined;
  /** Resolves a run ID as the running router would, or without one from the ID alone; never rejects. */
  explain(runId: string): Promise<Resolution>;
  readonly router: {
    /** The running router of this window. */
    readonly current: RunningRouter | undefined;
    start(): Promise<RunningRouter | undefined>;
    stop(): Promise<boolean>;
  };
}
