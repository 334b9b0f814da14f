import type * as vscode from 'vscode';
import { Disposable } from './disposable';
import type { Ledger } from './ledger';
import { strict } from './strict';

type Handler = (...args: never[]) => unknown;

interface Registered {
  readonly handler: Handler;
  readonly thisArg: unknown;
}

/** The command registry. Built-in commands are those the fake gives a meaning to. */
export class Commands {
  private readonly registered = new Map<string, Registered>();
  private readonly builtIn = new Map<string, Handler>();
  private readonly keys = new Map<string, unknown>();
  /** Every command that was run, in order. */
  readonly ran: { readonly command: string; readonly args: readonly unknown[] }[] = [];

  constructor(private readonly ledger: Ledger) {
    this.addBuiltIn('setContext', (key: string, value: unknown) => {
      this.keys.set(key, value);
    });
  }

  /** The `when` clause keys the extension has set. */
  get contextKeys(): ReadonlyMap<string, unknown> {
    return this.keys;
  }

  /** The commands the extension has registered. */
  get ids(): string[] {
    return [...this.registered.keys()];
  }

  addBuiltIn(command: string, handler: Handler): void {
    this.builtIn.set(command, handler);
  }

  /** Runs a command as a user's key or click does. Rejects as VS Code does when there is none. */
  async run<T = unknown>(command: string, ...args: unknown[]): Promise<T> {
    this.ran.push({ command, args });
    const own = this.registered.get(command);
    const handler = own?.handler ?? this.builtIn.get(command);
    if (!handler) throw new Error(`command '${command}' not found`);
    return (await Reflect.apply(handler, own?.thisArg, args)) as T;
  }

  readonly api = strict('commands', {
    registerCommand: (command: string, handler: Handler, thisArg?: unknown): vscode.Disposable => {
      if (command.trim() === '') throw new Error('invalid id');
      if (this.registered.has(command) || this.builtIn.has(command)) throw new Error(`command '${command}' already exists`);
      this.registered.set(command, { handler, thisArg });
      const entry = this.ledger.enter(`command ${command}`);
      return new Disposable(() => {
        this.registered.delete(command);
        entry.dispose();
      });
    },
    executeCommand: <T = unknown>(command: string, ...args: unknown[]): Thenable<T> => this.run<T>(command, ...args),
    getCommands: async (filterInternal = false): Promise<string[]> => {
      const all = [...this.builtIn.keys(), ...this.registered.keys()];
      return filterInternal ? all.filter((command) => !command.startsWith('_')) : all;
    },
  } satisfies Partial<typeof vscode.commands>);
}
