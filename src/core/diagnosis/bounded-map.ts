/** A map that forgets its oldest entry when it is full, so that a log of any size is analysed in bounded memory. */
export class BoundedMap<K, V> {
  private readonly map = new Map<K, V>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.map.size;
  }

  get(key: K): V | undefined {
    return this.map.get(key);
  }

  has(key: K): boolean {
    return this.map.has(key);
  }

  /** Sets a value; a key that is set again keeps its age. */
  set(key: K, value: V): V | undefined {
    this.map.set(key, value);
    if (this.map.size <= this.capacity) return undefined;
    const [oldest] = this.map;
    if (oldest === undefined) return undefined;
    this.map.delete(oldest[0]);
    return oldest[1];
  }

  delete(key: K): boolean {
    return this.map.delete(key);
  }

  clear(): void {
    this.map.clear();
  }

  keys(): IterableIterator<K> {
    return this.map.keys();
  }

  entries(): IterableIterator<[K, V]> {
    return this.map.entries();
  }

  values(): IterableIterator<V> {
    return this.map.values();
  }
}
