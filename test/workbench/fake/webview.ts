import type * as vscode from 'vscode';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import { Uri } from './uri';

/** `vscode.Webview` and the page in it: `received` is what the page got, `send` posts from the page. */
export class Webview implements vscode.Webview {
  readonly cspSource = "'self' https://*.vscode-cdn.net";
  readonly received: unknown[] = [];
  private page = '';
  private current: vscode.WebviewOptions;
  private disposed = false;
  private readonly message: Emitter<unknown>;

  readonly onDidReceiveMessage: vscode.Event<unknown>;

  /** @param isLive whether the page exists: it is visible, or kept while hidden. */
  constructor(
    ledger: Ledger,
    name: string,
    options: vscode.WebviewOptions,
    private readonly isLive: () => boolean,
  ) {
    this.current = options;
    this.message = new Emitter(ledger, `webview ${name} onDidReceiveMessage`);
    this.onDidReceiveMessage = this.message.event;
  }

  get html(): string {
    this.mustLive();
    return this.page;
  }

  set html(html: string) {
    this.mustLive();
    this.page = html;
  }

  get options(): vscode.WebviewOptions {
    this.mustLive();
    return this.current;
  }

  set options(options: vscode.WebviewOptions) {
    this.mustLive();
    this.current = options;
  }

  asWebviewUri(resource: vscode.Uri): vscode.Uri {
    if (resource.scheme === 'http' || resource.scheme === 'https') return resource;
    return Uri.from({
      scheme: 'https',
      authority: `${resource.scheme}+${resource.authority}.vscode-resource.vscode-cdn.net`,
      path: resource.path,
      query: resource.query,
      fragment: resource.fragment,
    });
  }

  /** A page that does not exist gets nothing: false. */
  async postMessage(message: unknown): Promise<boolean> {
    this.mustLive();
    await Promise.resolve();
    if (this.disposed || this.page === '' || !this.isLive()) return false;
    this.received.push(transfer(message));
    return true;
  }

  /** The page calls `acquireVsCodeApi().postMessage(message)`. */
  send(message: unknown): void {
    this.mustLive();
    if (this.current.enableScripts !== true) throw new Error('fake vscode: this webview runs no scripts (enableScripts)');
    if (!this.isLive()) throw new Error('fake vscode: a hidden webview without retainContextWhenHidden has no page to send');
    this.message.fire(transfer(message));
  }

  dispose(): void {
    this.disposed = true;
    this.message.dispose();
  }

  private mustLive(): void {
    if (this.disposed) throw new Error('Webview is disposed');
  }
}

/** What arrives on the other side: JSON, with binary data kept. */
function transfer(message: unknown): unknown {
  const binary: (ArrayBuffer | ArrayBufferView)[] = [];
  const text: string | undefined = JSON.stringify(message, (_, value: unknown) => {
    if (!(value instanceof ArrayBuffer) && !ArrayBuffer.isView(value)) return value;
    binary.push(structuredClone(value));
    return { $binary: binary.length - 1 };
  });
  if (text === undefined) return undefined;
  return JSON.parse(text, (_, value: unknown) => {
    const index = typeof value === 'object' && value !== null && '$binary' in value ? value.$binary : undefined;
    return typeof index === 'number' ? binary[index] : value;
  });
}
