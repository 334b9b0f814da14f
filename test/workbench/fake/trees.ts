import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';
import type { Commands } from './commands';
import { enums } from './enums';
import type { Ledger } from './ledger';
import type { Manifest } from './manifest';
import type { TreeCalls, TreeRow } from './tree-model';
import { ALL_COLUMNS, renderTree, type TreeColumn } from './tree-text';
import { TreeView } from './tree-view';

export interface TreeTextOptions {
  /** Rows the user expands first, by ID or label; `all` expands whatever can be. */
  readonly expand?: 'all' | readonly string[];
  /** What to show beside the label; everything but `id` by default. */
  readonly show?: readonly TreeColumn[];
}

/** The tree views of the extension and a user's hand on them. Rows are named by ID or label. */
export class Trees {
  private readonly views = new Map<string, TreeView<unknown>>();

  constructor(
    private readonly ledger: Ledger,
    private readonly manifest: Manifest,
    private readonly commands: Commands,
  ) {
    for (const viewId of manifest.views.keys()) commands.addBuiltIn(`${viewId}.focus`, () => this.show(viewId));
  }

  create<T>(viewId: string, options: { readonly treeDataProvider: vscode.TreeDataProvider<T> }): TreeView<T> {
    if (!options?.treeDataProvider) throw new Error('Options with treeDataProvider is mandatory');
    const name = this.manifest.views.get(viewId);
    if (name === undefined) throw new Error(`No view is registered with id: ${viewId}`);
    if (this.views.has(viewId)) throw new Error(`fake vscode: the view ${viewId} has a tree already`);
    const view = new TreeView(this.ledger, viewId, name, options.treeDataProvider, () => this.views.delete(viewId));
    this.views.set(viewId, view as unknown as TreeView<unknown>);
    return view;
  }

  /** The view as the extension has set it up: title, description, message, badge, selection, visible. */
  view(viewId: string): TreeView<unknown> {
    const view = this.views.get(viewId);
    if (!view) throw new Error(`fake vscode: the extension has created no tree view ${viewId}`);
    return view;
  }

  /** Opens the view; resolves when it is loaded. */
  async show(viewId: string): Promise<void> {
    const view = this.view(viewId);
    view.setVisible(true);
    await view.settle();
  }

  hide(viewId: string): void {
    this.view(viewId).setVisible(false);
  }

  /** How often the provider was called so far. */
  calls(viewId: string): Readonly<TreeCalls> & { readonly fires: number } {
    const { model, fires } = this.view(viewId);
    return { ...model.calls, fires };
  }

  /** Opens the view, expands rows, waits for all refreshes and answers the rows as text (see `renderTree`). */
  async treeText(viewId: string, options: TreeTextOptions = {}): Promise<string> {
    await this.show(viewId);
    const view = this.view(viewId);
    if (options.expand === 'all') await this.expandAll(view);
    else for (const row of options.expand ?? []) await view.expand(this.row(viewId, row));
    await view.settle();
    return renderTree(view.model, options.show ?? ALL_COLUMNS);
  }

  async expand(viewId: string, row: string): Promise<void> {
    await this.view(viewId).expand(this.row(viewId, row));
  }

  collapse(viewId: string, row: string): void {
    this.view(viewId).collapse(this.row(viewId, row));
  }

  select(viewId: string, ...rows: string[]): void {
    this.view(viewId).select(rows.map((row) => this.row(viewId, row)));
  }

  /** Clicks the checkbox of a row. */
  check(viewId: string, row: string, checked: boolean): void {
    this.view(viewId).check(this.row(viewId, row), checked ? enums.TreeItemCheckboxState.Checked : enums.TreeItemCheckboxState.Unchecked);
  }

  /** Selects a row and runs its command. */
  async click(viewId: string, row: string): Promise<unknown> {
    this.select(viewId, row);
    const { command } = this.row(viewId, row).item;
    return command && this.commands.run(command.command, ...((command.arguments ?? []) as unknown[]));
  }

  /** Runs a command of the row's context menu: it gets the row's element and the selection. */
  async runOn<T = unknown>(viewId: string, row: string, command: string): Promise<T> {
    return this.commands.run<T>(command, this.element(viewId, row), this.view(viewId).selection);
  }

  element(viewId: string, row: string): unknown {
    return this.row(viewId, row).element;
  }

  item(viewId: string, row: string): vscode.TreeItem {
    return this.row(viewId, row).item;
  }

  /** The item after the mouse has rested on it: with its tooltip. */
  async resolvedItem(viewId: string, row: string): Promise<vscode.TreeItem> {
    return this.view(viewId).model.resolve(this.row(viewId, row), new CancellationTokenSource().token);
  }

  unseenFailures(): string[] {
    return [...this.views.values()].flatMap((view) => view.unseenFailure ?? []);
  }

  private row(viewId: string, idOrLabel: string): TreeRow<unknown> {
    const { model } = this.view(viewId);
    const row = model.find(idOrLabel);
    if (row) return row;
    throw new Error(`fake vscode: the view ${viewId} shows no row "${idOrLabel}"; it shows\n${renderTree(model, ['id'])}`);
  }

  private async expandAll(view: TreeView<unknown>): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const next = view.model.rows.find((row) => row.item.collapsibleState && !seen.has(row.handle));
      if (!next) return;
      seen.add(next.handle);
      await view.expand(next);
    }
  }
}
