import type { TrafficIds } from '../../core/index';
import type { FrameDirection } from '../../protocol/inspection';
import type { Ending, TapSocket } from './tap-socket';

/** A whole message on its way; fragments were joined. */
export interface PassingMessage {
  readonly data: Buffer;
  readonly binary: boolean;
  readonly ids: TrafficIds;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
}

/** A message that waits: at a breakpoint, or behind one that does. */
export interface WaitingMessage {
  message: PassingMessage;
  /** `held`: somebody has to decide. */
  state: 'held' | 'free' | 'dropped';
  edited: boolean;
}

/** What a relay asks of and tells who made it. */
export interface RelayEvents {
  /** Whether the message is to be held; `waiting` is what decides on it later. */
  arrived(relay: Relay, waiting: WaitingMessage): boolean;
  /** It goes on now. */
  passes(relay: Relay, message: PassingMessage, edited: boolean): void;
  /** It does not go on: it was dropped, or its target is gone. */
  discarded(relay: Relay, waiting: WaitingMessage): void;
  /** Bytes that wait behind breakpoints came or went. */
  waits(bytes: number): void;
}

export interface RelayLimits {
  readonly softBufferBytes: number;
  readonly queuedFrames: number;
}

/**
 * One direction of a tapped connection. Order is kept whatever is held, and so is the pace: while the target reads
 * slower than the source sends, or much waits behind a breakpoint, the source is not read.
 */
export class Relay {
  private readonly queue: WaitingMessage[] = [];
  private queuedBytes = 0;
  private ending: Ending | undefined;
  private targetGone = false;
  private paused = false;
  /** One function for all messages, instead of one each. */
  private readonly sent = (): void => this.pace();

  constructor(
    readonly direction: FrameDirection,
    private readonly source: TapSocket,
    private readonly target: TapSocket,
    private readonly events: RelayEvents,
    private readonly limits: RelayLimits,
    /** Ends the target as the source ended. */
    private readonly endTarget: (ending: Ending) => void,
  ) {}

  receive(message: PassingMessage): void {
    if (this.targetGone) return;
    const waiting: WaitingMessage = { message, state: 'free', edited: false };
    const held = this.events.arrived(this, waiting);
    if (!held && this.queue.length === 0) {
      this.pass(waiting);
      return;
    }
    if (held) waiting.state = 'held';
    this.queue.push(waiting);
    this.count(message.data.length);
    this.pace();
  }

  /** Passes a ping or a pong on. It overtakes what is held, and counts for the pace like everything else. */
  control(kind: 'ping' | 'pong', data: Buffer): void {
    if (this.targetGone || this.target.readyState !== this.target.OPEN) return;
    this.target[kind](data, undefined, this.sent);
    this.pace();
  }

  /** The source sends no more; its ending follows what waits. */
  end(ending: Ending): void {
    this.ending ??= ending;
    this.flush();
  }

  /** Lets a held message go on, when all before it have. */
  release(waiting: WaitingMessage, edited?: PassingMessage): void {
    if (waiting.state !== 'held') return;
    if (edited) {
      this.count(edited.data.length - waiting.message.data.length);
      waiting.message = edited;
      waiting.edited = true;
    }
    waiting.state = 'free';
    this.flush();
  }

  drop(waiting: WaitingMessage): void {
    if (waiting.state !== 'held') return;
    waiting.state = 'dropped';
    this.flush();
  }

  /** The target takes nothing any more; what waits has nowhere to go, and the source is read to its end. */
  stop(): void {
    if (this.targetGone) return;
    this.targetGone = true;
    for (const waiting of this.queue.splice(0)) {
      this.count(-waiting.message.data.length);
      this.events.discarded(this, waiting);
    }
    this.pace();
  }

  private flush(): void {
    for (let head = this.queue[0]; head && head.state !== 'held'; head = this.queue[0]) {
      this.queue.shift();
      this.count(-head.message.data.length);
      if (head.state === 'dropped') this.events.discarded(this, head);
      else this.pass(head);
    }
    if (this.ending && this.queue.length === 0 && !this.targetGone) {
      this.targetGone = true;
      this.endTarget(this.ending);
    }
    this.pace();
  }

  private pass({ message, edited }: WaitingMessage): void {
    if (this.target.readyState !== this.target.OPEN) return;
    this.events.passes(this, message, edited);
    this.target.send(message.data, { binary: message.binary }, this.sent);
    this.pace();
  }

  private count(bytes: number): void {
    this.queuedBytes += bytes;
    this.events.waits(bytes);
  }

  private pace(): void {
    const { softBufferBytes, queuedFrames } = this.limits;
    const full = this.queuedBytes > softBufferBytes || this.queue.length > queuedFrames;
    // Low water is half of high water, so that the source is not stopped and started at every message.
    const mark = this.paused ? softBufferBytes / 2 : softBufferBytes;
    const wanted = !this.targetGone && (full || this.target.bufferedAmount > mark);
    if (wanted === this.paused) return;
    this.paused = wanted;
    if (wanted) this.source.pause();
    else this.source.resume();
  }
}
