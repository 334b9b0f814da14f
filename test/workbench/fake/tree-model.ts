import { inspect } from 'node:util';
import type * as vscode from 'vscode';
import { enums } from './enums';
import { TreeItem } from './values';

/** One row the workbench knows of. */
export interface TreeRow<T> {
  readonly element: T;
  /** `TreeItem.id`, or a path of labels where there is none. */
  readonly handle: string;
  readonly parent: TreeRow<T> | undefined;
  item: vscode.TreeItem;
  /** Undefined until they were asked for. */
  children: TreeRow<T>[] | undefined;
}

export interface TreeCalls {
  getChildren: number;
  getTreeItem: number;
  resolveTreeItem: number;
}

/** So many rows of each parent are checked against `getParent`; it may be slow, and the rest are made alike. */
const CHECKED_PARENTS = 20;

/**
 * The rows of one view, loaded as VS Code loads them: children of expanded rows only, an item for every loaded row,
 * rows known again by their ID, elements by identity.
 */
export class TreeModel<T> {
  roots: TreeRow<T>[] | undefined;
  readonly calls: TreeCalls = { getChildren: 0, getTreeItem: 0, resolveTreeItem: 0 };
  private readonly byHandle = new Map<string, TreeRow<T>>();
  private readonly byElement = new Map<T, TreeRow<T>>();
  /** What is expanded stays so across refreshes; an item's own state counts only when it is first seen. */
  private readonly expanded = new Map<string, boolean>();

  constructor(
    private readonly viewId: string,
    private readonly provider: vscode.TreeDataProvider<T>,
  ) {}

  isExpanded(row: TreeRow<T>): boolean {
    return isCollapsible(row) && this.expanded.get(row.handle) === true;
  }

  /** Remembers the state; loading the children is the caller's. */
  setExpanded(row: TreeRow<T>, expanded: boolean): void {
    this.expanded.set(row.handle, expanded);
  }

  rowOf(element: T): TreeRow<T> | undefined {
    return this.byElement.get(element);
  }

  /** The loaded row of that ID, or else of that label. */
  find(idOrLabel: string): TreeRow<T> | undefined {
    const byId = this.byHandle.get(idOrLabel);
    return byId ?? [...this.byHandle.values()].find((row) => labelOf(row.item) === idOrLabel);
  }

  get rows(): TreeRow<T>[] {
    return [...this.byHandle.values()];
  }

  /** Loads the roots, or the children of a row, and below them whatever is expanded. */
  async load(parent?: TreeRow<T>): Promise<void> {
    this.forget(parent ? parent.children : this.roots);
    this.calls.getChildren += 1;
    const elements = (await this.provider.getChildren(parent?.element)) ?? [];
    const items = await Promise.all(elements.map((element) => this.itemOf(element)));
    const rows = elements.map((element, index) => this.register(element, items[index], parent));
    if (parent) parent.children = rows;
    else this.roots = rows;
    for (const row of rows.slice(0, CHECKED_PARENTS)) await this.checkParent(row);
    for (const row of rows) if (this.isExpanded(row)) await this.load(row);
  }

  /** Builds the item of a row again. */
  async reload(row: TreeRow<T>): Promise<void> {
    const item = await this.itemOf(row.element);
    if (item.id !== undefined && item.id !== row.handle) {
      throw new Error(`view ${this.viewId}: the row ${row.handle} changed its id to ${item.id} in a refresh`);
    }
    row.item = item;
    if (isCollapsible(row) && !this.expanded.has(row.handle)) this.expanded.set(row.handle, startsExpanded(item));
  }

  /** The item with its tooltip, as the mouse resting on a row asks for it. */
  async resolve(row: TreeRow<T>, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
    if (row.item.tooltip !== undefined || !this.provider.resolveTreeItem) return row.item;
    this.calls.resolveTreeItem += 1;
    return (await this.provider.resolveTreeItem(row.item, row.element, token)) ?? row.item;
  }

