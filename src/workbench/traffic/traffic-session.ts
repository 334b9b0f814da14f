import type * as vscode from 'vscode';
import { AGENT_EVENT_TYPES, payloadTemplate } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { type HostToPage, isPageToHost, type PageToHost, type PanelCommand, type PanelRouterState, type PathFacts } from '../../protocol/traffic-panel';
import { COMMANDS } from '../commands';
import type { InspectionClient } from '../live/inspection-client';
import type { LiveModel } from '../live/live-model';
import type { Live, LiveState } from '../live/live';
import type { VscodeApi } from '../vscode-api';
import { BodySearch } from './body-search';
import { FrameFeed } from './frame-feed';
import { injectEvent } from './inject-event';
import type { SavedEvents } from './saved-events';

const MAX_PATH_CONNECTIONS = 100;
const MAX_TARGETS = 500;
/** Words of one filter that bodies are searched for. */
const MAX_SEARCHES = 5;

/** What the panel needs of what is shown. */
export type PanelRouter = Pick<Live, 'state' | 'client' | 'onDidChangeState'>;

/** One webview of the panel, from its creation to its end: answers its page, and feeds it while it is visible. */
export class TrafficSession implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly feed: FrameFeed;
  private readonly searches = new Map<number, BodySearch>();
  private watched: { readonly client: InspectionClient; readonly listener: vscode.Disposable } | undefined;
  /** Frames up to this one of that journal were cleared by the user. */
  private cleared: { readonly journal: string; readonly after: number } | undefined;
  /** The journal whose frames the page has. */
  private journal: string | undefined;
  /** Frames are watched of something that has not said yet what it is. */
  private unnamed = false;
  private ready = false;
  private filter: string | undefined;

  constructor(
    private readonly api: VscodeApi,
    private readonly panel: vscode.WebviewPanel,
    private readonly model: LiveModel,
    private readonly router: PanelRouter,
    private readonly saved: SavedEvents,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.feed = new FrameFeed(
      (message) => this.post(message),
      (error) => this.log.debug(`traffic: ${String(error)}`),
    );
    this.disposables.push(
      panel.webview.onDidReceiveMessage((message: unknown) => {
        if (isPageToHost(message)) void this.handle(message).catch((error: unknown) => this.log.error(`traffic: ${String(error)}`));
        else this.log.warn('traffic: expected a message of the Traffic panel, received something else');
      }),
      panel.onDidChangeViewState(() => {
        // A hidden page is unloaded by the editor; it says `ready` when it is shown again.
        if (!panel.visible) this.sleep();
      }),
      router.onDidChangeState(() => {
        this.postState();
        if (this.ready) this.keepWatching();
      }),
    );
  }

  /** Sets the filter of the page, now or when it is loaded. */
  showFilter(text: string): void {
    if (this.ready) this.post({ type: 'filter', text });
    else this.filter = text;
  }

  dispose(): void {
    this.sleep();
    for (const disposable of this.disposables) disposable.dispose();
    this.disposables.length = 0;
  }

  private post(message: HostToPage): void {
    void this.panel.webview.postMessage(message);
  }

  private postState(): void {
    if (this.ready) this.post({ type: 'router', state: panelState(this.router.state, this.router.client?.readOnly === true, this.model.router?.kind === 'tap') });
  }

  private sleep(): void {
    this.ready = false;
    this.unwatch();
  }

  private unwatch(): void {
    this.feed.stop();
    for (const search of this.searches.values()) search.end();
    this.searches.clear();
    const { watched } = this;
    this.watched = undefined;
    if (!watched) return;
    watched.listener.dispose();
    // What is no longer shown may still be there; when it is gone there is nothing to turn off.
    watched.client.watchFrames(false).catch((error: unknown) => this.log.debug(`traffic: ${String(error)}`));
  }

  /** Another router is shown, or the same one was lost and is there again. */
  private keepWatching(): void {
    const { client, state } = this.router;
    if (client !== this.watched?.client) void this.watch();
    else if (client && state.kind === 'running') {
      // A router that started anew has another journal; what the same one saw meanwhile is in its journal.
      if (this.journal !== this.journalName()) void this.watch();
      else this.feed.lookAgain();
    }
  }

  private journalName(): string {
    const { router } = this.model;
    return router ? `${router.pid}-${router.startedAt}` : 'unnamed';
  }

  /** Begins to feed the page with the frames of the running router. */
  private async watch(): Promise<void> {
    this.unwatch();
    this.journal = undefined;
    this.unnamed = false;
    const { client } = this.router;
    if (!client) return;
    const listener = client.onDidChange((changes) => {
      if (this.unnamed) this.begin(client);
      this.feed.take(changes);
      const newest = changes.frames?.at(-1)?.seq;
      if (newest !== undefined) for (const search of this.searches.values()) search.sawUpTo(newest);
    });
    const watched = { client, listener };
    this.watched = watched;
    try {
      await client.watchFrames(true);
    } catch (error) {
      this.log.debug(`traffic: ${String(error)}`);
      return;
    }
    if (this.watched === watched) this.begin(client);
  }

  /** Gives the page the frames of what is watched, or waits until that has said what it is. */
  private begin(client: InspectionClient): void {
    this.unnamed = !this.model.router;
    if (this.unnamed) return;
    this.postState();
    const name = this.journalName();
    this.journal = name;
    this.post({ type: 'reset', journal: name });
    this.feed.start({ frames: (last, limit) => client.request('frames', { after: last, limit }) }, name === this.cleared?.journal ? this.cleared.after : 0);
  }

  private async handle(message: PageToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.feed.pause(false);
        this.postState();
        this.post({ type: 'saved', events: this.saved.all() });
        if (this.filter !== undefined) this.post({ type: 'filter', text: this.filter });
        this.filter = undefined;
        this.cleared = message.journal === undefined ? undefined : { journal: message.journal, after: message.after ?? 0 };
        return this.watch();
      case 'ack':
        return this.feed.acknowledge(message.batch);
      case 'pause':
        return this.feed.pause(message.on);
      case 'body':
        return this.sendBody(message.seq);
      case 'path':
        return this.sendPath(message);
      case 'connection':
        return this.sendConnection(message.connectionId);
      case 'search':
        return this.search(message);
      case 'targets':
        return this.sendTargets();
      case 'inject':
        return this.inject(message);
      case 'copy':
        await this.api.env.clipboard.writeText(message.text);
        this.api.window.setStatusBarMessage(this.api.l10n.t('Copied to the clipboard'), 3000);
        return;
      case 'run':
        return this.run(message.command, message.argument);
      case 'save':
        await this.saved.save(message.saved);
        return this.post({ type: 'saved', events: this.saved.all() });
      case 'forget':
        await this.saved.forget(message.name);
        return this.post({ type: 'saved', events: this.saved.all() });
    }
  }

  private get notRunning(): string {
    return this.api.l10n.t('The router is not running.');
  }

  private async sendBody(seq: number): Promise<void> {
    const { client } = this.router;
    try {
      const body = client ? await client.request('frameBody', { seq }) : { error: this.notRunning };
      this.post({ type: 'body', seq, body });
    } catch (error) {
      this.post({ type: 'body', seq, body: { error: messageOf(error) } });
    }
  }

  private async sendPath({ seq, deliverySeq, runId, threadId }: Extract<PageToHost, { type: 'path' }>): Promise<void> {
    const delivery = deliverySeq === undefined ? undefined : this.model.delivery(deliverySeq);
    const connections = threadId === undefined ? [] : this.model.connectionsOf(threadId);
    // A run that cannot be resolved any more is no news here: the frame itself says what became of it.
    const now =
      delivery || deliverySeq === undefined || runId === undefined
        ? undefined
        : await this.router.client?.request('resolve', { runId }).catch(() => undefined);
    const facts: PathFacts = {
      ...(delivery === undefined ? {} : { delivery }),
      ...(now === undefined ? {} : { now }),
      connections: connections.slice(0, MAX_PATH_CONNECTIONS),
      connectionCount: connections.length,
    };
    this.post({ type: 'path', seq, facts });
  }

  private async sendConnection(connectionId: string): Promise<void> {
    const { client } = this.router;
    try {
      if (!client) return this.post({ type: 'connection', connectionId, error: this.notRunning });
      this.post({ type: 'connection', connectionId, details: await client.request('connection', { connectionId }) });
    } catch (error) {
      this.post({ type: 'connection', connectionId, error: messageOf(error) });
    }
  }

  private search({ search, text, pattern }: Extract<PageToHost, { type: 'search' }>): void {
    this.searches.get(search)?.end();
    this.searches.delete(search);
    const { client } = this.router;
    if (!client || (text === undefined && pattern === undefined) || this.searches.size >= MAX_SEARCHES) return;
    const query = text === undefined ? { pattern: pattern ?? '' } : { text };
    const ask = (params: Parameters<typeof client.request<'frames'>>[1]) => client.request('frames', params);
    this.searches.set(search, new BodySearch(search, query, ask, (message) => this.post(message)));
  }

  private sendTargets(): void {
    const threads = [...this.model.threads.values()].toSorted((a, b) => b.connections - a.connections || (b.lastEventAt ?? 0) - (a.lastEventAt ?? 0));
    const runs = [...this.model.runs.values()].toSorted((a, b) => b.lastAt - a.lastAt);
    this.post({
      type: 'targets',
      threads: threads.slice(0, MAX_TARGETS).map(({ id, connections }) => ({ id, connections })),
      runs: runs.slice(0, MAX_TARGETS).map(({ id }) => id),
      examples: AGENT_EVENT_TYPES.map((eventType) => ({ eventType, payload: payloadTemplate(eventType, 'the agent') })),
    });
  }

  private async inject({ request, event }: Extract<PageToHost, { type: 'inject' }>): Promise<void> {
    const { client } = this.router;
    try {
      if (!client) return this.post({ type: 'injected', request, error: this.notRunning });
      this.post({ type: 'injected', request, receipt: await injectEvent(client, this.model, this.log, event) });
    } catch (error) {
      this.post({ type: 'injected', request, error: messageOf(error) });
    }
  }

  private async run(command: PanelCommand, argument: string | undefined): Promise<void> {
    const { commands } = this.api;
    switch (command) {
      case 'startRouter':
        await commands.executeCommand(COMMANDS.routerStart);
        return;
      case 'showLog':
        await commands.executeCommand(COMMANDS.showLog);
        return;
      case 'explain':
        await commands.executeCommand(COMMANDS.explainRouting, argument);
        return;
      case 'findInFiles':
        await commands.executeCommand('workbench.action.findInFiles', { query: argument, isRegex: false, isCaseSensitive: true, triggerSearch: true });
    }
  }
}

function panelState(state: LiveState, readOnly: boolean, tap: boolean): PanelRouterState {
  // The token is no business of the page.
  return state.kind === 'running' ? { kind: 'running', url: state.url, clientUrl: state.clientUrl, ...(readOnly ? { readOnly } : {}), ...(tap ? { tap } : {}) } : state;
}
