import assert from 'node:assert/strict';
import type { ChangesMessage, ConnectionInfo, InspectionTransport } from '../../../src/protocol/inspection';
import { LiveModel } from '../../../src/workbench/live/live-model';
import { Sources } from '../../../src/workbench/sources/sources';
import { createFakeVscode, type FakeVscode } from '../fake/fake-vscode';
import { poll } from '../../harness/poll';

const THREAD = 'thread_13679e4dcc38403a';

/** A router at the other end, with one connection of a name of its own, that can be lost and lose messages. */
class Played {
  readonly asked: { method: string; params: Record<string, unknown> }[] = [];
  seq = 0;
  closed = false;
  private text: (text: string) => void = () => {};
  private lost: (reason: string) => void = () => {};
  private gone: (reason: string) => void = () => {};

  constructor(private readonly name: string) {}

  readonly transport: InspectionTransport = {
    send: (text) => {
      const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: Record<string, unknown> };
      this.asked.push({ method, params });
      this.tell({ type: 'reply', id, result: params });
      if (method === 'watch' && params['on'] === true) this.snapshot();
    },
    onText: (listener) => {
      this.text = listener;
      this.hello();
    },
    onInterrupted: (listener) => {
      this.lost = listener;
    },
    onClosed: (listener) => {
      this.gone = listener;
    },
    close: () => {
      this.closed = true;
    },
  };

  hello(version = 1): void {
    this.seq = 0;
    this.tell({ type: 'hello', version, router: { url: `http://${this.name}`, clientUrl: `ws://${this.name}/ws`, port: 1, pid: 1, version: '0', dialect: 'fix', startedAt: 1, storage: 'memory' } });
    if (version === 1) this.snapshot();
  }

  change(parts: Partial<ChangesMessage>): void {
    this.tell({ type: 'changes', seq: ++this.seq, ...parts });
  }

  interrupt(): void {
    this.lost('the network is down');
  }

  end(): void {
    this.gone('it was stopped');
  }

  private snapshot(): void {
    this.change({ reset: true, connections: [connection(this.name)] });
  }

  private tell(message: unknown): void {
    this.text(JSON.stringify(message));
  }
}

function connection(id: string): ConnectionInfo {
  return { id, threads: [THREAD], connectedAt: 1, lastActivityAt: 1, remoteAddress: '', messagesSent: 0, messagesReceived: 0, bytesSent: 0, bytesReceived: 0, bufferedBytes: 0, dropped: 0 };
}

