import { messageOf } from '../../core/message-of';
import { ChangeWriter } from './change-writer';
import { readContents } from './contents';
import { MemoryStore } from './memory-store';
import { DatabaseRefusedError, openDatabase } from './open-database';
import { MIGRATIONS } from './schema';
import { loadSqlite } from './sqlite-module';
import { SqliteStore } from './sqlite-store';
import type { Store, StoreLog } from './store';
import { STORE_LIMITS, type StoreLimits } from './store-limits';

export interface StoreOptions {
  readonly limits?: Partial<StoreLimits>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const CONSEQUENCE = 'State is kept in memory and is lost when the router stops.';

/**
 * Opens the store in that file; directories are created for the user alone (0700), the file too (0600). In memory
 * without a file, and with a `notice`, also logged once, where SQLite is missing or the file cannot be used: another
 * router has it open, a newer version wrote it, it is another program's, the disk refuses. A damaged file is set aside
 * as `<file>.damaged-<time>` and a new one begun. Never throws.
 */
export function openStore(file: string | undefined, log: StoreLog, options: StoreOptions = {}): Store {
  const limits = { ...STORE_LIMITS, ...options.limits };
  const now = options.now ?? Date.now;
  if (file === undefined) return new MemoryStore(undefined, limits);

  const inMemory = (why: string): Store => {
    const notice = `${why}. ${CONSEQUENCE}`;
    log('warn', notice);
    return new MemoryStore(notice, limits);
  };
  const sqlite = loadSqlite();
  if (sqlite === undefined) {
    return inMemory(`${file} is not used: this runtime (Node ${process.version}) has no node:sqlite, which Node 22.13 and later have`);
  }
  try {
    const { database, lock, content, damaged } = openDatabase(
      sqlite,
      file,
      { ...limits, maxBytes: limits.maxFileBytes, migrations: MIGRATIONS, now },
      (opened) => {
        const contents = readContents(opened);
        return { contents, writer: new ChangeWriter(opened, contents.lastAssociationId + 1, limits.maxAssociations) };
      },
    );
    const { unreadableRows } = content.contents;
    const notices: string[] = [];
    if (damaged !== undefined) {
      notices.push(`${file} was damaged (${damaged.cause}). It was set aside as ${damaged.movedTo} and a new file begun; what it held is not known.`);
    }
    if (unreadableRows > 0) notices.push(`${unreadableRows} rows of ${file} could not be read and were removed.`);
    for (const notice of notices) log('warn', notice);
    return new SqliteStore({ file, database, lock, ...content, limits, log, now, ...(notices.length > 0 ? { notice: notices.join(' ') } : {}) });
  } catch (error) {
    return inMemory(error instanceof DatabaseRefusedError ? error.message : `${file} cannot be used (${messageOf(error)})`);
  }
}
