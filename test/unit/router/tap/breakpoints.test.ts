import assert from 'node:assert/strict';
import { until } from '../harness';
import { standstill, TestBackend, TestTap, type TestWorkbench } from './tap-harness';

const T1 = 'thread_13679e4dcc38403a';

describe('tap: breakpoints', () => {
  let backend: TestBackend;
  let tap: TestTap;
  let workbench: TestWorkbench;

  async function start(options: Parameters<typeof TestTap.start>[1] = {}): Promise<void> {
    backend = await TestBackend.start();
    tap = await TestTap.start(backend.target, options);
    workbench = await tap.workbench();
  }

  afterEach(async () => {
    await tap.stop();
    await backend.stop();
  });

  const pair = async () => {
    const index = backend.sides.length;
    const client = await tap.client(`/ws?thread_id=${T1}`);
    return { client, server: await backend.side(index) };
  };

  it('hold what fits, in its direction only, and keep the order behind it', async () => {
    await start();
    const { client, server } = await pair();
    const breakpoint = await workbench.ask('addBreakpoint', { rule: { direction: 'out', type: 'agent_thinking' } });
    server.send({ type: 'agent_started' });
    server.send({ type: 'agent_thinking', n: 1 });
    server.send({ type: 'agent_completed' });
    client.send({ type: 'agent_thinking' });
    await workbench.holding(1);
    await server.receive(1);
    await client.receive(1);
    const [held] = workbench.held;
    assert.equal(held!.breakpointId, breakpoint.id);
    assert.equal(held!.type, 'agent_thinking');
    assert.equal(held!.direction, 'out');
    assert.equal(held!.threadId, T1);
    assert.equal(client.got.length, 1);
    assert.deepEqual(await workbench.ask('release', { ids: [held!.id] }), { released: 1 });
    await client.receive(3);
    assert.deepEqual(client.messages.map((message) => message['type']), ['agent_started', 'agent_thinking', 'agent_completed']);
    await workbench.holding(0);
    await until(() => workbench.breakpoints[0]?.hits === 1, 'the hit');
  });

  it('hold other connections and directions apart', async () => {
    await start();
    const { server } = await pair();
    const { client: other, server: otherServer } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'out', text: 'stop me' } });
    server.send('stop me');
    await workbench.holding(1);
    otherServer.send('go on');
    await other.receive(1);
  });

  it('match by thread, run and text', async () => {
    await start();
    const { client, server } = await pair();
    const rule = { direction: 'in', threadId: T1, runId: 'run_1', text: '"x":1' } as const;
    await workbench.ask('addBreakpoint', { rule });
    client.send('{"run_id":"run_2","x":1}');
    client.send('{"run_id":"run_1","x":2}');
    client.send('{"thread_id":"thread_other","run_id":"run_1","x":1,"type":"subscribe"}');
    client.send('{"run_id":"run_1","x":1}');
    await workbench.holding(1);
    await server.receive(3);
    assert.equal(server.got.length, 3);
    assert.equal(workbench.held[0]!.runId, 'run_1');
  });

  it('let an edited text go on, and say so in the journal', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'out', type: 'agent_started' } });
    await workbench.ask('watchFrames', { on: true });
    server.send({ type: 'agent_started', payload: { note: 'as sent' } });
    await workbench.holding(1);
    const { id } = workbench.held[0]!;
    const { text, masks } = await workbench.ask('heldBody', { id });
    assert.equal(masks, 0);
    assert.match(text ?? '', /\n {2}"type": "agent_started"/);
    await workbench.ask('releaseEdited', { id, text: '{"type":"agent_started","payload":{"note":"as edited é🙂"}}' });
    await client.receive(1);
    assert.equal(client.texts[0], '{"type":"agent_started","payload":{"note":"as edited é🙂"}}');
    await until(() => workbench.frames.length === 1, 'the frame');
    assert.equal(workbench.frames[0]!.edited, true);
    assert.match((await workbench.ask('frameBody', { seq: workbench.frames[0]!.seq })).text ?? '', /as edited/);
  });

  it('show no secrets for editing, and put them back where their masks still stand', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'in' } });
    client.send({ type: 'login', password: 'hunter2-secret', note: 'old' });
    await workbench.holding(1);
    const { id } = workbench.held[0]!;
    const { text = '', masks } = await workbench.ask('heldBody', { id });
    assert.equal(masks, 1);
    assert.doesNotMatch(text, /hunter2/);
    await assert.rejects(workbench.ask('releaseEdited', { id, text: text.replace('"old"', '"[REDACTED]"') }), { reason: 'masks' });
    await workbench.ask('releaseEdited', { id, text: text.replace('"old"', '"new"') });
    await server.receive(1);
    assert.deepEqual(server.messages[0], { type: 'login', password: 'hunter2-secret', note: 'new' });
  });

  it('send a text that was not changed byte for byte', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'in' } });
    const sent = '{ "type":"x",  "n":1.50, "token":"abcdef-secret" }';
    client.send(sent);
    await workbench.holding(1);
    const { id } = workbench.held[0]!;
    await workbench.ask('releaseEdited', { id, text: (await workbench.ask('heldBody', { id })).text ?? '' });
    await server.receive(1);
    assert.equal(server.texts[0], sent);
  });

  it('leave the digits of a number that nobody edited', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'in' } });
    let sent = 0;
    for (const secret of ['', ',"token":"abcdef-secret"', ',"token":98765432109876543210']) {
      client.send(`{"type":"x","order":12345678901234567890,"rate":1.50,"at":1e400,"note":"old"${secret}}`);
      await workbench.holding(1);
      const { id } = workbench.held[0]!;
      const { text = '' } = await workbench.ask('heldBody', { id });
      await workbench.ask('releaseEdited', { id, text: text.replace('"old"', '"new"') });
      const got = await server.receive(++sent);
      assert.equal(got[server.got.length - 1]!.data.toString().replaceAll(/\s/g, ''), `{"type":"x","order":12345678901234567890,"rate":1.50,"at":1e400,"note":"new"${secret}}`);
      await workbench.holding(0);
    }
  });

  it('send a text without masks as it was written, whatever it is', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'in' } });
    client.send({ type: 'login', password: 'hunter2-secret' });
    await workbench.holding(1);
    await workbench.ask('releaseEdited', { id: workbench.held[0]!.id, text: '{"type": "login"' });
    await server.receive(1);
    assert.equal(server.texts[0], '{"type": "login"');
  });

  it('drop what shall not arrive', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('watchFrames', { on: true });
    await workbench.ask('addBreakpoint', { rule: { direction: 'in', type: 'a' } });
    client.send({ type: 'a' });
    client.send({ type: 'b' });
    await workbench.holding(1);
    assert.deepEqual(await workbench.ask('drop', { ids: [workbench.held[0]!.id] }), { dropped: 1 });
    await server.receive(1);
    assert.deepEqual(server.messages.map((message) => message['type']), ['b']);
    await until(() => workbench.frames.length === 2, 'both frames');
    assert.deepEqual(workbench.frames.map((frame) => frame.discarded), [true, undefined]);
  });

  it('release all at once, in order, and binary frames too', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'in' } });
    for (let index = 0; index < 20; index++) client.socket.send(Buffer.from([index]));
    await workbench.holding(20);
    await assert.rejects(workbench.ask('releaseEdited', { id: workbench.held[0]!.id, text: 'x' }), { reason: 'bad_params' });
    assert.deepEqual(await workbench.ask('release', {}), { released: 20 });
    const got = await server.receive(20);
    assert.deepEqual(got.map(({ data, binary }) => [data[0], binary]), Array.from({ length: 20 }, (_, index) => [index, true]));
  });

  it('are switched off and on, and taken away', async () => {
    await start();
    const { client, server } = await pair();
    const { id } = await workbench.ask('addBreakpoint', { rule: { direction: 'in' }, enabled: false });
    client.send({ type: 'a' });
    await server.receive(1);
    await workbench.ask('enableBreakpoint', { id, enabled: true });
    client.send({ type: 'b' });
    await workbench.holding(1);
    await workbench.ask('removeBreakpoint', { id });
    await until(() => workbench.breakpoints.length === 0, 'no breakpoints');
    client.send({ type: 'c' });
    // What was held stays held until somebody decides; what is behind keeps its place.
    assert.equal(server.got.length, 1);
    await workbench.ask('release', {});
    await server.receive(3);
    assert.deepEqual(server.messages.map((message) => message['type']), ['a', 'b', 'c']);
    await assert.rejects(workbench.ask('enableBreakpoint', { id, enabled: true }), { reason: 'not_found' });
  });

  it('are refused when they make no sense', async () => {
    await start({ limits: { breakpoints: 1 } });
    for (const rule of [{}, { direction: 'up' }, { direction: 'in', text: '' }, { direction: 'in', text: 'x'.repeat(1_001) }, { direction: 'in', type: 5 }]) {
      await assert.rejects(workbench.ask('addBreakpoint', { rule: rule as never }), { reason: 'bad_params' });
    }
    await workbench.ask('addBreakpoint', { rule: { direction: 'in' } });
    await assert.rejects(workbench.ask('addBreakpoint', { rule: { direction: 'in' } }), { reason: 'bad_params' });
  });

  it('let a frame go by itself after the time of the setting', async () => {
    await start({ holdTimeout: 30 });
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'in' } });
    client.send({ type: 'a' });
    await server.receive(1);
    await workbench.holding(0);
    await until(() => workbench.breakpoints[0]?.hits === 1, 'that it was held');
  });

  it('hold the close behind what they hold, and let go of it when the other side is gone', async () => {
    await start();
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'out' } });
    server.send({ type: 'last words' });
    await workbench.holding(1);
    server.socket.close(4000, 'bye');
    await server.closing();
    assert.equal(client.closed, undefined);
    await workbench.ask('release', {});
    await client.closing();
    assert.equal(client.got.length, 1);
    assert.deepEqual(client.closed, { code: 4000, reason: 'bye' });

    const second = await pair();
    second.server.send({ type: 'nobody waits' });
    await workbench.holding(1);
    second.client.socket.close();
    await workbench.holding(0);
    await second.server.closing();
  });

  it('are bounded: who sends on is no longer read, and beyond the bound frames pass', async () => {
    await start({ limits: { queuedFrames: 10, heldFrames: 5 } });
    const { client, server } = await pair();
    await workbench.ask('addBreakpoint', { rule: { direction: 'in', type: 'held' } });
    client.send({ type: 'held' });
    await workbench.holding(1);
    let written = 0;
    const big = Buffer.alloc(128 * 1024, 'q');
    for (let index = 0; index < 400; index++) client.socket.send(big, () => written++);
    await standstill(() => written);
    assert.ok(written < 300, `${written} were taken`);
    await workbench.ask('release', {});
    await server.receive(401);

    for (let index = 0; index < 6; index++) client.send({ type: 'held', index });
    // The sixth found no room among the held, and waits behind them like any other.
    await workbench.holding(5);
    await until(() => tap.logged.some((line) => line.includes('at most 5 held frames')), 'the notice');
    await workbench.ask('release', {});
    await server.receive(407);
  });
});
