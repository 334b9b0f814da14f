/** What a failed call to SQLite or the file system means for the store. `other` is a defect of ours or something unheard of. */
export type StorageFailure = 'in_use' | 'damaged' | 'full' | 'read_only' | 'unreadable' | 'other';

// Primary result codes of SQLite (sqlite.org/rescode.html); the low byte of an extended code is the primary one.
const SQLITE_MEANINGS: ReadonlyMap<number, StorageFailure> = new Map([
  [5, 'in_use'], // SQLITE_BUSY
  [6, 'in_use'], // SQLITE_LOCKED
  [8, 'read_only'], // SQLITE_READONLY
  [10, 'unreadable'], // SQLITE_IOERR
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'full'], // SQLITE_FULL
  [14, 'unreadable'], // SQLITE_CANTOPEN
  [26, 'damaged'], // SQLITE_NOTADB
]);

const SYSTEM_MEANINGS: ReadonlyMap<string, StorageFailure> = new Map([
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['EROFS', 'read_only'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['ENOTDIR', 'unreadable'],
  ['EIO', 'unreadable'],
]);

/** Classifies what `node:sqlite` or `node:fs` threw. */
export function storageFailure(error: unknown): StorageFailure {
  if (!(error instanceof Error)) return 'other';
  if ('errcode' in error && typeof error.errcode === 'number') return SQLITE_MEANINGS.get(error.errcode & 0xff) ?? 'other';
  if ('code' in error && typeof error.code === 'string') return SYSTEM_MEANINGS.get(error.code) ?? 'other';
  return 'other';
}
