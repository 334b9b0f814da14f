import type * as vscode from 'vscode';
import { scanText } from '../../core/index';
import { COMMANDS } from '../commands';
import type { IdFormats } from '../formats/id-formats';
import { areLinksEnabled } from '../settings';
import type { VscodeApi } from '../vscode-api';

/** Characters of a line that are looked at: a terminal's line may be a whole minified file. */
const MAX_LINE = 4096;
const MAX_LINKS = 50;

export interface IdTerminalLink extends vscode.TerminalLink {
  readonly id: string;
}

/** IDs in terminals: a click explains them. Asked for each line under the mouse, so it keeps nothing and leaves early. */
export class TerminalLinks implements vscode.TerminalLinkProvider<IdTerminalLink> {
  constructor(
    private readonly api: VscodeApi,
    private readonly formats: IdFormats,
  ) {}

  provideTerminalLinks({ line }: vscode.TerminalLinkContext): IdTerminalLink[] {
    const { table } = this.formats;
    const links: IdTerminalLink[] = [];
    if (!areLinksEnabled(this.api, undefined)) return links;
    for (const { offset: startIndex, length, text: id } of scanText(line.slice(0, MAX_LINE), { table })) {
      // What is cut off could be the rest of it.
      if (line.length > MAX_LINE && startIndex + length === MAX_LINE) break;
      links.push({ startIndex, length, id, tooltip: this.api.l10n.t('Explain the routing of this ID') });
      if (links.length === MAX_LINKS) break;
    }
    return links;
  }

  async handleTerminalLink({ id }: IdTerminalLink): Promise<void> {
    await this.api.commands.executeCommand(COMMANDS.explainRouting, id);
  }
}
