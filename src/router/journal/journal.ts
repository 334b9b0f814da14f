import { DELIVERY_OUTCOMES, type DeliveryOutcome } from '../../protocol/delivery';
import type { FrameInfo } from '../../protocol/inspection';
import type { TrafficSink } from '../model/traffic-sink';
import { BodyArena } from './body-arena';

const DIRECTION_OUT = 1;
const PEER_AGENT = 2;
const BINARY = 4;
const HAS_DELIVERY = 8;
const HAS_RECIPIENTS = 16;
const HAS_OUTCOME = 32;
/** It has marks, see `FrameMarks`. */
const MARKED = 64;

/** The parts of a frame's record that not every frame has. */
export interface FrameParts {
  readonly connectionId?: string | undefined;
  readonly threadId?: string | undefined;
  readonly runId?: string | undefined;
  readonly type?: string | undefined;
  readonly outcome?: DeliveryOutcome | undefined;
  readonly deliverySeq?: number | undefined;
  readonly recipients?: number | undefined;
  readonly binary?: boolean | undefined;
  readonly marks?: FrameMarks | undefined;
}

/** What only few frames have. */
export type FrameMarks = Pick<FrameInfo, 'misrouted' | 'edited' | 'discarded' | 'injected'>;

/**
 * The newest frames and their bodies, a bounded number of both. Kept column by column, see DeliveryLog. Bodies are as
 * they came; whoever shows one redacts it.
 */
export class Journal {
  /** Who records; set by the model only. */
  recorder: TrafficSink | undefined;
  private readonly at: Float64Array;
  private readonly flags: Uint8Array;
  private readonly outcomes: Uint8Array;
  private readonly bytes: Uint32Array;
  private readonly recipients: Uint32Array;
  private readonly deliverySeqs: Float64Array;
  private readonly bodyAt: Float64Array;
  private readonly bodyLength: Uint32Array;
  private readonly connectionIds: (string | undefined)[];
  private readonly threadIds: (string | undefined)[];
  private readonly runIds: (string | undefined)[];
  private readonly types: (string | undefined)[];
  /** By number; an old one goes when its place is taken. */
  private readonly marks = new Map<number, FrameMarks>();
  private readonly arena: BodyArena;
  private next = 1;

  constructor(
    private readonly capacity: number,
    arenaBytes: number,
    private readonly bodyBytes: number,
  ) {
    this.at = new Float64Array(capacity);
    this.connectionIds = Array.from({ length: capacity });
    this.threadIds = Array.from({ length: capacity });
    this.runIds = Array.from({ length: capacity });
    this.types = Array.from({ length: capacity });
    this.flags = new Uint8Array(capacity);
    this.outcomes = new Uint8Array(capacity);
    this.bytes = new Uint32Array(capacity);
    this.recipients = new Uint32Array(capacity);
    this.deliverySeqs = new Float64Array(capacity);
    this.bodyAt = new Float64Array(capacity);
    this.bodyLength = new Uint32Array(capacity);
    this.arena = new BodyArena(arenaBytes);
  }

  get newest(): number {
    return this.next - 1;
  }

  get oldest(): number {
    return Math.max(1, this.next - this.capacity);
  }

  has(seq: number): boolean {
    return seq >= this.oldest && seq < this.next;
  }

  /** Notes a frame between the router and a peer. */
  add(direction: 'in' | 'out', peer: 'client' | 'agent', at: number, body: Buffer, parts: FrameParts): number {
    const seq = this.next++;
    const slot = seq % this.capacity;
    let flags = (direction === 'out' ? DIRECTION_OUT : 0) | (peer === 'agent' ? PEER_AGENT : 0);
    if (parts.binary) flags |= BINARY;
    if (parts.outcome !== undefined) {
      flags |= HAS_OUTCOME;
      this.outcomes[slot] = DELIVERY_OUTCOMES.indexOf(parts.outcome);
    }
    if (parts.deliverySeq !== undefined) {
      flags |= HAS_DELIVERY;
      this.deliverySeqs[slot] = parts.deliverySeq;
    }
    if (parts.recipients !== undefined) {
      flags |= HAS_RECIPIENTS;
      this.recipients[slot] = parts.recipients;
    }
    if (this.marks.size > 0) this.marks.delete(seq - this.capacity);
    if (parts.marks !== undefined) {
      flags |= MARKED;
      this.marks.set(seq, parts.marks);
    }
    this.flags[slot] = flags;
    this.at[slot] = at;
    this.bytes[slot] = body.length;
    this.connectionIds[slot] = parts.connectionId;
    this.threadIds[slot] = parts.threadId;
    this.runIds[slot] = parts.runId;
    this.types[slot] = parts.type;
    this.keepBody(slot, body);
    this.recorder?.frame(direction, peer, at, body, parts);
    return seq;
  }

