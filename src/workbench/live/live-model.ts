import type { BreakpointInfo, HeldFrame } from '../../protocol/breakpoints';
import type { ChangesMessage, ConnectionInfo, Counters, DeliveryInfo, RouterInfo, RunInfo, ThreadInfo } from '../../protocol/inspection';

/** Deliveries kept for the view; older ones are asked from the router. */
const MAX_DELIVERIES = 1000;

export const NO_COUNTERS: Counters = {
  connections: 0,
  agents: 0,
  threads: 0,
  runs: 0,
  delivered: 0,
  queued: 0,
  undeliverable: 0,
  rejected: 0,
  waiting: 0,
  deadLetters: 0,
  dropped: 0,
  framesIn: 0,
  framesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
};

/** The workbench's copy of the router's state. Only `apply` and `clear` change it. */
export class LiveModel {
  router: RouterInfo | undefined;
  counters: Counters = NO_COUNTERS;
  readonly connections = new Map<string, ConnectionInfo>();
  readonly threads = new Map<string, ThreadInfo>();
  readonly runs = new Map<string, RunInfo>();
  /** Grows whenever a thread appears, goes, or changes state or number of connections: what lists are ordered by. */
  threadsVersion = 0;
  /** Grows whenever a run appears, goes, or gets another thread. */
  runsVersion = 0;
  /** Of a tap. */
  breakpoints: readonly BreakpointInfo[] = [];
  /** What a tap's breakpoints hold, oldest first. */
  held: readonly HeldFrame[] = [];
  /** Grows whenever breakpoints, or what they hold, change. */
  holdingVersion = 0;
  private recentDeliveries: DeliveryInfo[] = [];
  private readonly connectionsByThread = new Map<string, Set<string>>();
  private readonly runsByThread = new Map<string, Set<string>>();
  private readonly unassociated = new Set<string>();

  /** Newest last. */
  get deliveries(): readonly DeliveryInfo[] {
    return this.recentDeliveries;
  }

  delivery(seq: number): DeliveryInfo | undefined {
    return this.recentDeliveries.find((delivery) => delivery.seq === seq);
  }

  connectionsOf(threadId: string): ConnectionInfo[] {
    return pick(this.connections, this.connectionsByThread.get(threadId));
  }

  connectionsWithoutThread(): ConnectionInfo[] {
    return pick(this.connections, this.unassociated);
  }

  /** Latest first. */
  runsOf(threadId: string): RunInfo[] {
    return pick(this.runs, this.runsByThread.get(threadId)).toSorted((a, b) => b.lastAt - a.lastAt);
  }

  apply(message: ChangesMessage): void {
    if (message.reset) this.forgetEntities();
    if (message.router) this.router = message.router;
    if (message.counters) this.counters = message.counters;
    for (const connection of message.connections ?? []) this.putConnection(connection);
    for (const id of message.closedConnections ?? []) this.dropConnection(id);
    for (const thread of message.threads ?? []) this.putThread(thread);
    for (const id of message.removedThreads ?? []) {
      if (this.threads.delete(id)) this.threadsVersion++;
    }
    for (const run of message.runs ?? []) this.putRun(run);
    for (const id of message.removedRuns ?? []) {
      if (this.runs.has(id)) this.runsVersion++;
      this.dropRun(id);
    }
    if (message.deliveries) this.putDeliveries(message.deliveries);
    if (message.breakpoints) this.breakpoints = message.breakpoints;
    if (message.held) this.held = message.held;
    if (message.breakpoints || message.held) this.holdingVersion++;
  }

  /** Forgets everything: no router is attached any more. */
  clear(): void {
    this.forgetEntities();
    this.router = undefined;
  }

  private forgetEntities(): void {
    this.counters = NO_COUNTERS;
    this.connections.clear();
    this.threads.clear();
    this.threadsVersion++;
    this.runs.clear();
    this.runsVersion++;
    this.recentDeliveries = [];
    this.connectionsByThread.clear();
    this.runsByThread.clear();
    this.unassociated.clear();
    this.breakpoints = [];
    this.held = [];
    this.holdingVersion++;
  }

  private putThread(thread: ThreadInfo): void {
    const known = this.threads.get(thread.id);
    if (known?.state !== thread.state || known.connections !== thread.connections) this.threadsVersion++;
    this.threads.set(thread.id, thread);
  }

  private putConnection(connection: ConnectionInfo): void {
    this.dropConnection(connection.id);
    this.connections.set(connection.id, connection);
    if (connection.threads.length === 0) this.unassociated.add(connection.id);
    for (const threadId of connection.threads) addTo(this.connectionsByThread, threadId, connection.id);
  }

  private dropConnection(id: string): void {
    const connection = this.connections.get(id);
    if (!connection) return;
    this.connections.delete(id);
    this.unassociated.delete(id);
    for (const threadId of connection.threads) removeFrom(this.connectionsByThread, threadId, id);
  }

  private putRun(run: RunInfo): void {
    const known = this.runs.get(run.id);
    if (!known || known.threadId !== run.threadId) this.runsVersion++;
    this.dropRun(run.id);
    this.runs.set(run.id, run);
    if (run.threadId !== undefined) addTo(this.runsByThread, run.threadId, run.id);
  }

  private dropRun(id: string): void {
    const threadId = this.runs.get(id)?.threadId;
    this.runs.delete(id);
    if (threadId !== undefined) removeFrom(this.runsByThread, threadId, id);
  }

  /** A delivery comes again when its outcome changes (a waiting event was delivered), so it replaces its older self. */
  private putDeliveries(deliveries: readonly DeliveryInfo[]): void {
    const newest = this.recentDeliveries.at(-1)?.seq ?? -1;
    for (const delivery of deliveries) {
      if (delivery.seq > newest) {
        this.recentDeliveries.push(delivery);
        continue;
      }
      const index = this.recentDeliveries.findIndex((known) => known.seq === delivery.seq);
      if (index >= 0) this.recentDeliveries[index] = delivery;
    }
    if (this.recentDeliveries.length > MAX_DELIVERIES) {
      this.recentDeliveries = this.recentDeliveries.slice(-MAX_DELIVERIES);
    }
  }
}

function pick<T>(all: ReadonlyMap<string, T>, ids: Iterable<string> | undefined): T[] {
  const found: T[] = [];
  for (const id of ids ?? []) {
    const item = all.get(id);
    if (item !== undefined) found.push(item);
  }
  return found;
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function removeFrom(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (!ids) return;
  ids.delete(id);
  if (ids.size === 0) index.delete(key);
}
