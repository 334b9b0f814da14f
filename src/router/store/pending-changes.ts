import type { SqlValue } from './rows';
import type { AssociationRow, StoredEvent, StoredEventState } from './store';

/** What has to happen to an event's row: written whole, its state changed, or removed. */
export type EventChange =
  | { readonly kind: 'put'; readonly event: StoredEvent }
  | { readonly kind: 'mark'; readonly state: StoredEventState; readonly reason?: string }
  | { readonly kind: 'remove' };

/**
 * Changes that are not on disk yet, one for each row: what is written and removed again between two commits never
 * touches the disk, and a commit that failed can be tried again as it is.
 */
export class PendingChanges {
  /** By run ID: the row's values, encoded when they came because the caller may change its metadata; `undefined` removes the row. */
  readonly registrations = new Map<string, readonly SqlValue[] | undefined>();
  readonly events = new Map<number, EventChange>();
  readonly associations: AssociationRow[] = [];
  private storedLastSeq: number;
  private readonly storedRuns: Set<string>;
  private readonly storedEvents: Set<number>;

  /**
   * @param storedRuns run IDs of the registrations on disk.
   * @param storedEvents numbers of the events on disk.
   * @param lastSeq the greatest number of an event ever put.
   */
  constructor(
    storedRuns: Iterable<string>,
    storedEvents: Iterable<number>,
    public lastSeq: number,
  ) {
    this.storedLastSeq = lastSeq;
    this.storedRuns = new Set(storedRuns);
    this.storedEvents = new Set(storedEvents);
  }

  get empty(): boolean {
    return this.registrations.size === 0 && this.events.size === 0 && this.associations.length === 0 && this.lastSeq === this.storedLastSeq;
  }

  /** Whether something waits that `ChangeWriter.writeRemovals` can write. */
  get hasRemovals(): boolean {
    for (const values of this.registrations.values()) if (values === undefined) return true;
    for (const { kind } of this.events.values()) if (kind !== 'put') return true;
    return false;
  }

  putRegistration(runId: string, values: readonly SqlValue[]): void {
    this.registrations.set(runId, values);
  }

  removeRegistration(runId: string): void {
    if (this.storedRuns.has(runId)) this.registrations.set(runId, undefined);
    else this.registrations.delete(runId);
  }

  putEvent(event: StoredEvent): void {
    this.lastSeq = Math.max(this.lastSeq, event.seq);
    this.events.set(event.seq, { kind: 'put', event });
  }

  markEvent(seq: number, state: StoredEventState, reason: string | undefined): void {
    const pending = this.events.get(seq);
    if (pending?.kind === 'put') {
      this.events.set(seq, { kind: 'put', event: { ...pending.event, state, reason: reason ?? pending.event.reason } });
    } else if (pending?.kind !== 'remove' && this.storedEvents.has(seq)) {
      const lastReason = reason ?? pending?.reason;
      this.events.set(seq, { kind: 'mark', state, ...(lastReason === undefined ? {} : { reason: lastReason }) });
    }
  }

  removeEvent(seq: number): void {
    if (this.storedEvents.has(seq)) this.events.set(seq, { kind: 'remove' });
    else this.events.delete(seq);
  }

  /** All of it is on disk. */
  settle(): void {
    for (const [runId, values] of this.registrations) {
      if (values === undefined) this.storedRuns.delete(runId);
      else this.storedRuns.add(runId);
    }
    this.registrations.clear();
    for (const [seq, { kind }] of this.events) {
      if (kind === 'put') this.storedEvents.add(seq);
      else if (kind === 'remove') this.storedEvents.delete(seq);
    }
    this.events.clear();
    this.associations.length = 0;
    this.storedLastSeq = this.lastSeq;
  }

  /** There is no file any more to write registrations and events to. */
  forget(): void {
    this.registrations.clear();
    this.events.clear();
    this.storedRuns.clear();
    this.storedEvents.clear();
  }

  /** What needs no more room than there is, see `ChangeWriter.writeRemovals`, is on disk. */
  settleRemovals(): void {
    for (const [runId, values] of this.registrations) {
      if (values !== undefined) continue;
      this.storedRuns.delete(runId);
      this.registrations.delete(runId);
    }
    for (const [seq, change] of this.events) {
      if (change.kind === 'remove') this.storedEvents.delete(seq);
      if (change.kind === 'remove' || (change.kind === 'mark' && change.reason === undefined)) this.events.delete(seq);
    }
  }
}
