import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FrameDirection } from '../../protocol/inspection';
import { handshakeOf } from '../client/handshake-of';
import type { FrameMarks } from '../journal/journal';
import { Connection } from '../model/connection';
import type { Membership } from '../model/membership';
import type { RouterModel } from '../model/router-model';
import { Timeline } from '../model/timeline';
import type { Accepted } from './backend-handshake';
import type { Breakpoints } from './breakpoints';
import type { HeldFrames } from './held-frames';
import type { PassingMessage, Relay, WaitingMessage } from './relay';
import type { Ending, TapSocket } from './tap-socket';
import { TappedConnection, type TappedConnectionEvents } from './tapped-connection';
import type { TrafficObserver } from './traffic-observer';

export interface TappedConnectionsParts {
  readonly model: RouterModel;
  readonly membership: Membership;
  readonly observer: TrafficObserver;
  readonly breakpoints: Breakpoints;
  readonly held: HeldFrames;
  readonly clock: () => number;
  /** A frame could not be held because too many are. */
  readonly holdBoundReached: () => void;
}

/** All tapped connections: from both handshakes to the end of both legs, watched, held and counted on the way. */
export class TappedConnections implements TappedConnectionEvents {
  private readonly open = new Map<Connection, TappedConnection>();
  private readonly byRelay = new Map<Relay, TappedConnection>();

  constructor(private readonly parts: TappedConnectionsParts) {}

  get size(): number {
    return this.open.size;
  }

  [Symbol.iterator](): Iterator<TappedConnection> {
    return this.open.values();
  }

  /** Takes in a client and a backend that have agreed. */
  add(client: TapSocket, accepted: Accepted, request: IncomingMessage, socket: Socket, query: URLSearchParams): void {
    const { model, observer, clock } = this.parts;
    const now = clock();
    const { limits } = model;
    const connection = new Connection(
      this.newId(), model.nextOrdinal(), undefined, client, socket, handshakeOf(accepted.subprotocol ?? '', socket, request), now,
      new Timeline(limits.timelineMoments), limits.clientMessagesPerSecond,
    );
    model.opened(connection);
    const tapped = new TappedConnection(connection, client, accepted.backend, this, limits, clock);
    this.open.set(connection, tapped);
    this.byRelay.set(tapped.incoming, tapped);
    this.byRelay.set(tapped.outgoing, tapped);
    observer.opened(connection, query);
    // From here on both are read.
    accepted.backend.resume();
    client.resume();
  }

  /** Sends a message of the workbench's own to a client, as if the backend had; answers whether it could. */
  inject(connection: Connection, data: Buffer): boolean {
    const tapped = this.open.get(connection);
    if (!tapped || tapped.client.readyState !== tapped.client.OPEN) return false;
    this.parts.observer.passes(connection, 'out', this.readMessage(data, false), { injected: true });
    tapped.client.send(data, { binary: false });
    return true;
  }

  disconnect(id: string, code: number, reason: string): boolean {
    const connection = this.parts.model.connections.get(id);
    const tapped = connection && this.open.get(connection);
    if (!connection || !tapped) return false;
    connection.closeCode ??= code;
    connection.closeReason ??= reason;
    tapped.end(code, reason);
    return true;
  }

  /** Asks every leg for a sign of life. */
  beat(): void {
    for (const { connection, liveness } of this.open.values()) {
      liveness.client.beat();
      liveness.backend.beat();
      connection.latencyMs = liveness.client.latencyMs;
      this.parts.model.changes.connection(connection);
    }
  }

  message(_tapped: TappedConnection, _direction: FrameDirection, data: Buffer, binary: boolean): PassingMessage {
    return this.readMessage(data, binary);
  }

  arrived(relay: Relay, waiting: WaitingMessage): boolean {
    const tapped = this.byRelay.get(relay);
    const { breakpoints, held } = this.parts;
    if (!tapped || breakpoints.none) return false;
    const { data, binary, ids } = waiting.message;
    const { connection } = tapped;
    const id = breakpoints.find({ direction: relay.direction, ids, threads: connection.threads.map((thread) => thread.id), data, binary });
    if (id === undefined) return false;
    if (!held.hasRoom(data.length)) {
      this.parts.holdBoundReached();
      return false;
    }
    breakpoints.hit(id);
    held.hold(connection, relay, waiting, id);
    return true;
  }

  passes(relay: Relay, message: PassingMessage, edited: boolean): void {
    const tapped = this.byRelay.get(relay);
    if (tapped) this.parts.observer.passes(tapped.connection, relay.direction, message, edited ? EDITED : NONE);
  }

  discarded(relay: Relay, waiting: WaitingMessage): void {
    this.parts.held.forget(waiting);
    const tapped = this.byRelay.get(relay);
    if (tapped) this.parts.observer.discarded(tapped.connection, relay.direction, waiting.message);
  }

  waits(bytes: number): void {
    this.parts.held.waits(bytes);
  }

  closing({ connection }: TappedConnection, who: 'client' | 'backend', { code, reason }: Ending): void {
    const { clock } = this.parts;
    connection.closeCode ??= code;
    if (reason !== '') connection.closeReason ??= reason;
    connection.timeline.add({ at: clock(), what: 'closed', detail: `by the ${who} with code ${code}${reason === '' ? '' : `: ${reason}`}` });
    if (who === 'client') this.leave(connection);
  }

  closed(tapped: TappedConnection): void {
    const { connection } = tapped;
    this.leave(connection);
    this.open.delete(connection);
    this.byRelay.delete(tapped.incoming);
    this.byRelay.delete(tapped.outgoing);
  }

  /** Events do not reach it any more. */
  private leave(connection: Connection): void {
    if (!connection.open) return;
    const { model, membership } = this.parts;
    membership.leaveAll(connection);
    model.closed(connection);
  }

  readMessage(data: Buffer, binary: boolean): PassingMessage {
    return { data, binary, ids: this.parts.observer.read(data, binary), at: this.parts.clock() };
  }

  private newId(): string {
    for (;;) {
      const id = `tap_${randomBytes(4).toString('hex')}`;
      if (!this.parts.model.connection(id)) return id;
    }
  }
}

const NONE: FrameMarks = {};
const EDITED: FrameMarks = { edited: true };
