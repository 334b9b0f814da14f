import type { ChangesMessage, ConnectionInfo, ThreadInfo } from '../../../src/protocol/inspection';
import { LiveModel } from '../../../src/workbench/live/live-model';
import type { RouterController } from '../../../src/workbench/router/router-controller';
import { ThreadsView } from '../../../src/workbench/views/threads-view';
import { createFakeVscode } from '../../workbench/fake/fake-vscode';
import { median, type Report } from '../report';

const CONNECTIONS = 10_000;
const PER_THREAD = 2;
const ROUNDS = 40;

function thread(index: number, delivered = 0): ThreadInfo {
  return { id: threadId(index), state: 'live', connections: PER_THREAD, waiting: 0, delivered, failed: 0, lastEventAt: delivered };
}

function threadId(index: number): string {
  return `thread_${index.toString(16).padStart(16, '0')}`;
}

function connection(index: number): ConnectionInfo {
  return {
    id: `conn_u${index}_0a1b2c3d`,
    userId: `u${index}`,
    threads: [threadId(Math.floor(index / PER_THREAD))],
    connectedAt: 1,
    lastActivityAt: 1,
    remoteAddress: '127.0.0.1',
    messagesSent: 1,
    messagesReceived: 0,
    bytesSent: 100,
    bytesReceived: 0,
    bufferedBytes: 0,
    dropped: 0,
  };
}

/** The threads view at 10,000 connections under a steady stream of changes (DESIGN 6): what one refresh costs the host. */
export async function run(report: Report): Promise<void> {
  const fake = createFakeVscode();
  const model = new LiveModel();
  const changed = new fake.api.EventEmitter<void>();
  const router = {
    onDidChangeModel: changed.event,
    onDidChangeState: new fake.api.EventEmitter<never>().event,
    state: { kind: 'running' },
  } as unknown as RouterController;
  const view = new ThreadsView(fake.api, model, router);
  const threads = CONNECTIONS / PER_THREAD;
  const snapshot: ChangesMessage = {
    type: 'changes',
    seq: 1,
    reset: true,
    threads: Array.from({ length: threads }, (_, index) => thread(index)),
    connections: Array.from({ length: CONNECTIONS }, (_, index) => connection(index)),
  };
  const begin = performance.now();
  model.apply(snapshot);
  report({ name: `taking in a snapshot of ${CONNECTIONS} connections`, value: performance.now() - begin, unit: 'ms' });

  const costs: number[] = [];
  let items = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const from = (round * 200) % threads;
    model.apply({ type: 'changes', seq: round + 2, threads: Array.from({ length: 200 }, (_, index) => thread((from + index) % threads, round + 1)) });
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
}
