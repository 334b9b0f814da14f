import assert from 'node:assert/strict';
import { FormatTable } from '../../../src/core/index';
import type { IdFormats } from '../../../src/workbench/formats/id-formats';
import { ConnectionHints } from '../../../src/workbench/links/connection-hints';
import { LiveModel } from '../../../src/workbench/live/live-model';
import type { Live } from '../../../src/workbench/live/live';
import { TestClient } from '../../host/clients';
import { poll } from '../../harness/poll';
import { createFakeVscode } from '../fake/fake-vscode';
import { startWorkbench } from '../start-workbench';

const THREAD = 'thread_13679e4dcc38403a';

describe('connection hints', () => {
  it('follow the connections of a running router', async () => {
    const started = await startWorkbench({ settings: { 'threadLens.inlayHints.enabled': true } });
    const { fake } = started;
    const { clientUrl } = await fake.commands.run<{ clientUrl: string }>('threadLens.router.start');
    const document = await fake.documents.open({ content: `${THREAD}_run_1756919162904_9adf1f09`, language: 'log' });
    const client = await TestClient.connect(`${clientUrl}?thread_id=${THREAD}`);
    await poll('the connection behind the ID', async () => (await fake.languages.inlayHints(document)).some(({ label }) => label === '1 connection'), { everyMs: 20 });
    await client.close();
    await poll('nobody behind the ID', async () => (await fake.languages.inlayHints(document)).some(({ label }) => label === 'nobody connected'), { everyMs: 20 });
    await started.end();
  });

  it('are asked for again at most once a second, and only when threads changed and somebody looks', async () => {
    const fake = createFakeVscode({ settings: { 'threadLens.inlayHints.enabled': true } });
    const { EventEmitter } = fake.api;
    const [state, changes, formats] = [new EventEmitter<never>(), new EventEmitter<void>(), new EventEmitter<void>()];
    const model = new LiveModel();
    const router = { state: { kind: 'running' }, onDidChangeState: state.event, onDidChangeModel: changes.event } as unknown as Live;
    const table = { table: FormatTable.builtIn, onDidChange: formats.event } as unknown as IdFormats;
    const hints = new ConnectionHints(fake.api, table, model, router);
    const asked: number[] = [];
    hints.onDidChangeInlayHints(() => asked.push(performance.now()));
    const document = await fake.documents.open({ content: THREAD, language: 'log' });
    const look = (): unknown => hints.provideInlayHints(document, new fake.api.Range(0, 0, 1, 0), new fake.api.CancellationTokenSource().token);
    const connect = (connections: number): void => {
      model.apply({ kind: 'changes', seq: connections, threads: [{ id: THREAD, state: 'live', connections }] } as unknown as Parameters<LiveModel['apply']>[0]);
      changes.fire();
    };
    connect(1);
    assert.deepEqual(asked, [], 'nobody looks');
    look();
    let n = 1;
    await poll('three refreshes', () => {
      connect(++n);
      look();
      return asked.length >= 3;
    }, { everyMs: 5 });
    const gaps = asked.slice(1).map((at, i) => at - (asked[i] ?? 0));
    // Timers may fire a millisecond early.
    assert.ok(gaps.every((gap) => gap >= 995), `gaps of ${gaps.map((gap) => gap.toFixed(0)).join(', ')} ms`);
    for (const each of [hints, state, changes, formats]) each.dispose();
    await fake.dispose();
  });

  it('are asked for again when IDs are read otherwise, or a run was registered', async () => {
    const fake = createFakeVscode({ settings: { 'threadLens.inlayHints.enabled': true } });
    const { EventEmitter } = fake.api;
    const [state, changes, formats] = [new EventEmitter<never>(), new EventEmitter<void>(), new EventEmitter<void>()];
    const model = new LiveModel();
    const router = { state: { kind: 'running' }, onDidChangeState: state.event, onDidChangeModel: changes.event } as unknown as Live;
    const table = { table: FormatTable.builtIn, onDidChange: formats.event } as unknown as IdFormats;
    let now = 0;
    const hints = new ConnectionHints(fake.api, table, model, router, () => now);
    let asked = 0;
    hints.onDidChangeInlayHints(() => asked++);
    const document = await fake.documents.open({ content: THREAD, language: 'log' });
    const look = (): unknown => hints.provideInlayHints(document, new fake.api.Range(0, 0, 1, 0), new fake.api.CancellationTokenSource().token);
    const told = (times: number): Promise<boolean> => poll(`refresh ${times}`, () => asked === times, { everyMs: 5 });
    look();
    model.apply({ type: 'changes', seq: 1, reset: true });
    changes.fire();
    await told(1);
    now += 2000;
    look();
    formats.fire();
    await told(2);
    now += 2000;
    look();
    model.apply({ type: 'changes', seq: 2, runs: [{ id: 'run_abc_9adf1f09', threadId: THREAD, events: 0, state: 'running', lastType: '', firstAt: 1, lastAt: 1 }] });
    changes.fire();
    await told(3);
    for (const each of [hints, state, changes, formats]) each.dispose();
    await fake.dispose();
  });
});
