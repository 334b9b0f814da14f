import type { FormatTable } from '../ids/formats/format-table';
import { BoundedMap } from '../bounded-map';
import type { LiveState } from './live-state';
import type { LiveThread } from './near-misses';

/** A connection as the lines of a log tell it. */
export interface KnownConnection {
  readonly id: string;
  readonly userId: string | undefined;
  /** Milliseconds since 1970. */
  readonly connectedAt: number | undefined;
  /** The threads it receives. The original knows one at most; a live router may know several. */
  threads: readonly string[];
  healthy: boolean;
}

/** How the last connection of a thread went away from it. */
export type Departure =
  | { readonly how: 'moved'; readonly userId: string; readonly to: string; readonly connections: number }
  | { readonly how: 'closed'; readonly userId: string | undefined; readonly connectionId: string };

export interface Mapping {
  readonly threadId: string;
  readonly guessed: boolean;
}

const MOST_CONNECTIONS = 20_000;
const MOST_NAMES = 20_000;
/** The connection table forgets an entry so long after it was made (FIELD_GUIDE 4.6). */
export const TABLE_TTL_MS = 180_000;

/**
 * The routing state put together from lines that a log at INFO has: connect, associate, close, registry rows
 * (FIELD_GUIDE 6.3). It says what probably was, so whatever is concluded from it is said to be inferred.
 */
export class RoutingState {
  readonly connections = new BoundedMap<string, KnownConnection>(MOST_CONNECTIONS);
  readonly departures = new BoundedMap<string, Departure>(MOST_NAMES);
  readonly registry = new BoundedMap<string, Mapping>(MOST_NAMES);
  /** Runs for which the registry answered with the run ID itself: its mapping is wrong. */
  readonly answeredItself = new BoundedMap<string, true>(MOST_NAMES);
  /** Runs that were unregistered. */
  readonly unregistered = new BoundedMap<string, string>(MOST_NAMES);
  /** Threads that were associated at some time. */
  readonly onceAssociated = new BoundedMap<string, true>(MOST_NAMES);
  /** Threads a client asked for with switch_thread, which the server only acknowledged. */
  readonly ignoredSwitches = new BoundedMap<string, true>(MOST_NAMES);
  /** Threads announced to a client by thread_created. */
  readonly announced = new BoundedMap<string, true>(MOST_NAMES);
  /** Threads that a client named itself: it knows them without being told. */
  readonly named = new BoundedMap<string, true>(MOST_NAMES);
  /** How often an association was tried with a connection ID in place of a user ID. */
  refusedAssociations = 0;
  /** Whether any line told of a connection at all. */
  sawConnections = false;

  private readonly byUser = new BoundedMap<string, Set<KnownConnection>>(MOST_NAMES);
  private readonly healthy = new Map<string, Set<KnownConnection>>();
  private readonly unhealthy = new Map<string, Set<KnownConnection>>();
  /** Connections that somebody counted without naming them. */
  private readonly unnamed = new Map<string, number>();
  private withoutThread = 0;
  private madeUp = 0;

  /** @param table the formats that IDs are read by, with those of the user's own */
  constructor(readonly table?: FormatTable) {}

  /** Takes over what a router or manager knows; afterwards nothing has to be inferred. */
  static fromLive(live: LiveState, table?: FormatTable): RoutingState {
    const state = new RoutingState(table);
    for (const connection of live.connections ?? []) {
      state.connect(connection.id, connection.userId, undefined);
      const known = state.connections.get(connection.id);
      if (known === undefined) continue;
      state.setThreads(known, connection.threads);
      if (connection.healthy === false) state.markUnhealthy(connection.id);
    }
    for (const thread of live.threads ?? []) {
      const missing = thread.connections - state.listeners(thread.id);
      if (missing > 0) state.unnamed.set(thread.id, missing);
      if (thread.connections > 0) state.sawConnections = true;
    }
    return state;
  }

  connect(id: string, userId: string | undefined, at: number | undefined): void {
    this.sawConnections = true;
    const before = this.connections.get(id);
    if (before !== undefined) {
      if (before.healthy) return;
      this.remove(before);
    }
    const connection: KnownConnection = { id, userId, connectedAt: at, threads: [], healthy: true };
    const evicted = this.connections.put(id, connection);
    if (evicted !== undefined) this.forget(evicted);
    this.list(connection);
    if (userId === undefined) return;
    const siblings = this.byUser.get(userId);
    if (siblings === undefined) this.byUser.set(userId, new Set([connection]));
    else siblings.add(connection);
  }

  /** Moves every connection of a user to the thread; those the log has not told of are made up, as it says how many there are. */
  associateUser(userId: string, threadId: string, expected: number | undefined): readonly KnownConnection[] {
    while (this.of(userId).length < Math.min(expected ?? 1, 100)) this.connect(`(connection ${++this.madeUp} of ${userId})`, userId, undefined);
    const connections = this.of(userId);
    for (const connection of connections) this.associate(connection, threadId, connections.length);
    return connections;
  }

