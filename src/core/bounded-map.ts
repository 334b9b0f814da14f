import { OldestFirst } from './oldest-first';

/** A map that forgets its oldest entry when it is full, so that what comes from outside, a log or traffic, is known in bounded memory. */
export class BoundedMap<K, V> extends OldestFirst<K, V> {
  /** @param capacity entries at most */
  constructor(private readonly capacity: number) {
    super();
  }

  /** Sets a value; a key that is set again keeps its age. */
  override set(key: K, value: V): this {
    this.put(key, value);
    return this;
  }

  /** The same, and answers the value that had to go. */
  put(key: K, value: V): V | undefined {
    super.set(key, value);
    return this.size > this.capacity ? this.removeOldest() : undefined;
  }

  /** Sets a value as the newest, also one that was there. */
  renew(key: K, value: V): void {
    this.delete(key);
    this.put(key, value);
  }
}
