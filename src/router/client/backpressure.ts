import type { WriteWatcher } from '../delivery/turn-writer';
import type { Connection } from '../model/connection';
import type { RouterModel } from '../model/router-model';
import type { Thread } from '../model/thread';

/** What backpressure leads to. */
export interface BackpressureEffects {
  /** The connection does not read at all: it has to go. */
  tooSlow(connection: Connection): void;
  /** It reads again. */
  recovered(connection: Connection): void;
}

/**
 * Watches how much each connection leaves unread (SECURITY 10): above the soft mark it is given no more events until it
 * has read everything, above the hard mark it is closed. Nobody else notices.
 */
export class Backpressure implements WriteWatcher {
  effects: BackpressureEffects | undefined;

  constructor(
    private readonly model: RouterModel,
    private readonly clock: () => number,
  ) {}

  wrote(connection: Connection, thread: Thread, events: number, bytes: number): void {
    const { model } = this;
    connection.messagesSent += events;
    connection.bytesSent += bytes;
    model.totals.framesOut += events;
    model.totals.bytesOut += bytes;
    model.changes.connection(connection);
    if (connection.firstDeliveryAt === 0) this.noteFirst(connection, thread);
    this.look(connection);
  }

  /** Looks at what the connection leaves unread, after something was written to it. */
  look(connection: Connection): void {
    const unread = connection.socket.writableLength;
    if (unread > this.model.limits.softBufferBytes) this.slowDown(connection, unread);
  }

  dropped(connection: Connection, thread: Thread, events: number): void {
    const { model } = this;
    if (connection.dropped === connection.droppedBefore) {
      connection.timeline.add({
        at: this.clock(), what: 'missed_event', threadId: thread.id,
        detail: `it leaves ${connection.socket.writableLength} bytes unread, so events are not sent to it`,
      });
    }
    connection.dropped += events;
    model.totals.dropped += events;
    model.changes.connection(connection);
  }

  /** The connection is gone. */
  forget(connection: Connection): void {
    connection.slow = false;
  }

  private noteFirst(connection: Connection, thread: Thread): void {
    const at = this.clock();
    connection.firstDeliveryAt = at;
    // One that came before it joined stands in its timeline already.
    if (connection.raceWindowMs === undefined) {
      connection.timeline.add({ at: thread.lastEventAt ?? at, what: 'first_event', threadId: thread.id, detail: 'the first event of its threads since it joined' });
    }
    connection.timeline.add({ at, what: 'first_delivery', threadId: thread.id, detail: 'the first event was sent to it' });
  }

  private slowDown(connection: Connection, unread: number): void {
    if (unread > this.model.limits.hardBufferBytes) {
      this.effects?.tooSlow(connection);
      return;
    }
    if (connection.slow) return;
    connection.slow = true;
    connection.droppedBefore = connection.dropped;
    for (const thread of connection.threads) thread.slow++;
    this.model.presence++;
    this.awaitEmpty(connection);
  }

  private awaitEmpty(connection: Connection): void {
    // An empty write is called back when everything before it is out. `drain` comes only where a stream had asked to wait.
    if (connection.socket.writable) connection.socket.write(NOTHING, () => this.written(connection));
  }

  private written(connection: Connection): void {
    if (!connection.slow || !connection.open) return;
    if (connection.socket.writableLength > 0) {
      this.awaitEmpty(connection);
      return;
    }
    connection.slow = false;
    for (const thread of connection.threads) thread.slow--;
    this.model.presence++;
    this.effects?.recovered(connection);
  }
}

const NOTHING = Buffer.alloc(0);