  /** The row of an element that may not be loaded yet, found through `getParent`; its ancestors are expanded. */
  async reach(element: T): Promise<TreeRow<T>> {
    const known = this.byElement.get(element);
    if (known) return known;
    const parentElement = await this.provider.getParent?.(element);
    const parent = parentElement === null || parentElement === undefined ? undefined : await this.reach(parentElement);
    if (parent) this.setExpanded(parent, true);
    if (!(parent ? parent.children : this.roots)) await this.load(parent);
    const handle = handleOf(await this.itemOf(element), parent, 0);
    const row = this.byHandle.get(handle);
    if (row) return row;
    throw new Error(`Cannot resolve tree item for element ${handle}`);
  }

  private async itemOf(element: T): Promise<vscode.TreeItem> {
    this.calls.getTreeItem += 1;
    const item = await this.provider.getTreeItem(element);
    if (!(item instanceof TreeItem)) throw new Error(`view ${this.viewId}: getTreeItem answered no TreeItem: ${inspect(item)}`);
    if (item.label === undefined && item.resourceUri === undefined) {
      throw new Error(`view ${this.viewId}: a TreeItem has neither label nor resourceUri`);
    }
    return item;
  }

  private register(element: T, item: vscode.TreeItem | undefined, parent: TreeRow<T> | undefined): TreeRow<T> {
    if (!item) throw new Error(`view ${this.viewId}: a row without an item`);
    let handle = handleOf(item, parent, 0);
    if (item.id !== undefined && this.byHandle.has(handle)) {
      throw new Error(`view ${this.viewId}: Element with id ${item.id} is already registered`);
    }
    for (let index = 1; this.byHandle.has(handle); index += 1) handle = handleOf(item, parent, index);
    const row: TreeRow<T> = { element, handle, parent, item, children: undefined };
    this.byHandle.set(handle, row);
    this.byElement.set(element, row);
    if (isCollapsible(row) && !this.expanded.has(handle)) this.expanded.set(handle, startsExpanded(item));
    return row;
  }

  private forget(rows: readonly TreeRow<T>[] | undefined): void {
    for (const row of rows ?? []) {
      this.forget(row.children);
      this.byHandle.delete(row.handle);
      if (this.byElement.get(row.element) === row) this.byElement.delete(row.element);
    }
  }

  /** `getParent` must lead where `getChildren` came from, or `reveal` ends nowhere. */
  private async checkParent(row: TreeRow<T>): Promise<void> {
    if (!this.provider.getParent) return;
    const answered = (await this.provider.getParent(row.element)) ?? undefined;
    const answeredHandle = answered === undefined ? undefined : await this.handleOfElement(answered);
    if (answeredHandle === row.parent?.handle) return;
    throw new Error(
      `view ${this.viewId}: ${row.handle} is a child of ${row.parent?.handle ?? 'the root'}, but its getParent answers ${answeredHandle ?? 'nothing'}`,
    );
  }

  private async handleOfElement(element: T): Promise<string> {
    const known = this.byElement.get(element);
    if (known) return known.handle;
    const item = await this.provider.getTreeItem(element);
    return item.id ?? labelOf(item);
  }
}

export function isCollapsible({ item }: TreeRow<unknown>): boolean {
  return item.collapsibleState !== undefined && item.collapsibleState !== enums.TreeItemCollapsibleState.None;
}

export function labelOf({ label, resourceUri }: vscode.TreeItem): string {
  if (label !== undefined) return typeof label === 'string' ? label : label.label;
  return resourceUri?.path.split('/').at(-1) ?? '';
}

function startsExpanded(item: vscode.TreeItem): boolean {
  return item.collapsibleState === enums.TreeItemCollapsibleState.Expanded;
}

function handleOf(item: vscode.TreeItem, parent: TreeRow<unknown> | undefined, index: number): string {
  return item.id ?? `${parent?.handle ?? ''}/${index}:${labelOf(item)}`;
}
