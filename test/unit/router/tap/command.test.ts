import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import type { TapStart, WorkerToHost } from '../../../../src/protocol/worker-control';
import { BuiltRouter } from '../built-router';
import { until } from '../harness';
import { Side, TestBackend, TOKEN } from './tap-harness';

describe('tap: command and worker', () => {
  const built = new BuiltRouter();
  let backend: TestBackend;
  before(async function () {
    this.timeout(30_000);
    await built.build();
  });
  after(() => built.remove());
  beforeEach(async () => {
    backend = await TestBackend.start();
  });
  afterEach(() => backend.stop());

  it('prints where it is as the first line with --json, taps, and ends cleanly at SIGTERM', async () => {
    const { url, port, process: running } = await built.start(['tap', '--target', backend.target, '--token', TOKEN]);
    const first = JSON.parse(running.out().split('\n')[0]!) as Record<string, unknown>;
    assert.deepEqual(Object.keys(first), ['url', 'clientUrl', 'port', 'target', 'token', 'pid']);
    assert.equal(first['target'], backend.target);
    assert.equal(first['clientUrl'], `ws://127.0.0.1:${port}/ws`);
    const client = new Side(new WebSocket(first['clientUrl']));
    await once(client.socket, 'open');
    const server = await backend.side();
    server.send({ type: 'hello' });
    await client.receive(1);
    assert.equal((await fetch(`${url}/__thread-lens/debug/health`, { headers: { authorization: `Bearer ${TOKEN}` } })).status, 200);
    running.child.kill('SIGTERM');
    assert.deepEqual(await running.exited, { code: 0, signal: null });
    await client.closing();
    assert.equal(client.closed?.code, 1001);
    assert.equal(running.err(), '');
  });

  it('says what is wrong with its arguments, and exits with 2', async function () {
    this.timeout(30_000);
    const cases: [string[], RegExp][] = [
      [[], /--target: expected a URL/],
      [['--target', 'http://127.0.0.1:1'], /--target: .*expected a URL such as ws:.*received the scheme "http:"/],
      [['--target', 'ws://169.254.169.254/'], /--target: expected an address that is not link-local/],
      [['--target', backend.target, '--fields', '{"thread":[]}'], /--fields: expected 1 to 20 paths/],
      [['--target', backend.target, '--fields', '{'], /--fields: /],
      [['--target', backend.target, '--port', '70000'], /--port: expected a number/],
      [['--target', backend.target, '--token', 'short'], /--token: expected/],
      [['--target', backend.target, '--hold', '0'], /--hold: expected seconds above 0/],
      [['--target', backend.target, '--allow-origin', 'x'], /--allow-origin: expected an origin/],
    ];
    for (const [args, expected] of cases) {
      const run = built.spawn(['tap', ...args]);
      assert.equal((await run.exited).code, 2, args.join(' '));
      assert.match(run.err(), expected);
    }
  });

  it('says that its port is in use, and refuses to be its own target', async () => {
    const taken = built.spawn(['tap', '--target', 'ws://127.0.0.1:1/ws', '--port', String(backend.port)]);
    assert.equal((await taken.exited).code, 1);
    assert.match(taken.err(), new RegExp(`port ${backend.port} is in use`));
    const { port, process: running } = await built.start(['tap', '--target', backend.target]);
    running.child.kill('SIGTERM');
    await running.exited;
    const self = built.spawn(['tap', '--target', `ws://127.0.0.1:${port}/ws`, '--port', String(port)]);
    assert.equal((await self.exited).code, 1);
    assert.match(self.err(), /where the tap itself listens/);
  });

  it('runs in a worker thread and carries the inspection protocol over its port', async () => {
    const workerData: TapStart = {
      kind: 'thread-lens-tap', port: 0, token: TOKEN, version: '0', target: backend.target, allowedTargets: [], allowedOrigins: [], forwardCredentials: false,
      fields: { thread: ['room'] },
    };
    const worker = new Worker(built.file, { workerData });
    const messages: WorkerToHost[] = [];
    worker.on('message', (message: WorkerToHost) => messages.push(message));
    await until(() => messages.some(({ kind }) => kind === 'inspection'), 'the first text');
    const started = messages.find((message) => message.kind === 'started')!;
    const client = new Side(new WebSocket(`${started.url.replace('http', 'ws')}/ws`));
    await once(client.socket, 'open');
    client.send({ type: 'join', room: 'thread_1' });
    await until(() => messages.some((message) => message.kind === 'inspection' && message.text.includes('"threads":["thread_1"]')), 'the thread');
    const exit = once(worker, 'exit');
    worker.postMessage({ kind: 'stop' });
    await exit;
    assert.equal(messages.at(-1)?.kind, 'stopped');
    await client.closing();
  });

  it('fails in a worker thread with what is wrong', async () => {
    const worker = new Worker(built.file, { workerData: { kind: 'thread-lens-tap', port: 0, token: TOKEN, version: '0', target: 'nonsense', allowedTargets: [], allowedOrigins: [], forwardCredentials: false } satisfies TapStart });
    const exit = once(worker, 'exit');
    const [message] = (await once(worker, 'message')) as [WorkerToHost];
    assert.equal(message.kind, 'failed');
    assert.match(message.kind === 'failed' ? message.message : '', /expected a URL such as ws:/);
    await exit;
  });
});
