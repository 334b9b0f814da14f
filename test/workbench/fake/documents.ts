import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';
import { Disposable } from './disposable';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import type { Manifest } from './manifest';
import { TextDocument } from './text-document';
import { WorkspaceEdit } from './text-edit';
import { Uri } from './uri';

const MAX_SYNCHRONISED_BYTES = 50 * 1024 * 1024;

const LANGUAGES: Readonly<Record<string, string>> = {
  '.json': 'json',
  '.log': 'log',
  '.md': 'markdown',
  '.py': 'python',
  '.ts': 'typescript',
  '.js': 'javascript',
  '.html': 'html',
  '.yaml': 'yaml',
  '.yml': 'yaml',
};

interface Provider {
  readonly provider: vscode.TextDocumentContentProvider;
  readonly subscription: vscode.Disposable | undefined;
}

/** The open documents: files, untitled ones, and those of content providers. */
export class Documents {
  private readonly byUri = new Map<string, TextDocument>();
  private readonly providers = new Map<string, Provider>();
  private readonly fileSystems = new Map<string, vscode.FileSystemProvider>();
  private untitled = 0;

  readonly opened: Emitter<vscode.TextDocument>;
  readonly closed: Emitter<vscode.TextDocument>;
  readonly changed: Emitter<vscode.TextDocumentChangeEvent>;
  readonly saved: Emitter<vscode.TextDocument>;

  constructor(
    private readonly ledger: Ledger,
    private readonly manifest: Manifest,
  ) {
    this.opened = new Emitter(ledger, 'workspace.onDidOpenTextDocument');
    this.closed = new Emitter(ledger, 'workspace.onDidCloseTextDocument');
    this.changed = new Emitter(ledger, 'workspace.onDidChangeTextDocument');
    this.saved = new Emitter(ledger, 'workspace.onDidSaveTextDocument');
  }

  get all(): TextDocument[] {
    return [...this.byUri.values()];
  }

  /** Opens a document of any scheme with that text, as if another part of VS Code had done so (an output, a diff). */
  add(uri: vscode.Uri, text: string, language?: string): TextDocument {
    const document = new TextDocument(uri, language ?? this.languageOf(uri), text, (saved) => this.save(saved));
    this.byUri.set(uri.toString(), document);
    this.opened.fire(document);
    return document;
  }

  /** Replaces the text, as typing or a growing log does. */
  setText(document: vscode.TextDocument, text: string): void {
    const own = this.own(document);
    this.changedTo(own, own.setText(text));
  }

  close(document: vscode.TextDocument): void {
    const own = this.own(document);
    this.byUri.delete(own.uri.toString());
    own.isClosed = true;
    this.closed.fire(own);
  }

  open = async (target?: vscode.Uri | string | { language?: string; content?: string }): Promise<TextDocument> => {
    if (target instanceof Uri) return this.openUri(target);
    if (typeof target === 'string') return this.openUri(Uri.file(target));
    const { language = 'plaintext', content = '' } = (target ?? {}) as { language?: string; content?: string };
    this.untitled += 1;
    const document = this.add(Uri.from({ scheme: 'untitled', path: `Untitled-${this.untitled}` }), content, language);
    document.isDirty = content !== '';
    return document;
  };

  registerProvider = (scheme: string, provider: vscode.TextDocumentContentProvider): vscode.Disposable => {
    if (scheme === 'file' || scheme === 'untitled') throw new Error(`scheme '${scheme}' already registered`);
    if (this.providers.has(scheme)) throw new Error(`fake vscode: the scheme ${scheme} has a content provider already`);
    const subscription = provider.onDidChange?.((uri) => this.ledger.watch(`refresh of ${uri.toString()}`, this.refresh(uri)));
    this.providers.set(scheme, { provider, subscription });
    const entry = this.ledger.enter(`content provider for ${scheme}`);
    return new Disposable(() => {
      this.providers.delete(scheme);
      subscription?.dispose();
      entry.dispose();
    });
  };

  registerFileSystem = (scheme: string, provider: vscode.FileSystemProvider): vscode.Disposable => {
    if (scheme === 'file' || this.fileSystems.has(scheme)) throw new Error(`fake vscode: the scheme ${scheme} has a file system already`);
    this.fileSystems.set(scheme, provider);
    const subscription = provider.onDidChangeFile(() => {});
    const entry = this.ledger.enter(`file system for ${scheme}`);
    return new Disposable(() => {
      this.fileSystems.delete(scheme);
      subscription.dispose();
      entry.dispose();
    });
  };

