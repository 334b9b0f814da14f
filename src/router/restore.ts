import type { DeadLetters } from './delivery/dead-letters';
import type { WaitingEvent } from './delivery/waiting-event';
import type { WaitingQueue } from './delivery/waiting-queue';
import type { RouterModel } from './model/router-model';
import type { Store, StoredEvent } from './store/store';

/** Takes what an earlier life of the router left undelivered back: what waited waits again, the rest are dead letters. */
export function restoreEvents(events: readonly StoredEvent[], model: RouterModel, queue: WaitingQueue, deadLetters: DeadLetters, store: Store): void {
  for (const { state, ...stored } of events) {
    const event: WaitingEvent = { ...stored, payload: Buffer.from(stored.payload) };
    const { reason, expected, received } = event;
    const failure = { reason, ...(expected === undefined ? {} : { expected }), ...(received === undefined ? {} : { received }) };
    const thread = state === 'waiting' && event.threadId !== undefined ? model.thread(event.threadId) : undefined;
    model.deliveries.restore(event.seq, {
      at: event.at, type: event.type, runId: event.runId, threadId: event.threadId, agentName: event.agentName,
      outcome: thread ? 'queued' : 'undeliverable', connections: 0, bytes: event.payload.length, resolution: undefined, failure, kept: true,
    });
    if (thread) {
      thread.missedSince ??= event.at;
      queue.put(thread, event, true);
    } else {
      if (state !== 'dead') store.markEvents([event.seq], 'dead');
      deadLetters.put(event, true);
    }
  }
}
