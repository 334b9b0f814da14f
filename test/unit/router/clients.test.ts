import assert from 'node:assert/strict';
import { event, type Loose, R1, T1, TestRouter, until } from './harness';

describe('router: clients', () => {
  let test: TestRouter;
  beforeEach(async () => {
    test = await TestRouter.start();
  });
  afterEach(() => test.stop());

  it('welcomes a connection first, with an ID that names its user', async () => {
    const named = test.open('/ws?user_id=dev-temp-1&thread_id=thread_a');
    const first = await named.next();
    assert.equal(first['type'], 'connection_established');
    assert.match(first['connection_id'], /^conn_dev-temp-1_[0-9a-f]{8}$/);
    assert.deepEqual(first['threads'], ['thread_a']);
    const nameless = test.open('/ws');
    assert.match((await nameless.next())['connection_id'], /^main_[0-9a-f]{8}$/);
  });

  it('adds and removes threads, and replaces them by switch_thread', async () => {
    const client = await test.client('thread_id=thread_a');
    client.send({ type: 'subscribe', thread_id: 'thread_b', id: 1 });
    assert.deepEqual(await client.next(), { type: 'subscribed', id: 1, thread_id: 'thread_b', threads: ['thread_a', 'thread_b'] });
    client.send({ type: 'subscribe', payload: { thread_id: 'thread_b' } });
    assert.deepEqual((await client.next())['threads'], ['thread_a', 'thread_b']);
    client.send({ type: 'unsubscribe', thread_id: 'thread_a' });
    assert.deepEqual(await client.next(), { type: 'unsubscribed', thread_id: 'thread_a', threads: ['thread_b'] });
    client.send({ type: 'subscribe', thread_id: 'thread_c' });
    await client.next();
    client.send({ type: 'switch_thread', thread_id: 'thread_b' });
    assert.deepEqual(await client.next(), { type: 'thread_switched', thread_id: 'thread_b', threads: ['thread_b'] });
  });

  for (const message of [
    { type: 'user_message', thread_id: 'thread_new', content: 'hi' },
    { type: 'start_agent', payload: { thread_id: 'thread_new' } },
    { type: 'made_up_by_the_application', thread_id: 'thread_new' },
    { type: 'ping', thread_id: 'thread_new' },
  ]) {
    it(`is moved by a message of type ${message.type} that names a thread`, async () => {
      const client = await test.client('thread_id=thread_old');
      client.send(message);
      const answer = await client.next();
      if (message.type === 'ping') assert.equal(answer['type'], 'pong');
      else assert.deepEqual([answer['type'], answer['received_type'], answer['threads']], ['ack', message.type, ['thread_new']]);
      const agent = await test.agent();
      assert.equal((await agent.deliver({ run_id: 'thread_new_run_1_9adf1f09' })).connections, 1);
      assert.equal((await agent.deliver({ run_id: 'thread_old_run_1_9adf1f09' })).outcome, 'queued');
    });
  }

  it('answers ping, heartbeat and unknown types, and does not answer pong', async () => {
    const client = await test.client();
    client.send({ type: 'pong' });
    client.send({ type: 'ping', id: 'p' });
    const pong = await client.next();
    assert.deepEqual([pong['type'], pong['id']], ['pong', 'p']);
    client.send({ type: 'heartbeat' });
    assert.equal((await client.next())['type'], 'heartbeat_ack');
    client.send({ type: 'chat' });
    assert.equal((await client.next())['status'], 'acknowledged');
    client.send({ type: 'subscibe', id: 3 });
    const ack = await client.next();
    assert.deepEqual([ack['type'], ack['received_type'], ack['status'], ack['id']], ['ack', 'subscibe', 'unknown_type', 3]);
    assert.match(ack['expected'], /subscribe, unsubscribe, switch_thread, ping/);
  });

  it('says what it expected and received of a frame it cannot read, and stays open', async () => {
    const client = await test.client();
    const cases: [string | Buffer, string][] = [
      ['hello', 'not_json'],
      ['[1]', 'not_an_object'],
      ['null', 'not_an_object'],
      ['{"thread_id":"x"}', 'missing_type'],
      ['{"type":7}', 'missing_type'],
      ['{"type":"subscribe"}', 'missing_thread_id'],
      ['{"type":"subscribe","thread_id":7}', 'bad_thread_id'],
      ['{"type":"subscribe","thread_id":"  "}', 'bad_thread_id'],
      [`{"type":"chat","thread_id":"${'t'.repeat(2_000)}"}`, 'bad_thread_id'],
      [Buffer.from([0, 1]), 'binary'],
    ];
    for (const [frame, reason] of cases) {
      client.send(frame);
      const error = await client.next();
      assert.deepEqual([error['type'], error['reason']], ['error', reason]);
      assert.ok(error['expected'] && error['received'] && error['message']);
    }
    await client.settle();
  });

  it('answers a frame nested so deeply that writing it again would overflow the stack', async () => {
    const client = await test.client();
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    for (const [frame, reason] of [[`{"type":${deep}}`, 'missing_type'], [`{"type":"chat","thread_id":${deep}}`, 'bad_thread_id']] as const) {
      client.send(frame);
      const error = await client.next();
      assert.deepEqual([error['type'], error['reason'], error['received']], ['error', reason, 'an array of 1']);
    }
  });

  it('refuses a thread ID with control characters wherever it is named, as the handshake does', async () => {
    const client = await test.client('thread_id=thread_a');
    for (const [type, given] of [['subscribe', 'thread_\u0000b'], ['switch_thread', 'thread_b\r\nX: y'], ['chat', 'thread_\u001b[31mb'], ['ping', 'thread_b\u0085']] as const) {
      client.send({ type, thread_id: given });
      const error = await client.next();
      assert.deepEqual([error['type'], error['reason'], error['expected']], ['error', 'bad_thread_id', 'at most 1024 characters without control characters'], type);
      assert.match(error['received'], /^U\+[0-9A-F]{4} at character \d+$/);
    }
    client.send({ type: 'subscribe', thread_id: 'thread_c' });
    assert.deepEqual((await client.next())['threads'], ['thread_a', 'thread_c']);
    const refused = await test.http('GET', '/debug/threads');
    assert.doesNotMatch(refused.text, /\\u00|\\r/);
  });

  it('takes null as no thread, as clients send it before they have one', async () => {
    const client = await test.client('thread_id=thread_a');
    client.send({ type: 'chat', thread_id: null, payload: { thread_id: null } });
    assert.deepEqual((await client.next())['threads'], ['thread_a']);
  });

  it('is not confused by keys that JavaScript objects have anyway', async () => {
    const client = await test.client();
    client.send('{"type":"chat","__proto__":{"thread_id":"thread_evil"},"constructor":1}');
    assert.deepEqual((await client.next())['threads'], []);
    client.send('{"type":"subscribe","thread_id":"__proto__"}');
    assert.deepEqual((await client.next())['threads'], ['__proto__']);
    assert.equal((await test.http('GET', '/debug/threads/__proto__')).json.connections, 1);
  });

  it('is gone from its threads as soon as it closes', async () => {
    const client = await test.client(`thread_id=${T1}`);
    client.socket.close(1000, 'done');
    await client.closing();
    const agent = await test.agent();
    assert.equal((await agent.deliver({})).outcome, 'queued');
  });

  it('keeps a timeline: connected, associated by what, race window, first delivery, end', async () => {
    const agent = await test.agent();
    await agent.deliver({});
    const client = await test.client('user_id=u');
    client.send({ type: 'subscribe', thread_id: T1 });
    await client.nextOf('agent_started');
    const id = client.messages[0]!['connection_id'] as string;
    const { json } = await test.http('GET', `/debug/connections/${id}`);
    const what = json.timeline.map((moment: { what: string }) => moment.what);
    assert.deepEqual(what, ['first_event', 'connected', 'associated', 'first_delivery']);
    assert.equal(json.timeline[2].detail, 'joined by subscribe');
    assert.ok(json.race_window_ms >= 0);
    client.socket.close(3001, 'bye');
    await client.closing();
    await until(() => test.router.model.connections.size === 0, 'the router to notice');
    const after = (await test.http('GET', `/debug/connections/${id}`)).json;
    assert.deepEqual([after.open, after.close_code, after.close_reason, after.timeline.at(-1).what], [false, 3001, 'bye', 'closed']);
  });

  it('has the first event and the first delivery in the timeline of a connection that was in time', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    await agent.deliver({});
    const { json } = await test.http('GET', `/debug/connections/${client.messages[0]!['connection_id']}`);
    assert.deepEqual(json.timeline.map((moment: { what: string }) => moment.what), ['connected', 'associated', 'first_event', 'first_delivery']);
    assert.equal(json.race_window_ms, undefined);
  });

  it('raises an alarm in both timelines when a second user joins a thread', async () => {
    const alice = await test.client(`user_id=alice&thread_id=${T1}`);
    await test.client(`user_id=alice&thread_id=${T1}`);
    const quiet = await test.http('GET', `/debug/connections/${alice.messages[0]!['connection_id']}`);
    assert.equal(quiet.json.timeline.some((moment: { what: string }) => moment.what === 'alarm'), false);
    const bob = await test.client('user_id=bob');
    bob.send({ type: 'switch_thread', thread_id: T1 });
    await bob.nextOf('thread_switched');
    for (const peer of [alice, bob]) {
      const { json } = await test.http('GET', `/debug/connections/${peer.messages[0]!['connection_id']}`);
      const alarm = json.timeline.find((moment: { what: string }) => moment.what === 'alarm');
      assert.match(alarm.detail, /bob.*expected one user per thread/);
    }
  });

  it('moves only itself: the other tabs of its user stay where they are', async () => {
    const first = await test.client(`user_id=u&thread_id=${T1}`);
    const second = await test.client('user_id=u');
    second.send({ type: 'switch_thread', thread_id: 'thread_b' });
    await second.nextOf('thread_switched');
    const agent = await test.agent();
    assert.equal((await agent.deliver({})).connections, 1);
    assert.equal((await first.nextOf('agent_started'))['run_id'], R1);
  });
});

