import type { Store } from './store/store';

/** How long a change that nobody was promised may stay off the disk, in milliseconds. */
const LAZY_COMMIT_MS = 50;

/** Decides when the store commits: before anything is acknowledged, else a little later, many changes at once. */
export class Durability {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly store: Store,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Commits soon; for changes that nobody was promised. */
  soon(): void {
    if (this.timer || this.store.kind === 'memory') return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.tryNow();
    }, LAZY_COMMIT_MS);
    this.timer.unref();
  }

  /** Commits; @throws what the store throws when the disk refuses. */
  now(): void {
    this.store.commit();
  }

  /** Commits, and reports instead of throwing: the router goes on from memory. Answers whether it worked. */
  tryNow(): boolean {
    try {
      this.store.commit();
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.tryNow();
    this.store.close();
  }
}
