import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../core/message-of';
import { type FileLock, createPrivately, lockFile } from './file-lock';
import { APPLICATION_ID, type Migration, migrate, readFormat, readValue } from './migrate';
import { setAside } from './set-aside';
import { type StorageFailure, storageFailure } from './storage-failure';
import type { Database, Sqlite } from './sqlite-module';

export interface DatabaseOptions {
  readonly migrations: readonly Migration[];
  /** How long to wait for another holder of the file, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** The file does not grow beyond this, in bytes. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Why a file is not used. */
export type RefusalReason = StorageFailure | 'newer' | 'foreign';

const WHAT_IT_MEANS: Readonly<Record<StorageFailure, string>> = {
  in_use: 'is in use by another router',
  full: 'cannot be written: there is no room for it',
  read_only: 'cannot be written',
  damaged: 'is damaged and could not be set aside',
  unreadable: 'cannot be opened',
  other: 'cannot be used',
};

/** The file is not used; the message says why and what became of it. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';

  constructor(
    readonly reason: RefusalReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

class DamageError extends Error {
  override readonly name = 'DamageError';
}

/** An open database, what was read from it, and the name under which a damaged predecessor was set aside. */
export interface OpenedDatabase<T> {
  readonly database: Database;
  /** To be released after the database is closed. */
  readonly lock: FileLock;
  readonly content: T;
  readonly damaged?: { readonly movedTo: string; readonly cause: string };
}

/**
 * Opens the file for this store alone and reads it. A
 * damaged file is set aside once and a new one begun; a file of a newer version or of another program is not touched.
 * @param read reads the content; a statement of it that fails counts as damage of the file.
 * @throws DatabaseRefusedError
 */
export function openDatabase<T>(sqlite: Sqlite, file: string, options: DatabaseOptions, read: (database: Database) => T): OpenedDatabase<T> {
  let lock: FileLock | undefined;
  try {
    prepareDirectory(file);
    lock = lockFile(sqlite, file, options.busyTimeoutMs);
    return { ...openOrReplace(sqlite, file, options, read), lock };
  } catch (error) {
    lock?.release();
    throw refusal(file, error);
  }
}

function openOrReplace<T>(sqlite: Sqlite, file: string, options: DatabaseOptions, read: (database: Database) => T): Omit<OpenedDatabase<T>, 'lock'> {
  try {
    return attempt(sqlite, file, options, read);
  } catch (error) {
    if (!(error instanceof DamageError) && storageFailure(error) !== 'damaged') throw error;
    const movedTo = setAside(file, options.now());
    return { ...attempt(sqlite, file, options, read), damaged: { movedTo, cause: messageOf(error) } };
  }
}

function prepareDirectory(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // One call: another router may set the file aside between two.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error('it is not a regular file');
}

function attempt<T>(sqlite: Sqlite, file: string, options: DatabaseOptions, read: (database: Database) => T): Pick<OpenedDatabase<T>, 'database' | 'content'> {
  if (existsSync(file)) {
    probe(sqlite, file, options);
    chmodSync(file, 0o600);
  } else {
    // Its companions (-wal) take its mode.
    createPrivately(file);
  }
  const database = new sqlite.DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs}`);
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    // Zeroes what is deleted where that costs no further write: payloads may hold secrets.
    database.exec('PRAGMA secure_delete = FAST');
    database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxBytes / Number(readValue(database, 'PRAGMA page_size'))))}`);
    migrate(database, options.migrations);
    checkIntegrity(database);
    return { database, content: readSoundly(database, read) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Looks at the file without changing a byte of it. Not with `fs`: closing a descriptor of one's own would drop the
 * locks that a store in the same process holds on the file (POSIX locks belong to the process).
 * @throws DatabaseRefusedError when the file is not ours to write; what SQLite throws when it cannot be read.
 */
function probe(sqlite: Sqlite, file: string, options: DatabaseOptions): void {
  const database = new sqlite.DatabaseSync(file, { readOnly: true });
  try {
    database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs}`);
    const format = readFormat(database);
    const known = options.migrations.length;
    const ours = format.applicationId === APPLICATION_ID;
    if (!ours && (format.applicationId !== 0 || format.version !== 0 || format.tables > 0)) {
      throw new DatabaseRefusedError('foreign', `${file} is a database of another program; it is left as it is`);
    }
    if (format.version > known) {
      throw new DatabaseRefusedError(
        'newer',
        `${file} was written by a newer version: expected format ${known} or older, found ${format.version}; it is left as it is`,
      );
    }
  } finally {
    database.close();
  }
}

/** Damage that reading every row would not meet: lost pages, a broken free list. */
function checkIntegrity(database: Database): void {
  const verdict = readValue(database, 'PRAGMA quick_check(1)');
  if (verdict !== 'ok') throw new DamageError(String(verdict).replaceAll(/\s+/g, ' '));
}

/** A file of our format in which a statement of ours makes no sense lacks a table or a column: it is damaged. */
function readSoundly<T>(database: Database, read: (database: Database) => T): T {
  try {
    return read(database);
  } catch (error) {
    throw storageFailure(error) === 'other' ? new DamageError(messageOf(error), { cause: error }) : error;
  }
}

function refusal(file: string, error: unknown): DatabaseRefusedError {
  if (error instanceof DatabaseRefusedError) return error;
  const reason = storageFailure(error);
  return new DatabaseRefusedError(reason, `${file} ${WHAT_IT_MEANS[reason]} (${messageOf(error)})`, { cause: error });
}
