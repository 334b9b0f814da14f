import assert from 'node:assert/strict';
import { event, type Loose, R1, T1, TestRouter, TOKEN, until } from './harness';

describe('router: delivery', () => {
  let test: TestRouter;
  beforeEach(async () => {
    test = await TestRouter.start();
  });
  afterEach(() => test.stop());

  it('delivers a composite run ID to its thread and says how it was resolved', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    const receipt = await agent.deliver({});
    assert.equal(receipt.outcome, 'delivered');
    assert.equal(receipt.thread_id, T1);
    assert.equal(receipt.connections, 1);
    assert.deepEqual(receipt.resolution, { source: 'pattern_extraction', priority: 4, pattern: '1.5', dialect: 'fix' });
    assert.deepEqual(await client.nextOf('agent_started'), event());
  });

  it('answers the second event of a run from the registry, because the first was written back', async () => {
    await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    await agent.deliver({});
    assert.deepEqual((await agent.deliver({})).resolution, { source: 'thread_registry', priority: 1, dialect: 'fix' });
  });

  it('forwards the bytes that came, without request_id wherever it stands', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    const cases: [string, string][] = [
      [`{"type":"a","run_id":"${R1}"}`, `{"type":"a","run_id":"${R1}"}`],
      [`{"request_id":"x","type":"b","run_id":"${R1}"}`, `{"type":"b","run_id":"${R1}"}`],
      [`{ "type" : "c" , "request_id" : 7 , "run_id":"${R1}" , "n": 1.50e+3, "u":"\\u00e9é" }`, `{ "type" : "c" , "run_id":"${R1}" , "n": 1.50e+3, "u":"\\u00e9é" }`],
      [`{"type":"d","run_id":"${R1}","request_id":"x"}`, `{"type":"d","run_id":"${R1}"}`],
      [`{"type":"e","run_id":"${R1}","payload":{"request_id":"inner"},"request_id":"x"}`, `{"type":"e","run_id":"${R1}","payload":{"request_id":"inner"}}`],
      [`{"type":"f","request_id":1,"run_id":"${R1}","request_id":2}`, `{"type":"f","run_id":"${R1}"}`],
    ];
    for (const [sent] of cases) agent.send(sent);
    for (const [, expected] of cases) {
      const wanted = (JSON.parse(expected) as { type: string }).type;
      await client.nextOf(wanted);
      assert.equal(client.texts.at(-1) === expected || client.texts.includes(expected), true, `expected ${expected}, received ${client.texts.join('\n')}`);
    }
  });

  it('returns request_id as the very text that came, numbers beyond 2^53 too', async () => {
    await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    for (const [id, run] of [['9007199254740993', R1], ['-0.10000000000000000001', R1], ['1e400', 'run_1'], ['"\\u00e9\\ud800 é"', R1], ['18446744073709551615', 'registry']] as const) {
      const text = `{"type":"agent_started","run_id":"${run}","request_id" : ${id} }`;
      agent.send(text);
      await agent.next();
      assert.ok(agent.texts.at(-1)?.startsWith(`{"type":"delivery_receipt","request_id":${id},"outcome":`), agent.texts.at(-1));
      const posted = await test.http('POST', '/agent/events', { raw: text });
      assert.ok(posted.text.startsWith(`{"type":"delivery_receipt","request_id":${id},"outcome":`), posted.text);
    }
    agent.send(`{"type":"agent_started","run_id":"${R1}","request_id":{"a":1}}`);
    assert.equal('request_id' in (await agent.next()), false);
  });

  it('keeps the order of events and of receipts', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    for (let n = 0; n < 2_000; n++) agent.send(event({ n, request_id: n }));
    for (let n = 0; n < 2_000; n++) {
      assert.equal((await client.next())['n'], n);
      assert.equal((await agent.next())['request_id'], n);
    }
  });

  it('keeps the order between threads for a connection that is on several', async () => {
    const client = await test.client('thread_id=thread_a');
    client.send({ type: 'subscribe', thread_id: 'thread_b' });
    await client.nextOf('subscribed');
    const only = await test.client('thread_id=thread_a');
    const agent = await test.agent();
    for (let n = 0; n < 3_000; n++) agent.send(event({ run_id: `thread_${n % 3 === 0 ? 'a' : 'b'}_run_1756919162904_9adf1f09`, n }));
    for (let n = 0; n < 3_000; n++) assert.equal((await client.nextOf('agent_started'))['n'], n);
    for (let n = 0; n < 3_000; n += 3) assert.equal((await only.nextOf('agent_started'))['n'], n);
  });

  it('sends one event to everybody on the thread and counts them', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => test.client(`thread_id=${T1}`)));
    const other = await test.client('thread_id=thread_other');
    const agent = await test.agent();
    assert.equal((await agent.deliver({})).connections, 5);
    for (const client of clients) assert.equal((await client.nextOf('agent_started'))['run_id'], R1);
    await other.settle();
    assert.equal(other.messages.some((message) => message['type'] === 'agent_started'), false);
  });

  it('says what is wrong with a message that is no event', async () => {
    const agent = await test.agent();
    const cases: [string, RegExp, RegExp][] = [
      ['no json', /JSON/, /no json/],
      ['{"type":"a"}', /run/, /no "run_id"/],
      ['{"run_id":"r"}', /type/, /no "type"/],
      ['[1]', /object/, /array/],
      [`{"type":"a","run_id":"${R1}","payload":[1]}`, /payload/, /array/],
      [`{"type":"a","run_id":"${R1}","payload":{"x":tru}}`, /JSON/, /./],
      [`{"type":"a","run_id":"${'r'.repeat(10_000)}"}`, /too long/, /10000 characters/],
      [`{"type":"a","run_id":"${R1}","agent_name":"${'a'.repeat(10_000)}"}`, /agent name is too long/, /10000 characters/],
      // White space to the chain, which is Python's, and not to JavaScript.
      [String.raw`{"type":"a","run_id":"\u001c"}`, /blank/, /"\\u001c"/],
      [String.raw`{"type":"a","run_id":" \u0085\u001f"}`, /blank/, /./],
    ];
    for (const [text, reason, received] of cases) {
      agent.send(text);
      const receipt = await agent.next();
      assert.equal(receipt['outcome'], 'rejected', text.slice(0, 80));
      assert.match(receipt['reason'], reason);
      assert.match(receipt['received'], received);
      assert.ok(receipt['expected']);
    }
  });

  it('answers a binary frame of an agent', async () => {
    const agent = await test.agent();
    agent.send(Buffer.from([1, 2, 3]));
    const receipt = await agent.next();
    assert.equal(receipt['outcome'], 'rejected');
    assert.match(receipt['received'], /binary frame of 3 bytes/);
    const { deliveries } = (await test.http('GET', '/debug/deliveries?outcome=rejected')).json;
    assert.deepEqual(deliveries.map(({ received, bytes }: Loose) => [received, bytes]), [['a binary frame of 3 bytes', 3]]);
    const { frames_in: frames, bytes_in: bytes, rejected } = (await test.http('GET', '/debug/health')).json.counters;
    assert.deepEqual([frames, bytes, rejected], [1, 3, 1]);
    const { messages } = (await test.http('GET', '/debug/messages?direction=in')).json;
    assert.deepEqual(messages.map(({ binary, delivery_seq }: Loose) => [binary, delivery_seq]), [[true, 1]]);
  });

  it('closes an agent whose message is too large with a reason', async () => {
    const agent = await test.agent();
    agent.send('x'.repeat(1_048_577));
    await agent.closing();
    assert.deepEqual(agent.closed, { code: 1009, reason: 'message too large' });
  });

  it('says that nothing tells the thread of a bare run, and delivers it once it is registered', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    const run = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';
    const receipt = await agent.deliver({ run_id: run });
    assert.equal(receipt.outcome, 'undeliverable');
    assert.equal(receipt.resolution?.priority, 5);
    assert.equal(receipt.thread_id, undefined);
    assert.ok(receipt.expected);
    assert.equal(receipt.received, run);
    assert.equal((await test.http('PUT', `/registry/runs/${run}`, { body: { thread_id: T1 } })).status, 201);
    const second = await agent.deliver({ run_id: run, n: 2 });
    assert.equal(second.outcome, 'delivered');
    assert.equal(second.resolution?.source, 'thread_registry');
    assert.equal((await client.nextOf('agent_started'))['n'], 2);
  });

  it('registers nothing that no client could join, and says what was expected', async () => {
    const refused = [
      ['run_1', 'thread\nforged', 'thread_id', 'U+000A'],
      ['run%1b', T1, 'run_id', 'U+001B'],
      ['run_1', '  ', 'thread_id', '"  "'],
      ['run_1', 't'.repeat(2000), 'thread_id', '2000 characters'],
    ] as const;
    for (const [run, thread, what, received] of refused) {
      const { status, json } = await test.http('PUT', `/registry/runs/${run}`, { body: { thread_id: thread } });
      const { reason, message } = (json as { error: { reason: string; message: string } }).error;
      assert.deepEqual([status, reason], [400, `bad_${what}`]);
      assert.ok(message.includes(received), message);
    }
  });

  it('asks its connections for a plain thread ID (priority 3), and takes the text itself when nobody is on it', async () => {
    await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    const live = await agent.deliver({ run_id: T1 });
    assert.deepEqual([live.outcome, live.resolution?.source, live.resolution?.priority], ['delivered', 'websocket_manager', 3]);
    const absent = await agent.deliver({ run_id: 'thread_absent' });
    assert.deepEqual([absent.outcome, absent.resolution?.source, absent.resolution?.pattern], ['queued', 'pattern_extraction', '1']);
  });

  it('names who nearly would have received a queued event', async () => {
    await test.client(`thread_id=${T1}`);
    await test.client();
    const agent = await test.agent();
    const receipt = await agent.deliver({ run_id: 'thread_13679e4dcc38403b_run_1756919162904_9adf1f09' });
    assert.equal(receipt.outcome, 'queued');
    assert.equal(receipt.expected, 'a connection on thread_13679e4dcc38403b');
    assert.equal(receipt.received, '2 connections, none on it, 1 without any thread');
    assert.deepEqual(receipt.near_misses, [{ thread_id: T1, connections: 1, why: '1 character away' }]);
  });

  it('takes an event over HTTP and answers with its receipt', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const delivered = await test.http('POST', '/agent/events', { body: event({ request_id: 9 }) });
    assert.equal(delivered.status, 200);
    assert.deepEqual([delivered.json.outcome, delivered.json.request_id, delivered.json.connections], ['delivered', 9, 1]);
    assert.deepEqual(await client.nextOf('agent_started'), event());
    assert.equal((await test.http('POST', '/agent/events', { body: event({ run_id: 'thread_x_run_1_9adf1f09' }) })).status, 202);
    assert.equal((await test.http('POST', '/agent/events', { body: event({ run_id: 'run_1' }) })).status, 422);
    assert.equal((await test.http('POST', '/agent/events', { raw: '{' })).status, 400);
  });

  it('takes an event over HTTP from a client that offers to go on in HTTP/2, as that of Java does', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const body = JSON.stringify(event({ payload: { text: 'x'.repeat(100_000) } }));
    const head = (length: number): string =>
      `POST /agent/events HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nHost: localhost\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nUpgrade: h2c\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    const { status, body: receipt } = await test.rawRequest(head(body.length) + body);
    assert.deepEqual([status, JSON.parse(receipt).outcome], [200, 'delivered']);
    await client.nextOf('agent_started');
  });

  it('counts the bytes of events as those of its own messages, without what frames them', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    for (const length of [10, 1_000, 100_000]) agent.send(event({ payload: { text: 'x'.repeat(length) } }));
    await until(() => client.messages.length === 4, 'three events');
    const [connection] = (await test.http('GET', '/debug/connections')).json.connections;
    assert.equal(connection.bytes_sent, client.texts.join('').length);
    assert.equal((await test.http('GET', '/debug/health')).json.counters.bytes_out, client.texts.join('').length);
  });

  it('reproduces the founding error in the dialect before the fix, and its fix', async () => {
    await test.stop();
    test = await TestRouter.start({ dialect: 'before_fix' });
    await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    const before = await agent.deliver({});
    assert.equal(before.outcome, 'queued');
    assert.equal(before.thread_id, R1);
    assert.match(before.reason ?? '', /composite run ID.*its own thread is thread_13679e4dcc38403a/);
    assert.equal(before.near_misses?.[0]?.thread_id, T1);
  });
});
