import type * as vscode from 'vscode';
import { isRecord } from '../../core/is-record';
import type { ConnectionInfo } from '../../protocol/inspection';
import { ContextKey } from '../context-key';
import type { LiveModel } from '../live/live-model';
import type { Live } from '../live/live';
import { alteredRouterText } from '../router/altered-router';
import type { VscodeApi } from '../vscode-api';
import { REFRESH_INTERVAL_MS, RefreshScheduler } from './refresh-scheduler';
import { ThreadsItems } from './threads-items';
import { CHILDREN_PER_PAGE, RUNS_PER_THREAD, THREADS_PER_PAGE, type ThreadsNode } from './threads-nodes';
import { ThreadsOrder, type ThreadSort } from './threads-order';

/** The sidebar's tree: threads with their connections and recent runs. */
export class ThreadsView implements vscode.TreeDataProvider<ThreadsNode>, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<ThreadsNode | undefined>;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly scheduler: RefreshScheduler;
  private readonly items: ThreadsItems;
  private readonly tree: vscode.TreeView<ThreadsNode>;
  private readonly order: ThreadsOrder;
  private readonly filtered: ContextKey<boolean>;
  private threadLimit = THREADS_PER_PAGE;
  private readonly childLimits = new Map<string, number>();

  readonly onDidChangeTreeData: vscode.Event<ThreadsNode | undefined>;

  constructor(
    private readonly api: VscodeApi,
    private readonly model: LiveModel,
    private readonly live: Live,
  ) {
    this.changed = new api.EventEmitter();
    this.onDidChangeTreeData = this.changed.event;
    this.items = new ThreadsItems(api);
    this.order = new ThreadsOrder(model);
    this.filtered = new ContextKey(api, 'threadLens.threadsFiltered');
    this.filtered.set(false);
    this.scheduler = new RefreshScheduler(() => this.refresh());
    this.tree = api.window.createTreeView('threadLens.threads', { treeDataProvider: this, showCollapseAll: true });
    this.scheduler.setVisible(this.tree.visible);
    this.disposables.push(
      this.tree,
      this.changed,
      this.scheduler,
      this.tree.onDidChangeVisibility(({ visible }) => this.scheduler.setVisible(visible)),
      live.onDidChangeModel(() => this.scheduler.request()),
      live.onDidChangeState(() => this.scheduler.request()),
    );
  }

  getChildren(parent?: ThreadsNode): ThreadsNode[] {
    if (!parent) return this.roots();
    if (parent.kind === 'unassociated') return this.connectionNodes(parent.id, this.model.connectionsWithoutThread());
    if (parent.kind !== 'thread') return [];
    const runs = this.model.runsOf(parent.thread.id).slice(0, RUNS_PER_THREAD);
    return [
      ...this.connectionNodes(parent.id, this.model.connectionsOf(parent.thread.id)),
      ...runs.map((run): ThreadsNode => ({ kind: 'run', id: `run:${parent.thread.id}:${run.id}`, parent: parent.id, run })),
    ];
  }

  getTreeItem(node: ThreadsNode): vscode.TreeItem {
    return this.items.item(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: ThreadsNode): vscode.TreeItem {
    item.tooltip = this.items.tooltip(node);
    return item;
  }

  getParent(node: ThreadsNode): ThreadsNode | undefined {
    if (!('parent' in node) || node.parent === undefined) return undefined;
    return this.roots().find((root) => root.id === node.parent);
  }

  /** Shows one more page below the thread of that row, or of threads; nothing for what is no such row. */
  showMore(row: unknown): void {
    if (!isRecord(row) || row['kind'] !== 'more') return;
    const { parent } = row;
    if (parent === undefined) this.threadLimit += THREADS_PER_PAGE;
    else if (typeof parent === 'string') this.childLimits.set(parent, this.childLimit(parent) + CHILDREN_PER_PAGE);
    this.scheduler.request();
  }

  /** What the view is filtered by; empty when it shows all. */
  get filter(): string {
    return this.order.filter;
  }

  /** Lists only threads with this text in their ID, their connections, users or runs. */
  setFilter(text: string): void {
    this.order.filter = text;
    this.threadLimit = THREADS_PER_PAGE;
    this.filtered.set(this.order.filter !== '');
    this.scheduler.request();
  }

  get sort(): ThreadSort {
    return this.order.sort;
  }

  setSort(sort: ThreadSort): void {
    this.order.sort = sort;
    this.scheduler.request();
  }

  /** Moves to the row of a thread; answers whether it is listed. What is filtered out or on a later page is shown first. */
  async reveal(threadId: string | undefined): Promise<boolean> {
    if (threadId === undefined || !this.model.threads.has(threadId)) return false;
    const position = (): number => this.order.list().findIndex((thread) => thread.id === threadId);
    if (position() < 0) this.setFilter('');
    this.threadLimit = Math.max(this.threadLimit, position() + 1);
    const node = this.roots().find((root) => root.kind === 'thread' && root.thread.id === threadId);
    if (!node) return false;
    // A reveal that races a refresh fails in VS Code (microsoft/vscode#192055), so the refresh comes first.
    this.refresh();
    await new Promise((resolve) => setTimeout(resolve, REFRESH_INTERVAL_MS));
    await this.tree.reveal(node, { select: true, focus: true, expand: true });
    return true;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private roots(): ThreadsNode[] {
    const threads = this.order.list();
    const shown = threads.slice(0, this.threadLimit);
    const nodes = shown.map((thread): ThreadsNode => ({ kind: 'thread', id: `thread:${thread.id}`, thread }));
    const hidden = threads.length - shown.length;
    if (hidden > 0) nodes.push({ kind: 'more', id: 'more', parent: undefined, hidden });
    const count = this.model.connectionsWithoutThread().length;
    if (count > 0 && this.order.filter === '') nodes.unshift({ kind: 'unassociated', id: 'unassociated', count });
    return nodes;
  }

  private connectionNodes(parent: string, connections: readonly ConnectionInfo[]): ThreadsNode[] {
    const shown = connections.slice(0, this.childLimit(parent));
    const nodes = shown.map(
      (connection): ThreadsNode => ({ kind: 'connection', id: `connection:${parent}:${connection.id}`, parent, connection }),
    );
    const hidden = connections.length - shown.length;
    if (hidden > 0) nodes.push({ kind: 'more', id: `more:${parent}`, parent, hidden });
    return nodes;
  }

  private childLimit(parent: string): number {
    return this.childLimits.get(parent) ?? CHILDREN_PER_PAGE;
  }

  private refresh(): void {
    const { counters } = this.model;
    const { l10n } = this.api;
    this.tree.description =
      this.live.state.kind === 'running'
        ? l10n.t('{0} live', counters.connections.toLocaleString('en'))
        : this.live.state.kind === 'starting' && this.live.client ? l10n.t('connecting…') : '';
    this.tree.message = [
      ...(this.order.filter === '' ? [] : [this.filterMessage()]),
      alteredRouterText(this.api, this.model.router) ?? [],
    ].flat().join(' · ');
    this.changed.fire(undefined);
  }

  private filterMessage(): string {
    const { l10n } = this.api;
    const found = this.order.list().length.toLocaleString('en');
    return l10n.t('{0} of {1} threads match "{2}"', found, this.model.threads.size.toLocaleString('en'), this.order.filter);
  }
}
