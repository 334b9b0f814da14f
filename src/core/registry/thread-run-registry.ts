import { type Clock, systemClock } from '../clock';
import { describeThrown } from '../errors';
import { isRecord } from '../is-record';
import { OldestFirst } from '../oldest-first';
import { RecentList } from '../recent-list';
import type { RegistryPort, RunRecord } from './registry-port';
import type { RunMapping } from './run-mapping';
import { ThreadIndex } from './thread-index';

export const DEFAULT_TTL_MS = 24 * 60 * 60 * 1000;
export const DEFAULT_MAX_ENTRIES = 10_000;
const MOST_RECENT_KEPT = 50;

export interface RegistryOptions {
  readonly clock?: Clock | undefined;
  /** Life of a mapping from its registration, in milliseconds; lookups do not extend it. Default 24 h. */
  readonly ttlMs?: number | undefined;
  /** Most mappings held; beyond it the oldest registration goes. Default 10,000. */
  readonly maxEntries?: number | undefined;
  /** Where mappings outlive the registry. */
  readonly port?: RegistryPort | undefined;
  /** Keeps a run listed under the threads it was registered to before, as the original does (FIELD_GUIDE 3). */
  readonly staleReverseEntry?: boolean | undefined;
}

/** A run that was registered again with another thread. The original would still list it under the first (FIELD_GUIDE 3). */
export interface RunMove {
  readonly runId: string;
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

/** Something the persistence port could not do. */
export interface RegistryProblem {
  readonly operation: 'save' | 'remove';
  readonly message: string;
  readonly at: number;
}

/** Counters since the registry was made. Times are milliseconds. */
export interface RegistryMetrics {
  readonly activeMappings: number;
  readonly threads: number;
  readonly totalRegistrations: number;
  readonly successfulLookups: number;
  readonly failedLookups: number;
  /** 1 when nothing was looked up yet. */
  readonly lookupSuccessRate: number;
  readonly expiredCleaned: number;
  readonly evicted: number;
  readonly moved: number;
  readonly portFailures: number;
  readonly averageMappingsPerHour: number;
  readonly uptimeMs: number;
  readonly lastSweepAt: number | undefined;
  readonly ttlMs: number;
  readonly maxEntries: number;
  /** Share of `maxEntries` in use, 0 to 1. */
  readonly usage: number;
}

interface Entry {
  readonly threadId: string;
  readonly createdAt: number;
  lastAccessedAt: number;
  accessCount: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const NO_METADATA: Readonly<Record<string, unknown>> = Object.freeze({});
const HOUR_MS = 60 * 60 * 1000;

/**
 * Which thread a run belongs to, and which runs a thread has (DOMAIN 3 "Registry", FIELD_GUIDE 3). As in the original, IDs are
 * kept as they come and a mapping lives for a fixed time from its registration. Unlike the original, the bound is enforced,
 * the reverse index follows every change, and a mapping can outlive the process through a port.
 */
export class ThreadRunRegistry {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #maxEntries: number;
  readonly #port: RegistryPort | undefined;
  /** In order of registration: registering again takes the run out and puts it at the end. */
  readonly #runs = new OldestFirst<string, Entry>();
  readonly #threads = new ThreadIndex();
  readonly #moves = new RecentList<RunMove>(MOST_RECENT_KEPT);
  readonly #problems = new RecentList<RegistryProblem>(MOST_RECENT_KEPT);
  /** Entries of the reverse index that are not true any more, oldest first; as many as mappings at most. */
  readonly #stale: { readonly threadId: string; readonly runId: string }[] = [];
  #keepsStale: boolean;
  readonly #startedAt: number;
  #registrations = 0;
  #hits = 0;
  #misses = 0;
  #expired = 0;
  #evicted = 0;
  #lastSweepAt: number | undefined;

