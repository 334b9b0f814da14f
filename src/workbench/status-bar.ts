import type * as vscode from 'vscode';
import { COMMANDS } from './commands';
import type { LiveModel } from './live/live-model';
import { MarkdownText } from './markdown-text';
import { labelText } from './notice-text';
import { alteredRouterText } from './router/altered-router';
import type { RouterController } from './router/router-controller';
import { RefreshScheduler } from './views/refresh-scheduler';
import { readStatusBarVisibility, SETTINGS_SECTION } from './settings';
import { SOURCE_ICONS, type SourceDescription } from './sources/source';
import type { Sources } from './sources/sources';
import type { VscodeApi } from './vscode-api';
import { Words } from './words';

/** The router's health at a glance, or that of whatever else the views show. Shown once the router was used in this window, or as the setting says. */
export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly disposables: vscode.Disposable[];
  private readonly words: Words;
  private used = false;

  constructor(
    private readonly api: VscodeApi,
    private readonly model: LiveModel,
    private readonly router: RouterController,
    private readonly sources: Sources,
  ) {
    this.words = new Words(api);
    this.item = api.window.createStatusBarItem('threadLens.router', api.StatusBarAlignment.Left);
    this.item.name = api.l10n.t('Thread Lens Router');
    this.item.command = COMMANDS.routerActions;
    const scheduler = new RefreshScheduler(() => this.render());
    this.disposables = [
      this.item,
      scheduler,
      router.onDidChangeState(() => this.render()),
      sources.onDidChangeState(() => this.render()),
      sources.onDidChangeModel(() => scheduler.request()),
      api.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTINGS_SECTION}.statusBar`)) this.render();
      }),
    ];
    this.render();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private render(): void {
    const { shown } = this.sources;
    this.used ||= this.router.state.kind !== 'stopped' || shown !== undefined;
    this.item.backgroundColor = undefined;
    if (shown === undefined || shown.kind === 'router') this.renderRouter();
    else this.renderSource(shown);
    const visibility = readStatusBarVisibility(this.api);
    if (visibility === 'always' || (visibility === 'whenUsed' && this.used)) this.item.show();
    else this.item.hide();
  }

  /** What is shown in the views instead of the router of this window. */
  private renderSource({ kind, label, detail, readOnly }: SourceDescription): void {
    const { l10n, ThemeColor } = this.api;
    const { state } = this.sources;
    const { counters: { connections, deadLetters }, held, router } = this.model;
    const tap = router?.tap;
    const misrouted = this.model.deliveries.filter((delivery) => delivery.misrouted !== undefined).length;
    const lost = deadLetters + misrouted;
    const name = labelText(label);
    const text = new MarkdownText(this.api).bold(label).paragraph();
    text.field(l10n.t('Shown'), detail);
    if (readOnly) text.field(l10n.t('Access'), l10n.t('view only'));
    switch (state.kind) {
      case 'running':
        this.item.text = `$(${SOURCE_ICONS[kind]}) ${name} $(plug) ${connections}${lost > 0 ? ` $(warning) ${lost}` : ''}${held.length > 0 ? ` $(debug-pause) ${held.length}` : ''}`;
        text.field(l10n.t('Connections'), String(connections));
        text.field(l10n.t('Not delivered'), String(deadLetters));
        if (misrouted > 0) text.field(l10n.t('Misrouted'), String(misrouted));
        if (held.length > 0) text.field(l10n.t('Held at breakpoints'), String(held.length));
        if (tap) {
          text.field(l10n.t('Clients connect to'), state.clientUrl);
          text.field(l10n.t('Pings'), l10n.t('end to end, and one of the tap to each side every 30 s'));
          text.field(l10n.t('Cookie and Authorization'), tap.forwardsCredentials ? l10n.t('forwarded') : l10n.t('kept here'));
        }
        this.setLabel(l10n.t('Thread Lens shows {0}, {1}', label, this.words.connections(connections)));
        break;
      case 'starting':
        this.item.text = `$(sync~spin) ${name}`;
        text.field(l10n.t('State'), l10n.t('connecting'));
        this.setLabel(l10n.t('Thread Lens connects to {0}', label));
        break;
      case 'failed':
      case 'stopped':
        this.item.text = `$(error) ${name}`;
        text.field(l10n.t('State'), state.kind === 'failed' ? state.message : l10n.t('gone'));
        this.item.backgroundColor = new ThemeColor('statusBarItem.errorBackground');
        this.setLabel(l10n.t('Thread Lens lost {0}', label));
    }
    text.raw('\n---\n\n');
    if (kind === 'tap') text.command(l10n.t('Copy Tap URL'), COMMANDS.tapCopyUrl, []).raw(' · ').command(l10n.t('Stop Tap'), COMMANDS.tapStop, []).raw(' · ');
    this.item.tooltip = text.command(l10n.t('Choose What to Show…'), COMMANDS.showSource, []).markdown;
  }

  private renderRouter(): void {
    const { l10n } = this.api;
    const { state } = this.router;
    const { connections, deadLetters } = this.model.counters;
    const altered = alteredRouterText(this.api, this.model.router);
    switch (state.kind) {
      case 'running':
        this.item.text = `$(broadcast) :${state.port} $(plug) ${connections}${deadLetters > 0 ? ` $(warning) ${deadLetters}` : ''}${altered === undefined ? '' : ' $(beaker)'}`;
        this.item.tooltip = this.runningTooltip(state.clientUrl, altered);
        this.setLabel([
          l10n.t('Thread Lens router on port {0}, {1}, {2} not delivered', state.port, this.words.connections(connections), this.words.events(deadLetters)),
          ...(altered === undefined ? [] : [altered]),
        ].join('. '));
        break;
      case 'starting':
        this.item.text = `$(sync~spin) ${l10n.t('Router')}`;
        this.item.tooltip = l10n.t('The router is starting');
        this.setLabel(l10n.t('Thread Lens router is starting'));
        break;
      case 'failed':
        this.item.text = `$(error) ${l10n.t('Router')}`;
        this.item.tooltip = state.message;
        this.item.backgroundColor = new this.api.ThemeColor('statusBarItem.errorBackground');
        this.setLabel(l10n.t('Thread Lens router failed: {0}', state.message));
        break;
      case 'stopped':
        this.item.text = `$(debug-disconnect) ${l10n.t('Router')}`;
        this.item.tooltip = l10n.t('The router is stopped');
        this.setLabel(l10n.t('Thread Lens router is stopped'));
        break;
    }
  }

  private setLabel(label: string): void {
    this.item.accessibilityInformation = { label, role: 'button' };
  }

  private runningTooltip(clientUrl: string, altered: string | undefined): vscode.MarkdownString {
    const { l10n } = this.api;
    const { counters } = this.model;
    const text = new MarkdownText(this.api).bold(l10n.t('Thread Lens router')).paragraph();
    text.field(l10n.t('Clients connect to'), clientUrl);
    text.field(l10n.t('Connections'), String(counters.connections));
    text.field(l10n.t('Delivered'), String(counters.delivered));
    text.field(l10n.t('Waiting'), String(counters.waiting));
    text.field(l10n.t('Not delivered'), String(counters.deadLetters));
    if (altered !== undefined) text.paragraph().raw('$(beaker) ').text(altered).paragraph();
    text.raw('\n---\n\n');
    text.command(l10n.t('Copy Client URL'), COMMANDS.routerCopyUrl, []).raw(' · ');
    text.command(l10n.t('Behaviours'), COMMANDS.routerBehaviours, []).raw(' · ');
    text.command(l10n.t('Restart'), COMMANDS.routerRestart, []).raw(' · ');
    return text.command(l10n.t('Stop'), COMMANDS.routerStop, []).markdown;
  }
}
