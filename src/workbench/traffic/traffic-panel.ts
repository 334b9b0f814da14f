import type * as vscode from 'vscode';
import { TRAFFIC_VIEW_TYPE } from '../../protocol/traffic-panel';
import type { LiveModel } from '../live/live-model';
import type { VscodeApi } from '../vscode-api';
import { SavedEvents } from './saved-events';
import type { LazyInsight } from '../lazy-insight';
import type { PanelRouter, TrafficSession } from './traffic-session';

interface Shown {
  readonly panel: vscode.WebviewPanel;
  readonly session: TrafficSession;
}

/**
 * The Traffic panel: at most one, made when it is first asked for, shown again when it exists, and brought back after
 * the window was loaded again. Its page lives only while it is visible; the journal keeps what happens meanwhile.
 */
export class TrafficPanel implements vscode.Disposable {
  private readonly saved: SavedEvents;
  private readonly serializer: vscode.Disposable;
  private shown: Shown | undefined;

  constructor(
    private readonly api: VscodeApi,
    private readonly context: vscode.ExtensionContext,
    private readonly model: LiveModel,
    private readonly router: PanelRouter,
    private readonly log: vscode.LogOutputChannel,
    private readonly insight: LazyInsight,
  ) {
    this.saved = new SavedEvents(context.workspaceState);
    this.serializer = api.window.registerWebviewPanelSerializer(TRAFFIC_VIEW_TYPE, {
      deserializeWebviewPanel: (panel) => {
        // Only one panel: of several that come back the last one stays.
        this.shown?.panel.dispose();
        this.show(panel);
        return Promise.resolve();
      },
    });
  }

  /**
   * Shows the panel.
   * @param argument an ID or a filter text, or an object with `filter`: what the panel is to show; anything else shows it as it was
   */
  open(argument?: unknown): Promise<void> {
    const filter = filterOf(argument);
    if (this.shown) this.shown.panel.reveal();
    else {
      const panel = this.api.window.createWebviewPanel(TRAFFIC_VIEW_TYPE, this.api.l10n.t('Traffic'), this.api.ViewColumn.Active, {
        enableFindWidget: false,
        retainContextWhenHidden: false,
      });
      this.show(panel);
    }
    if (filter !== undefined) this.shown?.session.showFilter(filter);
    return Promise.resolve();
  }

  dispose(): void {
    this.serializer.dispose();
    const { shown } = this;
    this.shown = undefined;
    shown?.session.dispose();
    shown?.panel.dispose();
  }

  private show(panel: vscode.WebviewPanel): void {
    const { extensionUri } = this.context;
    const { Uri } = this.api;
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [Uri.joinPath(extensionUri, 'dist'), Uri.joinPath(extensionUri, 'media')],
    };
    panel.iconPath = { light: Uri.joinPath(extensionUri, 'media', 'thread-lens.svg'), dark: Uri.joinPath(extensionUri, 'media', 'thread-lens-dark.svg') };
    // The session listens before the page can speak.
    const { TrafficSession: Session, trafficHtml } = this.insight.load();
    const session = new Session(this.api, panel, this.model, this.router, this.saved, this.log);
    const shown = { panel, session };
    this.shown = shown;
    panel.onDidDispose(() => {
      session.dispose();
      if (this.shown === shown) this.shown = undefined;
    });
    panel.webview.html = trafficHtml(this.api, panel.webview, extensionUri);
  }
}

function filterOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !('filter' in argument)) return undefined;
  return typeof argument.filter === 'string' ? argument.filter : undefined;
}
