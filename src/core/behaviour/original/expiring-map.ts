import type { Clock } from '../../clock';

interface Entry<V> {
  readonly value: V;
  readonly addedAt: number;
}

/**
 * A map that forgets: each entry a fixed time after it was added, however often it is read; and, beyond its bound, the
 * one that was used the longest ago (FIELD_GUIDE 4.1: a TTL cache of 500 entries and 180 s).
 */
export class ExpiringMap<K, V> {
  /** Least recently used first. */
  readonly #entries = new Map<K, Entry<V>>();

  constructor(
    private readonly clock: Clock,
    /** Life of an entry in milliseconds; it is gone when that much has passed. Infinity for ever. */
    private readonly ttlMs: number,
    private readonly maxEntries: number,
  ) {}

  /** @param addedAt when its life began, in milliseconds of the clock; now by default. */
  set(key: K, value: V, addedAt = this.clock()): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.maxEntries) this.expire();
    if (this.#entries.size >= this.maxEntries) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { value, addedAt });
  }

  has(key: K): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#lives(entry, this.clock());
  }

  /** The value, which counts as used now; undefined when it is not there any more. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || !this.#lives(entry, this.clock())) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  /** What is there, oldest use first; looking does not count as use. */
  entries(): (readonly [K, V])[] {
    const now = this.clock();
    const living: (readonly [K, V])[] = [];
    for (const [key, entry] of this.#entries) if (this.#lives(entry, now)) living.push([key, entry.value]);
    return living;
  }

  /** Lets go of what has expired. */
  expire(): void {
    const now = this.clock();
    for (const [key, entry] of this.#entries) if (!this.#lives(entry, now)) this.#entries.delete(key);
  }

  #lives({ addedAt }: Entry<V>, now: number): boolean {
    return now - addedAt < this.ttlMs;
  }
}
