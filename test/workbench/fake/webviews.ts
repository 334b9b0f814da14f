import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';
import { Disposable } from './disposable';
import { enums } from './enums';
import { Emitter } from './event-emitter';
import type { Ledger } from './ledger';
import type { Manifest } from './manifest';
import { Webview } from './webview';

type PanelOptions = vscode.WebviewPanelOptions & vscode.WebviewOptions;

/** `vscode.WebviewPanel`. */
export class WebviewPanel {
  readonly webview: Webview;
  iconPath: vscode.WebviewPanel['iconPath'];
  private state = { active: true, visible: true };
  private disposed = false;
  private shownTitle: string;
  private readonly entry: vscode.Disposable;
  private readonly disposedEmitter: Emitter<void>;
  private readonly viewState: Emitter<vscode.WebviewPanelOnDidChangeViewStateEvent>;

  readonly onDidDispose: vscode.Event<void>;
  readonly onDidChangeViewState: vscode.Event<vscode.WebviewPanelOnDidChangeViewStateEvent>;

  constructor(
    ledger: Ledger,
    readonly viewType: string,
    title: string,
    private column: vscode.ViewColumn,
    readonly options: PanelOptions,
    private readonly onEnd: () => void,
  ) {
    this.shownTitle = title;
    this.entry = ledger.enter(`webview panel ${viewType}`);
    this.disposedEmitter = new Emitter(ledger, `webview panel ${viewType} onDidDispose`);
    this.viewState = new Emitter(ledger, `webview panel ${viewType} onDidChangeViewState`);
    this.onDidDispose = this.disposedEmitter.event;
    this.onDidChangeViewState = this.viewState.event;
    const isLive = (): boolean => !this.disposed && (this.state.visible || options.retainContextWhenHidden === true);
    this.webview = new Webview(ledger, viewType, options, isLive);
  }

  get title(): string {
    this.mustLive();
    return this.shownTitle;
  }

  set title(title: string) {
    this.mustLive();
    this.shownTitle = title;
  }

  get active(): boolean {
    this.mustLive();
    return this.state.active;
  }

  get visible(): boolean {
    this.mustLive();
    return this.state.visible;
  }

  get viewColumn(): vscode.ViewColumn | undefined {
    this.mustLive();
    return this.column;
  }

  reveal(column: vscode.ViewColumn = this.column, preserveFocus = false): void {
    this.mustLive();
    this.column = column;
    this.setState({ visible: true, active: !preserveFocus || this.state.active });
  }

  /** The user brings the tab up or covers it. */
  setState(state: { active: boolean; visible: boolean }): void {
    this.mustLive();
    if (state.active === this.state.active && state.visible === this.state.visible) return;
    this.state = state;
    this.viewState.fire({ webviewPanel: this as unknown as vscode.WebviewPanel });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.webview.dispose();
    this.disposedEmitter.fire();
    this.disposedEmitter.dispose();
    this.viewState.dispose();
    this.entry.dispose();
    this.onEnd();
  }

  private mustLive(): void {
    if (this.disposed) throw new Error('Webview is disposed');
  }
}

/** `vscode.WebviewView` as far as its provider sees it. */
export interface ResolvedWebviewView {
  readonly viewType: string;
  readonly webview: Webview;
  visible: boolean;
  title?: string;
  description?: string;
  badge?: vscode.ViewBadge | undefined;
}

/** Webview panels and views. */
export class Webviews {
  /** The open panels, oldest first. */
  readonly panels: WebviewPanel[] = [];
  private readonly serializers = new Map<string, vscode.WebviewPanelSerializer>();
  private readonly providers = new Map<string, { provider: vscode.WebviewViewProvider; retain: boolean }>();

  constructor(
    private readonly ledger: Ledger,
    private readonly manifest: Manifest,
  ) {}

  createPanel = (
    viewType: string,
    title: string,
    shown: vscode.ViewColumn | { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus?: boolean },
    options: PanelOptions = {},
  ): WebviewPanel => {
    const column = typeof shown === 'object' ? shown.viewColumn : shown;
    const panel: WebviewPanel = new WebviewPanel(
      this.ledger,
      viewType,
      title,
      // The symbolic columns, Active and Beside, are negative.
      Math.max(column, enums.ViewColumn.One),
      options,
      () => this.panels.splice(this.panels.indexOf(panel), 1),
    );
    this.panels.push(panel);
    return panel;
  };

  registerSerializer = (viewType: string, serializer: vscode.WebviewPanelSerializer): vscode.Disposable => {
    if (this.serializers.has(viewType)) throw new Error(`Serializer for '${viewType}' already registered`);
    return this.register(this.serializers, viewType, serializer, 'webview panel serializer');
  };

  registerViewProvider = (
    viewId: string,
    provider: vscode.WebviewViewProvider,
    options?: { readonly webviewOptions?: { readonly retainContextWhenHidden?: boolean } },
  ): vscode.Disposable => {
    if (!this.manifest.views.has(viewId)) throw new Error(`No view is registered with id: ${viewId}`);
    if (this.providers.has(viewId)) throw new Error(`View provider for '${viewId}' already registered`);
    const retain = options?.webviewOptions?.retainContextWhenHidden === true;
    return this.register(this.providers, viewId, { provider, retain }, 'webview view provider');
  };

  /** The open panel of that type. */
  panel(viewType: string): WebviewPanel {
    const panel = this.panels.find((candidate) => candidate.viewType === viewType);
    if (!panel) throw new Error(`fake vscode: no webview panel ${viewType} is open`);
    return panel;
  }

  /** Brings back a panel as VS Code does at a reload, with the state its page had kept. */
  async restore(viewType: string, state: unknown): Promise<WebviewPanel> {
    const serializer = this.serializers.get(viewType);
    if (!serializer) throw new Error(`fake vscode: no serializer for ${viewType}`);
    const panel = this.createPanel(viewType, '', enums.ViewColumn.One);
    await serializer.deserializeWebviewPanel(panel as unknown as vscode.WebviewPanel, state);
    return panel;
  }

  /** Opens a webview view of the sidebar or the panel. */
  async resolveView(viewId: string): Promise<ResolvedWebviewView & { dispose: () => void }> {
    const registered = this.providers.get(viewId);
    if (!registered) throw new Error(`fake vscode: no provider for the webview view ${viewId}`);
    const visibility = new Emitter<void>(this.ledger, `webview view ${viewId} onDidChangeVisibility`);
    const end = new Emitter<void>(this.ledger, `webview view ${viewId} onDidDispose`);
    let visible = true;
    const webview = new Webview(this.ledger, viewId, {}, () => visible || registered.retain);
    const view = {
      viewType: viewId,
      webview,
      title: this.manifest.views.get(viewId) ?? '',
      get visible() {
        return visible;
      },
      set visible(value: boolean) {
        visible = value;
        visibility.fire();
      },
      onDidChangeVisibility: visibility.event,
      onDidDispose: end.event,
      show: () => undefined,
      dispose: () => {
        end.fire();
        for (const emitter of [end, visibility, webview]) emitter.dispose();
      },
    };
    const context = { state: undefined };
    await registered.provider.resolveWebviewView(view, context, new CancellationTokenSource().token);
    return view;
  }

  private register<T>(map: Map<string, T>, id: string, value: T, what: string): vscode.Disposable {
    map.set(id, value);
    const entry = this.ledger.enter(`${what} ${id}`);
    return new Disposable(() => {
      map.delete(id);
      entry.dispose();
    });
  }
}
