import { type Dialect, extractThreadId, isValidThreadId } from '../../../../src/core/index';
import type { Limits } from '../../../../src/router/limits';

/** An event as the model keeps it. */
export interface ModelEvent {
  readonly seq: number;
  readonly run: string;
  /** What clients must get, byte for byte. */
  readonly text: string;
}

export interface KeptEvent extends ModelEvent {
  readonly thread: string | undefined;
}

export interface ModelReceipt {
  readonly outcome: 'delivered' | 'queued' | 'undeliverable' | 'rejected';
  readonly run_id?: string;
  readonly thread_id?: string;
  readonly connections: number;
  readonly source?: string;
  readonly pattern?: string;
}

interface Route {
  readonly thread: string | undefined;
  readonly source?: string;
  readonly pattern?: string;
}

interface Mapping {
  readonly thread: string;
  readonly guessed: boolean;
}

/** White space as Python's `str.strip` sees it, as far as the run IDs of this test have any. */
const strip = (text: string): string => text.replaceAll(/^[\s\u00a0]+|[\s\u00a0]+$/g, '');

/** Memory that each waiting event counts beside its bytes. */
const EVENT_OVERHEAD_BYTES = 1_024;

/** What a router promises (README, DESIGN 4.2), said as simply as possible: lists and maps, no time, no sockets. */
export class RoutingModel {
  /** Threads of each open client, in the order of joining. */
  readonly clients = new Map<number, string[]>();
  /** What each client must have received since it was last looked at. */
  readonly inbox = new Map<number, string[]>();
  /** Oldest first. */
  waiting: KeptEvent[] = [];
  dead: KeptEvent[] = [];
  /** Oldest registration first. */
  registry = new Map<string, Mapping>();
  readonly runs = new Set<string>();
  readonly threads = new Set<string>();
  /** Threads that may be forgotten, longest idle first. */
  readonly idle = new Set<string>();
  totals = { delivered: 0, queued: 0, undeliverable: 0, rejected: 0 };
  nextSeq = 1;
  /** Greatest number that is in the store. */
  private storedSeq = 0;
  /** Handed over since the last restart: after a kill these may be dead letters, because they may have arrived. */
  handedOver: KeptEvent[] = [];
  /** Numbers of kept events of which nobody was told that they are safe; a kill may take them. */
  readonly unpromised = new Set<number>();

  constructor(
    readonly limits: Limits,
    public dialect: Dialect,
  ) {}

  on(thread: string): number[] {
    return [...this.clients].filter(([, threads]) => threads.includes(thread)).map(([client]) => client);
  }

  waitingOn(thread: string): KeptEvent[] {
    return this.waiting.filter((event) => event.thread === thread);
  }

  connect(client: number, thread: string | undefined): void {
    this.clients.set(client, []);
    this.inbox.set(client, []);
    if (thread !== undefined && this.join(client, thread)) this.flush(client);
  }

  /** Answers whether it was done. */
  subscribe(client: number, thread: string): boolean {
    if (!this.join(client, thread)) return false;
    this.flush(client);
    return true;
  }

  unsubscribe(client: number, thread: string): void {
    this.leave(client, thread);
    this.flush(client);
  }

  replace(client: number, thread: string): boolean {
    for (const other of this.clients.get(client)?.slice() ?? []) if (other !== thread) this.leave(client, other);
    return this.subscribe(client, thread);
  }

  gone(client: number): void {
    for (const thread of this.clients.get(client)?.slice() ?? []) this.leave(client, thread);
    this.clients.delete(client);
    this.inbox.delete(client);
  }

  /** @param promised whether somebody is told what became of it: all that happened so far is on disk then. */
  receive(run: string, text: string, promised = true): ModelReceipt {
    const receipt = this.take(run, text);
    const seq = this.nextSeq - 1;
    if (promised) this.promise();
    else if (this.kept().some((kept) => kept.seq === seq)) this.unpromised.add(seq);
    return receipt;
  }

  promise(): void {
    this.unpromised.clear();
  }

