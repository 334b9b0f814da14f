/** An ID to register that cannot be used: blank, too long, or with control characters. */
export class LabelError extends Error {
  override readonly name = 'LabelError';
  readonly reason: 'bad_run_id' | 'bad_thread_id';

  constructor(
    what: 'run_id' | 'thread_id',
    /** What would have been accepted. */
    readonly expected: string,
    /** What came, in words. */
    readonly received: string,
  ) {
    super(`The ${what} cannot be used: expected ${expected}, received ${received}`);
    this.reason = `bad_${what}`;
  }
}
