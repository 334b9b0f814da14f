import type * as vscode from 'vscode';
import { Emitter } from './event-emitter';
import { describeError, type Ledger } from './ledger';
import { TreeModel, type TreeRow } from './tree-model';

/** A refresh happens after the turn that asked for it, even where a test has put other timers in place. */
const soon = setImmediate;

/**
 * `vscode.TreeView` and the workbench behind it. What differs from VS Code: refreshes that come close together are
 * joined by turn of the event loop, not by 200 ms, so that tests need not wait.
 */
export class TreeView<T> implements vscode.TreeView<T> {
  readonly model: TreeModel<T>;
  message?: string;
  title?: string;
  description?: string;
  selection: readonly T[] = [];
  visible = false;
  private shownBadge: vscode.ViewBadge | undefined;
  private readonly expandedElement: Emitter<vscode.TreeViewExpansionEvent<T>>;
  private readonly collapsedElement: Emitter<vscode.TreeViewExpansionEvent<T>>;
  private readonly changedSelection: Emitter<vscode.TreeViewSelectionChangeEvent<T>>;
  private readonly changedVisibility: Emitter<vscode.TreeViewVisibilityChangeEvent>;
  private readonly changedCheckbox: Emitter<vscode.TreeCheckboxChangeEvent<T>>;
  private readonly disposables: vscode.Disposable[];
  /** Elements to refresh, `undefined` for all. */
  private pending = new Set<T | undefined>();
  private scheduled = false;
  private work: Promise<void> = Promise.resolve();
  private failure: unknown;
  /** How often the provider has asked for a refresh. */
  fires = 0;

  readonly onDidExpandElement: vscode.Event<vscode.TreeViewExpansionEvent<T>>;
  readonly onDidCollapseElement: vscode.Event<vscode.TreeViewExpansionEvent<T>>;
  readonly onDidChangeSelection: vscode.Event<vscode.TreeViewSelectionChangeEvent<T>>;
  readonly onDidChangeVisibility: vscode.Event<vscode.TreeViewVisibilityChangeEvent>;
  readonly onDidChangeCheckboxState: vscode.Event<vscode.TreeCheckboxChangeEvent<T>>;

  constructor(
    ledger: Ledger,
    private readonly viewId: string,
    name: string,
    private readonly provider: vscode.TreeDataProvider<T>,
    onDispose: () => void,
  ) {
    this.model = new TreeModel(viewId, provider);
    this.title = name;
    this.expandedElement = new Emitter(ledger, `${viewId} onDidExpandElement`);
    this.collapsedElement = new Emitter(ledger, `${viewId} onDidCollapseElement`);
    this.changedSelection = new Emitter(ledger, `${viewId} onDidChangeSelection`);
    this.changedVisibility = new Emitter(ledger, `${viewId} onDidChangeVisibility`);
    this.changedCheckbox = new Emitter(ledger, `${viewId} onDidChangeCheckboxState`);
    this.onDidExpandElement = this.expandedElement.event;
    this.onDidCollapseElement = this.collapsedElement.event;
    this.onDidChangeSelection = this.changedSelection.event;
    this.onDidChangeVisibility = this.changedVisibility.event;
    this.onDidChangeCheckboxState = this.changedCheckbox.event;
    const subscription = provider.onDidChangeTreeData?.((changed) => this.request(changed ?? undefined));
    this.disposables = [
      ledger.enter(`view ${viewId}`),
      this.expandedElement,
      this.collapsedElement,
      this.changedSelection,
      this.changedVisibility,
      this.changedCheckbox,
      { dispose: onDispose },
      ...(subscription ? [subscription] : []),
    ];
  }

  get badge(): vscode.ViewBadge | undefined {
    return this.shownBadge;
  }

  set badge(badge: vscode.ViewBadge | undefined) {
    this.shownBadge = badge && { value: Math.floor(Math.abs(badge.value)), tooltip: badge.tooltip };
  }

  async reveal(element: T, options: { select?: boolean; focus?: boolean; expand?: boolean | number } = {}): Promise<void> {
    if (!this.provider.getParent) {
      throw new Error("Required registered TreeDataProvider to implement 'getParent' method to access 'reveal' method");
    }
    this.setVisible(true);
    await this.settle();
    const row = await this.model.reach(element);
    if (options.expand !== undefined && options.expand !== false) await this.expand(row);
    if (options.select !== false) this.select([row]);
  }

  dispose(): void {
    for (const disposable of this.disposables.splice(0)) disposable.dispose();
    this.pending.clear();
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    this.changedVisibility.fire({ visible });
    if (!visible) return;
    if (!this.model.roots) this.pending.add(undefined);
    this.schedule();
  }

  /** Resolves when everything asked for is loaded. Rejects with what the provider threw. */
  async settle(): Promise<void> {
    // What was fired in this turn, or by a timer that is due, is waited for too.
    await new Promise((resolve) => soon(resolve));
    while (this.scheduled) {
      await new Promise((resolve) => soon(resolve));
      await this.work;
    }
    await this.work;
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }

  /** An error of the provider that nobody has waited for. */
  get unseenFailure(): string | undefined {
    return this.failure === undefined ? undefined : `view ${this.viewId}: ${describeError(this.failure)}`;
  }

  async expand(row: TreeRow<T>): Promise<void> {
    if (this.model.isExpanded(row) && row.children) return;
    this.model.setExpanded(row, true);
    this.expandedElement.fire({ element: row.element });
    if (!row.children) await this.model.load(row);
  }

  collapse(row: TreeRow<T>): void {
    if (!this.model.isExpanded(row)) return;
    this.model.setExpanded(row, false);
    this.collapsedElement.fire({ element: row.element });
  }

  /** The user's click on a checkbox. What the row shows then is up to the extension. */
  check(row: TreeRow<T>, state: vscode.TreeItemCheckboxState): void {
    this.changedCheckbox.fire({ items: [[row.element, state]] });
  }

  select(rows: readonly TreeRow<T>[]): void {
    this.selection = rows.map(({ element }) => element);
    this.changedSelection.fire({ selection: this.selection });
  }

  private request(changed: T | T[] | undefined): void {
    this.fires += 1;
    for (const element of Array.isArray(changed) ? changed : [changed]) this.pending.add(element);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    soon(() => {
      this.scheduled = false;
      this.work = this.work
        .then(() => this.refresh())
        .catch((error: unknown) => {
          this.failure ??= error;
        });
    });
  }

  /** A hidden view builds the items of single elements anew but asks for no children until it is shown. */
  private async refresh(): Promise<void> {
    const changed = this.pending;
    if (!this.visible) {
      if (!changed.has(undefined)) await this.reloadItems(changed);
      return;
    }
    this.pending = new Set();
    if (changed.has(undefined)) return this.model.load();
    for (const row of await this.reloadItems(changed)) {
      // VS Code asks for the children of a refreshed row even when it is collapsed (microsoft/vscode#121567).
      if (row.item.collapsibleState) await this.model.load(row);
    }
  }

  private async reloadItems(changed: ReadonlySet<T | undefined>): Promise<TreeRow<T>[]> {
    const known = [...changed].flatMap((element) => (element === undefined ? [] : (this.model.rowOf(element) ?? [])));
    const rows = known.filter((row) => !hasAncestorIn(row, known));
    for (const row of rows) await this.model.reload(row);
    return rows;
  }
}

function hasAncestorIn<T>(row: TreeRow<T>, rows: readonly TreeRow<T>[]): boolean {
  for (let { parent } = row; parent; { parent } = parent) if (rows.includes(parent)) return true;
  return false;
}
