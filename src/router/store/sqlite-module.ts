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
    return withoutExperimentalWarning(() => require('node:sqlite') as Sqlite);
  } catch {
    return undefined;
  }
}

/** Node 22 warns on stderr when the module is loaded. What we use of it is tested there; users cannot act on it. */
function withoutExperimentalWarning<T>(load: () => T): T {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its process, and put back
  const { emitWarning } = process;
  process.emitWarning = (...args: unknown[]): void => {
    if (args[1] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, args);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
