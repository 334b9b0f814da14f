/** Deletions after which a walk is given up. */
const LONGEST_WALK = 256;

/**
 * A map that knows its oldest entry cheaply. Asking a Map for its first key again and again steps over every hole that
 * earlier deletions left; this one goes on from where it was. As in any Map, setting a key that is there leaves it its place.
 */
export class OldestFirst<K, V> extends Map<K, V> {
  private walk: Iterator<K> | undefined;
  private head: K | undefined;
  private deletions = 0;

  /** The key that was set first of those still there. */
  oldest(): K | undefined {
    if (this.head !== undefined && this.has(this.head)) return this.head;
    for (let tries = 0; tries < 2; tries++) {
      this.walk ??= this.keys();
      const next = this.walk.next();
      if (!next.done) {
        this.head = next.value;
        return this.head;
      }
      // An iterator that once came to the end stays there.
      this.walk = undefined;
    }
    this.head = undefined;
    return undefined;
  }

  /** Removes and answers the entry that was set first. */
  removeOldest(): V | undefined {
    const key = this.oldest();
    if (key === undefined) return undefined;
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  override delete(key: K): boolean {
    // Set again, it is the newest.
    if (key === this.head) this.head = undefined;
    // An iterator that rests holds on to every table that the map has outgrown meanwhile, and to what stood in it.
    if (++this.deletions >= LONGEST_WALK) {
      this.deletions = 0;
      this.walk = undefined;
    }
    return super.delete(key);
  }
}
