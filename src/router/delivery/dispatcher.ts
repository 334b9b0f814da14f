import { type AgentEvent, EVENT_LIMITS, parseAgentEvent, type Resolution, ThreadResolutionError } from '../../core/index';
import type { DeliveryReceipt, ResolutionSummary } from '../../protocol/delivery';
import type { AlteredDelivery, SentToNone } from '../behaviour/altered-delivery';
import type { Durability } from '../durability';
import type { Metrics } from '../metrics';
import type { RouterModel } from '../model/router-model';
import type { Connection } from '../model/connection';
import type { Run } from '../model/run';
import type { Thread } from '../model/thread';
import type { RouterRegistry } from '../registry';
import type { AbsenceExplainer } from './absence';
import type { DeadLetters } from './dead-letters';
import type { Failure } from './delivery-log';
import { EventScanner } from './event-scanner';
import type { HandedOver } from './handed-over';
import { receiptOf, receiptText } from './receipt';
import { MAX_PENDING_BYTES, type TurnWriter } from './turn-writer';
import type { WaitingEvent } from './waiting-event';
import type { WaitingQueue } from './waiting-queue';

export interface DispatcherParts {
  readonly model: RouterModel;
  readonly registry: RouterRegistry;
  readonly writer: TurnWriter;
  readonly queue: WaitingQueue;
  readonly deadLetters: DeadLetters;
  readonly handedOver: HandedOver;
  readonly absence: AbsenceExplainer;
  readonly durability: Durability;
  readonly metrics: Metrics;
  readonly clock: () => number;
}

/** What `redeliver` could not do. */
export class RedeliveryError extends Error {
  override readonly name = 'RedeliveryError';
  readonly reason = 'not_kept';

  constructor(seq: number) {
    super(`expected the number of a waiting event or a dead letter, received ${seq}`);
  }
}

/**
 * The way of an agent event: read, resolved, handed to who listens or kept. Whoever feeds it ends each turn with
 * `endTurn`; receipts may leave after that, because then everything is written and what they promise is on disk.
 */
export class Dispatcher {
  /** The way of events while behaviours of the original or faults are on. */
  altered: AlteredDelivery | undefined;
  private readonly scanner = new EventScanner();
  private registrySummary: ResolutionSummary | undefined;
  private turnStartedAt = 0;
  private eventsThisTurn = 0;
  private promised = false;

  constructor(private readonly parts: DispatcherParts) {}

  /** Takes one event in as it came; the bytes must be valid UTF-8. Answers the number of its delivery. */
  receive(bytes: Buffer): number {
    const { model, registry, clock } = this.parts;
    const now = clock();
    if (this.eventsThisTurn++ === 0) this.turnStartedAt = performance.now();
    model.totals.framesIn++;
    model.totals.bytesIn += bytes.length;
    const { scanner } = this;
    if (!scanner.scan(bytes)) return this.reject(bytes, now);
    const { runId } = scanner;
    const longest = model.limits.labelLength;
    if (runId.length > longest || scanner.type.length > longest || (scanner.agentName?.length ?? 0) > longest) return this.rejectLabel(bytes, now);
    const run = model.run(runId, now);
    run.saw(scanner.type, scanner.agentName, now);
    model.changes.run(run);

    const registered = registry.lookUp(runId);
    let threadId: string;
    let summary: ResolutionSummary;
    if (registered === undefined) {
      const resolution = this.resolve(runId);
      summary = summaryOf(resolution);
      if (resolution.threadId === undefined) return this.unresolved(bytes, run, summary, now);
      ({ threadId } = resolution);
    } else {
      threadId = registered;
      if (this.registrySummary?.dialect !== registry.dialect) {
        this.registrySummary = { source: 'thread_registry', priority: 1, dialect: registry.dialect };
      }
      summary = this.registrySummary;
    }
    model.totals.countResolution(summary.source ?? 'none');
    const thread = model.thread(threadId);
    if (!thread) return this.noRoom(bytes, run, threadId, summary, now);
    run.threadId = thread.id;
    if (this.altered) return this.altered.send(bytes, scanner.payload, run, thread, summary, now);
    return this.send(bytes, run, thread, summary, now);
  }

  /**
   * The receipt of the event that was just received, as text; undefined when its agent wants none. An event that cannot
   * be read is always answered: whether it asked for a receipt cannot be told.
   */
  receiptText(seq: number): string | undefined {
    const { requestId } = this.scanner;
    const rejected = this.parts.model.deliveries.outcome(seq) === 'rejected';
    if (requestId === undefined && !rejected) return undefined;
    return receiptText(this.receipt(seq), requestId);
  }

