import { textFrame } from '../delivery/server-frame';
import type { TurnWriter } from '../delivery/turn-writer';
import type { Connection } from '../model/connection';
import type { RouterModel } from '../model/router-model';
import type { Backpressure } from './backpressure';

/** A message of the router itself. */
export interface RouterFrame {
  readonly type: string;
  readonly thread_id?: string;
  readonly [field: string]: unknown;
}

/** Sends the router's own messages to clients, in order with the events. */
export class ClientSender {
  constructor(
    private readonly model: RouterModel,
    private readonly writer: TurnWriter,
    private readonly backpressure: Pick<Backpressure, 'look'>,
    private readonly clock: () => number,
  ) {}

  send(connection: Connection, message: RouterFrame): void {
    this.writer.flush();
    if (!connection.open || !connection.socket.writable) return;
    const body = Buffer.from(JSON.stringify(message));
    connection.socket.write(textFrame(body));
    connection.messagesSent++;
    connection.bytesSent += body.length;
    this.model.totals.framesOut++;
    this.model.totals.bytesOut += body.length;
    this.model.journal.add('out', 'client', this.clock(), body, { connectionId: connection.id, threadId: message.thread_id, type: message.type });
    this.model.changes.connection(connection);
    // Who asks and does not read the answers is as slow as who does not read events.
    this.backpressure.look(connection);
  }
}
