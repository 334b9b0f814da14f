import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { RouterController } from '../../../src/workbench/router/router-controller';
import { LiveModel } from '../../../src/workbench/live/live-model';
import { ThreadsView } from '../../../src/workbench/views/threads-view';
import { crowdChange, crowdSnapshot } from './crowd-model';
import { TREE_IN_HOST, type TreeInHost } from './measured';

const ROUNDS = 12;
const SETTLE_MS = 1000;

/** Runs inside the extension host: the real tree over a model of 10,000 connections, watched from its provider. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('thread-lens.thread-lens');
  await extension?.activate();
  const model = new LiveModel();
  model.apply(crowdSnapshot());
  const changed = new vscode.EventEmitter<void>();
  const router = { onDidChangeModel: changed.event, onDidChangeState: new vscode.EventEmitter<never>().event, state: { kind: 'running' } };
  const view = new ThreadsView(vscode, model, router as unknown as RouterController);
  let first = 0;
  let last = 0;
  let items = 0;
  const { getChildren, getTreeItem } = ThreadsView.prototype;
  view.getChildren = (parent) => {
    if (!parent) first = performance.now();
    return getChildren.call(view, parent);
  };
  view.getTreeItem = (node) => {
    items++;
    last = performance.now();
    return getTreeItem.call(view, node);
  };
  await vscode.commands.executeCommand('threadLens.threads.focus');
  await sleep(3 * SETTLE_MS);
  const refreshes: number[] = [];
  const staleness: number[] = [];
  let most = 0;
  for (let round = 0; round < ROUNDS; round++) {
    items = 0;
    first = 0;
    model.apply(crowdChange(round));
    const begin = performance.now();
    changed.fire();
    await sleep(SETTLE_MS);
    if (first === 0) continue;
    refreshes.push(last - first);
    staleness.push(last - begin);
    most = Math.max(most, items);
  }
  view.dispose();
  const measured: TreeInHost = { refreshes, staleness, items: most };
  console.log(`${TREE_IN_HOST}${JSON.stringify(measured)}`);
}
