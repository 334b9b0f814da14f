import { closeSync, openSync } from 'node:fs';
import { systemCode } from '../system-code';
import type { Sqlite } from './sqlite-module';

/** The right of one router to use a file; ends with `release` or with the process, however that ends. */
export interface FileLock {
  release(): void;
}

/**
 * Locks `<file>-lock`, an empty file that stays behind. It is locked through SQLite because Node has no file locks of
 * its own. The database's own lock is not enough: one that is damaged and about to be replaced cannot be locked.
 * @param timeoutMs how long to wait for another holder.
 * @throws what SQLite or the file system throws; `in_use` when another router holds it.
 */
export function lockFile(sqlite: Sqlite, file: string, timeoutMs: number): FileLock {
  const lock = `${file}-lock`;
  createPrivately(lock);
  const database = new sqlite.DatabaseSync(lock);
  try {
    database.exec(`PRAGMA busy_timeout = ${timeoutMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`);
  } catch (error) {
    database.close();
    throw error;
  }
  return { release: () => database.close() };
}

/** Creates the file for its owner alone, unless it exists. SQLite would let all read it. @throws what the file system throws. */
export function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
