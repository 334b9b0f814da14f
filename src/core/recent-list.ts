/** The latest `limit` items, and how many there ever were. */
export class RecentList<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get total(): number {
    return this.#total;
  }

  add(item: T): void {
    this.#total++;
    this.#items.push(item);
    if (this.#items.length > this.#limit) this.#items.shift();
  }

  /** Oldest first. */
  items(): readonly T[] {
    return [...this.#items];
  }
}
