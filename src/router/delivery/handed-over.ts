import type { Durability } from '../durability';
import type { Connection } from '../model/connection';
import type { Thread } from '../model/thread';
import type { DeadLetters } from './dead-letters';
import type { WaitingEvent } from './waiting-event';

const NOTHING = Buffer.alloc(0);

/** What is said of an event that the router had in its hands when it ended. */
export const MAY_HAVE_ARRIVED = 'The router ended while it handed the event over; it may have arrived.';

/**
 * Kept events on their way out. They stay in the store, as handed over, until the system has taken them from one of
 * the connections; until then they would end with this process.
 */
export class HandedOver {
  constructor(
    private readonly durability: Durability,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Says on disk that the events go out now, before a byte is on the wire: a crash from here on sends none of them twice. */
  begin(events: readonly WaitingEvent[]): void {
    this.durability.store.markEvents(numbersOf(events), 'handing_over', MAY_HAVE_ARRIVED);
    this.durability.tryNow();
  }

  /**
   * Lets go of the events once they are out, after everything was written to the connections.
   * @param connections who was given them.
   */
  settle(thread: Thread, connections: readonly Connection[], events: readonly WaitingEvent[]): void {
    if (connections.some(({ socket }) => socket.writable && socket.writableLength === 0)) {
      this.forget(events);
      return;
    }
    let left = connections.length;
    let settled = false;
    const written = (failed: boolean): void => {
      left--;
      if (settled || (failed && left > 0)) return;
      settled = true;
      if (failed) this.bury(thread, events);
      else this.forget(events);
    };
    for (const { socket } of connections) {
      // An empty write is called back when everything before it is out.
      if (socket.writable) socket.write(NOTHING, (error) => written(error != null));
      else written(true);
    }
  }

  private forget(events: readonly WaitingEvent[]): void {
    this.durability.store.removeEvents(numbersOf(events));
    this.durability.soon();
  }

  private bury(thread: Thread, events: readonly WaitingEvent[]): void {
    const reason = 'The connection ended before it had read the event; it may have arrived.';
    this.durability.store.markEvents(numbersOf(events), 'dead', reason);
    for (const event of events) this.deadLetters.put({ ...event, reason }, true);
    thread.failed += events.length;
    this.durability.soon();
  }
}

function numbersOf(events: readonly WaitingEvent[]): number[] {
  return events.map((event) => event.seq);
}
