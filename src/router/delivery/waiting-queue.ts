import type { RouterModel } from '../model/router-model';
import { OldestFirst } from '../../core/index';
import type { Thread } from '../model/thread';
import type { Store } from '../store/store';
import type { DeadLetters } from './dead-letters';
import { frameHeaderBytes } from './server-frame';
import type { WaitingEvent } from './waiting-event';

/** What a waiting event costs beside its payload: IDs, words, its places in lists. Many small ones must not go unseen. */
const EVENT_OVERHEAD_BYTES = 1_024;

interface Entry {
  readonly thread: Thread;
  readonly event: WaitingEvent;
}

/** Events that wait for a connection of their thread, bounded in number, bytes and age; what goes over becomes a dead letter. */
export class WaitingQueue {
  private readonly byAge = new OldestFirst<number, Entry>();

  constructor(
    private readonly model: RouterModel,
    private readonly store: Store,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Whether an event of that size may wait at all. */
  takes(bytes: number): boolean {
    return bytes <= this.model.limits.waitingBytesPerThread && bytes <= this.model.limits.waitingBytes;
  }

  get(seq: number): Entry | undefined {
    return this.byAge.get(seq);
  }

  /** Lets an event wait; the oldest of its thread, then of all, make room. @param stored whether the store has it already. */
  put(thread: Thread, event: WaitingEvent, stored = false): void {
    const { limits } = this.model;
    const bytes = event.payload.length;
    while (thread.waitingCount >= limits.waitingPerThread || thread.waitingBytes + bytes > limits.waitingBytesPerThread) {
      const oldest = thread.waiting?.[0];
      if (!oldest) break;
      this.bury(oldest.seq, `More than ${limits.waitingPerThread} events or ${limits.waitingBytesPerThread} bytes waited for the thread; the oldest gave way.`);
    }
    while (this.model.waitingBytes + this.model.waiting * EVENT_OVERHEAD_BYTES + bytes > limits.waitingBytes) {
      const oldest = this.byAge.oldest();
      if (oldest === undefined) break;
      this.bury(oldest, `Too much waited in all, more than ${limits.waitingBytes} bytes of memory; the oldest event gave way.`);
    }
    (thread.waiting ??= []).push(event);
    thread.waitingBytes += bytes;
    this.model.waiting++;
    this.model.waitingBytes += bytes;
    this.byAge.set(event.seq, { thread, event });
    if (!stored) this.store.putEvent({ ...event, state: 'waiting' });
    this.model.threadChanged(thread);
  }

  /** Takes out what waits for a thread, in order: as much as fits into so many bytes of frames, one event at least. */
  takeFirst(thread: Thread, mostBytes: number): readonly WaitingEvent[] {
    const waiting = thread.waiting ?? [];
    let count = 0;
    let framed = 0;
    let bytes = 0;
    for (const { payload } of waiting) {
      framed += frameHeaderBytes(payload.length) + payload.length;
      if (count > 0 && framed > mostBytes) break;
      count++;
      bytes += payload.length;
    }
    const events = count === waiting.length ? waiting : waiting.splice(0, count);
    if (events === waiting) thread.waiting = undefined;
    for (const event of events) this.byAge.delete(event.seq);
    this.model.waiting -= events.length;
    this.model.waitingBytes -= bytes;
    thread.waitingBytes -= bytes;
    this.model.threadChanged(thread);
    return events;
  }

  /** Takes one event out. */
  take(seq: number): Entry | undefined {
    const entry = this.byAge.get(seq);
    if (!entry) return undefined;
    const { thread, event } = entry;
    this.byAge.delete(seq);
    const { waiting } = thread;
    if (waiting) {
      waiting.splice(waiting.indexOf(event), 1);
      if (waiting.length === 0) thread.waiting = undefined;
    }
    thread.waitingBytes -= event.payload.length;
    this.model.waiting--;
    this.model.waitingBytes -= event.payload.length;
    this.model.threadChanged(thread);
    return entry;
  }

  /** Gives up what has waited too long. */
  expire(now: number): void {
    const { waitingAge } = this.model.limits;
    const giveUp = (seq: number): void => this.bury(seq, `Nobody took it within ${Math.round(waitingAge / 1000)} s.`);
    for (;;) {
      const seq = this.byAge.oldest();
      const entry = seq === undefined ? undefined : this.byAge.get(seq);
      if (!entry) return;
      const age = now - entry.event.at;
      if (age > waitingAge) giveUp(entry.event.seq);
      else if (age >= 0) return;
      else break;
    }
    // The clock went back: what came since is older, and stands behind what came before.
    for (const [seq, { event }] of this.byAge) if (now - event.at > waitingAge) giveUp(seq);
  }

  private bury(seq: number, reason: string): void {
    const entry = this.take(seq);
    if (!entry) return;
    this.store.markEvents([seq], 'dead', reason);
    this.model.totals.countOutcome('undeliverable');
    this.deadLetters.put({ ...entry.event, reason }, true);
  }
}
