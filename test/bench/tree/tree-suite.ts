import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Live } from '../../../src/workbench/live/live';
import { LiveModel } from '../../../src/workbench/live/live-model';
import type { ThreadsNode } from '../../../src/workbench/views/threads-nodes';
import { ThreadsView } from '../../../src/workbench/views/threads-view';
import { crowdChange, crowdSnapshot } from './crowd-model';
import { TREE_IN_HOST, type TreeInHost } from './measured';

const ROUNDS = 12;
const SETTLE_MS = 1000;

/** Says when the editor asked for its rows, and for how many. */
class WatchedView extends ThreadsView {
  firstAskedAt = 0;
  lastBuiltAt = 0;
  built = 0;

  override getChildren(parent?: ThreadsNode): ThreadsNode[] {
    if (!parent) this.firstAskedAt = performance.now();
    return super.getChildren(parent);
  }

  override getTreeItem(node: ThreadsNode): vscode.TreeItem {
    const item = super.getTreeItem(node);
    this.built++;
    this.lastBuiltAt = performance.now();
    return item;
  }

  forget(): void {
    this.firstAskedAt = 0;
    this.built = 0;
  }
}

/** Runs inside the extension host: the real tree over a model of 10,000 connections, watched from its provider. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('thread-lens.thread-lens');
  await extension?.activate();
  const model = new LiveModel();
  model.apply(crowdSnapshot());
  const changed = new vscode.EventEmitter<void>();
  const router = { onDidChangeModel: changed.event, onDidChangeState: new vscode.EventEmitter<never>().event, state: { kind: 'running' } };
  const view = new WatchedView(vscode, model, router as unknown as Live);
  await vscode.commands.executeCommand('threadLens.threads.focus');
  await sleep(3 * SETTLE_MS);
  const refreshes: number[] = [];
  const staleness: number[] = [];
  let most = 0;
  for (let round = 0; round < ROUNDS; round++) {
    view.forget();
    model.apply(crowdChange(round));
    const begin = performance.now();
    changed.fire();
    await sleep(SETTLE_MS);
    if (view.firstAskedAt === 0) continue;
    refreshes.push(view.lastBuiltAt - view.firstAskedAt);
    staleness.push(view.lastBuiltAt - begin);
    most = Math.max(most, view.built);
  }
  view.dispose();
  const measured: TreeInHost = { refreshes, staleness, items: most };
  console.log(`${TREE_IN_HOST}${JSON.stringify(measured)}`);
}
