import type * as vscode from 'vscode';
import { showInvisible } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';

export const DOCUMENT_SCHEME = 'thread-lens';
/** Documents kept for editors that are still open; the oldest is forgotten first. */
const MAX_DOCUMENTS = 50;
/** Links to sources in one document. */
const MAX_LINKS = 2000;

/** What a document is made from: where it says `label:12`, that links to line 12 of it. */
export interface DocumentSource {
  readonly label: string;
  readonly uri: vscode.Uri;
}

/** A command that a document offers: the first line that is this text is a link to it. */
export interface DocumentAction {
  readonly text: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** Where the document of a name is. The name stands in a tab, where text that is turned round would mislead. */
export function documentPath(name: string): string {
  // Half a surrogate pair, which text of anybody may hold, has no place in an address.
  return `/${showInvisible(name).replaceAll('/', '_').toWellFormed()}`;
}

interface Content {
  readonly text: string;
  readonly sources: readonly DocumentSource[];
  readonly actions: readonly DocumentAction[];
}

/** Read-only documents of ours: explanations, receipts. Searchable and hoverable like any other. */
export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly contents = new Map<string, Content>();
  private readonly changed: vscode.EventEmitter<vscode.Uri>;
  private readonly registration: vscode.Disposable;

  readonly onDidChange: vscode.Event<vscode.Uri>;

  constructor(private readonly api: VscodeApi) {
    this.changed = new api.EventEmitter();
    this.onDidChange = this.changed.event;
    this.registration = api.Disposable.from(
      api.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this),
      api.languages.registerDocumentLinkProvider({ scheme: DOCUMENT_SCHEME }, this),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.path)?.text ?? this.api.l10n.t('This document belongs to an earlier session. Run the command again.');
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const content = this.contents.get(document.uri.path);
    return content ? [...this.actionLinks(document, content), ...this.sourceLinks(document, content)] : [];
  }

  private actionLinks(document: vscode.TextDocument, { actions }: Content): vscode.DocumentLink[] {
    const { DocumentLink, Range, Uri } = this.api;
    const lines = actions.length === 0 ? [] : document.getText().split(/\r?\n/);
    return actions.flatMap(({ text, command, arguments: args }) => {
      const line = lines.indexOf(text);
      if (line < 0) return [];
      const link = new DocumentLink(new Range(line, 0, line, text.length), Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify(args))}`));
      link.tooltip = text;
      return [link];
    });
  }

  private sourceLinks(document: vscode.TextDocument, content: Content): vscode.DocumentLink[] {
    const sources = new Map(content.sources.map(({ label, uri }) => [label, uri]));
    if (sources.size === 0) return [];
    const names = [...sources.keys()].map((label) => label.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    const places = new RegExp(`(?<=^|\\s)(${names.join('|')}):(\\d+)(?!\\S)`, 'gm');
    const links: vscode.DocumentLink[] = [];
    for (const match of document.getText().matchAll(places)) {
      if (links.length >= MAX_LINKS) break;
      const [place, label = '', line = ''] = match;
      const start = document.positionAt(match.index);
      const target = sources.get(label)?.with({ fragment: `L${line}` });
      if (target) links.push(new this.api.DocumentLink(new this.api.Range(start, start.translate(0, place.length)), target));
    }
    return links;
  }

  /**
   * Opens (or refreshes) the document of that name beside nothing else: as a preview in the active group.
   * @param sources what `label:12` in the content links to
   * @param actions commands that lines of the content link to
   */
  async show(name: string, content: string, sources: readonly DocumentSource[] = [], actions: readonly DocumentAction[] = []): Promise<vscode.TextDocument> {
    const document = await this.api.workspace.openTextDocument(this.put(name, content, sources, actions));
    await this.api.window.showTextDocument(document, { preview: true });
    return document;
  }

  /** Opens (or refreshes) the document of that name beside what is read now, or in place of another one of ours; leaves the focus where it is. */
  async showBeside(name: string, content: string): Promise<vscode.TextDocument> {
    const { window, workspace, ViewColumn } = this.api;
    const document = await workspace.openTextDocument(this.put(name, content));
    const open = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === document.uri.toString());
    const other = window.visibleTextEditors.find((editor) => editor.document.uri.scheme === DOCUMENT_SCHEME);
    const viewColumn = (open ?? other)?.viewColumn ?? (window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active);
    await window.showTextDocument(document, { preview: true, preserveFocus: true, viewColumn });
    return document;
  }

  /** Keeps the document of that name without opening it; answers where it is. */
  put(name: string, content: string, sources: readonly DocumentSource[] = [], actions: readonly DocumentAction[] = []): vscode.Uri {
    const path = documentPath(name);
    const isNew = !this.contents.has(path);
    this.contents.delete(path);
    this.contents.set(path, { text: content, sources, actions });
    for (const oldest of this.contents.keys()) {
      if (this.contents.size <= MAX_DOCUMENTS) break;
      this.contents.delete(oldest);
    }
    const uri = this.api.Uri.from({ scheme: DOCUMENT_SCHEME, path });
    if (!isNew) this.changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
