import type * as vscode from 'vscode';
import type { VscodeApi } from '../vscode-api';

export const DOCUMENT_SCHEME = 'thread-lens';
/** Documents kept for editors that are still open; the oldest is forgotten first. */
const MAX_DOCUMENTS = 50;

/** Read-only documents of ours: explanations, receipts. Searchable and hoverable like any other. */
export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly contents = new Map<string, string>();
  private readonly changed: vscode.EventEmitter<vscode.Uri>;
  private readonly registration: vscode.Disposable;

  readonly onDidChange: vscode.Event<vscode.Uri>;

  constructor(private readonly api: VscodeApi) {
    this.changed = new api.EventEmitter();
    this.onDidChange = this.changed.event;
    this.registration = api.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.path) ?? this.api.l10n.t('This document belongs to an earlier session. Run the command again.');
  }

  /** Opens (or refreshes) the document of that name beside nothing else: as a preview in the active group. */
  async show(name: string, content: string): Promise<vscode.TextDocument> {
    const path = `/${name.replaceAll('/', '_')}`;
    const isNew = !this.contents.has(path);
    this.contents.delete(path);
    this.contents.set(path, content);
    for (const oldest of this.contents.keys()) {
      if (this.contents.size <= MAX_DOCUMENTS) break;
      this.contents.delete(oldest);
    }
    const uri = this.api.Uri.from({ scheme: DOCUMENT_SCHEME, path });
    if (!isNew) this.changed.fire(uri);
    const document = await this.api.workspace.openTextDocument(uri);
    await this.api.window.showTextDocument(document, { preview: true });
    return document;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
