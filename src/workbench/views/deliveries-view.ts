import type * as vscode from 'vscode';
import type { DeliveryInfo } from '../../protocol/inspection';
import { ContextKey } from '../context-key';
import type { LiveModel } from '../live/live-model';
import type { Live } from '../live/live';
import { sourceWords } from '../simulate/describe-receipt';
import { showInvisible } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import type { DeliveriesNode } from './deliveries-nodes';
import { RefreshScheduler } from './refresh-scheduler';

const MAX_ROWS = 200;

/** The sidebar's list of agent events and what became of them, newest first. */
export class DeliveriesView implements vscode.TreeDataProvider<DeliveriesNode>, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<DeliveriesNode | undefined>;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly tree: vscode.TreeView<DeliveriesNode>;
  private readonly words: Words;
  private readonly failuresKey: ContextKey<boolean>;
  private failuresOnly = false;

  readonly onDidChangeTreeData: vscode.Event<DeliveriesNode | undefined>;

  constructor(
    private readonly api: VscodeApi,
    private readonly model: LiveModel,
    live: Live,
  ) {
    this.words = new Words(api);
    this.failuresKey = new ContextKey(api, 'threadLens.failuresOnly');
    this.failuresKey.set(false);
    this.changed = new api.EventEmitter();
    this.onDidChangeTreeData = this.changed.event;
    this.tree = api.window.createTreeView('threadLens.deliveries', { treeDataProvider: this });
    const scheduler = new RefreshScheduler(() => this.changed.fire(undefined));
    scheduler.setVisible(this.tree.visible);
    const badge = new RefreshScheduler(() => this.showBadge());
    this.disposables.push(
      this.tree,
      this.changed,
      scheduler,
      badge,
      this.tree.onDidChangeVisibility(({ visible }) => scheduler.setVisible(visible)),
      live.onDidChangeModel(() => {
        scheduler.request();
        badge.request();
      }),
    );
  }

  getChildren(parent?: DeliveriesNode): DeliveriesNode[] {
    if (!parent) return this.newestFirst().map((delivery) => ({ kind: 'delivery', id: `delivery:${delivery.seq}`, delivery }));
    return parent.kind === 'delivery' ? this.facts(parent.delivery) : [];
  }

  getParent(node: DeliveriesNode): DeliveriesNode | undefined {
    return node.kind === 'fact' ? { kind: 'delivery', id: `delivery:${node.parent.seq}`, delivery: node.parent } : undefined;
  }

  getTreeItem(node: DeliveriesNode): vscode.TreeItem {
    const item = node.kind === 'delivery' ? this.deliveryItem(node.delivery) : this.factItem(node);
    item.id = node.id;
    return item;
  }

  /** Shows only what did not arrive, or everything again; answers whether only failures are shown. */
  toggleFailures(): boolean {
    this.failuresOnly = !this.failuresOnly;
    this.failuresKey.set(this.failuresOnly);
    this.tree.description = this.failuresOnly ? this.api.l10n.t('not delivered') : '';
    this.changed.fire(undefined);
    return this.failuresOnly;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Newest first; what still can be delivered stays listed however much has come since. */
  private newestFirst(): DeliveryInfo[] {
    const { deliveries } = this.model;
    if (this.failuresOnly) return deliveries.filter(({ outcome, misrouted }) => outcome !== 'delivered' || misrouted !== undefined).slice(-MAX_ROWS).toReversed();
    const recent = deliveries.slice(-MAX_ROWS);
    const older = deliveries.slice(0, -MAX_ROWS).filter(({ deadLetter }) => deadLetter).slice(-MAX_ROWS);
    return [...older, ...recent].toReversed();
  }

  private deliveryItem(delivery: DeliveryInfo): vscode.TreeItem {
    const { l10n, TreeItem, TreeItemCollapsibleState } = this.api;
    const item = new TreeItem(showInvisible(delivery.type), TreeItemCollapsibleState.Collapsed);
    const to = showInvisible(delivery.threadId ?? delivery.runId ?? l10n.t('no run ID'));
    const { misrouted } = delivery;
    // What waited too long, or is dropped at once as the original drops it, had a thread.
    const unresolved = delivery.outcome === 'undeliverable' && delivery.threadId === undefined;
    const outcome = misrouted ? l10n.t('misrouted') : {
      delivered: l10n.t('to {0}', delivery.connections.toLocaleString('en')),
      queued: l10n.t('waits'),
      undeliverable: unresolved ? l10n.t('no thread') : l10n.t('not delivered'),
      rejected: l10n.t('rejected'),
    }[delivery.outcome];
    item.description = `${outcome} · ${to}`;
    item.iconPath = misrouted ? this.icon('error', 'list.errorForeground') : {
      delivered: this.icon('pass', 'charts.green'),
      queued: this.icon('watch', 'list.warningForeground'),
      undeliverable: this.icon('error', 'list.errorForeground'),
      rejected: this.icon('error', 'list.errorForeground'),
    }[delivery.outcome];
    item.tooltip = [`${item.label as string} · ${outcome}`, to, ...(delivery.reason === undefined ? [] : [showInvisible(delivery.reason)]), new Date(delivery.at).toISOString()].join('\n');
    item.contextValue = `delivery.${misrouted ? 'misrouted' : unresolved ? 'unresolved' : delivery.outcome}${delivery.deadLetter ? '.again' : ''}`;
    item.accessibilityInformation = { label: `${item.label as string}, ${outcome}, ${to}` };
    return item;
  }

  /** What a receipt says, line by line; on failure the reason comes first. */
  private facts(delivery: DeliveryInfo): DeliveriesNode[] {
    const { l10n } = this.api;
    const nodes: DeliveriesNode[] = [];
    const add = (icon: string, label: string, value: string | undefined): void => {
      if (value !== undefined) nodes.push({ kind: 'fact', id: `fact:${delivery.seq}:${nodes.length}`, parent: delivery, label, value, icon });
    };
    add('info', l10n.t('Reason'), delivery.reason);
    add('check', l10n.t('Expected'), delivery.expected);
    add('close', l10n.t('Received'), delivery.received);
    for (const miss of delivery.nearMisses ?? []) add('lightbulb', l10n.t('Closest'), `${miss.thread_id} (${miss.why})`);
    add('symbol-event', l10n.t('Run'), delivery.runId);
    add('comment-discussion', l10n.t('Thread'), delivery.threadId);
    if (delivery.resolution) add('git-merge', l10n.t('Resolved by'), sourceWords(this.api, { resolution: delivery.resolution }));
    if (delivery.outcome === 'delivered') add('plug', l10n.t('Reached'), this.words.connections(delivery.connections));
    add('robot', l10n.t('Agent'), delivery.agentName);
    add('file-binary', l10n.t('Size'), this.words.bytes(delivery.bytes));
    return nodes;
  }

  private factItem(node: DeliveriesNode & { kind: 'fact' }): vscode.TreeItem {
    const item = new this.api.TreeItem(node.label);
    item.description = showInvisible(node.value);
    item.tooltip = item.description;
    item.iconPath = this.icon(node.icon);
    item.contextValue = 'fact';
    return item;
  }

  private icon(name: string, colour?: string): vscode.ThemeIcon {
    const { ThemeIcon, ThemeColor } = this.api;
    return colour === undefined ? new ThemeIcon(name) : new ThemeIcon(name, new ThemeColor(colour));
  }

  private showBadge(): void {
    const { deadLetters } = this.model.counters;
    this.tree.badge =
      deadLetters > 0 ? { value: deadLetters, tooltip: this.api.l10n.t('{0} not delivered', this.words.events(deadLetters)) } : undefined;
  }
}
