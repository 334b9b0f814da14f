import type * as vscode from 'vscode';
import { scanText } from '../../core/index';
import { COMMANDS } from '../commands';
import type { IdFormats } from '../formats/id-formats';
import { areLinksEnabled } from '../settings';
import type { VscodeApi } from '../vscode-api';

/** Logs and output. In source the hover is enough, and links would underline half of a test file. */
export const LINK_SELECTOR: vscode.DocumentFilter[] = [{ scheme: 'output' }, { language: 'log' }, { pattern: '**/*.log' }, { pattern: '**/*.log.*' }];

/** More links make the editor slow and nobody reads them. */
export const MAX_LINKS = 2000;
/** Characters read between two looks at the token. */
const SLICE = 1024 * 1024;

class IdLink {
  constructor(
    readonly link: vscode.DocumentLink,
    readonly id: string,
  ) {}
}

/** IDs in logs and output: a click explains them. Targets are made only for the link that is used. */
export class DocumentLinks implements vscode.DocumentLinkProvider {
  private readonly ids = new WeakMap<vscode.DocumentLink, string>();

  constructor(
    private readonly api: VscodeApi,
    private readonly formats: IdFormats,
  ) {}

  async provideDocumentLinks(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.DocumentLink[]> {
    if (!areLinksEnabled(this.api, document.uri)) return [];
    const links: vscode.DocumentLink[] = [];
    for await (const { link, id } of this.find(document, token)) {
      this.ids.set(link, id);
      links.push(link);
    }
    return token.isCancellationRequested ? [] : links;
  }

  resolveDocumentLink(link: vscode.DocumentLink): vscode.DocumentLink {
    const id = this.ids.get(link);
    if (id !== undefined) link.target = this.api.Uri.parse(`command:${COMMANDS.explainRouting}?${encodeURIComponent(JSON.stringify([id]))}`);
    return link;
  }

  private async *find(document: vscode.TextDocument, token: vscode.CancellationToken): AsyncGenerator<IdLink, void, undefined> {
    const text = document.getText();
    const tooltip = this.api.l10n.t('Explain the routing of this ID');
    let count = 0;
    for (let from = 0; from < text.length && count < MAX_LINKS; ) {
      const to = endOfSlice(text, from);
      for (const { offset, length, text: id } of scanText(text.slice(from, to), { table: this.formats.table })) {
        const start = document.positionAt(from + offset);
        const link = new this.api.DocumentLink(new this.api.Range(start, start.translate(0, length)));
        link.tooltip = tooltip;
        yield new IdLink(link, id);
        if (++count === MAX_LINKS) return;
        if (token.isCancellationRequested) return;
      }
      from = to;
      if (from < text.length) await new Promise((resolve) => setImmediate(resolve));
      if (token.isCancellationRequested) return;
    }
  }
}

/** A slice ends with a line, so that no ID is cut. */
function endOfSlice(text: string, from: number): number {
  if (text.length - from <= SLICE) return text.length;
  const newline = text.indexOf('\n', from + SLICE);
  return newline === -1 ? text.length : newline + 1;
}
