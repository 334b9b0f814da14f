import type * as vscode from 'vscode';
import { Emitter } from './event-emitter';
import { Ledger } from './ledger';

/**
 * `vscode.CancellationTokenSource`. Its listeners are not held against the extension: a token dies with the request it
 * belongs to.
 */
export class CancellationTokenSource implements vscode.CancellationTokenSource {
  private cancelled = false;
  private readonly emitter = new Emitter<unknown>(new Ledger(), 'CancellationToken.onCancellationRequested');

  readonly token: vscode.CancellationToken;

  constructor() {
    const isCancelled = (): boolean => this.cancelled;
    const { event } = this.emitter;
    this.token = {
      get isCancellationRequested() {
        return isCancelled();
      },
      // Who listens after the cancellation is told in the next turn, as VS Code does it.
      onCancellationRequested: (listener, thisArgs, disposables) => {
        if (!isCancelled()) return event(listener, thisArgs, disposables);
        const timer = setTimeout(() => listener.call(thisArgs, undefined), 0);
        return { dispose: () => clearTimeout(timer) };
      },
    };
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.emitter.fire(undefined);
    this.emitter.dispose();
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
