import type * as vscode from 'vscode';
import { readRunId } from '../../core/index';
import { answerFor } from '../live/live-answer';
import type { RouterController } from '../router/router-controller';
import { isHoverEnabled } from '../settings';
import type { VscodeApi } from '../vscode-api';
import { foundIdAt } from './found-id-at';
import { hoverCard } from './hover-card';

/** Where IDs are read. A bare `*` would also fire in chat inputs with every key. */
export const HOVER_SCHEMES = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'output', 'git', 'vscode-notebook-cell', 'thread-lens'];

/** Explains the ID under the mouse. Only the hovered line is read. */
export class IdHoverProvider implements vscode.HoverProvider {
  constructor(
    private readonly api: VscodeApi,
    private readonly router: RouterController,
    private readonly now: () => number = Date.now,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!isHoverEnabled(this.api, document.uri)) return undefined;
    const found = foundIdAt(document.lineAt(position.line).text, position.character);
    if (!found) return undefined;
    const id = found.reading.text;
    const route = await answerFor(id, this.router);
    if (token.isCancellationRequested) return undefined;
    const range = new this.api.Range(position.line, found.offset, position.line, found.offset + found.length);
    return new this.api.Hover(hoverCard(this.api, found.reading, readRunId(id), route, this.now()), range);
  }
}
