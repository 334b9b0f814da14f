import type * as vscode from 'vscode';
import type { BreakpointInfo, HeldFrame } from '../../protocol/breakpoints';
import { COMMANDS } from '../commands';
import { ContextKey } from '../context-key';
import { showInvisible } from '../markdown-text';
import type { Sources } from '../sources/sources';
import { timeOfDay } from '../time-of-day';
import { RefreshScheduler } from '../views/refresh-scheduler';
import type { VscodeApi } from '../vscode-api';
import { Words } from '../words';
import type { BreakpointsNode } from './breakpoints-nodes';
import { ruleText } from './rule-text';

/** The sidebar's list of a tap's breakpoints, and below each the frames that it holds. */
export class BreakpointsView implements vscode.TreeDataProvider<BreakpointsNode>, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<BreakpointsNode | undefined>;
  private readonly disposables: vscode.Disposable[];
  private readonly tree: vscode.TreeView<BreakpointsNode>;
  private readonly words: Words;
  private readonly holding: ContextKey<boolean>;

  readonly onDidChangeTreeData: vscode.Event<BreakpointsNode | undefined>;

  constructor(
    private readonly api: VscodeApi,
    private readonly sources: Sources,
    toggle: (breakpoint: BreakpointInfo, enabled: boolean) => void,
  ) {
    this.words = new Words(api);
    this.changed = new api.EventEmitter();
    this.onDidChangeTreeData = this.changed.event;
    this.holding = new ContextKey(api, 'threadLens.holding');
    this.holding.set(false);
    this.tree = api.window.createTreeView('threadLens.breakpoints', { treeDataProvider: this, manageCheckboxStateManually: true });
    const scheduler = new RefreshScheduler(() => this.refresh());
    let seen = sources.model.holdingVersion;
    this.disposables = [
      this.tree,
      this.changed,
      scheduler,
      this.tree.onDidChangeCheckboxState(({ items }) => {
        for (const [node, state] of items) if (node.kind === 'breakpoint') toggle(node.breakpoint, state === api.TreeItemCheckboxState.Checked);
      }),
      sources.onDidChangeModel(() => {
        if (sources.model.holdingVersion === seen) return;
        seen = sources.model.holdingVersion;
        scheduler.request();
      }),
    ];
    scheduler.request();
  }

  getChildren(parent?: BreakpointsNode): BreakpointsNode[] {
    const { breakpoints, held } = this.sources.model;
    if (parent?.kind === 'held') return [];
    if (parent) return held.filter(({ breakpointId }) => breakpointId === parent.breakpoint.id).map(heldNode);
    // What a breakpoint holds stays held when it is removed.
    const orphans = held.filter(({ breakpointId }) => !breakpoints.some(({ id }) => id === breakpointId));
    return [...breakpoints.map((breakpoint) => this.breakpointNode(breakpoint)), ...orphans.map(heldNode)];
  }

  getTreeItem(node: BreakpointsNode): vscode.TreeItem {
    const item = node.kind === 'breakpoint' ? this.breakpointItem(node.breakpoint) : this.heldItem(node.held);
    item.id = node.id;
    return item;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private breakpointNode(breakpoint: BreakpointInfo): BreakpointsNode {
    // A row that VS Code knows without children stays closed when it gets some, so it becomes another.
    const holds = this.sources.model.held.some(({ breakpointId }) => breakpointId === breakpoint.id);
    return { kind: 'breakpoint', id: `breakpoint:${breakpoint.id}${holds ? ':holding' : ''}`, breakpoint };
  }

  private breakpointItem(breakpoint: BreakpointInfo): vscode.TreeItem {
    const { l10n, TreeItem, TreeItemCollapsibleState, TreeItemCheckboxState } = this.api;
    const holds = this.sources.model.held.filter(({ breakpointId }) => breakpointId === breakpoint.id).length;
    const direction = this.directionWords(breakpoint.direction);
    const rule = ruleText(breakpoint);
    const label = rule === '' ? l10n.t('every frame') : showInvisible(rule);
    const item = new TreeItem(label, holds > 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None);
    const hits = breakpoint.hits === 1 ? l10n.t('1 hit') : l10n.t('{0} hits', breakpoint.hits.toLocaleString('en'));
    item.description = [direction, hits, ...(holds > 0 ? [l10n.t('{0} held', holds.toLocaleString('en'))] : [])].join(' · ');
    item.checkboxState = breakpoint.enabled ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked;
    item.contextValue = 'breakpoint';
    item.accessibilityInformation = { label: [label, item.description].join(', ') };
    return item;
  }

  private heldItem(held: HeldFrame): vscode.TreeItem {
    const { l10n, TreeItem, ThemeIcon, ThemeColor } = this.api;
    const label = showInvisible(held.type ?? (held.binary === true ? l10n.t('binary frame') : l10n.t('frame without a type')));
    const item = new TreeItem(label);
    item.description = showInvisible([held.threadId ?? held.connectionId, this.words.bytes(held.bytes)].join(' · '));
    item.iconPath = new ThemeIcon('debug-pause', new ThemeColor('debugIcon.pauseForeground'));
    item.tooltip = [
      l10n.t('Held since {0}, {1}', timeOfDay(held.at), this.directionWords(held.direction)),
      held.connectionId,
      ...(held.runId === undefined ? [] : [held.runId]),
      ...(held.releaseAt === undefined ? [] : [l10n.t('Is released by itself at {0}', new Date(held.releaseAt).toISOString().slice(11, 19))]),
    ].map(showInvisible).join('\n');
    item.contextValue = held.binary === true ? 'held.binary' : 'held.text';
    if (held.binary !== true) item.command = { command: COMMANDS.heldEdit, title: l10n.t('Edit'), arguments: [heldNode(held)] };
    item.accessibilityInformation = { label: [label, item.description].join(', ') };
    return item;
  }

  private directionWords(direction: HeldFrame['direction']): string {
    const { l10n } = this.api;
    return direction === 'in' ? l10n.t('to the backend') : l10n.t('to the client');
  }

  private refresh(): void {
    const { l10n } = this.api;
    const { held } = this.sources.model;
    this.holding.set(held.length > 0);
    this.tree.badge = held.length > 0 ? { value: held.length, tooltip: l10n.t('{0} held', held.length) } : undefined;
    this.changed.fire(undefined);
  }
}

function heldNode(held: HeldFrame): BreakpointsNode {
  return { kind: 'held', id: `held:${held.id}`, held };
}