  private take(run: string, text: string): ModelReceipt {
    const seq = this.nextSeq++;
    if (!this.runs.has(run)) this.seeRun(run);
    const route = this.resolve(run, true);
    const known = { run_id: run, connections: 0, ...(route.source === undefined ? {} : { source: route.source }), ...(route.pattern === undefined ? {} : { pattern: route.pattern }) };
    const event = { seq, run, text, thread: route.thread };
    if (route.thread === undefined) {
      this.totals.undeliverable++;
      this.bury(event);
      return { ...known, outcome: 'undeliverable' };
    }
    const named = { ...known, thread_id: route.thread };
    if (!this.ensureThread(route.thread)) {
      this.totals.undeliverable++;
      return { ...named, outcome: 'undeliverable' };
    }
    const readers = this.on(route.thread);
    if (readers.length > 0) {
      this.totals.delivered++;
      this.give(readers, event);
      return { ...named, outcome: 'delivered', connections: readers.length };
    }
    const bytes = Buffer.byteLength(text);
    if (bytes > this.limits.waitingBytesPerThread || bytes > this.limits.waitingBytes) {
      this.totals.undeliverable++;
      return { ...named, outcome: 'undeliverable' };
    }
    this.totals.queued++;
    this.wait(event, bytes);
    return { ...named, outcome: 'queued' };
  }

  reject(takesNumber: boolean): void {
    this.totals.rejected++;
    if (takesNumber) this.nextSeq++;
  }

  register(run: string, thread: string, guessed = false): void {
    if (!guessed) this.promise();
    this.registry.delete(run);
    this.registry.set(run, { thread, guessed });
    while (this.registry.size > this.limits.registrations) {
      const [oldest] = this.registry.keys();
      if (oldest !== undefined) this.registry.delete(oldest);
    }
  }

  kept(): KeptEvent[] {
    return [...this.waiting, ...this.dead].toSorted((a, b) => a.seq - b.seq);
  }

  redeliver(seq: number): ModelReceipt | undefined {
    const event = this.kept().find((kept) => kept.seq === seq);
    if (!event) return undefined;
    const waits = this.waiting.includes(event);
    const { thread, ...how } = this.resolve(event.run, false);
    const known = { run_id: event.run, connections: 0, ...how, ...(thread === undefined ? {} : { thread_id: thread }) };
    const readers = thread !== undefined && this.ensureThread(thread) ? this.on(thread) : [];
    if (readers.length === 0) return { ...known, outcome: waits ? 'queued' : 'undeliverable' };
    this.waiting = this.waiting.filter((other) => other !== event);
    this.dead = this.dead.filter((other) => other !== event);
    this.changed(event.thread);
    this.handOver(readers, event);
    return { ...known, outcome: 'delivered', connections: readers.length };
  }

  switchDialect(dialect: Dialect): void {
    this.promise();
    this.dialect = dialect;
    for (const [run, { guessed }] of this.registry) if (guessed) this.registry.delete(run);
  }

  /**
   * A new life with the same store, in that dialect; guesses of another dialect do not outlive it.
   * @param lost numbers of events that the kill took; only unpromised ones can be.
   */
  restart(dialect: Dialect, lost: ReadonlySet<number> = new Set()): void {
    this.dialect = dialect;
    this.waiting = this.waiting.filter(({ seq }) => !lost.has(seq));
    this.dead = this.dead.filter(({ seq }) => !lost.has(seq));
    this.unpromised.clear();
    for (const client of this.clients.keys()) this.gone(client);
    for (const [run, { guessed, thread }] of this.registry) {
      if (guessed && extractThreadId(run, dialect)?.threadId !== thread) this.registry.delete(run);
    }
    // In one life the letter that was given up first goes first, after a restart the one that came first.
    this.dead.sort((a, b) => a.seq - b.seq);
    this.runs.clear();
    this.threads.clear();
    this.idle.clear();
    for (const { thread } of this.waiting) if (thread !== undefined) this.threads.add(thread);
    this.totals = { delivered: 0, queued: 0, undeliverable: 0, rejected: 0 };
    this.nextSeq = this.storedSeq + 1;
    this.handedOver = [];
  }

  /** Time passes: what has waited too long is given up, registrations expire. */
  age(hours: number): void {
    const ms = hours * 3_600_000;
    if (ms > this.limits.waitingAge) for (const event of this.waiting.slice()) this.giveUp(event);
    if (ms > this.limits.registrationAge) this.registry.clear();
  }

