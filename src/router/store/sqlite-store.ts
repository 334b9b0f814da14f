import { messageOf } from '../../core/message-of';
import type { ChangeWriter } from './change-writer';
import { type FileContents, readContents } from './contents';
import type { FileLock } from './file-lock';
import { appendBounded, newestAssociations } from './memory-store';
import { PendingChanges } from './pending-changes';
import { readAssociation, registrationValues } from './rows';
import { setAside } from './set-aside';
import type { Database } from './sqlite-module';
import { StorageError } from './storage-error';
import { storageFailure } from './storage-failure';
import type { StoreLimits } from './store-limits';
import type {
  AssociationQuery,
  AssociationRow,
  RegistrationRow,
  Store,
  StoreContents,
  StoredEvent,
  StoredEventState,
  StoreLog,
} from './store';
import { toStored } from './stored-text';

export interface SqliteStoreParts {
  readonly file: string;
  readonly database: Database;
  readonly lock: FileLock;
  readonly contents: FileContents;
  readonly writer: ChangeWriter;
  /** What the user should know about the opening, e.g. that a damaged file was set aside. */
  readonly notice?: string;
  readonly limits: StoreLimits;
  readonly log: StoreLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A store in a file. Changes gather in memory and are written by `commit` in one transaction. While the disk refuses
 * them it is a memory store that keeps trying; see `Store.commit`.
 */
export class SqliteStore implements Store {
  private database: Database | undefined;
  private readonly changes: PendingChanges;
  private readonly listeners: (() => void)[] = [];
  private opening: FileContents | undefined;
  private closed = false;
  private refusal: { readonly notice: string; readonly retryAt: number } | undefined;

  constructor(private readonly parts: SqliteStoreParts) {
    const { database, contents } = parts;
    this.database = database;
    this.opening = contents;
    this.changes = new PendingChanges(
      contents.registrations.map((row) => row.runId),
      contents.events.map((event) => event.seq),
      contents.lastSeq,
    );
  }

  get kind(): 'memory' | 'sqlite' {
    return this.database === undefined || this.refusal !== undefined ? 'memory' : 'sqlite';
  }

  get notice(): string | undefined {
    return this.refusal?.notice ?? this.parts.notice;
  }

  load(): StoreContents {
    // What was read at the opening is let go with the first answer: payloads are held by the router from then on.
    const contents = this.opening ?? (this.database === undefined ? undefined : readContents(this.database));
    this.opening = undefined;
    return { registrations: contents?.registrations ?? [], events: contents?.events ?? [], lastSeq: this.changes.lastSeq };
  }

  putRegistration(row: RegistrationRow): void {
    expectNumbers({ createdAt: row.createdAt, lastAccessedAt: row.lastAccessedAt });
    expectIntegers({ accessCount: row.accessCount });
    if (this.database === undefined) return;
    this.changes.putRegistration(row.runId, registrationValues(row));
  }

  removeRegistration(runId: string): void {
    this.changes.removeRegistration(runId);
  }

  putEvent(event: StoredEvent): void {
    expectNumbers({ at: event.at });
    expectIntegers({ seq: event.seq });
    if (this.database === undefined) return;
    this.changes.putEvent(event);
  }

  markEvents(seqs: readonly number[], state: StoredEventState, reason?: string): void {
    for (const seq of seqs) this.changes.markEvent(seq, state, reason);
  }

  removeEvents(seqs: readonly number[]): void {
    for (const seq of seqs) this.changes.removeEvent(seq);
  }

  appendAssociation(row: AssociationRow): void {
    expectNumbers({ at: row.at });
    appendBounded(this.changes.associations, row, this.parts.limits.maxAssociations);
  }

  associations(query: AssociationQuery): readonly AssociationRow[] {
    const { maxAssociations } = this.parts.limits;
    const pending = this.changes.associations;
    const found = newestAssociations(pending, query, maxAssociations);
    const missing = Math.min(query.limit - found.length, maxAssociations);
    if (missing <= 0 || pending.length >= maxAssociations || this.database === undefined) return found;
    try {
      const connectionId = query.connectionId === undefined ? null : toStored(query.connectionId);
      const threadId = query.threadId === undefined ? null : toStored(query.threadId);
      const rows = this.database
        .prepare(
          `SELECT * FROM (SELECT * FROM associations ORDER BY id DESC LIMIT ?)
           WHERE coalesce(? = connection_id, TRUE) AND coalesce(? = thread_id, TRUE) ORDER BY id DESC LIMIT ?`,
        )
        .all(maxAssociations - pending.length, connectionId, threadId, missing);
      return [...found, ...rows.map(readAssociation)];
    } catch (error) {
      this.parts.log('warn', `The association log in ${this.parts.file} cannot be read: ${messageOf(error)}`);
      return found;
    }
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  commit(): void {
    if (this.database === undefined || this.changes.empty) return;
    if (this.refusal !== undefined && this.parts.now() < this.refusal.retryAt) {
      this.commitRemovals();
      return;
    }
    try {
      this.parts.writer.writeAll(this.changes);
    } catch (error) {
      this.refused(error);
      return;
    }
    this.changes.settle();
    if (this.refusal !== undefined) {
      this.refusal = undefined;
      this.parts.log('info', `State is written to ${this.parts.file} again.`);
      this.changed();
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    try {
      if (this.refusal !== undefined) this.refusal = { ...this.refusal, retryAt: -Infinity };
      this.commit();
    } catch (error) {
      this.parts.log('error', messageOf(error));
    }
    this.closeDatabase();
    this.parts.lock.release();
  }

  /** @throws StorageError when this is the first refusal since the disk accepted something. */
  private refused(error: unknown): void {
    const reason = storageFailure(error);
    const first = this.refusal === undefined;
    const notice =
      reason === 'damaged'
        ? `${this.abandonDamaged()}; state is kept in memory until the router starts again.`
        : `${this.parts.file} cannot be written (${messageOf(error)}); changes are kept in memory and are lost with the router unless the disk accepts them again.`;
    this.refusal = { notice, retryAt: this.parts.now() + this.parts.limits.retryMs };
    this.commitRemovals();
    if (first || reason === 'damaged') this.changed();
    if (first) throw new StorageError(reason, notice, { cause: error });
  }

  private commitRemovals(): void {
    if (this.database === undefined || !this.changes.hasRemovals) return;
    try {
      this.parts.writer.writeRemovals(this.changes);
      this.changes.settleRemovals();
    } catch {
      // They wait like the rest, and the notice says so already.
    }
  }

  /** Nobody may take what is left in a damaged file for the truth. @returns what was done, as the beginning of a sentence. */
  private abandonDamaged(): string {
    this.closeDatabase();
    this.changes.forget();
    try {
      return `${this.parts.file} is damaged and was set aside as ${setAside(this.parts.file, this.parts.now())}`;
    } catch (error) {
      return `${this.parts.file} is damaged and could not be set aside (${messageOf(error)})`;
    }
  }

  private closeDatabase(): void {
    try {
      this.database?.close();
    } catch (error) {
      this.parts.log('warn', `${this.parts.file} could not be closed: ${messageOf(error)}`);
    }
    this.database = undefined;
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

// A value that SQLite refuses would spoil every later commit, so it is refused where it comes in.
function expectNumbers(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isFinite(value)) throw new TypeError(`expected ${name} to be a number, received ${String(value)}`);
  }
}

function expectIntegers(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isSafeInteger(value)) throw new TypeError(`expected ${name} to be an integer, received ${String(value)}`);
  }
}
