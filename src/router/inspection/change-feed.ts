import type { ChangesMessage, RouterInfo } from '../../protocol/inspection';
import type { ChangeSet } from '../model/changes';
import type { Connection } from '../model/connection';
import type { RouterModel } from '../model/router-model';
import type { Run } from '../model/run';
import type { Thread } from '../model/thread';

/** Time between changes, in milliseconds. */
const INTERVAL_MS = 100;
/** The longest time between changes however long the last ones took: who watches must not take a hiccup for an end. */
const LONGEST_INTERVAL_MS = 1_000;
/** Time that one watcher may take in one go, in milliseconds. */
const SEND_BUDGET_MS = 10;
/** Entities of one kind of which only figures changed, in one message: a busy router is told at leisure. */
const MOST_FIGURES = 150;
/** Entities of one kind in one message. */
const MOST_ENTITIES = 500;
const MOST_DELIVERIES = 200;
const MOST_FRAMES = 200;
/** Names of things that are gone and not yet told; beyond it a watcher begins anew. */
const MOST_REMOVED = 20_000;

/** What a tap tells beside its model. */
export type Holding = Required<Pick<ChangesMessage, 'breakpoints' | 'held'>>;

/** Where a watcher's texts go. */
export interface FeedSink {
  send(text: string): void;
  /** Whether it has read enough to be sent more. */
  ready(): boolean;
}

/** One who watches: what it has still to be told. Entities wait by name only and are written as they are when sent. */
export class Watcher {
  private framesWatched = false;
  private asleep = false;
  private seq = 0;
  private snapshot = true;
  private first = true;
  /** What came, went or moved; told first. */
  private connections = new Set<Connection>();
  private threads = new Set<Thread>();
  /** Those of which only figures changed. */
  private connectionFigures = new Set<Connection>();
  private threadFigures = new Set<Thread>();
  private runs = new Set<Run>();
  private closedConnections = new Set<string>();
  private removedThreads = new Set<string>();
  private removedRuns = new Set<string>();
  private changedDeliveries = new Set<number>();
  private deliveriesTold: number;
  private framesTold: number;
  private router = false;
  private holdingChanged = false;
  private lastCounters = '';

  constructor(
    private readonly model: RouterModel,
    private readonly sink: FeedSink,
    private readonly holding: (() => Holding) | undefined,
  ) {
    this.deliveriesTold = 0;
    this.framesTold = 0;
    this.begin();
  }

  /** Begins anew with a snapshot, or tells nothing more until then. */
  watch(on: boolean): void {
    this.begin();
    this.asleep = !on;
  }

  /** Turns the stream of frames on, from now on, or off. */
  watchFrames(on: boolean): void {
    if (on && !this.framesWatched) this.framesTold = this.model.journal.newest;
    this.framesWatched = on;
  }

  /** Everything is to be told anew. */
  private begin(): void {
    const { model } = this;
    this.snapshot = true;
    this.first = true;
    this.connections = new Set(model.connections.values());
    this.threads = new Set(model.threads.values());
    this.runs = new Set(model.runs.values());
    this.connectionFigures.clear();
    this.threadFigures.clear();
    this.closedConnections.clear();
    this.removedThreads.clear();
    this.removedRuns.clear();
    this.changedDeliveries.clear();
    this.deliveriesTold = Math.max(0, model.deliveries.oldest - 1);
    this.framesTold = model.journal.newest;
    this.router = true;
    this.lastCounters = '';
    this.holdingChanged = this.holding !== undefined;
  }

  take(changes: ChangeSet): void {
    if (this.asleep) return;
    for (const connection of changes.connections) if (connection.open) (connection.moved ? this.connections : this.connectionFigures).add(connection);
    for (const thread of changes.threads) (thread.moved ? this.threads : this.threadFigures).add(thread);
    for (const run of changes.runs) this.runs.add(run);
    for (const id of changes.closedConnections) this.closedConnections.add(id);
    for (const id of changes.removedThreads) this.removedThreads.add(id);
    for (const id of changes.removedRuns) this.removedRuns.add(id);
    for (const seq of changes.deliveries) this.changedDeliveries.add(seq);
    if (this.changedDeliveries.size > MOST_REMOVED || this.closedConnections.size + this.removedThreads.size + this.removedRuns.size > MOST_REMOVED) {
      this.begin();
    }
    this.router ||= changes.router;
    this.holdingChanged ||= changes.holding;
  }

  /** Sends the snapshot, or what is left of it, then changes, as far as the sink takes them and the budget lasts. */
  send(router: () => RouterInfo): void {
    if (this.asleep) return;
    while (this.snapshot) {
      if (!this.sink.ready()) return;
      const message = this.message(router);
      const more = this.connections.size + this.threads.size + this.runs.size > 0;
      this.snapshot = more;
      this.sink.send(JSON.stringify({ ...message, ...(this.first ? { reset: true } : {}), ...(more ? { more: true } : {}) }));
      this.first = false;
    }
    const began = performance.now();
    do {
      if (!this.sink.ready()) return;
      const message = this.message(router);
      if (Object.keys(message).length > 2) this.sink.send(JSON.stringify(message));
      else this.seq--;
    } while (this.connections.size + this.threads.size > 0 && performance.now() - began < SEND_BUDGET_MS);
  }

