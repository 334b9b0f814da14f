/** Bounds and times of a store in a file. */
export interface StoreLimits {
  /** The association log keeps so many of its newest rows. */
  readonly maxAssociations: number;
  /** The file does not grow beyond this; then it is as if the disk were full. In bytes. */
  readonly maxFileBytes: number;
  /** How long opening waits for another router to let the file go. */
  readonly busyTimeoutMs: number;
  /** After the disk refused a commit, the next attempt is made no sooner than this. */
  readonly retryMs: number;
}

export const STORE_LIMITS: StoreLimits = {
  maxAssociations: 10_000,
  maxFileBytes: 1024 * 1024 * 1024,
  busyTimeoutMs: 1_000,
  retryMs: 5_000,
};
