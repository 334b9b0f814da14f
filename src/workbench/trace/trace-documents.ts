import type * as vscode from 'vscode';
import { clip } from '../../core/clip';
import { COMMANDS } from '../commands';
import { DOCUMENT_SCHEME, documentPath, type VirtualDocuments } from '../documents/virtual-documents';
import type { VscodeApi } from '../vscode-api';
import type { TraceLink } from './render-trace';
import type { Trace, TraceEntry } from './trace-entry';

/** Traces whose links are remembered; as many as there are documents of ours. */
const MOST_TRACES = 50;

interface Shown {
  readonly links: readonly TraceLink[];
  readonly trace: Trace;
}

/** An excerpt of a log that editors cannot open, around a line. */
export type Excerpt = (entry: TraceEntry) => Promise<{ readonly text: string; readonly firstLine: number } | undefined>;

/** Shows traces, and leads from each of their lines to where it was read. */
export class TraceDocuments implements vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly shown = new Map<string, Shown>();
  private readonly entries = new WeakMap<vscode.DocumentLink, TraceEntry>();
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly api: VscodeApi,
    private readonly documents: VirtualDocuments,
    private readonly excerpt: Excerpt,
  ) {
    this.registration = api.languages.registerDocumentLinkProvider({ scheme: DOCUMENT_SCHEME }, this);
  }

  async show(trace: Trace, text: string, links: readonly TraceLink[]): Promise<vscode.TextDocument> {
    const name = `${this.api.l10n.t('Trace of {0}', clip(trace.id, 60))}.log`;
    const path = documentPath(name);
    this.shown.delete(path);
    this.shown.set(path, { links, trace });
    for (const oldest of this.shown.keys()) {
      if (this.shown.size <= MOST_TRACES) break;
      this.shown.delete(oldest);
    }
    return this.documents.show(name, text);
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const shown = this.shown.get(document.uri.path);
    if (shown === undefined) return [];
    return shown.links.flatMap(({ line, start, end, entry: index }) => {
      const entry = shown.trace.entries[index];
      return entry === undefined ? [] : [this.linkTo(entry, new this.api.Range(line, start, line, end))];
    });
  }

  /** A compressed log is taken out only when somebody goes there. */
  async resolveDocumentLink(link: vscode.DocumentLink): Promise<vscode.DocumentLink> {
    const entry = this.entries.get(link);
    if (entry === undefined || link.target !== undefined) return link;
    const excerpt = await this.excerpt(entry);
    if (excerpt === undefined) return link;
    const uri = this.documents.put(`${this.api.l10n.t('{0}, lines from {1}', entry.origin.label, excerpt.firstLine)}.log`, excerpt.text);
    link.target = uri.with({ fragment: `L${entry.line - excerpt.firstLine + 1}` });
    return link;
  }

  dispose(): void {
    this.registration.dispose();
  }

  private linkTo(entry: TraceEntry, range: vscode.Range): vscode.DocumentLink {
    const { api } = this;
    const { kind, uri } = entry.origin;
    const link: vscode.DocumentLink = { range };
    if (kind === 'text') link.target = api.Uri.parse(uri, true).with({ fragment: `L${entry.line}` });
    else if (kind === 'journal') {
      const filter = entry.runId ?? entry.threadId ?? entry.connectionId ?? '';
      link.target = api.Uri.parse(`command:${COMMANDS.openTraffic}?${encodeURIComponent(JSON.stringify([filter]))}`, true);
    } else this.entries.set(link, entry);
    link.tooltip = kind === 'journal' ? api.l10n.t('Show in Traffic') : api.l10n.t('Go to line {0} of {1}', String(entry.line), entry.origin.label);
    return link;
  }
}
