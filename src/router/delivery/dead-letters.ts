import type { RouterModel } from '../model/router-model';
import { OldestFirst } from '../../core/index';
import type { Store } from '../store/store';
import type { WaitingEvent } from './waiting-event';

/** Events that were given up but can be delivered again; bounded in number and bytes, the oldest go. */
export class DeadLetters {
  private readonly letters = new OldestFirst<number, WaitingEvent>();
  private bytes = 0;

  constructor(
    private readonly model: RouterModel,
    private readonly store: Store,
  ) {}

  get(seq: number): WaitingEvent | undefined {
    return this.letters.get(seq);
  }

  /** @param stored whether the store has it already as dead. */
  put(letter: WaitingEvent, stored = false): void {
    const { limits, deliveries, changes } = this.model;
    this.letters.set(letter.seq, letter);
    this.bytes += letter.payload.length;
    if (!stored) this.store.putEvent({ ...letter, state: 'dead' });
    const { reason, expected, received } = letter;
    deliveries.update(letter.seq, 'undeliverable', 0, { reason, ...(expected === undefined ? {} : { expected }), ...(received === undefined ? {} : { received }) }, true);
    changes.delivery(letter.seq);
    while (this.letters.size > limits.deadLetters || this.bytes > limits.deadLetterBytes) {
      const oldest = this.letters.oldest();
      if (oldest === undefined) break;
      this.remove(oldest);
    }
    this.model.deadLetters = this.letters.size;
  }

  /** Forgets a letter; the record of its delivery stays. */
  remove(seq: number): void {
    if (this.letters.has(seq)) this.store.removeEvents([seq]);
    this.take(seq);
  }

  /** Takes a letter out; the store still has it. */
  take(seq: number): void {
    const letter = this.letters.get(seq);
    if (!letter) return;
    this.letters.delete(seq);
    this.bytes -= letter.payload.length;
    this.model.deliveries.release(seq);
    this.model.changes.delivery(seq);
    this.model.deadLetters = this.letters.size;
  }
}
