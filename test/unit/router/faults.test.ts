import assert from 'node:assert/strict';
import { FAULT_LIMITS, type FaultRule } from '../../../src/core';
import { FaultInjector } from '../../../src/router/faults/fault-injector';
import { event, type Loose, type Message, type Peer, R1, T1, TestRouter, TOKEN, until } from './harness';

const T2 = 'thread_ffffffffffffffff';
const R2 = `${T2}_run_1756919162904_9adf1f09`;

describe('router: faults made on purpose', () => {
  let test: TestRouter;
  let agent: Peer;
  let client: Peer;
  let offset: number;

  async function start(...faults: FaultRule[]): Promise<void> {
    offset = 0;
    test = await TestRouter.start({ faults, clock: () => Date.now() + offset });
    agent = await test.agent();
    client = await test.client(`thread_id=${T1}`);
  }

  afterEach(() => test.stop());

  async function types(): Promise<string[]> {
    await client.settle();
    return client.messages.filter((message) => message['run_id'] !== undefined).map((message) => String(message['type']));
  }

  const send = (type: string, fields: Message = {}) => agent.deliver({ type, ...fields });
  const delivery = async (seq: number): Promise<Loose> => (await test.http('GET', `/debug/deliveries?after=${seq - 1}&limit=1`)).json.deliveries[0];

  it('drop: the event is not sent, and its delivery says so', async () => {
    await start({ kind: 'drop', type: 'agent_thinking' });
    await send('agent_started');
    const receipt = await send('agent_thinking');
    assert.deepEqual([receipt.outcome, receipt.connections, receipt.reason], ['undeliverable', 0, 'Fault drop (rule 1): the event was dropped on purpose.']);
    assert.deepEqual(await types(), ['agent_started']);
  });

  it('duplicate: the event is sent twice', async () => {
    await start({ kind: 'duplicate', runId: R1 });
    const receipt = await send('agent_started');
    assert.deepEqual([receipt.outcome, receipt.connections], ['delivered', 1]);
    assert.match(receipt.reason!, /^Fault duplicate \(rule 1\): the event was sent twice on purpose\.$/);
    assert.deepEqual(await types(), ['agent_started', 'agent_started']);
    const { json } = await test.http('GET', '/debug/messages?direction=out&type=agent_started');
    assert.equal(json.messages.length, 2);
    assert.equal((await test.http('GET', '/debug/health')).json.counters.delivered, 1);
  });

  it('reorder: the event changes places with the next one of its thread', async () => {
    await start({ kind: 'reorder', threadId: T1, count: 1 });
    const held = await send('first');
    assert.equal(held.outcome, 'queued');
    assert.match(held.reason!, /Fault reorder \(rule 1\): the event was held back until the next one of its thread/);
    await send('elsewhere', { run_id: R2 });
    assert.deepEqual(await types(), []);
    await send('second');
    await send('third');
    assert.deepEqual(await types(), ['second', 'first', 'third']);
    const { outcome, reason } = await delivery(1);
    assert.equal(outcome, 'delivered');
    assert.match(reason, /Fault reorder/);
  });

  it('reorder: each event of a stream swaps with its neighbour', async () => {
    await start({ kind: 'reorder' });
    for (const type of ['a', 'b', 'c', 'd']) await send(type);
    assert.deepEqual(await types(), ['b', 'a', 'd', 'c']);
  });

  it('reorder: an event that nothing follows goes out after a while', async () => {
    await start({ kind: 'reorder' });
    await send('alone');
    offset += FAULT_LIMITS.holdMs;
    await until(() => client.texts.some((text) => text.includes('"alone"')), 'the event');
  });

  it('delay: the event goes out after the time of the router\'s clock, others overtake it', async () => {
    await start({ kind: 'delay', type: 'slow', ms: 30_000 });
    const receipt = await send('slow');
    assert.equal(receipt.outcome, 'queued');
    assert.equal(receipt.reason, 'Fault delay (rule 1): the event was held back for 30000 ms on purpose.');
    await send('quick');
    offset += 29_000;
    assert.deepEqual(await types(), ['quick']);
    offset += 1_000;
    await until(() => client.texts.some((text) => text.includes('"slow"')), 'the event');
    assert.deepEqual(await types(), ['quick', 'slow']);
    assert.equal((await delivery(1)).outcome, 'delivered');
  });

  it('delay: an event that comes out where nobody is any more waits like any other', async () => {
    await start({ kind: 'delay', ms: 1_000, count: 1 });
    await send('late');
    client.socket.close();
    await client.closing();
    offset += 1_000;
    await until(() => test.router.model.waiting === 1, 'the event to wait');
    client = await test.client(`thread_id=${T1}`);
    assert.deepEqual(await types(), ['late']);
  });

  it('everyNth and count say which of the events that fit', async () => {
    await start({ kind: 'drop', everyNth: 2, count: 2 });
    for (const type of ['1', '2', '3', '4', '5', '6']) await send(type);
    assert.deepEqual(await types(), ['1', '3', '5', '6']);
  });

  it('the first rule that applies counts', () => {
    const injector = new FaultInjector([{ kind: 'drop', type: 'a', count: 1 }, { kind: 'duplicate', type: 'a' }]);
    assert.deepEqual([1, 2, 3].map(() => injector.judge('a', 't', 'r', true)?.name), ['Fault drop (rule 1)', 'Fault duplicate (rule 2)', 'Fault duplicate (rule 2)']);
    assert.equal(injector.judge('b', 't', 'r', true), undefined);
  });

  it('hold back a bounded number; one more goes out at once', async () => {
    await start({ kind: 'delay', ms: 60_000 });
    for (let i = 0; i < FAULT_LIMITS.held; i++) agent.send(event({ type: 'held' }));
    const receipt = await send('over');
    assert.deepEqual([receipt.outcome, receipt.reason], ['delivered', 'Fault delay (rule 1): too much is held back, so the event went out at once.']);
    assert.deepEqual(await types(), ['over']);
  });

  it('are set while the router runs; what was held back goes out', async () => {
    await start({ kind: 'delay', ms: 60_000 });
    await send('held');
    const inspector = test.open(`/inspect?token=${TOKEN}`);
    await inspector.nextOf('hello');
    const ask = async (id: number, faults: unknown): Promise<Message> => {
      inspector.send({ type: 'request', id, method: 'setFaults', params: { faults } });
      return inspector.next((message) => message['id'] === id);
    };
    assert.deepEqual((await ask(1, [{ kind: 'drop', type: 'x', everyNth: 3 }]))['result'], { faults: [{ kind: 'drop', type: 'x', everyNth: 3 }] });
    assert.deepEqual(await types(), ['held']);
    assert.deepEqual((await test.http('GET', '/debug/health')).json.faults, [{ kind: 'drop', type: 'x', every_nth: 3 }]);
    assert.equal((await ask(2, [{ kind: 'lose' }]))['error'].message, 'faults[0].kind: expected one of drop, duplicate, reorder, delay, received "lose"');
    assert.match((await ask(3, 'drop'))['error'].message, /expected a list in "faults"/);
    assert.deepEqual((await ask(4, []))['result'], { faults: [] });
    assert.equal((await send('after')).reason, undefined);
  });

  it('leave nothing behind when the router stops', async () => {
    await start({ kind: 'delay', ms: 60_000 });
    await send('held');
    await test.stop();
    assert.deepEqual(client.messages.filter((message) => message['run_id'] !== undefined), []);
  });
});
