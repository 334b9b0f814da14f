import { LAST_SEQ } from './change-writer';
import { readValue } from './migrate';
import { type SqlRow, readEvent, readRegistration } from './rows';
import type { Database } from './sqlite-module';
import type { RegistrationRow, StoreContents, StoredEvent } from './store';

/** What a file held, and how many rows in it made no sense. */
export interface FileContents extends StoreContents {
  readonly unreadableRows: number;
  readonly lastAssociationId: number;
}

/** Reads the file. Rows that cannot have been written by us are removed. @throws what SQLite throws. */
export function readContents(database: Database): FileContents {
  let unreadableRows = 0;
  const readAll = <T>(sql: string, read: (row: SqlRow) => T, remove: (row: SqlRow) => void): T[] => {
    const found: T[] = [];
    for (const row of database.prepare(sql).all()) {
      try {
        found.push(read(row));
      } catch {
        unreadableRows += 1;
        remove(row);
      }
    }
    return found;
  };
  const registrations: RegistrationRow[] = readAll(
    'SELECT * FROM registrations ORDER BY created_at, run_id',
    readRegistration,
    (row) => database.prepare('DELETE FROM registrations WHERE run_id = ?').run(String(row['run_id'])),
  );
  const events: StoredEvent[] = readAll(
    'SELECT events.*, payloads.bytes FROM events LEFT JOIN payloads USING (seq) ORDER BY seq',
    readEvent,
    (row) => {
      for (const table of ['events', 'payloads']) database.prepare(`DELETE FROM ${table} WHERE seq = ?`).run(Number(row['seq']));
    },
  );
  const counted = Number(readValue(database, `SELECT value FROM counters WHERE name = '${LAST_SEQ}'`) ?? 0);
  return {
    registrations,
    events,
    lastSeq: Math.max(counted, events.at(-1)?.seq ?? 0),
    unreadableRows,
    lastAssociationId: Number(readValue(database, 'SELECT max(id) FROM associations') ?? 0),
  };
}
