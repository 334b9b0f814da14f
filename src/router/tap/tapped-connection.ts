import type { FrameDirection } from '../../protocol/inspection';
import type { Connection } from '../model/connection';
import { closeReason } from '../ws-socket';
import { endLeg, mirrored } from './end-leg';
import { LegLiveness } from './leg-liveness';
import { type PassingMessage, Relay, type RelayEvents, type RelayLimits } from './relay';
import type { Ending, TapSocket } from './tap-socket';

/** What a tapped connection tells who made it. */
export interface TappedConnectionEvents extends RelayEvents {
  message(tapped: TappedConnection, direction: FrameDirection, data: Buffer, binary: boolean): PassingMessage;
  /** One side began to close. Called once for each side that did. */
  closing(tapped: TappedConnection, who: 'client' | 'backend', ending: Ending): void;
  /** Both legs are gone. */
  closed(tapped: TappedConnection): void;
}

/** A client, its backend, and what passes between them. Neither leg outlives the other. */
export class TappedConnection {
  readonly incoming: Relay;
  readonly outgoing: Relay;
  readonly liveness: { readonly client: LegLiveness; readonly backend: LegLiveness };
  private open = 2;

  constructor(
    readonly connection: Connection,
    readonly client: TapSocket,
    readonly backend: TapSocket,
    private readonly events: TappedConnectionEvents,
    limits: RelayLimits,
    clock: () => number,
  ) {
    this.incoming = new Relay('in', client, backend, events, limits, (ending) => endLeg(backend, mirrored(ending, 'client')));
    this.outgoing = new Relay('out', backend, client, events, limits, (ending) => endLeg(client, mirrored(ending, 'backend')));
    this.liveness = { client: new LegLiveness(client, clock), backend: new LegLiveness(backend, clock) };
    this.wire('client', client, this.incoming, this.outgoing);
    this.wire('backend', backend, this.outgoing, this.incoming);
  }

  /** Closes both legs for a reason of the tap's own. */
  end(code: number, reason: string): void {
    const ending = { code, reason: closeReason(reason) };
    this.incoming.stop();
    this.outgoing.stop();
    endLeg(this.client, ending);
    endLeg(this.backend, ending);
  }

  terminate(): void {
    this.incoming.stop();
    this.outgoing.stop();
    this.client.terminate();
    this.backend.terminate();
  }

  private wire(who: 'client' | 'backend', leg: TapSocket, from: Relay, to: Relay): void {
    const liveness = this.liveness[who];
    leg.onPeerClosing = (ending) => {
      this.events.closing(this, who, ending);
      to.stop();
      from.end(ending);
    };
    leg.on('message', (data: Buffer, binary: boolean) => {
      liveness.seen();
      from.receive(this.events.message(this, from.direction, data, binary));
    });
    leg.on('ping', (data: Buffer) => {
      liveness.seen();
      from.control('ping', data);
    });
    leg.on('pong', (data: Buffer) => {
      if (!liveness.pong(data)) from.control('pong', data);
    });
    // What is wrong becomes the code of the close.
    leg.on('error', () => {});
    leg.on('close', () => {
      leg.broke();
      to.stop();
      if (--this.open === 0) this.events.closed(this);
    });
  }
}