  /** Loads what the port holds. @throws whatever `port.load` throws. */
  constructor(options: RegistryOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#ttlMs = options.ttlMs ?? DEFAULT_TTL_MS;
    this.#maxEntries = Math.max(1, options.maxEntries ?? DEFAULT_MAX_ENTRIES);
    this.#port = options.port;
    this.#keepsStale = options.staleReverseEntry ?? false;
    this.#startedAt = this.#clock();
    if (this.#port) this.#load(this.#port);
  }

  /** Turns the original's stale reverse entries on or off; those there are go with the behaviour. */
  set staleReverseEntry(on: boolean) {
    this.#keepsStale = on;
    if (on) return;
    for (const { threadId, runId } of this.#stale.splice(0)) this.#dropStale(threadId, runId);
  }

  /** Number of mappings held, expired ones included until the next sweep. */
  get size(): number {
    return this.#runs.size;
  }

  /**
   * Maps a run to a thread, replacing what it was mapped to; its time to live starts anew. Returns whether it was done:
   * false when an ID is no string, and when the port could not store it.
   */
  register(runId: string, threadId: string, metadata?: Readonly<Record<string, unknown>>): boolean {
    if (typeof runId !== 'string' || typeof threadId !== 'string') return false;
    const record = { runId, threadId, createdAt: this.#clock(), metadata: metadata ?? NO_METADATA };
    if (this.#port && !this.#tryPort('save', this.#port, (port) => port.save(record))) return false;
    this.#put(record);
    this.#registrations++;
    this.#enforceBound();
    return true;
  }

  /** The thread of a run, by exact ID. Undefined when it is not mapped or its mapping has expired. Counts as an access. */
  getThread(runId: string): string | undefined {
    const entry = this.#runs.get(runId);
    const now = this.#clock();
    if (entry === undefined || this.#isExpired(entry, now)) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    entry.accessCount++;
    entry.lastAccessedAt = now;
    return entry.threadId;
  }

  /** The mapping of a run, expired or not, without counting as an access: for showing and diagnosing. */
  peek(runId: string): RunMapping | undefined {
    const entry = this.#runs.get(runId);
    return entry && this.#view(runId, entry, this.#clock());
  }

  /** The runs that map to this thread now, expired ones left out. */
  getRuns(threadId: string): string[] {
    const now = this.#clock();
    return this.#threads.runs(threadId).filter((runId) => {
      const entry = this.#runs.get(runId);
      return entry !== undefined && !this.#isExpired(entry, now);
    });
  }

  /** Removes a mapping. Returns whether there was one. */
  unregister(runId: string): boolean {
    if (!this.#drop(runId)) return false;
    this.#forget([runId]);
    return true;
  }

  /** Removes expired mappings and returns how many. The owner calls it from time to time; the original does every 30 minutes. */
  sweep(): number {
    const now = this.#clock();
    const expired: string[] = [];
    for (const [runId, entry] of this.#runs) if (this.#isExpired(entry, now)) expired.push(runId);
    for (const runId of expired) this.#drop(runId);
    this.#forget(expired);
    this.#expired += expired.length;
    this.#lastSweepAt = now;
    return expired.length;
  }

  /** Every mapping, oldest registration first. */
  *mappings(): Iterable<RunMapping> {
    const now = this.#clock();
    for (const [runId, entry] of this.#runs) yield this.#view(runId, entry, now);
  }

  /** How many runs each thread holds, expired ones included until the next sweep. */
  threadCounts(): Iterable<readonly [threadId: string, runs: number]> {
    return this.#threads.counts();
  }

  /** The latest runs that changed their thread, newest last. */
  recentMoves(): readonly RunMove[] {
    return this.#moves.items();
  }

  /** The latest failures of the persistence port, newest last. */
  problems(): readonly RegistryProblem[] {
    return this.#problems.items();
  }

  metrics(): RegistryMetrics {
    const uptimeMs = this.#clock() - this.#startedAt;
    const lookups = this.#hits + this.#misses;
    return {
      activeMappings: this.#runs.size,
      threads: this.#threads.size,
      totalRegistrations: this.#registrations,
      successfulLookups: this.#hits,
      failedLookups: this.#misses,
      lookupSuccessRate: lookups === 0 ? 1 : this.#hits / lookups,
      expiredCleaned: this.#expired,
      evicted: this.#evicted,
      moved: this.#moves.total,
      portFailures: this.#problems.total,
      averageMappingsPerHour: this.#registrations / Math.max(1, uptimeMs / HOUR_MS),
      uptimeMs,
      lastSweepAt: this.#lastSweepAt,
      ttlMs: this.#ttlMs,
      maxEntries: this.#maxEntries,
      usage: this.#runs.size / this.#maxEntries,
    };
  }

  #isExpired(entry: Entry, now: number): boolean {
    return now - entry.createdAt > this.#ttlMs;
  }

  #view(runId: string, entry: Entry, now: number): RunMapping {
    return { runId, ...entry, expired: this.#isExpired(entry, now) };
  }

  #put({ runId, threadId, createdAt, metadata }: RunRecord): void {
    const before = this.#runs.get(runId);
    if (before !== undefined) {
      if (this.#keepsStale && before.threadId !== threadId) this.#leaveStale(before.threadId, runId);
      else this.#drop(runId);
      if (before.threadId !== threadId) this.#moves.add({ runId, from: before.threadId, to: threadId, at: createdAt });
    }
    this.#runs.set(runId, { threadId, createdAt, lastAccessedAt: createdAt, accessCount: 0, metadata });
    this.#threads.add(threadId, runId);
  }

  /** Takes the run out and leaves its reverse entry. */
  #leaveStale(threadId: string, runId: string): void {
    this.#runs.delete(runId);
    this.#stale.push({ threadId, runId });
    if (this.#stale.length <= this.#maxEntries) return;
    const oldest = this.#stale.shift();
    if (oldest) this.#dropStale(oldest.threadId, oldest.runId);
  }

  #dropStale(threadId: string, runId: string): void {
    if (this.#runs.get(runId)?.threadId !== threadId) this.#threads.remove(threadId, runId);
  }

  #drop(runId: string): boolean {
    const entry = this.#runs.get(runId);
    if (entry === undefined) return false;
    this.#runs.delete(runId);
    this.#threads.remove(entry.threadId, runId);
    return true;
  }

  #enforceBound(): void {
    const gone: string[] = [];
    while (this.#runs.size > this.#maxEntries) {
      const oldest = this.#runs.oldest();
      if (oldest === undefined) break;
      this.#drop(oldest);
      gone.push(oldest);
    }
    this.#evicted += gone.length;
    this.#forget(gone);
  }

  #forget(runIds: readonly string[]): void {
    if (this.#port && runIds.length > 0) this.#tryPort('remove', this.#port, (port) => port.remove(runIds));
  }

  #tryPort(operation: RegistryProblem['operation'], port: RegistryPort, call: (port: RegistryPort) => void): boolean {
    try {
      call(port);
      return true;
    } catch (error) {
      this.#problems.add({ operation, message: describeThrown(error), at: this.#clock() });
      return false;
    }
  }

  #load(port: RegistryPort): void {
    const records = [...port.load()].filter(isRunRecord).sort((a, b) => a.createdAt - b.createdAt);
    for (const record of records) this.#put(record);
    this.#enforceBound();
  }
}

/** What a port loads was written by an earlier version or another program. */
function isRunRecord(value: unknown): value is RunRecord {
  return (
    isRecord(value) &&
    typeof value.runId === 'string' &&
    typeof value.threadId === 'string' &&
    typeof value.createdAt === 'number' &&
    isRecord(value.metadata)
  );
}
