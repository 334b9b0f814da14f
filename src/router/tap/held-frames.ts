import { maskForEditing, restoreMasked } from '../../core/index';
import type { HeldFrame } from '../../protocol/breakpoints';
import { InspectionRequestError } from '../inspection/inspection-request';
import type { Limits } from '../limits';
import type { Connection } from '../model/connection';
import type { PassingMessage, Relay, WaitingMessage } from './relay';

interface Held {
  readonly id: number;
  readonly breakpointId: number;
  readonly connection: Connection;
  readonly relay: Relay;
  readonly waiting: WaitingMessage;
  readonly releaseAt: number | undefined;
  readonly timer: NodeJS.Timeout | undefined;
}

export interface HeldFramesOptions {
  readonly limits: Limits;
  /** How long a frame is held at most, in milliseconds; without end when missing. */
  readonly timeout: number | undefined;
  readonly clock: () => number;
  /** What is held changed. */
  readonly changed: () => void;
  /** Reads an edited text as it would be read on its way. */
  readonly reread: (message: PassingMessage, data: Buffer) => PassingMessage;
}

/** What breakpoints hold at the moment, oldest first, and the decisions on it. */
export class HeldFrames {
  private readonly frames = new Map<number, Held>();
  private readonly ids = new Map<WaitingMessage, number>();
  private lastId = 0;
  /** Bytes of everything that is held or waits behind it. */
  private bytes = 0;

  constructor(private readonly options: HeldFramesOptions) {}

  list(): readonly HeldFrame[] {
    return Array.from(this.frames.values(), describe);
  }

  /** Whether one more may be held. */
  hasRoom(bytes: number): boolean {
    const { heldFrames, heldBytes } = this.options.limits;
    return this.frames.size < heldFrames && this.bytes + bytes <= heldBytes;
  }

  waits(bytes: number): void {
    this.bytes += bytes;
  }

  hold(connection: Connection, relay: Relay, waiting: WaitingMessage, breakpointId: number): void {
    const { timeout, clock } = this.options;
    const id = ++this.lastId;
    const timer = timeout === undefined ? undefined : setTimeout(() => this.release([id]), timeout);
    timer?.unref();
    this.frames.set(id, { id, breakpointId, connection, relay, waiting, timer, releaseAt: timeout === undefined ? undefined : clock() + timeout });
    this.ids.set(waiting, id);
    this.options.changed();
  }

  /** Lets frames go on as they came, all of them without numbers; answers how many. Those that are gone are no error. */
  release(ids: readonly number[] | undefined): number {
    const list = (ids ?? [...this.frames.keys()]).map((id) => this.take(id)).filter((held) => held !== undefined);
    for (const { relay, waiting } of list) relay.release(waiting);
    return list.length;
  }

  drop(ids: readonly number[]): number {
    const list = ids.map((id) => this.take(id)).filter((held) => held !== undefined);
    for (const { relay, waiting } of list) relay.drop(waiting);
    return list.length;
  }

  /**
   * Lets a frame go on with another text.
   * @throws {InspectionRequestError} when it is gone, or the text cannot be sent.
   * @throws {MaskError} when masked secrets cannot be put back.
   */
  releaseEdited(id: number, text: string): void {
    const held = this.find(id);
    const { message } = held.waiting;
    if (message.binary) throw new InspectionRequestError('bad_params', 'expected a text message, received a binary one: it can be released or dropped');
    const edited = Buffer.from(restoreMasked(text, message.data.toString()));
    const most = this.options.limits.tappedMessageBytes;
    if (edited.length > most) throw new InspectionRequestError('bad_params', `expected a text of at most ${most} bytes, received ${edited.length}`);
    this.take(id);
    const unchanged = edited.equals(message.data);
    held.relay.release(held.waiting, unchanged ? undefined : this.options.reread(message, edited));
  }

  /** @throws {InspectionRequestError} when it is gone. */
  body(id: number): { readonly text?: string; readonly base64?: string; readonly masks: number } {
    const { message } = this.find(id).waiting;
    return message.binary ? { base64: message.data.toString('base64'), masks: 0 } : maskForEditing(message.data.toString());
  }

  /** It was discarded without a decision: its target is gone. */
  forget(waiting: WaitingMessage): void {
    const id = this.ids.get(waiting);
    if (id !== undefined) this.take(id);
  }

  stop(): void {
    for (const { timer } of this.frames.values()) clearTimeout(timer);
    this.frames.clear();
    this.ids.clear();
  }

  private find(id: number): Held {
    const held = this.frames.get(id);
    if (!held) throw new InspectionRequestError('not_found', `expected the number of a held frame, received ${id}: it went on, or its connection is closed`);
    return held;
  }

  private take(id: number): Held | undefined {
    const held = this.frames.get(id);
    if (!held) return undefined;
    clearTimeout(held.timer);
    this.frames.delete(id);
    this.ids.delete(held.waiting);
    this.options.changed();
    return held;
  }
}

function describe({ id, breakpointId, connection, relay, waiting, releaseAt }: Held): HeldFrame {
  const { message } = waiting;
  const { type, threadId, runId } = message.ids;
  const named = threadId ?? connection.threads[0]?.id;
  return {
    id,
    breakpointId,
    at: message.at,
    direction: relay.direction,
    connectionId: connection.id,
    ...(type === undefined ? {} : { type }),
    ...(named === undefined ? {} : { threadId: named }),
    ...(runId === undefined ? {} : { runId }),
    bytes: message.data.length,
    ...(message.binary ? { binary: true } : {}),
    ...(releaseAt === undefined ? {} : { releaseAt }),
  };
}
