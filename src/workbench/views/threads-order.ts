import type { ThreadInfo } from '../../protocol/inspection';
import type { LiveModel } from '../live/live-model';

/** `attention`: what waits first, then who is live, then by name. */
export const THREAD_SORTS = ['attention', 'activity', 'connections', 'name'] as const;
export type ThreadSort = (typeof THREAD_SORTS)[number];

const STATE_ORDER = { waiting: 0, live: 1, idle: 2 } as const;

const byName = (a: ThreadInfo, b: ThreadInfo): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const COMPARE: Record<ThreadSort, (a: ThreadInfo, b: ThreadInfo) => number> = {
  attention: (a, b) => STATE_ORDER[a.state] - STATE_ORDER[b.state] || byName(a, b),
  activity: (a, b) => (b.lastEventAt ?? 0) - (a.lastEventAt ?? 0) || byName(a, b),
  connections: (a, b) => b.connections - a.connections || byName(a, b),
  name: byName,
};

/** Which threads the view lists, and in what order. Ties are broken by name, so rows do not jump while events arrive. */
export class ThreadsOrder {
  private sorted: { readonly version: number; readonly sort: ThreadSort; readonly threads: readonly ThreadInfo[] } | undefined;
  private needle = '';
  sort: ThreadSort = 'attention';

  constructor(private readonly model: LiveModel) {}

  get filter(): string {
    return this.needle;
  }

  set filter(text: string) {
    this.needle = text.trim().toLowerCase();
  }

  /** The threads that pass the filter, in order. */
  list(): readonly ThreadInfo[] {
    const all = this.inOrder();
    return this.needle === '' ? all : all.filter((thread) => this.passes(thread));
  }

  /** Sorting 10,000 threads at every refresh would be most of its cost, so the order is kept while nothing moves in it. */
  private inOrder(): readonly ThreadInfo[] {
    const { sort, model } = this;
    const { threadsVersion: version } = model;
    const isKept = this.sorted?.sort === sort && this.sorted.version === version && sort !== 'activity';
    if (!isKept || !this.sorted) {
      this.sorted = { version, sort, threads: [...model.threads.values()].toSorted(COMPARE[sort]) };
      return this.sorted.threads;
    }
    return this.sorted.threads.map((thread) => model.threads.get(thread.id) ?? thread);
  }

  /** By thread ID, or by the ID or user of one of its connections, or by one of its runs. */
  private passes(thread: ThreadInfo): boolean {
    const { needle } = this;
    if (thread.id.toLowerCase().includes(needle)) return true;
    const connections = this.model.connectionsOf(thread.id);
    if (connections.some(({ id, userId }) => id.toLowerCase().includes(needle) || userId?.toLowerCase().includes(needle))) return true;
    return this.model.runsOf(thread.id).some(({ id, agentName }) => id.toLowerCase().includes(needle) || agentName?.toLowerCase().includes(needle));
  }
}
