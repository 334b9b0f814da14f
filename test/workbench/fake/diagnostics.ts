import type * as vscode from 'vscode';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import { Uri } from './uri';

type Entries = ReadonlyArray<[vscode.Uri, readonly vscode.Diagnostic[] | undefined]>;

/** The problems list: collections and what all of them say about a file. */
export class Diagnostics {
  private readonly collections = new Set<DiagnosticCollection>();
  readonly changed: Emitter<vscode.DiagnosticChangeEvent>;

  constructor(private readonly ledger: Ledger) {
    this.changed = new Emitter(ledger, 'languages.onDidChangeDiagnostics');
  }

  createCollection(name = '_generated_diagnostic_collection_name'): DiagnosticCollection {
    const entry = this.ledger.enter(`diagnostic collection ${name}`);
    const collection = new DiagnosticCollection(
      name,
      (uris) => this.changed.fire({ uris }),
      () => {
        this.collections.delete(collection);
        entry.dispose();
      },
    );
    this.collections.add(collection);
    return collection;
  }

  at(uri: vscode.Uri): vscode.Diagnostic[] {
    return [...this.collections].flatMap((collection) => collection.get(uri) ?? []);
  }

  all(): [vscode.Uri, vscode.Diagnostic[]][] {
    const uris = new Map([...this.collections].flatMap((collection) => [...collection].map(([uri]) => [uri.toString(), uri])));
    return [...uris.values()].map((uri) => [uri, this.at(uri)]);
  }
}

/** `vscode.DiagnosticCollection`. */
export class DiagnosticCollection implements vscode.DiagnosticCollection {
  private readonly entries = new Map<string, [vscode.Uri, readonly vscode.Diagnostic[]]>();
  private disposed = false;

  constructor(
    readonly name: string,
    private readonly onChange: (uris: readonly vscode.Uri[]) => void,
    private readonly onDispose: () => void,
  ) {}

  set(target: vscode.Uri | Entries, diagnostics?: readonly vscode.Diagnostic[]): void {
    this.mustLive();
    const entries: Entries = target instanceof Uri ? [[target, diagnostics]] : (target as Entries);
    // Several entries of one file add up; undefined among them clears what came before.
    const touched = new Map<string, vscode.Uri>();
    for (const [uri, list] of entries) {
      const key = uri.toString();
      const before = touched.has(key) ? (this.entries.get(key)?.[1] ?? []) : [];
      touched.set(key, uri);
      if (list) this.entries.set(key, [uri, [...before, ...list]]);
      else this.entries.delete(key);
    }
    this.onChange([...touched.values()]);
  }

  delete(uri: vscode.Uri): void {
    this.mustLive();
    if (this.entries.delete(uri.toString())) this.onChange([uri]);
  }

  clear(): void {
    this.mustLive();
    const uris = [...this.entries.values()].map(([uri]) => uri);
    this.entries.clear();
    this.onChange(uris);
  }

  forEach(callback: (uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[], collection: DiagnosticCollection) => unknown): void {
    for (const [uri, diagnostics] of this) callback(uri, diagnostics, this);
  }

  get(uri: vscode.Uri): readonly vscode.Diagnostic[] | undefined {
    this.mustLive();
    return this.entries.get(uri.toString())?.[1];
  }

  has(uri: vscode.Uri): boolean {
    this.mustLive();
    return this.entries.has(uri.toString());
  }

  [Symbol.iterator](): Iterator<[uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]]> {
    this.mustLive();
    return this.entries.values()[Symbol.iterator]();
  }

  dispose(): void {
    if (this.disposed) return;
    this.clear();
    this.disposed = true;
    this.onDispose();
  }

  private mustLive(): void {
    if (this.disposed) throw new Error('illegal state - object is disposed');
  }
}
