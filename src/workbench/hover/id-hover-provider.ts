import type * as vscode from 'vscode';
import { EDITED_SCHEMES } from '../edited-schemes';
import type { HoverScene } from '../insight/hover-on-line';
import type { LazyInsight } from '../lazy-insight';
import { isHoverEnabled } from '../settings';

/**
 * Where IDs are read. A bare `*` would also fire in chat inputs with every key. Both sides of a diff are hovered: the
 * older one has the scheme `git`; cells of notebooks have their own.
 */
export const HOVER_SCHEMES = [...EDITED_SCHEMES, 'output', 'git', 'vscode-notebook-cell', 'thread-lens'];

/** Explains the log line and the ID under the mouse. Only the hovered line is read. */
export class IdHoverProvider implements vscode.HoverProvider {
  constructor(
    private readonly scene: HoverScene,
    private readonly insight: LazyInsight,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!isHoverEnabled(this.scene.api, document.uri)) return undefined;
    const hover = await this.insight.load().hoverOnLine(this.scene, document, position);
    return token.isCancellationRequested ? undefined : hover;
  }
}