  /** Refuses a binary frame of an agent; answers the receipt as text. */
  refuseBinary(bytes: Buffer): string {
    const { model, clock } = this.parts;
    model.totals.framesIn++;
    model.totals.bytesIn += bytes.length;
    const failure = { reason: 'Binary frames are not understood.', expected: 'a text frame with one JSON agent event', received: `a binary frame of ${bytes.length} bytes` };
    return receiptText(this.receipt(this.rejected(bytes, failure, clock(), true)), undefined);
  }

  /** Takes in what the agent API or a simulation sent, and ends the turn. `text` is the receipt as JSON, with `request_id`. */
  receiveOne(event: Buffer | AgentEvent): { readonly receipt: DeliveryReceipt; readonly text: string } {
    const seq = this.receive(Buffer.isBuffer(event) ? event : Buffer.from(JSON.stringify(event)));
    const { requestId } = this.scanner;
    this.promised = true;
    this.endTurn();
    const receipt = this.receipt(seq);
    return { receipt, text: receiptText(receipt, requestId) };
  }

  private receipt(seq: number): DeliveryReceipt {
    const info = this.parts.model.deliveries.info(seq);
    if (!info) throw new RangeError(`expected a remembered delivery, received ${seq}`);
    return receiptOf(info);
  }

  /** Says that what this turn keeps was promised to somebody, so that `endTurn` commits it. */
  promise(): void {
    this.promised = true;
  }

  /** Writes what the turn gathered, and commits what it promised. */
  endTurn(): void {
    const { writer, durability, metrics } = this.parts;
    writer.flush();
    if (this.promised) {
      this.promised = false;
      durability.tryNow();
    }
    if (this.eventsThisTurn === 0) return;
    metrics.deliveryTook(performance.now() - this.turnStartedAt, this.eventsThisTurn);
    this.eventsThisTurn = 0;
  }

  /** Hands what waits for a thread to who is on it now, in order and once. */
  flushWaiting(thread: Thread): void {
    if (thread.waiting === undefined || (thread.readers === 0 && !this.altered)) return;
    const { model, queue, writer, handedOver, clock } = this.parts;
    writer.flush();
    // In writes of their own: what everybody is too slow for after one of them goes on waiting, and is not lost.
    while (thread.waiting !== undefined) {
      const readers = this.readersOf(thread);
      if (readers.length === 0) break;
      const events = queue.takeFirst(thread, this.altered ? 0 : MAX_PENDING_BYTES);
      handedOver.begin(events);
      const now = clock();
      for (const event of events) this.handOver(thread, event, readers, now);
      writer.flush();
      handedOver.settle(thread, readers, events);
    }
    model.threadChanged(thread);
  }

  /**
   * Tries once more to deliver an event that waits or is a dead letter; it stays what it is when that fails.
   * @throws {RedeliveryError} when nothing is kept under that number.
   */
  redeliver(seq: number): DeliveryReceipt {
    const { model, queue, deadLetters, registry, writer, handedOver, clock } = this.parts;
    const event = queue.get(seq)?.event ?? deadLetters.get(seq);
    if (!event) throw new RedeliveryError(seq);
    let resolution: Resolution;
    try {
      resolution = registry.explain(event.runId ?? '');
    } catch (error) {
      if (!(error instanceof ThreadResolutionError)) throw error;
      ({ resolution } = error);
    }
    const thread = resolution.threadId === undefined ? undefined : model.thread(resolution.threadId);
    const summary = summaryOf(resolution);
    const base = {
      type: 'delivery_receipt' as const,
      ...(event.runId === undefined ? {} : { run_id: event.runId }),
      ...(resolution.threadId === undefined ? {} : { thread_id: resolution.threadId }),
      resolution: summary,
    };
    const readers = thread ? this.readersOf(thread) : [];
    if (!thread || readers.length === 0) {
      const failure = thread ? this.parts.absence.explain(thread) : this.noThread(event.runId ?? '');
      const { nearMisses = [], ...words } = failure;
      return { ...base, outcome: queue.get(seq) ? 'queued' : 'undeliverable', connections: 0, ...words, ...(nearMisses.length === 0 ? {} : { near_misses: nearMisses }) };
    }
    writer.flush();
    handedOver.begin([event]);
    queue.take(seq);
    deadLetters.take(seq);
    model.deliveries.reroute(seq, thread.id, summary);
    const run = event.runId === undefined ? undefined : model.runs.get(event.runId);
    if (run) {
      run.threadId = thread.id;
      model.changes.run(run);
    }
    this.handOver(thread, event, readers, clock());
    writer.flush();
    handedOver.settle(thread, readers, [event]);
    return { ...base, outcome: 'delivered', connections: readers.length };
  }

