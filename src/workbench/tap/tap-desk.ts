import type * as vscode from 'vscode';
import { ContextKey } from '../context-key';
import { BreakpointActions } from './breakpoint-actions';
import { BreakpointsView } from './breakpoints-view';
import { HeldDocuments } from './held-documents';
import { KeptBreakpoints } from './kept-breakpoints';
import { TapController, type TapControllerParts } from './tap-controller';
import { TapNotices } from './tap-notices';

/** Everything of the workbench that has to do with taps, made when the first one is wanted or shown. */
export class TapDesk implements vscode.Disposable {
  readonly controller: TapController;
  readonly actions: BreakpointActions;
  private readonly disposables: vscode.Disposable[];

  constructor(parts: TapControllerParts) {
    const { api, sources } = parts;
    this.controller = new TapController(parts);
    const documents = new HeldDocuments(api, sources);
    this.actions = new BreakpointActions(api, sources, documents);
    const running = new ContextKey<boolean>(api, 'threadLens.tapRunning');
    const publish = (): void => running.set(this.controller.running !== undefined);
    publish();
    this.disposables = [
      this.controller,
      this.controller.onDidChangeState(publish),
      documents,
      new BreakpointsView(api, sources, ({ id }, enabled) => void this.actions.toggle(id, enabled)),
      new KeptBreakpoints(parts.state, sources, this.controller, parts.log),
      new TapNotices(api, sources),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables.toReversed()) disposable.dispose();
  }
}
