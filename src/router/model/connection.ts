import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { ConnectionDetails, ConnectionInfo } from '../../protocol/inspection';
import { headersOf, type Handshake } from './handshake';
import type { Thread } from './thread';
import type { Timeline } from './timeline';

/** One client connection: its socket, its threads, its counters. */
export class Connection {
  threads: Thread[] = NO_THREADS;
  lastActivityAt: number;
  messagesSent = 0;
  messagesReceived = 0;
  bytesSent = 0;
  bytesReceived = 0;
  dropped = 0;
  /** `dropped` when it became slow the last time. */
  droppedBefore = 0;
  /** 0 until the first event was sent to it. */
  firstDeliveryAt = 0;
  latencyMs: number | undefined;
  /** Whether it reads too slowly to be given events now. */
  slow = false;
  open = true;
  closeCode: number | undefined;
  closeReason: string | undefined;
  raceWindowMs: number | undefined;
  /** Set while the change is not yet told to who watches. */
  dirty = false;
  /** Set with `dirty` when more than figures changed. */
  moved = false;
  /** Heartbeats without a sign of life. */
  missedBeats = 0;
  pingSentAt = 0;
  /** Tokens of its message rate, and when they were counted. */
  allowance: number;
  allowanceAt: number;
  /** The turn in which something is to be written to it, the only thread it comes from, see TurnWriter. */
  turn = 0;
  turnThread: Thread | undefined;

  constructor(
    /** A tap takes over the name that its backend gives, see `RouterModel.rename`. */
    public id: string,
    /** Grows in the order in which the model holds them; the cursor of pages. */
    public ordinal: number,
    public userId: string | undefined,
    readonly ws: WebSocket,
    readonly socket: Socket,
    readonly handshake: Handshake,
    readonly connectedAt: number,
    readonly timeline: Timeline,
    messagesPerSecond: number,
  ) {
    this.lastActivityAt = connectedAt;
    this.allowance = 2 * messagesPerSecond;
    this.allowanceAt = connectedAt;
  }

  info(): ConnectionInfo {
    const { remoteAddress, origin, userAgent, subprotocol } = this.handshake;
    return {
      id: this.id,
      ...(this.userId === undefined ? {} : { userId: this.userId }),
      threads: this.threads.map((thread) => thread.id),
      connectedAt: this.connectedAt,
      lastActivityAt: this.lastActivityAt,
      remoteAddress,
      ...(origin === undefined ? {} : { origin }),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(subprotocol === undefined ? {} : { subprotocol }),
      messagesSent: this.messagesSent,
      messagesReceived: this.messagesReceived,
      bytesSent: this.bytesSent,
      bytesReceived: this.bytesReceived,
      bufferedBytes: this.socket.writableLength,
      dropped: this.dropped,
      ...(this.latencyMs === undefined ? {} : { latencyMs: this.latencyMs }),
    };
  }

  details(): ConnectionDetails {
    return {
      ...this.info(),
      open: this.open,
      ...(this.closeCode === undefined ? {} : { closeCode: this.closeCode }),
      ...(this.closeReason === undefined ? {} : { closeReason: this.closeReason }),
      handshake: headersOf(this.handshake),
      timeline: this.timeline.moments({ at: this.connectedAt, what: 'connected', detail: this.userId === undefined ? 'connected without a user' : `connected as user ${this.userId}` }),
      ...(this.raceWindowMs === undefined ? {} : { raceWindowMs: this.raceWindowMs }),
    };
  }
}

/** The one empty list that connections without threads share. */
export const NO_THREADS: Thread[] = [];
