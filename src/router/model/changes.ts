import type { Connection } from './connection';
import type { Run } from './run';
import type { Thread } from './thread';
import type { TrafficSink } from './traffic-sink';

/** What changed since the last look, for who watches. Each entity stands here once however often it changed. */
export interface ChangeSet {
  readonly connections: readonly Connection[];
  readonly closedConnections: readonly string[];
  readonly threads: readonly Thread[];
  readonly removedThreads: readonly string[];
  readonly runs: readonly Run[];
  readonly removedRuns: readonly string[];
  /** Deliveries whose outcome changed after they were first told. */
  readonly deliveries: readonly number[];
  /** Whether what the router says of itself changed. */
  readonly router: boolean;
  /** Whether breakpoints, or what they hold, changed. */
  readonly holding: boolean;
}

/** Collects changes while somebody watches; costs next to nothing while nobody does. */
export class Changes {
  /** Who records; set by the model only. */
  recorder: TrafficSink | undefined;
  private watched = false;
  private connections: Connection[] = [];
  private closedConnections: string[] = [];
  private threads: Thread[] = [];
  private removedThreads: string[] = [];
  private runs: Run[] = [];
  private removedRuns: string[] = [];
  private deliveries = new Set<number>();
  private router = false;
  private holding = false;

  watch(on: boolean): void {
    if (this.watched && !on) this.take();
    this.watched = on;
  }

  /** Its figures changed. */
  connection(connection: Connection): void {
    if (!this.watched || connection.dirty) return;
    connection.dirty = true;
    this.connections.push(connection);
  }

  /** It came, or joined or left a thread. */
  connectionMoved(connection: Connection): void {
    this.recorder?.appeared(connection);
    if (!this.watched) return;
    connection.moved = true;
    this.connection(connection);
  }

  connectionClosed(id: string): void {
    this.recorder?.disappeared(id);
    if (this.watched) this.closedConnections.push(id);
  }

  /** Its figures changed. */
  thread(thread: Thread): void {
    if (!this.watched || thread.dirty) return;
    thread.dirty = true;
    this.threads.push(thread);
  }

  /** It is new, or its connections or waiting events changed. */
  threadMoved(thread: Thread): void {
    if (!this.watched) return;
    thread.moved = true;
    this.thread(thread);
  }

  threadRemoved(id: string): void {
    if (this.watched) this.removedThreads.push(id);
  }

  run(run: Run): void {
    if (!this.watched || run.dirty) return;
    run.dirty = true;
    this.runs.push(run);
  }

  runRemoved(id: string): void {
    if (this.watched) this.removedRuns.push(id);
  }

  delivery(seq: number): void {
    this.recorder?.delivery(seq);
    if (this.watched) this.deliveries.add(seq);
  }

  routerChanged(): void {
    if (this.watched) this.router = true;
  }

  holdingChanged(): void {
    if (this.watched) this.holding = true;
  }

  /** Hands out what changed, and begins anew when that is taken. */
  take(tell: (changes: ChangeSet) => void = () => {}): void {
    const set: ChangeSet = {
      connections: this.connections,
      closedConnections: this.closedConnections,
      threads: this.threads,
      removedThreads: this.removedThreads,
      runs: this.runs,
      removedRuns: this.removedRuns,
      deliveries: [...this.deliveries],
      router: this.router,
      holding: this.holding,
    };
    this.connections = [];
    this.closedConnections = [];
    this.threads = [];
    this.removedThreads = [];
    this.runs = [];
    this.removedRuns = [];
    this.deliveries = new Set();
    this.router = false;
    this.holding = false;
    tell(set);
    for (const connection of set.connections) connection.dirty = connection.moved = false;
    for (const thread of set.threads) thread.dirty = thread.moved = false;
    for (const run of set.runs) run.dirty = false;
  }
}
