import { join } from 'node:path';
import { LiveModel } from '../../../src/workbench/live/live-model';
import type { Live } from '../../../src/workbench/live/live';
import { ThreadsView } from '../../../src/workbench/views/threads-view';
import { createFakeVscode } from '../../workbench/fake/fake-vscode';
import { measureInHost } from '../measure-in-host';
import { median, type Report } from '../report';
import { CONNECTIONS, crowdChange, crowdSnapshot } from './crowd-model';
import { TREE_IN_HOST, type TreeInHost } from './measured';

const ROUNDS = 40;

/** The threads view at 10,000 connections under a steady stream of changes (DESIGN 6): what one refresh costs the host. */
export async function run(report: Report): Promise<void> {
  const fake = createFakeVscode();
  const model = new LiveModel();
  const changed = new fake.api.EventEmitter<void>();
  const router = {
    onDidChangeModel: changed.event,
    onDidChangeState: new fake.api.EventEmitter<never>().event,
    state: { kind: 'running' },
  } as unknown as Live;
  const view = new ThreadsView(fake.api, model, router);
  const begin = performance.now();
  model.apply(crowdSnapshot());
  report({ name: `taking in a snapshot of ${CONNECTIONS} connections`, value: performance.now() - begin, unit: 'ms' });

  const costs: number[] = [];
  let items = 0;
  for (let round = 0; round < ROUNDS; round++) {
    model.apply(crowdChange(round));
    const start = performance.now();
    const roots = view.getChildren();
    for (const node of roots) view.getTreeItem(node);
    const [first] = roots;
    const children = first ? view.getChildren(first) : [];
    for (const node of children) view.getTreeItem(node);
    costs.push(performance.now() - start);
    items = roots.length + children.length;
  }
  const worst = Math.max(...costs);
  report({ name: 'one refresh, median', value: median(costs), unit: 'ms', ratio: median(costs) / 60, baseline: 'of 60 ms' });
  report({ name: 'one refresh, worst', value: worst, unit: 'ms', ratio: worst / 60, baseline: 'of 60 ms' });
  report({ name: 'tree items built by it', value: items, unit: 'items', ratio: items / 600, baseline: 'of 600' });
  view.setFilter('conn_u7777_');
  const start = performance.now();
  view.getChildren();
  report({ name: 'filtering them by a connection', value: performance.now() - start, unit: 'ms' });
  view.dispose();

  const inHost = await measureInHost<TreeInHost>(join(__dirname, 'tree-suite.ts'), TREE_IN_HOST);
  const refresh = median(inHost.refreshes);
  report({ name: 'in a real VS Code: one refresh, median', value: refresh, unit: 'ms', ratio: refresh / 60, baseline: 'of 60 ms' });
  const stale = Math.max(...inHost.staleness);
  report({ name: 'in a real VS Code: staleness, worst', value: stale, unit: 'ms', ratio: stale / 300, baseline: 'of 300 ms' });
  report({ name: 'in a real VS Code: tree items built', value: inHost.items, unit: 'items', ratio: inHost.items / 600, baseline: 'of 600' });
}
