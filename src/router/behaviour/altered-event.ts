import type { DeliveryOutcome, ResolutionSummary } from '../../protocol/delivery';
import type { Failure } from '../delivery/delivery-log';
import type { RouterModel } from '../model/router-model';
import type { Run } from '../model/run';
import type { Thread } from '../model/thread';

/** A frame that went to clients, for the journal. */
export interface SentFrame {
  readonly body: Buffer;
  readonly type: string;
  readonly recipients: number;
  readonly connectionId?: string;
}

export interface AlteredEventParts {
  /** As it came. */
  readonly bytes: Buffer;
  /** As it is forwarded. */
  readonly payload: Buffer;
  readonly run: Run;
  readonly type: string;
  readonly thread: Thread;
  readonly summary: ResolutionSummary;
  /** When it came, milliseconds since 1970. */
  readonly at: number;
}

/** An event on its way under behaviours or faults: what it is, what made a difference to it, and its record. */
export class AlteredEvent {
  readonly run: Run;
  readonly type: string;
  readonly thread: Thread;
  readonly at: number;
  payload: Buffer;
  private readonly reasons: string[] = [];
  private readonly unnoted: SentFrame[] = [];
  private outcome: DeliveryOutcome | undefined;
  private number = 0;

  constructor(
    private readonly model: RouterModel,
    private readonly parts: AlteredEventParts,
  ) {
    ({ run: this.run, type: this.type, thread: this.thread, at: this.at, payload: this.payload } = parts);
  }

  /** The number of its delivery; 0 before it was settled once. */
  get seq(): number {
    return this.number;
  }

  get isSettled(): boolean {
    return this.outcome !== undefined;
  }

  get isDelivered(): boolean {
    return this.outcome === 'delivered';
  }

  /** Adds a sentence to its delivery; it counts from the next `settle` on. */
  explain(reason: string): void {
    if (!this.reasons.includes(reason)) this.reasons.push(reason);
  }

  /** Notes a frame that went out. What came in stands before it in the journal. */
  sent(frame: SentFrame): void {
    if (this.isSettled) this.note(frame);
    else this.unnoted.push(frame);
  }

  /** Says what became of it, for the first time or anew. @param kept whether it can be delivered again. */
  settle(outcome: DeliveryOutcome, connections: number, failure: Failure | undefined, kept = false): void {
    const { model, parts, run } = this;
    const reason = [...this.reasons, ...(failure === undefined ? [] : [failure.reason])].join(' ');
    const words = reason === '' ? undefined : { ...failure, reason };
    if (this.outcome === undefined) {
      this.number = model.deliveries.record(
        this.at, this.type, run.id, this.thread.id, run.agentName, outcome, connections, this.payload.length, parts.summary, words, kept,
      );
      model.journal.add('in', 'agent', this.at, parts.bytes, { threadId: this.thread.id, runId: run.id, type: this.type, outcome, deliverySeq: this.seq });
    } else {
      model.deliveries.update(this.seq, outcome, connections, words, kept);
      model.changes.delivery(this.seq);
    }
    if (outcome !== this.outcome) model.totals.countOutcome(outcome);
    this.outcome = outcome;
    for (const frame of this.unnoted.splice(0)) this.note(frame);
    model.changes.thread(this.thread);
  }

  /** Keeps it beyond this turn, whose bytes are a piece of a chunk that is used again. */
  keep(): void {
    this.payload = Buffer.from(this.payload);
  }

  private note({ body, type, recipients, connectionId }: SentFrame): void {
    this.model.journal.add('out', 'client', this.at, body, {
      threadId: this.thread.id, runId: this.run.id, type, outcome: 'delivered', deliverySeq: this.seq, recipients,
      ...(connectionId === undefined ? {} : { connectionId }),
    });
  }
}
