import { BoundedMap, OldestFirst } from '../../core/index';
import type { Counters } from '../../protocol/inspection';
import type { DeliveryLog } from '../delivery/delivery-log';
import type { Journal } from '../journal/journal';
import type { Limits } from '../limits';
import { Changes } from './changes';
import type { Connection } from './connection';
import { Totals } from './totals';
import { Run } from './run';
import { Thread } from './thread';
import type { TrafficSink } from './traffic-sink';

/** The one owner of the router's state: threads, connections, runs, deliveries, journal. All of it bounded. */
export class RouterModel {
  readonly connections = new Map<string, Connection>();
  readonly threads = new Map<string, Thread>();
  readonly totals = new Totals();
  readonly changes = new Changes();
  agents = 0;
  /** Waiting events of all threads. */
  waiting = 0;
  waitingBytes = 0;
  deadLetters = 0;
  /** Open connections without a thread. */
  unassociated = 0;
  /** Changes whenever a connection comes, goes, joins or leaves. */
  presence = 0;

  /** Connections that closed not long ago. */
  private readonly gone: BoundedMap<string, Connection>;
  private readonly runsByAge = new OldestFirst<string, Run>();
  /** Threads that may be forgotten, longest idle first. */
  private readonly idle = new OldestFirst<Thread, Thread>();
  private ordinals = 0;

  constructor(
    readonly limits: Limits,
    readonly deliveries: DeliveryLog,
    readonly journal: Journal,
  ) {
    this.gone = new BoundedMap(limits.closedConnections);
  }

  get runs(): ReadonlyMap<string, Run> {
    return this.runsByAge;
  }

  /** Tells somebody everything that happens from now on, or nobody any more. */
  record(sink: TrafficSink | undefined): void {
    this.journal.recorder = sink;
    this.changes.recorder = sink;
  }

  nextOrdinal(): number {
    return ++this.ordinals;
  }

  /** The thread of that ID, made when it is new; undefined when there are too many and none is idle. */
  thread(id: string): Thread | undefined {
    const known = this.threads.get(id);
    if (known) return known;
    if (this.threads.size >= this.limits.threads) {
      const oldest = this.idle.removeOldest();
      if (!oldest) return undefined;
      this.threads.delete(oldest.id);
      this.changes.threadRemoved(oldest.id);
    }
    const thread = new Thread(id, this.nextOrdinal());
    this.threads.set(id, thread);
    this.idle.set(thread, thread);
    this.changes.threadMoved(thread);
    return thread;
  }

  /** Takes a new connection in, which is on no thread. */
  opened(connection: Connection): void {
    this.connections.set(connection.id, connection);
    this.unassociated++;
    this.presence++;
    this.changes.connectionMoved(connection);
  }

  /** Takes out a connection that has left its threads; what is known of it stays for a while. */
  closed(connection: Connection): void {
    connection.open = false;
    this.unassociated--;
    this.presence++;
    this.connections.delete(connection.id);
    this.changes.connectionClosed(connection.id);
    this.gone.set(connection.id, connection);
  }

  /** An open connection, or one that closed not long ago. */
  connection(id: string): Connection | undefined {
    return this.connections.get(id) ?? this.gone.get(id);
  }

  /** Connections that closed not long ago, and the open ones. */
  knownConnections(): Connection[] {
    return [...this.gone.values(), ...this.connections.values()];
  }

  /** Gives a connection another name, unless that is in use; answers whether it did. */
  rename(connection: Connection, id: string): boolean {
    if (this.connections.has(id) || !this.connections.delete(connection.id)) return false;
    this.changes.connectionClosed(connection.id);
    connection.id = id;
    connection.ordinal = this.nextOrdinal();
    this.connections.set(id, connection);
    this.changes.connectionMoved(connection);
    return true;
  }

  /** Notes that a thread gained or lost connections or waiting events. */
  threadChanged(thread: Thread): void {
    if (thread.state === 'idle') this.idle.set(thread, thread);
    else this.idle.delete(thread);
    this.changes.threadMoved(thread);
  }

  /** The run of that ID, made when it is new. The oldest goes when there are too many. */
  run(id: string, at: number): Run {
    const known = this.runsByAge.get(id);
    if (known) return known;
    if (this.runs.size >= this.limits.runs) {
      const oldest = this.runsByAge.removeOldest();
      if (oldest) this.changes.runRemoved(oldest.id);
    }
    const run = new Run(id, this.nextOrdinal(), at);
    this.runsByAge.set(id, run);
    return run;
  }

  counters(): Counters {
    const { totals } = this;
    return {
      connections: this.connections.size,
      agents: this.agents,
      threads: this.threads.size,
      runs: this.runs.size,
      delivered: totals.delivered,
      queued: totals.queued,
      undeliverable: totals.undeliverable,
      rejected: totals.rejected,
      waiting: this.waiting,
      deadLetters: this.waiting + this.deadLetters,
      dropped: totals.dropped,
      framesIn: totals.framesIn,
      framesOut: totals.framesOut,
      bytesIn: totals.bytesIn,
      bytesOut: totals.bytesOut,
    };
  }
}