  private message(router: () => RouterInfo): ChangesMessage {
    const { model } = this;
    const connections = both(this.connections, this.connectionFigures).filter((connection) => connection.open).map((connection) => connection.info());
    const threads = both(this.threads, this.threadFigures).filter((thread) => model.threads.get(thread.id) === thread).map((thread) => thread.info());
    const runs = takeSome(this.runs, this.snapshot ? MOST_ENTITIES : MOST_FIGURES).filter((run) => model.runs.get(run.id) === run).map((run) => run.info());
    // A name that was let go may be in use again.
    const closed = takeAll(this.closedConnections);
    const removedThreads = takeAll(this.removedThreads).filter((id) => !model.threads.has(id));
    const removedRuns = takeAll(this.removedRuns).filter((id) => !model.runs.has(id));
    const counters = model.counters();
    const countersText = JSON.stringify(counters);
    const changed = countersText !== this.lastCounters;
    this.lastCounters = countersText;
    const tellRouter = this.router;
    this.router = false;
    const holding = this.holdingChanged ? this.holding?.() : undefined;
    this.holdingChanged = false;
    return {
      type: 'changes',
      seq: ++this.seq,
      ...(tellRouter ? { router: router() } : {}),
      ...(connections.length > 0 ? { connections } : {}),
      ...(closed.length > 0 ? { closedConnections: closed } : {}),
      ...(threads.length > 0 ? { threads } : {}),
      ...(removedThreads.length > 0 ? { removedThreads } : {}),
      ...(runs.length > 0 ? { runs } : {}),
      ...(removedRuns.length > 0 ? { removedRuns } : {}),
      ...this.deliveries(),
      ...this.frames(),
      ...(changed ? { counters } : {}),
      ...holding,
    };
  }

  private deliveries(): Pick<ChangesMessage, 'deliveries' | 'skippedDeliveries'> {
    const log = this.model.deliveries;
    const { newest } = log;
    // Those told before whose outcome changed; newer ones are written as they are now anyway.
    const again = [...this.changedDeliveries].filter((seq) => seq <= this.deliveriesTold).slice(-MOST_DELIVERIES);
    this.changedDeliveries.clear();
    const from = Math.max(this.deliveriesTold + 1, log.oldest, newest - MOST_DELIVERIES + 1);
    const skipped = from - this.deliveriesTold - 1;
    this.deliveriesTold = newest;
    const list = [...again, ...range(from, newest)].flatMap((seq) => log.info(seq) ?? []);
    if (list.length === 0) return {};
    return { deliveries: list, ...(skipped > 0 ? { skippedDeliveries: skipped } : {}) };
  }

  private frames(): Pick<ChangesMessage, 'frames' | 'skippedFrames'> {
    const { journal } = this.model;
    const { newest } = journal;
    if (!this.framesWatched) {
      this.framesTold = newest;
      return {};
    }
    const from = Math.max(this.framesTold + 1, journal.oldest, newest - MOST_FRAMES + 1);
    const skipped = from - this.framesTold - 1;
    this.framesTold = newest;
    const list = range(from, newest).flatMap((seq) => journal.info(seq) ?? []);
    return list.length === 0 ? {} : { frames: list, ...(skipped > 0 ? { skippedFrames: skipped } : {}) };
  }
}

/** Tells watchers what changed, some times a second, and costs nothing while there are none. */
export class ChangeFeed {
  private readonly watchers = new Set<Watcher>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly model: RouterModel,
    private readonly router: () => RouterInfo,
    /** Of a tap. */
    private readonly holding?: () => Holding,
  ) {}

  /** Begins with the snapshot. */
  attach(sink: FeedSink): Watcher {
    // What changed before belongs to the others; the snapshot has it.
    this.tell();
    const watcher = new Watcher(this.model, sink, this.holding);
    this.watchers.add(watcher);
    this.model.changes.watch(true);
    watcher.send(this.router);
    this.schedule();
    return watcher;
  }

  /** Tells one watcher at once what it has still to be told. */
  soon(watcher: Watcher): void {
    this.tell();
    if (this.watchers.has(watcher)) watcher.send(this.router);
  }

  detach(watcher: Watcher): void {
    this.watchers.delete(watcher);
    if (this.watchers.size === 0) this.stop();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.model.changes.watch(false);
  }

  private schedule(after = INTERVAL_MS): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const began = performance.now();
      this.tell();
      // Watching may take a tenth of the time at most.
      if (this.watchers.size > 0) this.schedule(Math.min(LONGEST_INTERVAL_MS, Math.max(INTERVAL_MS, 10 * (performance.now() - began))));
    }, after);
    this.timer.unref();
  }

  private tell(): void {
    if (this.watchers.size === 0) return;
    this.model.changes.take((changes) => {
      for (const watcher of this.watchers) watcher.take(changes);
    });
    for (const watcher of this.watchers) watcher.send(this.router);
  }
}

/** First what moved, then, when there is room, those with new figures. */
function both<T>(moved: Set<T>, figures: Set<T>): T[] {
  const list = takeSome(moved, MOST_ENTITIES);
  for (const entity of list) figures.delete(entity);
  return [...list, ...takeSome(figures, Math.min(MOST_FIGURES, MOST_ENTITIES - list.length))];
}

function takeSome<T>(set: Set<T>, most: number): T[] {
  const list: T[] = [];
  for (const item of set) {
    if (list.length >= most) break;
    list.push(item);
    set.delete(item);
  }
  return list;
}

function takeAll<T>(set: Set<T>): T[] {
  const list = [...set];
  set.clear();
  return list;
}

function range(from: number, to: number): number[] {
  return from > to ? [] : Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
