import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOf } from '../../core/message-of';

/** Exit codes of the router command. `failed`: it ran and did not succeed; `usage`: the arguments or a file cannot be used. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** One command of `node router.js`, e.g. `scenario`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Printed by `--help`; ends with a line feed. */
  readonly usage: string;
  /**
   * Runs with the arguments after its name, and answers the exit code. The process ends by itself when nothing is left to do.
   * @throws {UsageError} for arguments that cannot be used, before anything was started.
   */
  run(args: readonly string[]): Promise<number>;
}

/** The command line is not usable; the message says what was expected and received. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly reason = 'usage';
}

/** Of what Node says about an argument, which it repeats as a whole. */
const LONGEST_MESSAGE = 300;

/** Node's `parseArgs` over `args`. @throws {UsageError} for an option that is unknown or lacks its value. */
export function readOptions<T extends ParseArgsOptionsConfig, P extends boolean = false>(args: readonly string[], options: T, allowPositionals = false as P) {
  try {
    return parseArgs({ args: [...args], allowPositionals, options });
  } catch (error) {
    throw new UsageError((messageOf(error)).slice(0, LONGEST_MESSAGE));
  }
}

/** A line for people, on stderr: stdout is for what a program reads. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
