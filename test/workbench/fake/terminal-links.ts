import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';
import { Disposable } from './disposable';
import type { Ledger } from './ledger';
import { strict } from './strict';

export interface ShownTerminalLink {
  /** The underlined text. */
  readonly text: string;
  readonly tooltip: string | undefined;
  /** The user opens it. */
  readonly open: () => Promise<void>;
}

/** Links in terminals. */
export class TerminalLinks {
  private readonly providers: vscode.TerminalLinkProvider[] = [];

  constructor(private readonly ledger: Ledger) {}

  register = (provider: vscode.TerminalLinkProvider): vscode.Disposable => {
    this.providers.push(provider);
    const entry = this.ledger.enter('terminal link provider');
    return new Disposable(() => {
      this.providers.splice(this.providers.indexOf(provider), 1);
      entry.dispose();
    });
  };

  /** The links of one unwrapped line, as the mouse over it asks for them. */
  async at(line: string): Promise<ShownTerminalLink[]> {
    const terminal = strict('Terminal', { name: 'bash' }) as unknown as vscode.Terminal;
    const { token } = new CancellationTokenSource();
    const lists = await Promise.all(
      this.providers.map(async (provider) => {
        const links = (await provider.provideTerminalLinks({ terminal, line }, token)) ?? [];
        return links.map((link) => ({
          text: line.slice(link.startIndex, link.startIndex + link.length),
          tooltip: link.tooltip,
          open: async () => {
            await provider.handleTerminalLink(link);
          },
        }));
      }),
    );
    return lists.flat();
  }
}
