/**
 * A map that knows its oldest entry cheaply. Asking a Map for its first key again and again steps over every hole that
 * earlier deletions left; this one goes on from where it was. Keys are set once and never anew while they are there.
 */
export class OldestFirst<K, V> {
  readonly entries = new Map<K, V>();
  private walk = this.entries.keys();
  private head: K | undefined;

  /** The key that was set first of those still there. */
  oldest(): K | undefined {
    if (this.head !== undefined && this.entries.has(this.head)) return this.head;
    for (let tries = 0; tries < 2; tries++) {
      const next = this.walk.next();
      if (!next.done) {
        this.head = next.value;
        return this.head;
      }
      // An iterator that once came to the end stays there.
      this.walk = this.entries.keys();
    }
    this.head = undefined;
    return undefined;
  }

  /** Removes and answers the entry that was set first. */
  removeOldest(): V | undefined {
    const key = this.oldest();
    if (key === undefined) return undefined;
    const value = this.entries.get(key);
    this.entries.delete(key);
    return value;
  }
}
