import type * as vscode from 'vscode';
import { webSocketUrl } from '../../core/web-socket-url';
import { COMMANDS } from '../commands';
import type { VscodeApi } from '../vscode-api';
import type { Sources } from '../sources/sources';
import type { RouterController } from './router-controller';

/** What the status bar and the views offer for the router. */
export class RouterActions {
  constructor(
    private readonly api: VscodeApi,
    private readonly router: RouterController,
    private readonly sources: Sources,
  ) {}

  /** Copies the URL clients connect to, as the client's machine sees it (remote windows forward the port). */
  async copyUrl(): Promise<string | undefined> {
    const { state } = this.router;
    if (state.kind !== 'running') return undefined;
    const { env, Uri, window, l10n } = this.api;
    const external = await env.asExternalUri(Uri.parse(state.url));
    const url = webSocketUrl(Uri.joinPath(external, 'ws').toString(true));
    await env.clipboard.writeText(url);
    window.setStatusBarMessage(l10n.t('Copied {0}', url), 4000);
    return url;
  }

  /** Copies the token that agents and other workbenches need; it is shown nowhere. */
  async copyToken(): Promise<string | undefined> {
    const { state } = this.router;
    if (state.kind !== 'running') return undefined;
    const { env, window, l10n } = this.api;
    await env.clipboard.writeText(state.token);
    window.setStatusBarMessage(l10n.t('Copied the token'), 4000);
    return state.token;
  }

  /** The menu behind the status bar item. */
  async pick(): Promise<void> {
    const { l10n, window, commands } = this.api;
    const { state } = this.router;
    const item = (icon: string, label: string, command: string): vscode.QuickPickItem & { command: string } => ({
      label: `$(${icon}) ${label}`,
      command,
    });
    const { shown, all } = this.sources;
    const router =
      state.kind === 'running'
        ? [
            item('link', l10n.t('Copy Client URL'), COMMANDS.routerCopyUrl),
            item('key', l10n.t('Copy Token'), COMMANDS.routerCopyToken),
            item('beaker', l10n.t('Original Behaviours…'), COMMANDS.routerBehaviours),
            item('debug-restart', l10n.t('Restart Router'), COMMANDS.routerRestart),
            item('debug-stop', l10n.t('Stop Router'), COMMANDS.routerStop),
          ]
        : [item('play', l10n.t('Start Router'), COMMANDS.routerStart)];
    const tap = all.some(({ id }) => id === 'tap')
      ? [item('link', l10n.t('Copy Tap URL'), COMMANDS.tapCopyUrl), item('debug-stop', l10n.t('Stop Tap'), COMMANDS.tapStop)]
      : [item('eye', l10n.t('Start Tap…'), COMMANDS.tapStart)];
    const items = [
      ...(shown === undefined || shown.readOnly ? [] : [item('send', l10n.t('Simulate Agent Message Delivery…'), COMMANDS.simulateDelivery)]),
      ...(shown === undefined ? [] : [item('list-flat', l10n.t('Open Traffic'), COMMANDS.openTraffic)]),
      // What is shown comes first.
      ...(shown?.kind === 'tap' ? [...tap, ...router] : [...router, ...tap]),
      item('remote', l10n.t('Attach to Another Router…'), COMMANDS.attach),
      ...(all.some(({ kind }) => kind === 'attached' || kind === 'backend') ? [item('debug-disconnect', l10n.t('Detach'), COMMANDS.detach)] : []),
      ...(all.length > 1 ? [item('list-selection', l10n.t('Choose What to Show…'), COMMANDS.showSource)] : []),
      item('output', l10n.t('Show Log'), COMMANDS.showLog),
    ];
    const title = shown !== undefined && shown.kind !== 'router' ? shown.label : state.kind === 'running' ? state.clientUrl : l10n.t('The router is not running');
    const picked = await window.showQuickPick(items, { title });
    if (picked) await commands.executeCommand(picked.command);
  }
}