describe('router: waiting events', () => {
  let test: TestRouter;
  afterEach(() => test.stop());

  const numbers = (messages: Record<string, Loose>[]): number[] => messages.filter((message) => message['type'] === 'agent_started').map((message) => message['n'] as number);

  it('go to the first connection of their thread, in order and once', async () => {
    test = await TestRouter.start();
    const agent = await test.agent();
    for (let n = 0; n < 50; n++) await agent.deliver({ n });
    const first = await test.client(`thread_id=${T1}`);
    const second = await test.client(`thread_id=${T1}`);
    await agent.deliver({ n: 50 });
    await first.settle();
    await second.settle();
    assert.deepEqual(numbers(first.messages), Array.from({ length: 51 }, (_, n) => n));
    assert.deepEqual(numbers(second.messages), [50]);
    const { json } = await test.http('GET', '/debug/deliveries?outcome=delivered');
    assert.equal(json.deliveries.length, 51);
    assert.match(json.deliveries[0].reason, /waited \d+ ms/);
  });

  it('come after the answer to the subscription', async () => {
    test = await TestRouter.start();
    const agent = await test.agent();
    await agent.deliver({});
    const client = await test.client();
    client.send({ type: 'subscribe', thread_id: T1 });
    assert.deepEqual([(await client.next())['type'], (await client.next())['type']], ['subscribed', 'agent_started']);
  });

  it('give way beyond their number, the oldest first, and can be delivered again by hand', async () => {
    test = await TestRouter.start({ limits: { waitingPerThread: 3 } });
    const agent = await test.agent();
    for (let n = 0; n < 5; n++) await agent.deliver({ n });
    const client = await test.client(`thread_id=${T1}`);
    await client.settle();
    assert.deepEqual(numbers(client.messages), [2, 3, 4]);
    const { json } = await test.http('GET', '/debug/deliveries?outcome=undeliverable');
    assert.deepEqual(json.deliveries.map((delivery: Loose) => [delivery.seq, delivery.dead_letter]), [[1, true], [2, true]]);
    assert.match(json.deliveries[0].reason, /More than 3 events/);
    const { delivered, queued, undeliverable } = test.router.model.counters();
    assert.deepEqual([delivered, queued, undeliverable], [3, 5, 2], 'five waited, of which three arrived and two were given up');
    const again = await test.http('POST', '/debug/deliveries/1/redeliver', { body: {} });
    assert.deepEqual([again.status, again.json.outcome, again.json.connections], [200, 'delivered', 1]);
    await client.settle();
    assert.deepEqual(numbers(client.messages), [2, 3, 4, 0]);
    assert.equal((await test.http('POST', '/debug/deliveries/1/redeliver', { body: {} })).status, 404);
  });

  it('give way beyond the memory that all may take, small ones too', async () => {
    test = await TestRouter.start({ limits: { waitingBytes: 20_000 } });
    const agent = await test.agent();
    for (let n = 0; n < 40; n++) await agent.deliver({ run_id: `thread_${n}_run_1_9adf1f09`, n });
    assert.ok(test.router.model.waiting > 5 && test.router.model.waiting < 20, String(test.router.model.waiting));
    const { json } = await test.http('GET', '/debug/deliveries?outcome=undeliverable');
    assert.match(json.deliveries[0].reason, /Too much waited in all/);
  });

  it('give way beyond their bytes', async () => {
    test = await TestRouter.start({ limits: { waitingBytesPerThread: 1_000 } });
    const agent = await test.agent();
    await agent.deliver({ n: 1, payload: { x: 'y'.repeat(500) } });
    await agent.deliver({ n: 2, payload: { x: 'y'.repeat(500) } });
    assert.equal(test.router.model.waiting, 1);
    const large = await agent.deliver({ n: 3, payload: { x: 'y'.repeat(2_000) } });
    assert.equal(large.outcome, 'undeliverable');
    assert.match(large.reason ?? '', /too large to wait/);
  });

  it('become dead letters when they are too old', async () => {
    let now = 1_700_000_000_000;
    test = await TestRouter.start({ limits: { waitingAge: 60_000 }, clock: () => now });
    const agent = await test.agent();
    await agent.deliver({});
    now += 60_001;
    await until(() => test.router.model.waiting === 0, 'the event to expire');
    const { json } = await test.http('GET', '/debug/deliveries');
    assert.match(json.deliveries[0].reason, /^Nobody took it within 60 s\.$/);
    assert.equal(json.deliveries[0].dead_letter, true);
  });

  it('become too old behind those that came before the clock was put back', async () => {
    let now = 1_700_000_000_000;
    test = await TestRouter.start({ limits: { waitingAge: 60_000 }, clock: () => now });
    const agent = await test.agent();
    await agent.deliver({});
    now -= 3_600_000;
    await agent.deliver({});
    now += 60_001;
    await until(() => test.router.model.waiting === 1, 'the second event to expire');
    assert.equal((await test.http('GET', '/debug/deliveries?outcome=undeliverable')).json.deliveries[0].seq, 2);
  });

  it('stand under the thread that they went to when they are delivered again by hand', async () => {
    test = await TestRouter.start();
    const agent = await test.agent();
    assert.equal((await agent.deliver({ run_id: 'opaque' })).thread_id, undefined);
    await test.http('PUT', '/registry/runs/opaque', { body: { thread_id: 'thread_late' } });
    const client = await test.client('thread_id=thread_late');
    const { seq } = (await test.http('GET', '/debug/deliveries')).json.deliveries[0];
    const { json: receipt } = await test.http('POST', `/debug/deliveries/${seq}/redeliver`, { body: {} });
    assert.deepEqual([receipt.outcome, receipt.thread_id], ['delivered', 'thread_late']);
    await client.nextOf('agent_started');
    const { json } = await test.http('GET', '/debug/deliveries?thread_id=thread_late');
    assert.deepEqual(json.deliveries.map((delivery: Loose) => [delivery.seq, delivery.outcome, delivery.resolution]), [[seq, 'delivered', receipt.resolution]]);
    assert.deepEqual((await test.http('GET', '/debug/runs?thread_id=thread_late')).json.runs.map((run: Loose) => run.id), ['opaque']);
  });

  it('stay what they are when they cannot be delivered again', async () => {
    test = await TestRouter.start();
    const agent = await test.agent();
    await agent.deliver({});
    const again = await test.http('POST', '/debug/deliveries/1/redeliver', { body: {} });
    assert.deepEqual([again.status, again.json.outcome], [202, 'queued']);
    await agent.deliver({ run_id: 'run_1' });
    const lost = await test.http('POST', '/debug/deliveries/2/redeliver', { body: {} });
    assert.deepEqual([lost.status, lost.json.outcome], [422, 'undeliverable']);
    await test.http('PUT', '/registry/runs/run_1', { body: { thread_id: T1 } });
    const client = await test.client(`thread_id=${T1}`);
    assert.equal((await test.http('POST', '/debug/deliveries/2/redeliver', { body: {} })).json.outcome, 'delivered');
    await client.settle();
    assert.equal(client.messages.filter((message) => message['run_id'] === 'run_1').length, 1);
    assert.deepEqual(event().type, 'agent_started');
  });
});
