import assert from 'node:assert/strict';
import { readFieldPaths } from '../../../../src/core/index';
import { until } from '../harness';
import { TestBackend, TestTap, type TestWorkbench, TOKEN } from './tap-harness';

const T1 = 'thread_13679e4dcc38403a';
const T2 = 'thread_374579bdba3c41b8';
const R1 = `${T1}_run_1756919162904_9adf1f09`;
const R2 = `${T2}_run_1756919162904_9adf1f09`;

describe('tap: learning', () => {
  let backend: TestBackend;
  let tap: TestTap;
  let workbench: TestWorkbench;

  async function start(options: Parameters<typeof TestTap.start>[1] = {}): Promise<void> {
    backend = await TestBackend.start();
    tap = await TestTap.start(backend.target, options);
    workbench = await tap.workbench();
    await workbench.ask('watchFrames', { on: true });
  }

  afterEach(async () => {
    await tap.stop();
    await backend.stop();
  });

  const only = async () => {
    await until(() => workbench.connections.size === 1, 'one connection');
    return [...workbench.connections.values()][0]!;
  };

  it('takes connection, user and thread from the welcome of the backend', async () => {
    await start();
    await tap.client();
    const server = await backend.side();
    server.send({ type: 'connection_established', connection_id: 'conn_u1_3052f606', user_id: 'u1', thread_id: T1 });
    await until(() => workbench.connections.has('conn_u1_3052f606'), 'the name of the backend');
    const connection = await only();
    assert.equal(connection.userId, 'u1');
    assert.deepEqual(connection.threads, [T1]);
    const { connection: details } = { connection: await workbench.ask('connection', { connectionId: 'conn_u1_3052f606' }) };
    assert.deepEqual(details.timeline.map(({ what }) => what), ['connected', 'associated']);
  });

  it('pages over connections that got their names in another order than they came', async () => {
    await start();
    for (let n = 0; n < 3; n++) {
      await tap.client();
      await backend.side(n);
    }
    for (const n of [1, 2, 0]) {
      backend.sides[n]!.send({ type: 'connection_established', connection_id: `main_0000000${n}` });
      await until(() => workbench.connections.has(`main_0000000${n}`), 'the name of the backend');
    }
    const found: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const response = await fetch(`${tap.url}/__thread-lens/debug/connections?limit=1&after=${after}`, { headers: { authorization: `Bearer ${TOKEN}` } });
      const page = (await response.json()) as { connections: { id: string }[]; next: number | null };
      found.push(...page.connections.map(({ id }) => id));
      after = page.next;
    }
    assert.deepEqual(found.sort(), ['main_00000000', 'main_00000001', 'main_00000002']);
  });

  it('takes them from a welcome that holds them in "data", and from the URL', async () => {
    await start();
    await tap.client(`/ws?thread_id=${T2}&user_id=u2`);
    assert.deepEqual((await only()).threads, [T2]);
    assert.equal((await only()).userId, 'u2');
    const server = await backend.side();
    server.send({ type: 'system_message', data: { event: 'connection_established', connection_id: 'main_1a2b3c4d', user_id: 'u3' } });
    await until(() => workbench.connections.has('main_1a2b3c4d'), 'the name of the backend');
    // The first to say who it is is believed.
    assert.equal((await only()).userId, 'u2');
  });

  it('follows the client from thread to thread', async () => {
    await start();
    const client = await tap.client();
    await backend.side();
    const threads = async (expected: string[]): Promise<void> => until(() => JSON.stringify([...workbench.connections.values()][0]?.threads) === JSON.stringify(expected), `threads ${expected.join()}`);
    client.send({ type: 'start_agent', payload: { thread_id: T1 } });
    await threads([T1]);
    client.send({ type: 'switch_thread', threadId: T2 });
    await threads([T2]);
    client.send({ type: 'subscribe', thread_id: T1 });
    await threads([T2, T1]);
    client.send({ type: 'get_thread_history', thread_id: 'thread_other' });
    client.send({ type: 'unsubscribe', thread_id: T2 });
    await threads([T1]);
  });

  it('judges events: right, misrouted with expected and received, unknown', async () => {
    await start();
    await tap.client(`/ws?thread_id=${T1}`);
    const server = await backend.side();
    server.send({ type: 'agent_started', run_id: R1, payload: {} });
    server.send({ type: 'agent_thinking', run_id: R2, payload: {} });
    server.send({ type: 'agent_completed', run_id: 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760', payload: {} });
    await until(() => workbench.deliveries.length === 3 && workbench.frames.length === 3, 'three events');
    const [right, wrong, unknown] = workbench.deliveries;
    assert.equal(right!.misrouted, undefined);
    assert.equal(right!.threadId, T1);
    assert.deepEqual(wrong!.misrouted, { expected: T2, received: T1 });
    assert.match(wrong!.reason ?? '', /misrouted/);
    assert.ok(wrong!.expected && wrong!.received);
    assert.equal(unknown!.misrouted, undefined);
    assert.equal(unknown!.threadId, undefined);
    assert.deepEqual(workbench.frames.map((frame) => frame.misrouted), [undefined, { expected: T2, received: T1 }, undefined]);
    const details = await workbench.ask('connection', { connectionId: [...workbench.connections.keys()][0]! });
    const alarm = details.timeline.find(({ what }) => what === 'alarm');
    assert.match(alarm?.detail ?? '', new RegExp(`misrouted: agent_thinking of run ${R2}`));
  });

  it('learns the thread of a bare run from the traffic, and judges by it on another connection', async () => {
    await start();
    const first = await tap.client(`/ws?thread_id=${T1}`);
    first.send({ type: 'start_agent', thread_id: T1, run_id: 'run_0a1b2c3d4e5f' });
    await (await backend.side()).receive(1);
    await tap.client(`/ws?thread_id=${T2}`);
    (await backend.side(1)).send({ type: 'agent_started', run_id: 'run_0a1b2c3d4e5f' });
    await until(() => workbench.deliveries.length === 1, 'the event');
    assert.deepEqual(workbench.deliveries[0]!.misrouted, { expected: T1, received: T2 });
    const answer = await workbench.ask('resolve', { runId: 'run_0a1b2c3d4e5f' });
    assert.equal(answer.threadId, T1);
    assert.equal(answer.source, 'thread_registry');
  });

  it('does not let an event that went astray teach where its run belongs', async () => {
    await start();
    await tap.client(`/ws?thread_id=${T1}`);
    const server = await backend.side();
    server.send({ type: 'agent_started', run_id: R2, thread_id: T1 });
    await until(() => workbench.deliveries.length === 1, 'the event');
    assert.deepEqual(workbench.deliveries[0]!.misrouted, { expected: T2, received: T1 });
  });

  it('does not call a missing prefix a fault of routing', async () => {
    await start();
    await tap.client(`/ws?thread_id=${T1.slice('thread_'.length)}`);
    (await backend.side()).send({ type: 'agent_started', run_id: R1 });
    await until(() => workbench.deliveries.length === 1, 'the event');
    assert.equal(workbench.deliveries[0]!.misrouted, undefined);
  });

  it('reads the fields where a setting says they stand', async () => {
    await start({ paths: readFieldPaths({ type: ['kind'], thread: ['conversation.id'], run: ['meta.execution'] }) });
    const client = await tap.client();
    client.send({ kind: 'open', conversation: { id: T1 } });
    const server = await backend.side();
    await server.receive(1);
    server.send({ kind: 'step', meta: { execution: R2 } });
    await until(() => workbench.deliveries.length === 1, 'the event');
    assert.equal(workbench.deliveries[0]!.type, 'step');
    assert.deepEqual(workbench.deliveries[0]!.misrouted, { expected: T2, received: T1 });
  });

  it('serves what the views ask: frames, bodies without secrets, runs, connection details', async () => {
    await start();
    const client = await tap.client(`/ws?thread_id=${T1}`);
    const server = await backend.side();
    client.send({ type: 'chat', thread_id: T1, content: 'hello', api_key: 'sk-very-secret' });
    await server.receive(1);
    assert.match(server.texts[0]!, /sk-very-secret/);
    const { frames } = await workbench.ask('frames', { direction: 'in' });
    assert.equal(frames.length, 1);
    const body = await workbench.ask('frameBody', { seq: frames[0]!.seq });
    assert.match(body.text ?? '', /hello/);
    assert.doesNotMatch(body.text ?? '', /sk-very-secret/);
    assert.equal((await workbench.ask('frames', { text: 'sk-very-secret' })).frames.length, 0);
    await assert.rejects(workbench.ask('registerRun', { runId: 'run_1', threadId: T1 }), { reason: 'unsupported' });
  });

  it('sends an event of the workbench to the clients of its thread, and tells who did', async () => {
    await start();
    const client = await tap.client(`/ws?thread_id=${T1}`);
    const event = { type: 'agent_started', run_id: R1, agent_name: 'workbench', timestamp: '2026-01-02T03:04:05.678Z', payload: {} };
    const receipt = await workbench.ask('simulate', { event });
    assert.equal(receipt.outcome, 'delivered');
    assert.equal(receipt.connections, 1);
    await client.receive(1);
    assert.deepEqual(JSON.parse(client.texts[0]!), event);
    await until(() => workbench.frames.length === 1, 'the frame');
    assert.equal(workbench.frames[0]!.injected, true);
    const nobody = await workbench.ask('simulate', { event: { ...event, run_id: R2 } });
    assert.equal(nobody.outcome, 'undeliverable');
    assert.ok(nobody.expected && nobody.received);
  });

  it('closes both sides when the workbench disconnects one', async () => {
    await start();
    const client = await tap.client();
    const server = await backend.side();
    const { id } = await only();
    assert.deepEqual(await workbench.ask('disconnect', { connectionId: id, code: 4000, reason: 'by hand' }), { disconnected: true });
    await client.closing();
    await server.closing();
    assert.deepEqual(client.closed, { code: 4000, reason: 'by hand' });
    assert.deepEqual(server.closed, { code: 4000, reason: 'by hand' });
    await until(() => workbench.connections.size === 0, 'no connections');
    const details = await workbench.ask('connection', { connectionId: id });
    assert.equal(details.open, false);
    assert.equal(details.closeCode, 4000);
  });
});
