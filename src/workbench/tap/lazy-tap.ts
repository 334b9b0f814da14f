import type * as vscode from 'vscode';
import { ContextKey } from '../context-key';
import type { LazyInsight } from '../lazy-insight';
import type { TapControllerParts } from './tap-controller';
import type { TapDesk } from './tap-desk';

/** Calls for what deals with taps when one is wanted, or one elsewhere is shown; nothing of it is loaded before. */
export class LazyTap implements vscode.Disposable {
  private desk: TapDesk | undefined;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly parts: TapControllerParts,
    private readonly insight: LazyInsight,
  ) {
    const { api, sources } = parts;
    const shown = new ContextKey<boolean>(api, 'threadLens.tapShown');
    const look = (): void => {
      const isTap = sources.model.router?.kind === 'tap';
      shown.set(isTap);
      if (isTap) this.call();
    };
    look();
    this.listener = api.Disposable.from(sources.onDidChangeModel(look), sources.onDidChangeState(look));
  }

  call(): TapDesk {
    this.desk ??= new (this.insight.load().TapDesk)(this.parts);
    return this.desk;
  }

  /** Stops the tap, if there can be one; answers whether one was running. */
  async stop(): Promise<boolean> {
    return (await this.desk?.controller.stop()) ?? false;
  }

  dispose(): void {
    this.listener.dispose();
    this.desk?.dispose();
  }
}
