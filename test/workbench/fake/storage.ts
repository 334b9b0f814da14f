import type * as vscode from 'vscode';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';

/** `vscode.Memento`. Values are stored as JSON, as VS Code stores them. */
export class Memento implements vscode.Memento {
  /** Keys that would be synchronised between machines. */
  synced: readonly string[] = [];

  constructor(private readonly values: Map<string, string>) {}

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  get<T>(key: string, fallback?: T): T | undefined {
    const stored = this.values.get(key);
    return stored === undefined ? fallback : (JSON.parse(stored) as T);
  }

  async update(key: string, value: unknown): Promise<void> {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) this.values.delete(key);
    else this.values.set(key, text);
  }

  setKeysForSync(keys: readonly string[]): void {
    this.synced = keys;
  }
}

/** `vscode.SecretStorage`. */
export class SecretStorage implements vscode.SecretStorage {
  private readonly changed: Emitter<vscode.SecretStorageChangeEvent>;

  readonly onDidChange: vscode.Event<vscode.SecretStorageChangeEvent>;

  constructor(
    ledger: Ledger,
    private readonly values: Map<string, string>,
  ) {
    this.changed = new Emitter(ledger, 'secrets.onDidChange');
    this.onDidChange = this.changed.event;
  }

  async get(key: string): Promise<string | undefined> {
    return this.values.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    if (typeof value !== 'string') throw new Error('SecretStorage.store: the value must be a string');
    this.values.set(key, value);
    this.changed.fire({ key });
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
    this.changed.fire({ key });
  }
}

/** What outlives a window. Give it to the next fake to play a reload. */
export class Storage {
  readonly globalState = new Map<string, string>();
  readonly workspaceState = new Map<string, string>();
  readonly secrets = new Map<string, string>();
}
