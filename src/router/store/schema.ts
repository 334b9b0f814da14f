import type { Migration } from './migrate';

/**
 * The format of the file: entry n brings a file from version n to n + 1. Entries that were released are never edited.
 *
 * There are no secondary indices: the router reads the file once and finds things in memory. Payloads have a table of
 * their own, so that a change of state does not write them again. Times are milliseconds since 1970.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE registrations (
    run_id TEXT PRIMARY KEY,
    thread_id TEXT NOT NULL,
    created_at REAL NOT NULL,
    last_accessed_at REAL NOT NULL,
    access_count INTEGER NOT NULL,
    metadata TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    at REAL NOT NULL,
    type TEXT NOT NULL,
    run_id TEXT,
    thread_id TEXT,
    agent_name TEXT,
    reason TEXT NOT NULL,
    expected TEXT,
    received TEXT
  ) STRICT;

  CREATE TABLE payloads (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

  CREATE TABLE associations (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    connection_id TEXT NOT NULL,
    user_id TEXT,
    thread_id TEXT NOT NULL,
    what TEXT NOT NULL,
    how TEXT NOT NULL
  ) STRICT;

  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
];
