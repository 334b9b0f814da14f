/**
 * Thread -> runs. Most threads have one run at a time, so a single run is held bare and a set is made for the second: at a
 * million mappings that is the difference between one table and a million sets.
 */
export class ThreadIndex {
  readonly #runs = new Map<string, string | Set<string>>();

  /** Number of threads with at least one run. */
  get size(): number {
    return this.#runs.size;
  }

  add(threadId: string, runId: string): void {
    const held = this.#runs.get(threadId);
    if (held === undefined) this.#runs.set(threadId, runId);
    else if (typeof held !== 'string') held.add(runId);
    else if (held !== runId) this.#runs.set(threadId, new Set([held, runId]));
  }

  remove(threadId: string, runId: string): void {
    const held = this.#runs.get(threadId);
    if (held === runId) {
      this.#runs.delete(threadId);
    } else if (held instanceof Set) {
      held.delete(runId);
      if (held.size === 0) this.#runs.delete(threadId);
    }
  }

  /** The runs of a thread, oldest registration first. */
  runs(threadId: string): readonly string[] {
    const held = this.#runs.get(threadId);
    if (held === undefined) return [];
    return typeof held === 'string' ? [held] : [...held];
  }

  *counts(): Iterable<readonly [threadId: string, runs: number]> {
    for (const [threadId, held] of this.#runs) yield [threadId, typeof held === 'string' ? 1 : held.size];
  }

  clear(): void {
    this.#runs.clear();
  }
}