  /** Applies edits to one document; false where it is read-only. */
  edit(document: vscode.TextDocument, edits: readonly { range: vscode.Range; text: string }[]): boolean {
    const own = this.own(document);
    if (this.isReadOnly(own.uri)) return false;
    if (edits.length === 0) return true;
    own.isDirty = true;
    this.changedTo(own, own.edit(edits));
    return true;
  }

  applyEdit = async (edit: vscode.WorkspaceEdit): Promise<boolean> => {
    if (!(edit instanceof WorkspaceEdit)) throw new Error('Invalid argument: a WorkspaceEdit was expected');
    const targets = await Promise.all(edit.entries().map(async ([uri, edits]) => ({ document: await this.openUri(uri), edits })));
    return targets.every(({ document, edits }) =>
      this.edit(
        document,
        edits.map(({ range, newText }) => ({ range, text: newText })),
      ),
    );
  };

  isReadOnly({ scheme }: vscode.Uri): boolean {
    return scheme === 'output' || scheme === 'git' || this.providers.has(scheme);
  }

  private async openUri(uri: vscode.Uri): Promise<TextDocument> {
    const text = this.byUri.get(uri.toString()) ?? (await this.read(uri));
    // Another call may have opened it meanwhile.
    return this.byUri.get(uri.toString()) ?? (text instanceof TextDocument ? text : this.add(uri, text));
  }

  private async read(uri: vscode.Uri): Promise<string> {
    if (uri.scheme === 'untitled') return '';
    if (uri.scheme === 'file') return readText(uri);
    const files = this.fileSystems.get(uri.scheme);
    if (files) {
      await files.stat(uri);
      return new TextDecoder().decode(await files.readFile(uri));
    }
    const provider = this.providers.get(uri.scheme)?.provider;
    const text = provider && (await provider.provideTextDocumentContent(uri, new CancellationTokenSource().token));
    if (typeof text === 'string') return text;
    throw new Error(`cannot open ${uri.toString()}. Detail: Unable to resolve resource ${uri.toString()}`);
  }

  private async refresh(uri: vscode.Uri): Promise<void> {
    const document = this.byUri.get(uri.toString());
    if (!document) return;
    const text = await this.read(uri);
    this.changedTo(document, document.setText(text));
  }

  private changedTo(document: TextDocument, contentChanges: vscode.TextDocumentContentChangeEvent[]): void {
    if (contentChanges.length > 0) this.changed.fire({ document, contentChanges, reason: undefined });
  }

  private async save(document: TextDocument): Promise<boolean> {
    const files = this.fileSystems.get(document.uri.scheme);
    if ((document.uri.scheme !== 'file' && !files) || document.isClosed) return false;
    try {
      if (files) await files.writeFile(document.uri, new TextEncoder().encode(document.getText()), { create: false, overwrite: true });
      else await writeFile(document.uri.fsPath, document.getText());
    } catch (error) {
      // VS Code shows why in a notification of its own, and answers that it was not saved.
      if (!files) throw error;
      return false;
    }
    document.isDirty = false;
    this.saved.fire(document);
    return true;
  }

  private own(document: vscode.TextDocument): TextDocument {
    if (document instanceof TextDocument && this.byUri.get(document.uri.toString()) === document) return document;
    throw new Error(`fake vscode: ${document.uri.toString()} is not open`);
  }

  private languageOf({ path }: vscode.Uri): string {
    const extension = extname(path).toLowerCase();
    const contributed = this.manifest.json.contributes?.languages?.find(({ extensions }) => extensions?.includes(extension));
    return contributed?.id ?? LANGUAGES[extension] ?? 'plaintext';
  }
}

async function readText(uri: vscode.Uri): Promise<string> {
  const { fsPath } = uri;
  if (!existsSync(fsPath)) {
    throw new Error(
      `cannot open ${uri.toString()}. Detail: Unable to read file '${fsPath}' (Error: Unable to resolve nonexistent file '${fsPath}')`,
    );
  }
  if ((await stat(fsPath)).size > MAX_SYNCHRONISED_BYTES) {
    throw new Error('Files above 50MB cannot be synchronized with extensions.');
  }
  return readFile(fsPath, 'utf8');
}
