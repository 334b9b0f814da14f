import type { Database } from './sqlite-module';

/** Marks a file as ours in SQLite's header: "TLns". */
export const APPLICATION_ID = 0x544c6e73;

/** Statements that bring a file from one version of the format to the next. */
export type Migration = string;

/** What a file says of itself. */
export interface FileFormat {
  readonly applicationId: number;
  /** 0 for a file without format, else the number of migrations applied. */
  readonly version: number;
  readonly tables: number;
}

/** The first column of the first row. */
export function readValue(database: Database, sql: string): unknown {
  return Object.values(database.prepare(sql).get() ?? {})[0];
}

/** What kind of file it is, and of which version. */
export function readFormat(database: Database): FileFormat {
  return {
    applicationId: Number(readValue(database, 'PRAGMA application_id')),
    version: Number(readValue(database, 'PRAGMA user_version')),
    tables: Number(readValue(database, 'SELECT count(*) FROM sqlite_schema')),
  };
}

/** Runs the function in one transaction. @throws what the function or SQLite throws; nothing of it is then in the file. */
export function inTransaction(database: Database, work: () => void, begin: 'BEGIN' | 'BEGIN EXCLUSIVE' = 'BEGIN'): void {
  database.exec(begin);
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
    throw error;
  }
}

/**
 * Applies the migrations a file lacks, all or none.
 * @throws what SQLite throws; the file is then as it was.
 */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  // EXCLUSIVE also takes the file's lock, which the locking mode keeps until the file is closed.
  inTransaction(
    database,
    () => {
      const { version } = readFormat(database);
      if (version >= migrations.length) return;
      for (const migration of migrations.slice(version)) database.exec(migration);
      database.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${APPLICATION_ID}`);
    },
    'BEGIN EXCLUSIVE',
  );
}