  private resolve(runId: string): Resolution {
    try {
      return this.parts.registry.resolve(runId);
    } catch (error) {
      if (error instanceof ThreadResolutionError) return error.resolution;
      throw error;
    }
  }

  private send(bytes: Buffer, run: Run, thread: Thread, summary: ResolutionSummary, now: number): number {
    const { model, writer } = this.parts;
    const { payload } = this.scanner;
    thread.lastEventAt = now;
    if (thread.waiting !== undefined) this.flushWaiting(thread);
    const { readers } = thread;
    if (readers === 0) return this.keepWaiting(bytes, run, thread, summary, now);
    const seq = model.deliveries.record(now, run.lastType, run.id, thread.id, run.agentName, 'delivered', readers, payload.length, summary, undefined, false);
    model.journal.addEvent(now, bytes, payload, run.lastType, run.id, thread.id, 'delivered', seq, readers);
    model.totals.delivered++;
    thread.delivered++;
    model.changes.thread(thread);
    writer.add(thread, payload);
    return seq;
  }

  private keepWaiting(bytes: Buffer, run: Run, thread: Thread, summary: ResolutionSummary, now: number): number {
    const { model, queue, absence, durability } = this.parts;
    const { payload } = this.scanner;
    const failure = absence.explain(thread);
    thread.failed++;
    if (thread.connections.size === 0) thread.missedSince ??= now;
    if (!queue.takes(payload.length)) {
      const most = Math.min(model.limits.waitingBytesPerThread, model.limits.waitingBytes);
      return this.record(bytes, run, thread.id, summary, now, 'undeliverable', {
        ...failure,
        reason: `${failure.reason.replace('the event waits', 'the event is too large to wait')} At most ${most} bytes may wait, it has ${payload.length}.`,
      });
    }
    const seq = this.record(bytes, run, thread.id, summary, now, 'queued', failure, true);
    queue.put(thread, this.kept(seq, run, thread.id, failure, payload, now));
    durability.soon();
    return seq;
  }

  private unresolved(bytes: Buffer, run: Run, summary: ResolutionSummary, now: number): number {
    const { model, deadLetters, durability } = this.parts;
    model.totals.countResolution('none');
    const failure = this.noThread(run.id);
    const seq = this.record(bytes, run, undefined, summary, now, 'undeliverable', failure, true);
    deadLetters.put(this.kept(seq, run, undefined, failure, this.scanner.payload, now));
    durability.soon();
    return seq;
  }

  private noThread(runId: string): Failure {
    const misses = this.parts.absence.misses(runId) ?? [];
    return {
      reason: 'Nothing says which thread the run belongs to: it is not registered, and its ID names no thread.',
      expected: 'a registered run (PUT /registry/runs/{run_id}), or an ID like thread_{id}_run_{ms}_{8 hex}',
      received: runId.length > 200 ? `${runId.slice(0, 200)}… (${runId.length} characters)` : runId,
      ...(misses.length === 0 ? {} : { nearMisses: misses }),
    };
  }

  private noRoom(bytes: Buffer, run: Run, threadId: string, summary: ResolutionSummary, now: number): number {
    const most = this.parts.model.limits.threads;
    return this.record(bytes, run, threadId, summary, now, 'undeliverable', {
      reason: 'The router knows too many threads that are in use.',
      expected: `at most ${most} threads`,
      received: `thread ${most + 1}`,
    });
  }

  private reject(bytes: Buffer, now: number): number {
    const parsed = parseAgentEvent(bytes.toString(), { ...EVENT_LIMITS, maxLength: Infinity });
    const toNone = !parsed.ok && parsed.problem.reason === 'missing-run-id' ? this.altered?.sendToNone(bytes) : undefined;
    if (toNone) return this.deliveredToNone(bytes, toNone, now);
    const failure: Failure = parsed.ok
      ? { reason: 'The event cannot be read.', expected: 'one JSON object', received: `${bytes.length} bytes` }
      : { reason: parsed.problem.message, expected: parsed.problem.expected, received: parsed.problem.received };
    return this.rejected(bytes, failure, now);
  }

