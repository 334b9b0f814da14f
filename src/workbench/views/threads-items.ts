import type * as vscode from 'vscode';
import type { ConnectionInfo, RunInfo, ThreadInfo } from '../../protocol/inspection';
import { COMMANDS } from '../commands';
import { MarkdownText, showInvisible } from '../markdown-text';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import type { ThreadsNode } from './threads-nodes';

/** How the rows of the threads view look. State is told by icon, colour and words, never by colour alone. */
export class ThreadsItems {
  private readonly words: Words;

  constructor(private readonly api: VscodeApi) {
    this.words = new Words(api);
  }

  item(node: ThreadsNode): vscode.TreeItem {
    const item = this.build(node);
    item.id = node.id;
    item.accessibilityInformation = { label: [plainLabel(item), item.description].filter(Boolean).join(', ') };
    return item;
  }

  tooltip(node: ThreadsNode): vscode.MarkdownString | string {
    switch (node.kind) {
      case 'thread':
        return this.threadTooltip(node.thread);
      case 'connection':
        return this.connectionTooltip(node.connection);
      case 'run':
        return this.runTooltip(node.run);
      case 'unassociated':
        return this.api.l10n.t('These connections named no thread, so no agent event can reach them.');
      case 'more':
        return '';
    }
  }

  private build(node: ThreadsNode): vscode.TreeItem {
    switch (node.kind) {
      case 'thread':
        return this.threadItem(node.thread);
      case 'connection':
        return this.connectionItem(node.connection);
      case 'run':
        return this.runItem(node.run);
      case 'unassociated':
        return this.unassociatedItem(node.count);
      case 'more':
        return this.moreItem(node);
    }
  }

  private threadItem(thread: ThreadInfo): vscode.TreeItem {
    const { l10n } = this.api;
    const parts: string[] = [];
    if (thread.connections > 0) parts.push(l10n.t('{0} live', thread.connections.toLocaleString('en')));
    else parts.push(l10n.t('nobody'));
    if (thread.waiting > 0) parts.push(l10n.t('{0} waiting', thread.waiting.toLocaleString('en')));
    if (thread.delivered > 0) parts.push(l10n.t('{0} delivered', thread.delivered.toLocaleString('en')));
    const item = this.row(thread.id, parts.join(' · '), this.api.TreeItemCollapsibleState.Collapsed);
    item.iconPath = {
      live: this.icon('comment-discussion', 'charts.green'),
      waiting: this.icon('warning', 'list.warningForeground'),
      idle: this.icon('comment', 'disabledForeground'),
    }[thread.state];
    item.contextValue = `thread.${thread.state}`;
    return item;
  }

  private connectionItem(connection: ConnectionInfo): vscode.TreeItem {
    const { l10n } = this.api;
    const parts = [l10n.t('{0} sent', connection.messagesSent.toLocaleString('en'))];
    if (connection.latencyMs !== undefined) parts.push(l10n.t('{0} ms', connection.latencyMs.toFixed(connection.latencyMs < 10 ? 1 : 0)));
    if (connection.bufferedBytes > 0) parts.push(l10n.t('{0} unread', this.words.bytes(connection.bufferedBytes)));
    if (connection.dropped > 0) parts.push(l10n.t('{0} dropped', connection.dropped));
    if (connection.threads.length > 1) parts.push(l10n.t('{0} threads', connection.threads.length));
    const item = this.row(connection.id, parts.join(' · '), this.api.TreeItemCollapsibleState.None);
    const slow = connection.dropped > 0 || connection.bufferedBytes > 0;
    item.iconPath = slow ? this.icon('debug-pause', 'list.warningForeground') : this.icon('plug', 'charts.green');
    item.contextValue = `connection.${slow ? 'slow' : 'open'}`;
    item.command = { command: COMMANDS.connectionDetails, title: l10n.t('Connection Details'), arguments: [connection.id] };
    return item;
  }

  private runItem(run: RunInfo): vscode.TreeItem {
    const parts = [run.lastType, this.words.events(run.events)];
    if (run.agentName) parts.unshift(run.agentName);
    const item = this.row(runLabel(run), parts.join(' · '), this.api.TreeItemCollapsibleState.None);
    item.iconPath = {
      running: this.icon('sync', 'charts.blue'),
      completed: this.icon('pass', 'charts.green'),
      failed: this.icon('error', 'list.errorForeground'),
    }[run.state];
    item.contextValue = `run.${run.state}`;
    return item;
  }

