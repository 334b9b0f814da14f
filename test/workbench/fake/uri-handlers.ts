import type * as vscode from 'vscode';
import { Disposable } from './disposable';
import type { Ledger } from './ledger';
import { Uri } from './uri';

/** The extension's handler of `vscode://publisher.name/…`. */
export class UriHandlers {
  private handler: vscode.UriHandler | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly extensionId: string,
  ) {}

  register = (handler: vscode.UriHandler): vscode.Disposable => {
    if (this.handler) throw new Error(`Protocol handler already registered for extension ${this.extensionId}`);
    this.handler = handler;
    const entry = this.ledger.enter('URI handler');
    return new Disposable(() => {
      this.handler = undefined;
      entry.dispose();
    });
  };

  /** The system opens that address, e.g. `/decode?id=run_1`. */
  async open(pathAndQuery: string): Promise<void> {
    if (!this.handler) throw new Error('fake vscode: the extension handles no URIs');
    await this.handler.handleUri(Uri.parse(`vscode://${this.extensionId}${pathAndQuery}`));
  }
}