  route(run: string): string | undefined {
    return this.resolve(run, false).thread;
  }

  private resolve(text: string, writeBack: boolean): Route {
    const run = strip(text);
    const mapped = this.registry.get(run);
    if (mapped) return { thread: mapped.thread, source: 'thread_registry' };
    if (run.startsWith('thread_') && isValidThreadId(run) && this.on(run).length > 0) return { thread: run, source: 'websocket_manager' };
    const found = extractThreadId(run, this.dialect);
    if (!found) return { thread: undefined };
    if (writeBack) this.register(run, found.threadId, true);
    return { thread: found.threadId, source: 'pattern_extraction', pattern: found.pattern };
  }

  private seeRun(run: string): void {
    if (this.runs.size >= this.limits.runs) {
      const [oldest] = this.runs;
      if (oldest !== undefined) this.runs.delete(oldest);
    }
    this.runs.add(run);
  }

  private join(client: number, thread: string): boolean {
    const threads = this.clients.get(client);
    if (!threads) return false;
    if (threads.includes(thread)) return true;
    if (threads.length >= this.limits.threadsPerConnection || !this.ensureThread(thread)) return false;
    threads.push(thread);
    this.changed(thread);
    return true;
  }

  private leave(client: number, thread: string): void {
    const threads = this.clients.get(client);
    if (!threads?.includes(thread)) return;
    threads.splice(threads.indexOf(thread), 1);
    this.changed(thread);
  }

  /** Hands a client what waits for its threads. */
  private flush(client: number): void {
    for (const thread of this.clients.get(client) ?? []) {
      const events = this.waitingOn(thread);
      this.waiting = this.waiting.filter((event) => event.thread !== thread);
      for (const event of events) this.handOver(this.on(thread), event);
      if (events.length > 0) this.changed(thread);
    }
  }

  private handOver(readers: readonly number[], event: KeptEvent): void {
    this.totals.delivered++;
    // They are noted on disk before they go out.
    this.promise();
    this.handedOver.push(event);
    this.give(readers, event);
  }

  private give(readers: readonly number[], { text }: ModelEvent): void {
    for (const reader of readers) this.inbox.get(reader)?.push(text);
  }

  private wait(event: KeptEvent, bytes: number): void {
    const { limits } = this;
    const size = (events: readonly KeptEvent[]): number => events.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    for (;;) {
      const own = this.waitingOn(event.thread ?? '');
      if (own.length < limits.waitingPerThread && size(own) + bytes <= limits.waitingBytesPerThread) break;
      this.giveUp(own[0]);
    }
    while (this.waiting.length > 0 && size(this.waiting) + this.waiting.length * EVENT_OVERHEAD_BYTES + bytes > limits.waitingBytes) this.giveUp(this.waiting[0]);
    this.waiting.push(event);
    this.storedSeq = event.seq;
    this.changed(event.thread);
  }

  private giveUp(event: KeptEvent | undefined): void {
    if (!event) throw new Error('expected a waiting event');
    this.waiting = this.waiting.filter((other) => other !== event);
    this.changed(event.thread);
    this.totals.undeliverable++;
    this.bury(event);
  }

  private bury(event: KeptEvent): void {
    const { limits } = this;
    this.dead.push(event);
    this.storedSeq = Math.max(this.storedSeq, event.seq);
    const bytes = (): number => this.dead.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    while (this.dead.length > limits.deadLetters || bytes() > limits.deadLetterBytes) this.dead.shift();
  }

  private ensureThread(thread: string): boolean {
    if (this.threads.has(thread)) return true;
    if (this.threads.size >= this.limits.threads) {
      const [oldest] = this.idle;
      if (oldest === undefined) return false;
      this.idle.delete(oldest);
      this.threads.delete(oldest);
    }
    this.threads.add(thread);
    this.idle.add(thread);
    return true;
  }

  private changed(thread: string | undefined): void {
    if (thread === undefined || !this.threads.has(thread)) return;
    const isIdle = this.on(thread).length === 0 && this.waitingOn(thread).length === 0;
    if (!isIdle) this.idle.delete(thread);
    else this.idle.add(thread);
  }
}