  private unassociatedItem(count: number): vscode.TreeItem {
    const { l10n, TreeItemCollapsibleState } = this.api;
    const item = this.row(l10n.t('No thread'), this.words.connections(count), TreeItemCollapsibleState.Expanded);
    item.iconPath = this.icon('warning', 'list.warningForeground');
    item.contextValue = 'unassociated';
    return item;
  }

  private moreItem(node: ThreadsNode & { kind: 'more' }): vscode.TreeItem {
    const { l10n, TreeItemCollapsibleState } = this.api;
    const item = this.row(l10n.t('Show more'), l10n.t('{0} not shown', node.hidden.toLocaleString('en')), TreeItemCollapsibleState.None);
    item.iconPath = this.icon('unfold');
    item.contextValue = 'more';
    item.command = { command: COMMANDS.showMoreThreads, title: l10n.t('Show more'), arguments: [node] };
    return item;
  }

  private row(label: string, description: string, collapsible: vscode.TreeItemCollapsibleState): vscode.TreeItem {
    const item = new this.api.TreeItem(showInvisible(label), collapsible);
    item.description = showInvisible(description);
    return item;
  }

  private icon(name: string, colour?: string): vscode.ThemeIcon {
    const { ThemeIcon, ThemeColor } = this.api;
    return colour === undefined ? new ThemeIcon(name) : new ThemeIcon(name, new ThemeColor(colour));
  }

  private threadTooltip(thread: ThreadInfo): vscode.MarkdownString {
    const { l10n } = this.api;
    const text = new MarkdownText(this.api).code(thread.id).paragraph();
    text.field(l10n.t('Connections'), String(thread.connections));
    text.field(l10n.t('Waiting events'), String(thread.waiting));
    text.field(l10n.t('Delivered'), String(thread.delivered));
    text.field(l10n.t('Not delivered'), String(thread.failed));
    if (thread.lastEventAt !== undefined) text.field(l10n.t('Last event'), new Date(thread.lastEventAt).toISOString());
    return text.markdown;
  }

  private connectionTooltip(connection: ConnectionInfo): vscode.MarkdownString {
    const { l10n } = this.api;
    const text = new MarkdownText(this.api).code(connection.id).paragraph();
    if (connection.userId !== undefined) text.field(l10n.t('User'), connection.userId);
    text.field(l10n.t('Threads'), connection.threads.join(', ') || l10n.t('none: no agent event can reach it'));
    text.field(l10n.t('Connected'), new Date(connection.connectedAt).toISOString());
    text.field(l10n.t('From'), connection.remoteAddress);
    if (connection.origin !== undefined) text.field(l10n.t('Origin'), connection.origin);
    if (connection.subprotocol !== undefined) text.field(l10n.t('Subprotocol'), connection.subprotocol);
    text.field(l10n.t('Sent'), `${this.words.events(connection.messagesSent)}, ${this.words.bytes(connection.bytesSent)}`);
    text.field(l10n.t('Received'), `${connection.messagesReceived}, ${this.words.bytes(connection.bytesReceived)}`);
    text.field(l10n.t('Unread'), this.words.bytes(connection.bufferedBytes));
    return text.markdown;
  }

  private runTooltip(run: RunInfo): vscode.MarkdownString {
    const { l10n } = this.api;
    const text = new MarkdownText(this.api).code(run.id).paragraph();
    text.field(l10n.t('Thread'), run.threadId ?? l10n.t('could not be resolved'));
    text.field(l10n.t('State'), run.state);
    text.field(l10n.t('First event'), new Date(run.firstAt).toISOString());
    text.field(l10n.t('Last event'), `${new Date(run.lastAt).toISOString()} (${run.lastType})`);
    return text.markdown;
  }
}

/** Below its thread a composite run ID need not repeat it; its end tells runs apart. */
function runLabel(run: RunInfo): string {
  const prefix = `${run.threadId ?? ''}_`;
  return run.id.startsWith(prefix) && run.id.length > prefix.length ? `…${run.id.slice(prefix.length)}` : run.id;
}

function plainLabel(item: vscode.TreeItem): string {
  return typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
}
