import { type DebugApi, DebugApiError } from './debug-api';
import { entitiesOf } from './polled-entities';

const PAGE = 1_000;
/** Pages in one round; what is beyond them comes with the next. */
const MAX_PAGES = 5;
/** Deliveries that are waited for, as many as our own router remembers; the oldest go. */
const MAX_WAITING = 10_000;

/** Deliveries or messages of a backend: a list that grows at its end, of which only what is new is asked for. */
export class PolledLog {
  private told = 0;
  /** Numbers of deliveries that wait and may still change. */
  private readonly waiting = new Set<number>();

  constructor(
    private readonly api: DebugApi,
    private readonly name: 'deliveries' | 'messages',
  ) {}

  /** The next look begins with the newest page. */
  forget(): void {
    this.told = 0;
    this.waiting.clear();
  }

  /** Nothing older than what there is now will be told. @throws {DebugApiError} */
  async skipToNewest(): Promise<void> {
    this.told = await this.newest();
  }

  /** What is new, oldest first, and before it what changed. @throws {DebugApiError} */
  async look(): Promise<Record<string, unknown>[]> {
    try {
      const changed = await this.changed();
      const fresh = this.told === 0 ? await this.page(undefined) : [];
      for (let pages = 0; this.told > 0 && pages < MAX_PAGES; pages++) {
        const page = await this.page(this.told);
        fresh.push(...page);
        this.note(page);
        if (page.length < PAGE) break;
      }
      this.note(fresh);
      return [...changed, ...fresh];
    } catch (error) {
      if (error instanceof DebugApiError && error.reason === 'absent') return [];
      throw error;
    }
  }

  /** Of those that waited: they are told again when they no longer do. */
  private async changed(): Promise<Record<string, unknown>[]> {
    // They were told in their order.
    const [oldest] = this.waiting;
    if (oldest === undefined) return [];
    const page = await this.page(oldest - 1);
    const last = Number(page.at(-1)?.['seq'] ?? 0);
    const settled = page.filter(({ seq, outcome }) => this.waiting.has(Number(seq)) && outcome !== 'queued');
    for (const { seq } of settled) this.waiting.delete(Number(seq));
    // What the backend has let go, or lies too far back, is no longer waited for.
    const seen = new Set(page.map(({ seq }) => Number(seq)));
    for (const seq of this.waiting) if (seq <= last && !seen.has(seq)) this.waiting.delete(seq);
    return settled;
  }

  private note(entities: readonly Record<string, unknown>[]): void {
    for (const { seq, outcome } of entities) {
      this.told = Math.max(this.told, Number(seq));
      if (this.name === 'deliveries' && outcome === 'queued') this.waiting.add(Number(seq));
    }
    for (const seq of this.waiting) {
      if (this.waiting.size <= MAX_WAITING) break;
      this.waiting.delete(seq);
    }
  }

  private async page(after: number | undefined): Promise<Record<string, unknown>[]> {
    return entitiesOf(await this.api.get(`/debug/${this.name}`, { after, limit: PAGE }), this.name);
  }

  private async newest(): Promise<number> {
    try {
      const { newest } = await this.api.get(`/debug/${this.name}`, { limit: 1 });
      return typeof newest === 'number' ? newest : 0;
    } catch (error) {
      if (error instanceof DebugApiError && error.reason === 'absent') return 0;
      throw error;
    }
  }
}