describe('the sources of the views', () => {
  let fake: FakeVscode;
  let model: LiveModel;
  let sources: Sources;

  beforeEach(() => {
    fake = createFakeVscode({});
    model = new LiveModel();
    const log = fake.api.window.createOutputChannel('Test', { log: true });
    sources = new Sources(fake.api, model, log);
    fake.context.subscriptions.push(log, sources);
  });
  afterEach(() => fake.dispose());

  const add = (played: Played, id: string, readOnly = false) => sources.add({ id, kind: 'attached', label: id, detail: id, readOnly }, played.transport);
  const shown = (): string[] => [...model.connections.keys()];

  it('shows one at a time, and asks the one shown again for a snapshot', () => {
    const one = new Played('one');
    const two = new Played('two');
    add(one, 'a');
    assert.deepEqual(shown(), ['one']);
    add(two, 'b');
    assert.deepEqual(shown(), ['two'], 'the newest is shown, and nothing of the other is left');
    assert.deepEqual(one.asked.at(-1), { method: 'watch', params: { on: false } }, 'the other is told to be silent');
    one.change({ connections: [connection('late')] });
    assert.deepEqual(shown(), ['two'], 'what it says all the same is not taken in');
    assert.equal(sources.show('a'), true);
    assert.deepEqual(shown(), ['one']);
    assert.equal(sources.shown?.id, 'a');
    assert.equal(sources.show('c'), false);
    assert.deepEqual(sources.all.map(({ id }) => id), ['a', 'b']);
  });

  it('goes back to what was shown before when the shown one goes', () => {
    const one = new Played('one');
    const two = new Played('two');
    add(one, 'a');
    add(two, 'b');
    const states: string[] = [];
    sources.onDidChangeState(({ kind }) => states.push(kind));
    assert.equal(sources.remove('b'), true);
    assert.equal(two.closed, true);
    assert.deepEqual(shown(), ['one']);
    assert.equal(sources.remove('b'), false);
    sources.remove('a');
    assert.deepEqual(shown(), []);
    assert.equal(sources.state.kind, 'stopped');
    assert.deepEqual(states, ['running', 'stopped']);
  });

  it('takes a router of the same name for the new one', () => {
    const old = new Played('old');
    add(old, 'a');
    add(new Played('new'), 'a');
    assert.equal(old.closed, true);
    assert.deepEqual(shown(), ['new']);
    assert.equal(sources.all.length, 1);
  });

  it('asks for a snapshot when a change was lost, and takes nothing in until it is there', () => {
    const one = new Played('one');
    add(one, 'a');
    one.seq++;
    one.change({ closedConnections: ['one'], connections: [connection('other')] });
    assert.deepEqual(one.asked, [{ method: 'watch', params: { on: true } }]);
    assert.deepEqual(shown(), ['one'], 'the snapshot says what is true');
    one.change({ connections: [connection('next')] });
    assert.deepEqual(shown(), ['one', 'next']);
    assert.match(fake.output.log('Test').join('\n'), /expected change 2, received 3/);
  });

  it('keeps what it shows while the connection is lost, refuses questions, and begins anew with the next hello', async () => {
    const one = new Played('one');
    const client = add(one, 'a');
    await client.watchFrames(true);
    one.interrupt();
    assert.equal(sources.state.kind, 'starting');
    assert.deepEqual(shown(), ['one'], 'what was known stays in sight');
    await assert.rejects(client.request('resolve', { runId: 'run_1' }), (error: { reason?: string; message?: string }) =>
      error.reason === 'interrupted' && /network is down/.test(error.message ?? ''));
    one.asked.length = 0;
    one.hello();
    assert.equal(sources.state.kind, 'running');
    assert.deepEqual(one.asked, [{ method: 'watchFrames', params: { on: true } }], 'frames are watched again');
    one.change({ connections: [connection('next')] });
    assert.deepEqual(shown(), ['one', 'next']);
  });

  it('says why, when a router is gone or speaks another version', async () => {
    const one = new Played('one');
    const client = add(one, 'a');
    const lost = client.request('resolve', { runId: 'run_1' });
    one.end();
    await lost;
    assert.deepEqual(sources.state, { kind: 'failed', message: 'it was stopped' });
    await assert.rejects(client.request('resolve', { runId: 'run_1' }), /it was stopped/);
    const two = new Played('two');
    add(two, 'b');
    two.hello(7);
    assert.deepEqual(sources.state, { kind: 'failed', message: 'expected inspection protocol version 1, received 7' });
    assert.equal(two.closed, true);
  });

  it('sends nothing that would change a router that is attached to look only', async () => {
    const one = new Played('one');
    const client = add(one, 'a', true);
    await assert.rejects(client.request('disconnect', { connectionId: 'one' }), (error: { reason?: string }) => error.reason === 'read_only');
    assert.deepEqual(one.asked, []);
    await client.request('resolve', { runId: 'run_1' });
    assert.equal(one.asked.length, 1);
  });

  it('says how the router of the window is doing while nothing is shown', async () => {
    sources.setIdleState({ kind: 'failed', message: 'no port' });
    assert.equal(sources.state.kind, 'failed');
    add(new Played('one'), 'a');
    sources.setIdleState({ kind: 'stopped' });
    assert.equal(sources.state.kind, 'running');
    await poll('the model', () => shown().length === 1);
  });
});