  associateConnection(id: string, threadId: string): KnownConnection | undefined {
    if (!this.connections.has(id)) this.connect(id, undefined, undefined);
    const connection = this.connections.get(id);
    if (connection !== undefined) this.associate(connection, threadId, 1);
    return connection;
  }

  private associate(connection: KnownConnection, threadId: string, moved: number): void {
    const before = connection.threads;
    this.setThreads(connection, [threadId]);
    this.onceAssociated.set(threadId, true);
    this.departures.delete(threadId);
    for (const thread of before) {
      if (thread === threadId || this.listeners(thread) > 0) continue;
      this.departures.set(thread, { how: 'moved', userId: connection.userId ?? connection.id, to: threadId, connections: moved });
    }
  }

  private setThreads(connection: KnownConnection, threads: readonly string[]): void {
    this.unlist(connection);
    connection.threads = threads;
    this.list(connection);
  }

  private list(connection: KnownConnection): void {
    if (connection.healthy && connection.threads.length === 0) this.withoutThread++;
    const index = connection.healthy ? this.healthy : this.unhealthy;
    for (const thread of connection.threads) {
      const listed = index.get(thread);
      if (listed === undefined) index.set(thread, new Set([connection]));
      else listed.add(connection);
    }
  }

  private unlist(connection: KnownConnection): void {
    if (connection.healthy && connection.threads.length === 0) this.withoutThread--;
    const index = connection.healthy ? this.healthy : this.unhealthy;
    for (const thread of connection.threads) {
      const listed = index.get(thread);
      listed?.delete(connection);
      if (listed?.size === 0) index.delete(thread);
    }
  }

  markUnhealthy(id: string): void {
    const connection = this.connections.get(id);
    if (connection?.healthy !== true) return;
    this.unlist(connection);
    connection.healthy = false;
    this.list(connection);
  }

  close(id: string): void {
    const connection = this.connections.get(id);
    if (connection === undefined) return;
    this.remove(connection);
    for (const thread of connection.threads) {
      if (this.listeners(thread) === 0) this.departures.set(thread, { how: 'closed', userId: connection.userId, connectionId: id });
    }
  }

  closeUser(userId: string): void {
    for (const connection of this.of(userId)) this.close(connection.id);
  }

  /** A restart: every connection and every mapping is gone. */
  restart(): void {
    for (const connection of this.connections.values()) this.close(connection.id);
    this.forgetMappings();
  }

  /** The registry does not hold the run any more. */
  forgetMapping(runId: string): void {
    this.registry.delete(runId);
    this.answeredItself.delete(runId);
  }

  /** The registry is empty. */
  forgetMappings(): void {
    this.registry.clear();
    this.answeredItself.clear();
  }

  private remove(connection: KnownConnection): void {
    this.connections.delete(connection.id);
    this.forget(connection);
  }

  private forget(connection: KnownConnection): void {
    this.unlist(connection);
    if (connection.userId === undefined) return;
    const siblings = this.byUser.get(connection.userId);
    siblings?.delete(connection);
    if (siblings?.size === 0) this.byUser.delete(connection.userId);
  }

  of(userId: string): readonly KnownConnection[] {
    return [...(this.byUser.get(userId) ?? [])];
  }

  /** Healthy connections on the thread. */
  listeners(threadId: string): number {
    return (this.healthy.get(threadId)?.size ?? 0) + (this.unnamed.get(threadId) ?? 0);
  }

  /** Healthy connections without a thread. */
  get unassociated(): number {
    return this.withoutThread;
  }

  *threads(): Iterable<LiveThread> {
    for (const [id, { size }] of this.healthy) yield { id, connections: size + (this.unnamed.get(id) ?? 0) };
    for (const [id, connections] of this.unnamed) if (!this.healthy.has(id)) yield { id, connections };
  }

  /** The first threads, at most `limit`. */
  someThreads(limit: number): string[] {
    const some: string[] = [];
    for (const { id } of this.threads()) {
      if (some.length >= limit) break;
      some.push(id);
    }
    return some;
  }

  /** A connection of the thread that cannot be written to. */
  unhealthyOn(threadId: string): KnownConnection | undefined {
    const [first] = this.unhealthy.get(threadId) ?? [];
    return first;
  }

  /** An open connection that the table of the original has forgotten by now, of this thread if there is one. */
  expiredAt(now: number | undefined, threadId: string): KnownConnection | undefined {
    if (now === undefined) return undefined;
    const isOld = (connection: KnownConnection): boolean => connection.connectedAt !== undefined && now - connection.connectedAt >= TABLE_TTL_MS;
    for (const connection of this.healthy.get(threadId) ?? []) if (isOld(connection)) return connection;
    // In the order of their age: the oldest tells for all.
    const [oldest] = this.connections.values();
    return oldest !== undefined && isOld(oldest) ? oldest : undefined;
  }

  usersOn(threadId: string): ReadonlySet<string> {
    const users = new Set<string>();
    for (const index of [this.healthy, this.unhealthy]) {
      for (const { userId } of index.get(threadId) ?? []) if (userId !== undefined) users.add(userId);
    }
    return users;
  }
}
