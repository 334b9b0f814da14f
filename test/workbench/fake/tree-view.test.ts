import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { createFakeVscode, type FakeVscode } from './fake-vscode';

const VIEW = 'threadLens.threads';

interface Node {
  id: string;
  label: string;
  parent?: Node;
  children?: Node[];
  expanded?: boolean;
}

describe('tree views of the fake VS Code', () => {
  let fake: FakeVscode;
  let roots: Node[];
  let changed: vscode.EventEmitter<Node | undefined>;
  let view: vscode.TreeView<Node>;
  let getParent: ((node: Node) => Node | undefined) | undefined;

  const leaf = (parent: Node, label: string): Node => ({ id: `${parent.id}/${label}`, label, parent });

  beforeEach(() => {
    fake = createFakeVscode();
    const { TreeItem, TreeItemCollapsibleState, ThemeIcon, ThemeColor, EventEmitter } = fake.api;
    const a: Node = { id: 'a', label: 'A' };
    a.children = [leaf(a, 'x'), leaf(a, 'y')];
    const b: Node = { id: 'b', label: 'B', expanded: true };
    b.children = [leaf(b, 'z')];
    roots = [a, b];
    changed = new EventEmitter();
    getParent = (node) => node.parent;
    const provider: vscode.TreeDataProvider<Node> = {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node ? (node.children ?? []) : roots),
      getTreeItem: (node) => {
        const { None, Collapsed, Expanded } = TreeItemCollapsibleState;
        const item = new TreeItem(node.label, node.children ? (node.expanded ? Expanded : Collapsed) : None);
        item.id = node.id;
        if (node.children) {
          item.description = `${node.children.length} inside`;
          item.iconPath = new ThemeIcon('comment', new ThemeColor('charts.green'));
          item.contextValue = 'thread.live';
        } else item.accessibilityInformation = { label: `leaf ${node.label}` };
        return item;
      },
      getParent: (node) => getParent?.(node),
      resolveTreeItem: (item, node) => {
        item.tooltip = `about ${node.label}`;
        return item;
      },
    };
    view = fake.api.window.createTreeView(VIEW, { treeDataProvider: provider });
    fake.context.subscriptions.push(view, changed);
  });

  afterEach(() => fake.dispose());

  it('renders what one sees', async () => {
    assert.equal(view.title, 'Threads');
    assert.equal(
      await fake.trees.treeText(VIEW),
      ['▸ A · 2 inside $(comment charts.green) #thread.live', '▾ B · 1 inside $(comment charts.green) #thread.live', '  z "leaf z"'].join('\n'),
    );
    assert.equal(await fake.trees.treeText(VIEW, { expand: 'all', show: [] }), '▾ A\n  x\n  y\n▾ B\n  z');
    assert.equal((await fake.trees.resolvedItem(VIEW, 'a/x')).tooltip, 'about x');
  });

  it('asks only for the children of expanded rows', async () => {
    await fake.trees.show(VIEW);
    assert.deepEqual(fake.trees.calls(VIEW), { getChildren: 2, getTreeItem: 3, resolveTreeItem: 0, fires: 0 });
    await fake.trees.expand(VIEW, 'A');
    assert.equal(fake.trees.calls(VIEW).getChildren, 3);
  });

  it('asks nothing while hidden and once when shown', async () => {
    const seen: boolean[] = [];
    fake.context.subscriptions.push(view.onDidChangeVisibility(({ visible }) => seen.push(visible)));
    await fake.trees.show(VIEW);
    fake.trees.hide(VIEW);
    const before = fake.trees.calls(VIEW).getChildren;
    changed.fire(undefined);
    changed.fire(undefined);
    await fake.trees.view(VIEW).settle();
    assert.equal(fake.trees.calls(VIEW).getChildren, before);
    await fake.trees.show(VIEW);
    assert.equal(fake.trees.calls(VIEW).getChildren, before + 2, 'the roots and the expanded row');
    assert.deepEqual(seen, [true, false, true]);
  });

  it('joins refreshes, keeps what is expanded, and refreshes single elements', async () => {
    await fake.trees.treeText(VIEW, { expand: ['A'] });
    fake.trees.collapse(VIEW, 'B');
    const before = fake.trees.calls(VIEW);
    roots[0]!.children!.pop();
    changed.fire(undefined);
    changed.fire(roots[0]);
    assert.equal(await fake.trees.treeText(VIEW, { show: [] }), '▾ A\n  x\n▸ B');
    assert.equal(fake.trees.calls(VIEW).getChildren - before.getChildren, 2);
    roots[0]!.label = 'A2';
    changed.fire(roots[0]);
    assert.match(await fake.trees.treeText(VIEW), /^▾ A2/);
    changed.fire({ id: 'a', label: 'not the same element' });
    assert.match(await fake.trees.treeText(VIEW), /^▾ A2/);
  });

  it('refuses ids that are not unique', async () => {
    roots[1]!.children!.push({ ...roots[1]!.children![0]! });
    await assert.rejects(fake.trees.show(VIEW), /Element with id b\/z is already registered/);
  });

  it('refuses a getParent that leads elsewhere', async () => {
    getParent = () => undefined;
    await assert.rejects(fake.trees.show(VIEW), /b\/z is a child of b, but its getParent answers nothing/);
  });

  it('reveals, selects and clicks', async () => {
    await view.reveal(roots[0]!.children![1]!);
    assert.deepEqual(view.selection, [roots[0]!.children![1]]);
    assert.match(await fake.trees.treeText(VIEW, { show: [] }), /▾ A\n {2}x\n {2}y/);
    await assert.rejects(async () => view.reveal({ id: 'q', label: 'q' }), /Cannot resolve tree item for element q/);
    await assert.rejects(fake.trees.click(VIEW, 'nowhere'), /shows no row "nowhere"/);
  });

  it('takes only declared views', () => {
    const treeDataProvider = { getChildren: () => [], getTreeItem: () => new fake.api.TreeItem('x') };
    assert.throws(() => fake.api.window.createTreeView('other', { treeDataProvider }), /No view is registered with id: other/);
  });
});
