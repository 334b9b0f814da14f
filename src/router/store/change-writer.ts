import { inTransaction } from './migrate';
import type { PendingChanges } from './pending-changes';
import { associationValues, eventValues, stateCode } from './rows';
import type { Database } from './sqlite-module';
import { toStored } from './stored-text';

/** Name of the counter that holds the greatest event number ever stored. */
export const LAST_SEQ = 'last_seq';

/** Writes pending changes into the file, one transaction each time. */
export class ChangeWriter {
  private readonly putRegistration;
  private readonly removeRegistration;
  private readonly putEvent;
  private readonly putPayload;
  private readonly markEvent;
  private readonly markEventWithReason;
  private readonly removeEvent;
  private readonly removePayload;
  private readonly addAssociation;
  private readonly trimAssociations;
  private readonly putCounter;

  constructor(
    private readonly database: Database,
    private nextAssociationId: number,
    private readonly maxAssociations: number,
  ) {
    this.putRegistration = database.prepare(
      `INSERT INTO registrations (run_id, thread_id, created_at, last_accessed_at, access_count, metadata) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id) DO UPDATE SET thread_id = excluded.thread_id, created_at = excluded.created_at,
         last_accessed_at = excluded.last_accessed_at, access_count = excluded.access_count, metadata = excluded.metadata`,
    );
    this.removeRegistration = database.prepare('DELETE FROM registrations WHERE run_id = ?');
    this.putEvent = database.prepare(
      `INSERT OR REPLACE INTO events (seq, state, at, type, run_id, thread_id, agent_name, reason, expected, received)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.putPayload = database.prepare('INSERT OR REPLACE INTO payloads (seq, bytes) VALUES (?, ?)');
    this.markEvent = database.prepare('UPDATE events SET state = ? WHERE seq = ?');
    this.markEventWithReason = database.prepare('UPDATE events SET state = ?, reason = ? WHERE seq = ?');
    this.removeEvent = database.prepare('DELETE FROM events WHERE seq = ?');
    this.removePayload = database.prepare('DELETE FROM payloads WHERE seq = ?');
    this.addAssociation = database.prepare(
      'INSERT INTO associations (id, at, connection_id, user_id, thread_id, what, how) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.trimAssociations = database.prepare('DELETE FROM associations WHERE id <= ?');
    this.putCounter = database.prepare(
      'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)',
    );
  }

  /** @throws what SQLite throws; nothing is then written. */
  writeAll(changes: PendingChanges): void {
    inTransaction(this.database, () => {
      this.writeRegistrations(changes);
      this.writeEvents(changes);
      this.writeAssociations(changes);
    });
    this.nextAssociationId += changes.associations.length;
  }

  /**
   * Writes what needs no room beyond what the file has: removals, and changes of state. So that on a full disk an
   * event that goes out now is not sent once more by the next router.
   * @throws what SQLite throws; nothing is then written.
   */
  writeRemovals(changes: PendingChanges): void {
    inTransaction(this.database, () => {
      for (const [runId, values] of changes.registrations) {
        if (values === undefined) this.removeRegistration.run(toStored(runId));
      }
      for (const [seq, change] of changes.events) {
        if (change.kind === 'mark') this.markEvent.run(stateCode(change.state), seq);
        else if (change.kind === 'remove') this.remove(seq);
      }
    });
  }

  private writeRegistrations(changes: PendingChanges): void {
    for (const [runId, values] of changes.registrations) {
      if (values === undefined) this.removeRegistration.run(toStored(runId));
      else this.putRegistration.run(...values);
    }
  }

  private writeEvents(changes: PendingChanges): void {
    for (const [seq, change] of changes.events) {
      switch (change.kind) {
        case 'put':
          this.putEvent.run(...eventValues(change.event));
          this.putPayload.run(seq, change.event.payload);
          break;
        case 'mark':
          if (change.reason === undefined) this.markEvent.run(stateCode(change.state), seq);
          else this.markEventWithReason.run(stateCode(change.state), toStored(change.reason), seq);
          break;
        case 'remove':
          this.remove(seq);
          break;
      }
    }
    this.putCounter.run(LAST_SEQ, changes.lastSeq);
  }

  private writeAssociations(changes: PendingChanges): void {
    let id = this.nextAssociationId;
    for (const row of changes.associations) this.addAssociation.run(...associationValues(id++, row));
    if (changes.associations.length > 0) this.trimAssociations.run(id - 1 - this.maxAssociations);
  }

  private remove(seq: number): void {
    this.removeEvent.run(seq);
    this.removePayload.run(seq);
  }
}