  /** Notes an agent event as it came in, and, when it went out, the frame that stands for all its recipients. */
  addEvent(at: number, received: Buffer, sent: Buffer, type: string, runId: string, threadId: string | undefined, outcome: DeliveryOutcome, deliverySeq: number, recipients: number): void {
    const code = DELIVERY_OUTCOMES.indexOf(outcome);
    const slot = this.next++ % this.capacity;
    this.flags[slot] = PEER_AGENT | HAS_OUTCOME | HAS_DELIVERY;
    this.putEvent(slot, at, code, deliverySeq, received.length, type, runId, threadId);
    this.keepBody(slot, received);
    this.recorder?.event(at, received, sent, { type, runId, threadId, outcome, deliverySeq }, recipients);
    if (recipients === 0) return;
    const out = this.next++ % this.capacity;
    this.flags[out] = DIRECTION_OUT | HAS_OUTCOME | HAS_DELIVERY | HAS_RECIPIENTS;
    this.recipients[out] = recipients;
    this.putEvent(out, at, code, deliverySeq, sent.length, type, runId, threadId);
    if (sent === received) {
      this.bodyAt[out] = this.bodyAt[slot] ?? 0;
      this.bodyLength[out] = this.bodyLength[slot] ?? 0;
    } else this.keepBody(out, sent);
  }

  info(seq: number): FrameInfo | undefined {
    if (!this.has(seq)) return undefined;
    const slot = seq % this.capacity;
    const flags = this.flags[slot] ?? 0;
    const connectionId = this.connectionIds[slot];
    const threadId = this.threadIds[slot];
    const runId = this.runIds[slot];
    const type = this.types[slot];
    const outcome = DELIVERY_OUTCOMES[this.outcomes[slot] ?? 0];
    return {
      seq,
      at: this.at[slot] ?? 0,
      direction: (flags & DIRECTION_OUT) === 0 ? 'in' : 'out',
      peer: (flags & PEER_AGENT) === 0 ? 'client' : 'agent',
      ...(connectionId === undefined ? {} : { connectionId }),
      ...(threadId === undefined ? {} : { threadId }),
      ...(runId === undefined ? {} : { runId }),
      ...(type === undefined ? {} : { type }),
      bytes: this.bytes[slot] ?? 0,
      ...((flags & BINARY) === 0 ? {} : { binary: true }),
      ...((flags & HAS_OUTCOME) === 0 || outcome === undefined ? {} : { outcome }),
      ...((flags & HAS_DELIVERY) === 0 ? {} : { deliverySeq: this.deliverySeqs[slot] ?? 0 }),
      ...((flags & HAS_RECIPIENTS) === 0 ? {} : { recipients: this.recipients[slot] ?? 0 }),
      ...((flags & MARKED) === 0 ? {} : this.marks.get(seq)),
    };
  }

  /** The body as it came, valid until the next frame; undefined when it is gone. `truncated` when only its beginning was kept. */
  body(seq: number): { readonly bytes: Buffer; readonly truncated: boolean } | undefined {
    if (!this.has(seq)) return undefined;
    const slot = seq % this.capacity;
    const length = this.bodyLength[slot] ?? 0;
    const bytes = this.arena.get(this.bodyAt[slot] ?? 0, length);
    return bytes && { bytes, truncated: length < (this.bytes[slot] ?? 0) };
  }

  private putEvent(slot: number, at: number, outcome: number, deliverySeq: number, bytes: number, type: string, runId: string, threadId: string | undefined): void {
    this.at[slot] = at;
    this.outcomes[slot] = outcome;
    this.deliverySeqs[slot] = deliverySeq;
    this.bytes[slot] = bytes;
    this.connectionIds[slot] = undefined;
    this.threadIds[slot] = threadId;
    this.runIds[slot] = runId;
    this.types[slot] = type;
  }

  private keepBody(slot: number, body: Buffer): void {
    const length = Math.min(body.length, this.bodyBytes);
    this.bodyAt[slot] = this.arena.put(body, length);
    this.bodyLength[slot] = length;
  }
}
