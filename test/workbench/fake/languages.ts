import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';
import { Diagnostics } from './diagnostics';
import { Disposable } from './disposable';
import { scoreSelector } from './document-selector';
import { describeError, type Ledger } from './ledger';
import { MarkdownString } from './markdown-string';
import { Range } from './range';
import { strict } from './strict';

interface Providers {
  hover: vscode.HoverProvider;
  'document link': vscode.DocumentLinkProvider;
  'code lens': vscode.CodeLensProvider;
  'code action': vscode.CodeActionProvider;
  'inlay hint': vscode.InlayHintsProvider;
}

interface Registered {
  readonly kind: keyof Providers;
  readonly selector: vscode.DocumentSelector;
  readonly provider: unknown;
}

/** Language features: what providers answer for a document, asked in the order VS Code asks. */
export class Languages {
  private readonly providers: Registered[] = [];
  readonly diagnostics: Diagnostics;

  constructor(private readonly ledger: Ledger) {
    this.diagnostics = new Diagnostics(ledger);
  }

  /** All hovers at a position, empty ones left out; one without a range gets the word's. */
  async hover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken = never(),
  ): Promise<vscode.Hover[]> {
    const hovers = await this.ask('hover', document, (provider) => provider.provideHover(document, position, token));
    return hovers.filter((hover) => {
      hover.range ??= document.getWordRangeAtPosition(position) ?? new Range(position, position);
      return hover.contents.length > 0;
    });
  }

  /** The Markdown of all hovers at a position. */
  async hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
    const hovers = await this.hover(document, position);
    return hovers.flatMap(({ contents }) => contents.map(textOf)).join('\n\n---\n\n');
  }

  /** The links of a document, with their targets resolved. */
  async links(document: vscode.TextDocument, token: vscode.CancellationToken = never()): Promise<vscode.DocumentLink[]> {
    const lists = await this.ask('document link', document, async (provider) => {
      const links = (await provider.provideDocumentLinks(document, token)) ?? [];
      return Promise.all(
        links.map(async (link) => (link.target ? link : ((await provider.resolveDocumentLink?.(link, token)) ?? link))),
      );
    });
    return lists.flat();
  }

  async codeLenses(document: vscode.TextDocument, token: vscode.CancellationToken = never()): Promise<vscode.CodeLens[]> {
    const lists = await this.ask('code lens', document, async (provider) => {
      const lenses = (await provider.provideCodeLenses(document, token)) ?? [];
      return Promise.all(
        lenses.map(async (lens) => (lens.isResolved ? lens : ((await provider.resolveCodeLens?.(lens, token)) ?? lens))),
      );
    });
    return lists.flat();
  }

  async codeActions(document: vscode.TextDocument, range: vscode.Range): Promise<(vscode.Command | vscode.CodeAction)[]> {
    const diagnostics = this.diagnostics.at(document.uri).filter((diagnostic) => diagnostic.range.intersection(range));
    const context = { diagnostics, only: undefined, triggerKind: 1 };
    const lists = await this.ask('code action', document, (provider) =>
      provider.provideCodeActions(document, range, context, never()),
    );
    return lists.flat();
  }

  async inlayHints(document: vscode.TextDocument, range?: vscode.Range): Promise<vscode.InlayHint[]> {
    const asked = range ?? new Range(0, 0, document.lineCount, 0);
    const lists = await this.ask('inlay hint', document, (provider) =>
      provider.provideInlayHints(document, document.validateRange(asked), never()),
    );
    return lists.flat();
  }

  readonly api = strict('languages', {
    match: scoreSelector,
    registerHoverProvider: this.registrar('hover'),
    registerDocumentLinkProvider: this.registrar('document link'),
    registerCodeLensProvider: this.registrar('code lens'),
    registerCodeActionsProvider: this.registrar('code action'),
    registerInlayHintsProvider: this.registrar('inlay hint'),
    createDiagnosticCollection: (name?: string) => this.diagnostics.createCollection(name),
    getDiagnostics: ((uri?: vscode.Uri) => (uri ? this.diagnostics.at(uri) : this.diagnostics.all())) as typeof vscode.languages.getDiagnostics,
    getLanguages: async () => ['plaintext', 'log', 'json', 'markdown'],
    onDidChangeDiagnostics: ((...args) => this.diagnostics.changed.event(...args)) as vscode.Event<vscode.DiagnosticChangeEvent>,
  } satisfies Partial<typeof vscode.languages>);

  private registrar<K extends keyof Providers>(kind: K) {
    return (selector: vscode.DocumentSelector, provider: Providers[K]): vscode.Disposable => {
      const registered: Registered = { kind, selector, provider };
      this.providers.push(registered);
      const entry = this.ledger.enter(`${kind} provider`);
      return new Disposable(() => {
        this.providers.splice(this.providers.indexOf(registered), 1);
        entry.dispose();
      });
    };
  }

  /** Best match first, among equals the last registered. One that throws answers nothing and leaves a problem. */
  private async ask<K extends keyof Providers, R>(
    kind: K,
    document: vscode.TextDocument,
    question: (provider: Providers[K]) => vscode.ProviderResult<R> | PromiseLike<R>,
  ): Promise<R[]> {
    const ranked = this.providers
      .map((registered, order) => ({ registered, order, score: scoreSelector(registered.selector, document) }))
      .filter(({ registered, score }) => registered.kind === kind && score > 0)
      .toSorted((a, b) => b.score - a.score || b.order - a.order);
    const answers = await Promise.all(
      ranked.map(async ({ registered }) => {
        try {
          return await question(registered.provider as Providers[K]);
        } catch (error) {
          this.ledger.problem(`a ${kind} provider threw ${describeError(error)}`);
          return undefined;
        }
      }),
    );
    return answers.filter((answer) => answer !== undefined && answer !== null);
  }
}

function textOf(content: vscode.MarkdownString | vscode.MarkedString): string {
  if (typeof content === 'string') return content;
  return content instanceof MarkdownString ? content.value : `\`\`\`\n${content.value}\n\`\`\``;
}

function never(): vscode.CancellationToken {
  return new CancellationTokenSource().token;
}
