import { DELIVERY_OUTCOMES, type DeliveryOutcome, type NearMiss, type ResolutionSummary } from '../../protocol/delivery';
import type { Misrouting } from '../../core/index';
import type { DeliveryInfo } from '../../protocol/inspection';

/** Why an event did not arrive, in words. */
export interface Failure {
  readonly reason: string;
  readonly expected?: string;
  readonly received?: string;
  readonly nearMisses?: readonly NearMiss[];
  /** It did arrive, but at a connection of another thread. */
  readonly misrouted?: Misrouting;
}

/** What is known of a delivery when it is decided. */
export interface DeliveryEntry {
  readonly at: number;
  readonly type: string;
  readonly runId: string | undefined;
  readonly threadId: string | undefined;
  readonly agentName: string | undefined;
  readonly outcome: DeliveryOutcome;
  readonly connections: number;
  readonly bytes: number;
  readonly resolution: ResolutionSummary | undefined;
  readonly failure: Failure | undefined;
  /** Whether the event is kept and can be delivered again. */
  readonly kept: boolean;
}

/**
 * The newest deliveries, a bounded number of them. Kept column by column: a delivery then costs a dozen stores and no
 * object, at any rate of events.
 */
export class DeliveryLog {
  private readonly at: Float64Array;
  private readonly outcomes: Uint8Array;
  private readonly connections: Uint32Array;
  private readonly bytes: Uint32Array;
  private readonly kept: Uint8Array;
  private readonly types: (string | undefined)[];
  private readonly runIds: (string | undefined)[];
  private readonly threadIds: (string | undefined)[];
  private readonly agentNames: (string | undefined)[];
  private readonly resolutions: (ResolutionSummary | undefined)[];
  private readonly failures: (Failure | undefined)[];
  private readonly first: number;
  private next: number;

  /** @param lastSeq the number of the last delivery before this log; numbers go on from there. */
  constructor(
    private readonly capacity: number,
    lastSeq = 0,
  ) {
    this.first = Math.max(1, lastSeq + 1 - capacity);
    this.next = lastSeq + 1;
    this.at = new Float64Array(capacity);
    this.types = Array.from({ length: capacity });
    this.runIds = Array.from({ length: capacity });
    this.threadIds = Array.from({ length: capacity });
    this.agentNames = Array.from({ length: capacity });
    this.resolutions = Array.from({ length: capacity });
    this.failures = Array.from({ length: capacity });
    this.outcomes = new Uint8Array(capacity);
    this.connections = new Uint32Array(capacity);
    this.bytes = new Uint32Array(capacity);
    this.kept = new Uint8Array(capacity);
  }

  /** The number that the next delivery will have. */
  get nextSeq(): number {
    return this.next;
  }

  /** The newest number, 0 when there was none ever. */
  get newest(): number {
    return this.next - 1;
  }

  get oldest(): number {
    return Math.max(this.first, this.next - this.capacity);
  }

  has(seq: number): boolean {
    return seq >= this.oldest && seq < this.next;
  }

  add(entry: DeliveryEntry): number {
    return this.record(
      entry.at, entry.type, entry.runId, entry.threadId, entry.agentName, entry.outcome, entry.connections, entry.bytes,
      entry.resolution, entry.failure, entry.kept,
    );
  }

  /** `add` without an object, for the path that every event takes. */
  record(
    at: number,
    type: string,
    runId: string | undefined,
    threadId: string | undefined,
    agentName: string | undefined,
    outcome: DeliveryOutcome,
    connections: number,
    bytes: number,
    resolution: ResolutionSummary | undefined,
    failure: Failure | undefined,
    kept: boolean,
  ): number {
    const seq = this.next++;
    const slot = seq % this.capacity;
    this.at[slot] = at;
    this.outcomes[slot] = CODES[outcome];
    this.connections[slot] = connections;
    this.bytes[slot] = bytes;
    this.kept[slot] = kept ? 1 : 0;
    this.types[slot] = type;
    this.runIds[slot] = runId;
    this.threadIds[slot] = threadId;
    this.agentNames[slot] = agentName;
    this.resolutions[slot] = resolution;
    this.failures[slot] = failure;
    return seq;
  }

  /** A delivery that waited went out, or was given up. */
  update(seq: number, outcome: DeliveryOutcome, connections: number, failure: Failure | undefined, kept: boolean): void {
    if (!this.has(seq)) return;
    const slot = seq % this.capacity;
    this.outcomes[slot] = CODES[outcome];
    this.connections[slot] = connections;
    this.failures[slot] = failure;
    this.kept[slot] = kept ? 1 : 0;
  }

  /** An event that is delivered again goes where its run leads now. */
  resolve(seq: number, threadId: string, resolution: ResolutionSummary): void {
    if (!this.has(seq)) return;
    this.threadIds[seq % this.capacity] = threadId;
    this.resolutions[seq % this.capacity] = resolution;
  }

  /** The event is no longer kept. */
  release(seq: number): void {
    if (this.has(seq)) this.kept[seq % this.capacity] = 0;
  }

  /** Puts a delivery of an earlier life of the router back under its number. */
  restore(seq: number, entry: DeliveryEntry): void {
    if (!this.has(seq)) return;
    const { next } = this;
    this.next = seq;
    this.add(entry);
    this.next = next;
  }

  outcome(seq: number): DeliveryOutcome | undefined {
    return this.has(seq) ? DELIVERY_OUTCOMES[this.outcomes[seq % this.capacity] ?? 0] : undefined;
  }

  info(seq: number): DeliveryInfo | undefined {
    if (!this.has(seq)) return undefined;
    const slot = seq % this.capacity;
    const type = this.types[slot];
    // Numbers of an earlier life of the router that were not restored.
    if (type === undefined) return undefined;
    const runId = this.runIds[slot];
    const threadId = this.threadIds[slot];
    const agentName = this.agentNames[slot];
    const resolution = this.resolutions[slot];
    const failure = this.failures[slot];
    return {
      seq,
      at: this.at[slot] ?? 0,
      type,
      ...(runId === undefined ? {} : { runId }),
      ...(threadId === undefined ? {} : { threadId }),
      ...(agentName === undefined ? {} : { agentName }),
      outcome: DELIVERY_OUTCOMES[this.outcomes[slot] ?? 0] ?? 'rejected',
      connections: this.connections[slot] ?? 0,
      bytes: this.bytes[slot] ?? 0,
      ...(resolution === undefined ? {} : { resolution }),
      ...failure,
      ...(this.kept[slot] === 1 ? { deadLetter: true } : {}),
    };
  }
}

const CODES: Readonly<Record<DeliveryOutcome, number>> = {
  delivered: DELIVERY_OUTCOMES.indexOf('delivered'),
  queued: DELIVERY_OUTCOMES.indexOf('queued'),
  undeliverable: DELIVERY_OUTCOMES.indexOf('undeliverable'),
  rejected: DELIVERY_OUTCOMES.indexOf('rejected'),
};
