import type { StoredEvent } from '../store/store';

/** An agent event that waits for a connection of its thread, or a dead letter. */
export interface WaitingEvent extends Omit<StoredEvent, 'state' | 'payload'> {
  /** The bytes that clients get. */
  readonly payload: Buffer;
}