  private deliveredToNone(bytes: Buffer, { connections, reason, frame: { body, type, recipients } }: SentToNone, now: number): number {
    const { model } = this.parts;
    const outcome = connections > 0 ? 'delivered' : 'undeliverable';
    const seq = model.deliveries.record(now, type, undefined, undefined, undefined, outcome, connections, bytes.length, undefined, { reason }, false);
    model.journal.add('in', 'agent', now, bytes, { outcome, deliverySeq: seq });
    if (connections > 0) model.journal.add('out', 'client', now, body, { type, outcome, deliverySeq: seq, recipients });
    model.totals.countOutcome(outcome);
    return seq;
  }

  private rejectLabel(bytes: Buffer, now: number): number {
    const most = this.parts.model.limits.labelLength;
    const { runId, type, agentName = '' } = this.scanner;
    const [what, length] = runId.length > most ? ['run ID', runId.length] : type.length > most ? ['type', type.length] : ['agent name', agentName.length];
    return this.rejected(bytes, { reason: `The ${what} is too long.`, expected: `at most ${most} characters`, received: `${length} characters` }, now);
  }

  private rejected(bytes: Buffer, failure: Failure, now: number, binary = false): number {
    const { model } = this.parts;
    model.totals.rejected++;
    const seq = model.deliveries.record(now, '', undefined, undefined, undefined, 'rejected', 0, bytes.length, undefined, failure, false);
    model.journal.add('in', 'agent', now, bytes, { binary, outcome: 'rejected', deliverySeq: seq });
    return seq;
  }

  private record(bytes: Buffer, run: Run, threadId: string | undefined, summary: ResolutionSummary, now: number, outcome: 'queued' | 'undeliverable', failure: Failure, kept = false): number {
    const { model } = this.parts;
    const seq = model.deliveries.record(now, run.lastType, run.id, threadId, run.agentName, outcome, 0, this.scanner.payload.length, summary, failure, kept);
    model.journal.addEvent(now, bytes, bytes, run.lastType, run.id, threadId, outcome, seq, 0);
    model.totals.countOutcome(outcome);
    return seq;
  }

  private kept(seq: number, run: Run, threadId: string | undefined, failure: Failure, payload: Buffer, at: number) {
    const { reason, expected, received } = failure;
    return {
      seq,
      at,
      type: run.lastType,
      runId: run.id,
      ...(threadId === undefined ? {} : { threadId }),
      ...(run.agentName === undefined ? {} : { agentName: run.agentName }),
      reason,
      ...(expected === undefined ? {} : { expected }),
      ...(received === undefined ? {} : { received }),
      // A copy: what came in is a piece of a larger chunk, which would be kept whole.
      payload: Buffer.from(payload),
    };
  }

  private handOver(thread: Thread, event: WaitingEvent, readers: readonly Connection[], now: number): void {
    const { model, writer } = this.parts;
    const waited = `It waited ${Math.max(0, now - event.at)} ms for a connection.`;
    const altered = this.altered?.handOver(thread, event.payload, readers);
    const reason = altered === undefined ? waited : [waited, ...altered.reasons].join(' ');
    model.deliveries.update(event.seq, 'delivered', readers.length, { reason }, false);
    model.changes.delivery(event.seq);
    model.totals.delivered++;
    thread.delivered++;
    const { body, type } = altered?.frame ?? { body: event.payload, type: event.type };
    model.journal.add('out', 'client', now, body, {
      threadId: thread.id, runId: event.runId, type, outcome: 'delivered', deliverySeq: event.seq, recipients: readers.length,
    });
    if (altered === undefined) writer.add(thread, event.payload);
  }

  /** Who is given now what waited. */
  private readersOf(thread: Thread): readonly Connection[] {
    // Attempts are for new events: what waited and is not taken at once would be lost.
    return (this.altered?.readers(thread) ?? Array.from(thread.connections)).filter((connection) => !connection.slow);
  }
}

function summaryOf({ source, priority, pattern, dialect, error }: Resolution): ResolutionSummary {
  return {
    ...(source === undefined ? {} : { source }),
    ...(priority === undefined ? {} : { priority }),
    ...(pattern === undefined ? {} : { pattern }),
    dialect,
    ...(error === undefined ? {} : { error }),
  };
}

