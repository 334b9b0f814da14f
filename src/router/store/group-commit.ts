import type { StorageError } from './storage-error';
import type { Store } from './store';

/** Called once its changes are committed; with the error when the disk refused them. */
export type Committed = (error: StorageError | undefined) => void;

/** The longest pause between two commits, in milliseconds. */
const MAX_PAUSE_MS = 20;

/**
 * Lets many callers share a commit. On a slow disk a commit takes milliseconds, during which the thread does nothing
 * else; so the next one comes no sooner than as long again after it, and commits take at most half of the time.
 */
export class GroupCommit {
  private waiting: Committed[] = [];
  private earliest = -Infinity;
  private cancel: (() => void) | undefined;

  /** @param now a monotonic clock in milliseconds. */
  constructor(
    private readonly store: Pick<Store, 'commit'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Calls back, after this call has returned, once everything written so far is committed. In the order of the calls. */
  whenCommitted(done: Committed): void {
    this.waiting.push(done);
    if (this.cancel !== undefined) return;
    const pause = this.earliest - this.now();
    if (pause < 1) {
      const immediate = setImmediate(() => this.flush());
      this.cancel = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(() => this.flush(), pause);
      this.cancel = () => clearTimeout(timer);
    }
  }

  /** Commits now and calls back everyone who waits. Also when stopping: nothing is left scheduled afterwards. */
  flush(): void {
    this.cancel?.();
    this.cancel = undefined;
    const callbacks = this.waiting;
    this.waiting = [];
    const begin = this.now();
    let refusal: StorageError | undefined;
    try {
      this.store.commit();
    } catch (error) {
      refusal = error as StorageError;
    }
    const end = this.now();
    this.earliest = end + Math.min(end - begin, MAX_PAUSE_MS);
    for (const callback of callbacks) {
      try {
        callback(refusal);
      } catch (error) {
        // One faulty caller must not cost the others their answer; its error is still nobody's to swallow.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
