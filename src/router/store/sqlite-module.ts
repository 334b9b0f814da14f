import type * as sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';

export type Sqlite = typeof sqlite;
export type Database = DatabaseSync;

/**
 * Loads `node:sqlite`, which some runtimes lack (Node before 22.13, Electron builds without it) and which must never
 * be loaded eagerly (VSCODE 3.4).
 * @returns the module, or undefined where the runtime has none.
 */
export function loadSqlite(): Sqlite | undefined {
  try {
    return require('node:sqlite') as Sqlite;
  } catch {
    return undefined;
  }
}
