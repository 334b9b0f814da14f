import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ChangesMessage } from '../../../src/protocol/inspection';
import { parseRouterMessage } from '../../../src/protocol/router-message';
import { event, type Loose, type Peer, R1, T1, TestRouter, TOKEN, until } from './harness';

/** What a workbench holds after applying every message, and whether anything was lost on the way. */
class View {
  readonly connections = new Map<string, Loose>();
  readonly threads = new Map<string, Loose>();
  readonly runs = new Map<string, Loose>();
  readonly deliveries = new Map<number, Loose>();
  readonly frames: Loose[] = [];
  skipped = 0;
  counters: Loose;
  router: Loose;
  complete = false;
  resets = 0;
  lastSeq = 0;

  apply(text: string): void {
    const message = parseRouterMessage(text);
    if (message.type === 'hello') this.router = message.router;
    if (message.type !== 'changes') return;
    this.changes(message);
  }

  private changes(message: ChangesMessage): void {
    assert.equal(message.seq, this.lastSeq + 1, 'no number is left out');
    this.lastSeq = message.seq;
    if (message.reset) {
      this.resets++;
      for (const map of [this.connections, this.threads, this.runs, this.deliveries]) map.clear();
    }
    for (const list of [message.connections, message.threads, message.runs]) assert.ok((list?.length ?? 0) <= 500, 'at most 500 entities in a message');
    assert.ok((message.deliveries?.length ?? 0) <= 400);
    for (const connection of message.connections ?? []) this.connections.set(connection.id, connection);
    for (const thread of message.threads ?? []) this.threads.set(thread.id, thread);
    for (const run of message.runs ?? []) this.runs.set(run.id, run);
    for (const delivery of message.deliveries ?? []) this.deliveries.set(delivery.seq, delivery);
    for (const id of message.closedConnections ?? []) this.connections.delete(id);
    for (const id of message.removedThreads ?? []) this.threads.delete(id);
    for (const id of message.removedRuns ?? []) this.runs.delete(id);
    this.frames.push(...(message.frames ?? []));
    this.skipped += message.skippedDeliveries ?? 0;
    if (message.counters) this.counters = message.counters;
    if (message.router) this.router = message.router;
    if (!message.more) this.complete = true;
  }
}

describe('router: inspection protocol', () => {
  let test: TestRouter;
  let nextId = 1;
  beforeEach(async () => {
    test = await TestRouter.start();
  });
  afterEach(() => test.stop());

  async function attach(): Promise<{ peer: Peer; view: View }> {
    const view = new View();
    const peer = test.open(`/inspect?token=${TOKEN}`);
    peer.socket.on('message', (data: Buffer) => view.apply(data.toString()));
    await once(peer.socket, 'open');
    await until(() => view.complete, 'the snapshot');
    return { peer, view };
  }

  async function ask(peer: Peer, method: string, params: object): Promise<Loose> {
    const id = nextId++;
    peer.send({ type: 'request', id, method, params });
    return peer.next((message) => message['type'] === 'reply' && message['id'] === id);
  }

  it('is silent while not watched, and begins anew with a snapshot', async () => {
    const { peer, view } = await attach();
    assert.deepEqual((await ask(peer, 'watch', { on: false }))['result'], { on: false });
    const seq = view.lastSeq;
    await test.client('user_id=quiet');
    const agent = await test.agent();
    await agent.deliver({});
    // An answer overtakes nothing, so changes would be here by now.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ask(peer, 'resolve', { runId: R1 });
    assert.equal(view.lastSeq, seq, 'nothing was told');
    assert.equal(view.connections.size, 0);
    await ask(peer, 'watch', { on: true });
    await until(() => view.resets === 2 && view.connections.size === 1, 'the second snapshot');
    await test.client('user_id=loud');
    await until(() => view.connections.size === 2, 'changes after it');
  });

  it('lets who attached with access=read look, and refuses what would change something', async () => {
    const peer = test.open(`/inspect?token=${TOKEN}&access=read`);
    await once(peer.socket, 'open');
    for (const [method, params] of [
      ['simulate', { event: event({}) }],
      ['disconnect', { connectionId: 'x' }],
      ['redeliver', { seq: 1 }],
      ['registerRun', { runId: 'run_1', threadId: T1 }],
      ['unregisterRun', { runId: 'run_1' }],
      ['setDialect', { dialect: 'before_fix' }],
    ] as const) {
      const { error } = await ask(peer, method, params);
      assert.equal(error?.reason, 'read_only', method);
      assert.match(error.message, /attached to look only .*expected one of resolve/);
    }
    assert.equal((await ask(peer, 'resolve', { runId: R1 }))['result'].threadId, T1);
    assert.equal((await ask(peer, 'frames', {}))['result'].newest, 0, 'nothing was sent');
  });

  it('takes an access that it does not know for one to look only', async () => {
    for (const [access, reason] of [['READ', 'read_only'], ['write', 'read_only'], ['', 'read_only'], ['full', undefined]] as const) {
      const peer = test.open(`/inspect?token=${TOKEN}&access=${access}`);
      await once(peer.socket, 'open');
      assert.equal((await ask(peer, 'setDialect', { dialect: 'before_fix' })).error?.reason, reason, access);
    }
  });

  it('opens with hello and a snapshot of what is there', async () => {
    await test.client(`user_id=u&thread_id=${T1}`);
    const agent = await test.agent();
    await agent.deliver({});
    const { view, peer } = await attach();
    assert.equal(peer.messages[0]!['type'], 'hello');
    assert.equal(view.router.url, test.url);
    assert.equal(view.router.clientUrl, `${test.ws}/ws`);
    assert.equal(view.resets, 1);
    assert.deepEqual([...view.connections.values()].map((connection) => connection.threads), [[T1]]);
    assert.equal(view.threads.get(T1).state, 'live');
    assert.equal(view.runs.get(R1).events, 1);
    assert.equal(view.deliveries.get(1).outcome, 'delivered');
    assert.deepEqual([view.counters.connections, view.counters.agents, view.counters.delivered], [1, 1, 1]);
  });

  it('tells everything that happens while the snapshot is under way', async () => {
    const agent = await test.agent();
    for (let n = 0; n < 1_300; n++) agent.send(event({ run_id: `thread_${n}_run_1_9adf1f09` }));
    await agent.deliver({});
    const attaching = attach();
    const clients = await Promise.all(Array.from({ length: 40 }, (_, n) => test.client(`thread_id=thread_${n}`)));
    const { view } = await attaching;
    clients.slice(0, 10).forEach((client) => client.socket.close());
    for (let n = 0; n < 500; n++) agent.send(event({ run_id: `thread_${n}_run_2_9adf1f09` }));
    await agent.deliver({});
    await until(() => view.connections.size === 30 && view.counters.waiting === test.router.model.waiting && view.deliveries.has(test.router.model.deliveries.newest), 'the view to be complete');
    await until(() => view.runs.size === test.router.model.runs.size, 'all runs');
    const { model } = test.router;
    await until(() => [...model.threads.values()].every((thread) => JSON.stringify(view.threads.get(thread.id)) === JSON.stringify(thread.info())), 'equal threads');
    assert.deepEqual([...view.threads.keys()].sort(), [...model.threads.keys()].sort());
    assert.deepEqual([...view.connections.keys()].sort(), [...model.connections.keys()].sort());
    await until(() => JSON.stringify(view.counters) === JSON.stringify(model.counters()), 'equal counters');
  });

  it('coalesces a burst, sends at most 200 new deliveries and counts the rest', async () => {
    await test.client(`thread_id=${T1}`);
    const { view, peer } = await attach();
    const agent = await test.agent();
    const before = peer.texts.length;
    for (let n = 0; n < 2_000; n++) agent.send(event({ n }));
    await agent.deliver({});
    await until(() => view.deliveries.has(2_001), 'the newest delivery');
    assert.ok(peer.texts.length - before < 30, `${peer.texts.length - before} messages`);
    assert.equal(view.skipped + view.deliveries.size, 2_001);
    await until(() => view.threads.get(T1).delivered === 2_001, 'the figures');
  });

  it('tells a delivery again when it stops waiting', async () => {
    const { view } = await attach();
    const agent = await test.agent();
    await agent.deliver({});
    await until(() => view.deliveries.get(1)?.outcome === 'queued', 'queued');
    assert.equal(view.deliveries.get(1).deadLetter, true);
    assert.equal(view.threads.get(T1).state, 'waiting');
    await test.client(`thread_id=${T1}`);
    await until(() => view.deliveries.get(1)?.outcome === 'delivered', 'delivered');
    assert.equal(view.deliveries.get(1).deadLetter, undefined);
  });

  it('says nothing while nothing happens', async () => {
    const { peer } = await attach();
    await ask(peer, 'watchFrames', { on: false });
    const before = peer.texts.length;
    await new Promise((resolve) => setTimeout(resolve, 350));
    assert.equal(peer.texts.length, before);
  });

  it('goes on soon after a moment in which the whole process stood still', async () => {
    const texts: string[] = [];
    const session = test.router.inspect({
      ready: () => true,
      send(text) {
        texts.push(text);
        // As a sleeping computer or a busy one does, in the middle of telling.
        if (text.includes('main_')) for (const until = performance.now() + 500; performance.now() < until;);
      },
    });
    const first = await test.client();
    await until(() => texts.some((text) => text.includes('main_')), 'the first change');
    const told = texts.length;
    first.socket.close();
    await until(() => texts.slice(told).some((text) => text.includes('closedConnections')), 'the next change, long before ten times that moment', 3_000);
    session.close();
  });

  it('resolves without side effects, with trace, live connections and near misses', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const { peer } = await attach();
    const { result } = await ask(peer, 'resolve', { runId: R1 });
    assert.deepEqual([result.threadId, result.source, result.pattern, result.connections, result.nearMisses], [T1, 'pattern_extraction', '1.5', 1, []]);
    assert.deepEqual(result.connectionIds, [client.messages[0]!['connection_id']]);
    assert.equal(result.steps.length, 4);
    assert.equal((await ask(peer, 'resolve', { runId: R1 })).result.source, 'pattern_extraction', 'nothing was written back');
    const near = (await ask(peer, 'resolve', { runId: 'thread_13679e4dcc38403b' })).result;
    assert.equal(near.nearMisses[0].thread_id, T1);
    assert.equal((await ask(peer, 'resolve', { runId: R1, dialect: 'before_fix' })).result.threadId, R1);
    const bare = (await ask(peer, 'resolve', { runId: 'run_1' })).result;
    assert.equal(bare.threadId, undefined);
    assert.ok(bare.error);
    assert.equal((await ask(peer, 'resolve', { runId: '  ' })).error.reason, 'blank');
  });

  it('resolves by another dialect as after a switch to it, whatever this one has extracted', async () => {
    const { peer } = await attach();
    const by = async (dialect?: string): Promise<Loose> => {
      const { threadId, source } = (await ask(peer, 'resolve', { runId: R1, ...(dialect === undefined ? {} : { dialect }) })).result;
      return [threadId, source];
    };
    const expected = await by('before_fix');
    assert.deepEqual(expected, [R1, 'pattern_extraction']);
    await (await test.agent()).deliver({ run_id: R1 });
    assert.deepEqual(await by(), [T1, 'thread_registry']);
    assert.deepEqual(await by('before_fix'), expected);
    await ask(peer, 'setDialect', { dialect: 'before_fix' });
    assert.deepEqual(await by(), expected);
  });

  it('simulates a delivery: the client receives exactly that envelope', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const { peer } = await attach();
    const { result } = await ask(peer, 'simulate', { event: event() });
    assert.deepEqual(
      [result.outcome, result.thread_id, result.connections, result.resolution.source, result.resolution.pattern],
      ['delivered', T1, 1, 'pattern_extraction', '1.5'],
    );
    assert.equal(client.texts.length, 1 + 0 + (await client.nextOf('agent_started') ? 1 : 0));
    assert.equal(client.texts[1], JSON.stringify(event()));
    assert.equal((await ask(peer, 'simulate', { event: { type: 'x' } })).result.outcome, 'rejected');
  });

  it('streams frames only while they are watched, and gives bodies on demand', async () => {
    await test.client(`thread_id=${T1}`);
    const { peer, view } = await attach();
    const agent = await test.agent();
    await agent.deliver({ n: 1 });
    assert.deepEqual((await ask(peer, 'watchFrames', { on: true })).result, { on: true });
    await agent.deliver({ n: 2, payload: { password: 'hunter22' } });
    await until(() => view.frames.some((frame) => frame.direction === 'out' && frame.recipients === 1), 'the frame');
    const frame = view.frames.find((candidate) => candidate.direction === 'in' && candidate.peer === 'agent');
    assert.deepEqual([frame.runId, frame.threadId, frame.type, frame.outcome], [R1, T1, 'agent_started', 'delivered']);
    const body = (await ask(peer, 'frameBody', { seq: frame.seq })).result;
    assert.equal(JSON.parse(body.text).n, 2);
    assert.doesNotMatch(body.text, /hunter22/);
    assert.deepEqual((await ask(peer, 'frameBody', { seq: 99_999 })).result, { missing: true });
    await ask(peer, 'watchFrames', { on: false });
  });

  it('finds frames by thread, connection, type, outcome, direction, text and expression', async () => {
    const client = await test.client(`thread_id=${T1}`);
    const id = client.messages[0]!['connection_id'];
    const { peer } = await attach();
    const agent = await test.agent();
    await agent.deliver({ type: 'agent_thinking', note: 'alpha 1234' });
    await agent.deliver({ type: 'tool_executing', note: 'beta', run_id: 'thread_other_run_1_9adf1f09' });
    client.send({ type: 'chat', content: 'gamma' });
    await client.nextOf('ack');
    const find = async (query: object): Promise<Loose[]> => (await ask(peer, 'frames', query)).result.frames;
    assert.ok((await find({ threadId: T1 })).every((frame) => frame.threadId === T1));
    assert.ok((await find({ connectionId: id })).length >= 2);
    assert.deepEqual((await find({ type: 'tool_executing' })).map((frame) => frame.outcome), ['queued']);
    assert.equal((await find({ outcome: 'queued' })).length, 1);
    assert.ok((await find({ direction: 'in' })).every((frame) => frame.direction === 'in'));
    assert.equal((await find({ text: 'gamma' })).length, 1);
    assert.equal((await find({ pattern: 'alpha \\d+', direction: 'in' })).length, 1);
    assert.equal((await ask(peer, 'frames', { pattern: '(a)\\1' })).error.reason, 'not_linear');
    const all = await find({});
    const page = await find({ after: all[1].seq, limit: 2 });
    assert.deepEqual(page.map((frame) => frame.seq), [all[2].seq, all[3].seq]);
  });

  it('finds over HTTP what a search did not come to in the time of one page', async () => {
    const client = await test.client();
    for (let n = 0; n < 400; n++) client.send({ type: 'chat', text: `${n}${'ab c'.repeat(15_000)}` });
    client.send({ type: 'chat', text: 'the needle' });
    await client.settle();
    const found: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { json }: { json: Loose } = await test.http('GET', `/debug/messages?direction=in&pattern=needle&after=${after}`);
      found.push(...json.messages.map((message: Loose) => message.type));
      after = json.next;
    }
    assert.deepEqual(found, ['chat']);
  });

  it('registers, unregisters, switches dialect, and tells the new one', async () => {
    const { peer, view } = await attach();
    const agent = await test.agent();
    await test.client(`thread_id=${T1}`);
    assert.deepEqual((await ask(peer, 'registerRun', { runId: 'run_1', threadId: T1 })).result, { registered: true });
    assert.equal((await agent.deliver({ run_id: 'run_1' })).resolution?.source, 'thread_registry');
    await agent.deliver({});
    assert.deepEqual((await ask(peer, 'setDialect', { dialect: 'before_fix' })).result, { dialect: 'before_fix' });
    await until(() => view.router.dialect === 'before_fix', 'the new dialect');
    const broken = await agent.deliver({});
    assert.deepEqual([broken.thread_id, broken.resolution?.source, broken.resolution?.dialect], [R1, 'pattern_extraction', 'before_fix']);
    assert.equal((await agent.deliver({ run_id: 'run_1' })).outcome, 'delivered', 'an explicit registration stays');
    await ask(peer, 'setDialect', { dialect: 'fix' });
    assert.equal((await agent.deliver({})).thread_id, T1);
    assert.deepEqual((await ask(peer, 'unregisterRun', { runId: 'run_1' })).result, { removed: true });
    assert.equal((await agent.deliver({ run_id: 'run_1' })).outcome, 'undeliverable');
  });

  it('delivers again what waits, and shows and ends a connection', async () => {
    const { peer } = await attach();
    const agent = await test.agent();
    await agent.deliver({ run_id: 'run_1' });
    await ask(peer, 'registerRun', { runId: 'run_1', threadId: T1 });
    const client = await test.client(`user_id=u&thread_id=${T1}`, { headers: { cookie: 'sid=abc' } });
    assert.equal((await ask(peer, 'redeliver', { seq: 1 })).result.outcome, 'delivered');
    assert.equal((await ask(peer, 'redeliver', { seq: 1 })).error.reason, 'not_kept');
    const connectionId = client.messages[0]!['connection_id'];
    const details = (await ask(peer, 'connection', { connectionId })).result;
    assert.equal(details.open, true);
    assert.doesNotMatch(JSON.stringify(details), /sid=abc/);
    assert.equal(details.handshake.host, `127.0.0.1:${test.port}`);
    await test.client('', { headers: { cookie: 'sid=abc' } });
    const handshakes = [];
    for (const { id } of test.router.model.connections.values()) handshakes.push((await ask(peer, 'connection', { connectionId: id })).result.handshake);
    // Each with its own key, in the place where it stood.
    assert.equal(new Set(handshakes.map((handshake) => handshake['sec-websocket-key'])).size, 2);
    assert.match(JSON.stringify(handshakes), /^\[(\{[^}]*"sec-websocket-version":"13","sec-websocket-key":"[\w+/]{22}==",[^}]*\},?){2}\]$/);
    assert.equal((await ask(peer, 'connection', { connectionId: 'nobody' })).error.reason, 'not_found');
    assert.equal((await ask(peer, 'disconnect', { connectionId, code: 1006 })).error.reason, 'bad_params');
    assert.deepEqual((await ask(peer, 'disconnect', { connectionId, reason: 'ä'.repeat(200) })).result, { disconnected: true });
    await client.closing();
    assert.equal(client.closed?.code, 1000);
    assert.deepEqual((await ask(peer, 'disconnect', { connectionId })).result, { disconnected: false });
  });

  it('answers what it does not understand', async () => {
    const { peer } = await attach();
    peer.send('nonsense');
    assert.equal((await peer.nextOf('reply'))['error'].reason, 'not_json');
    assert.equal((await ask(peer, 'explode', {})).error.reason, 'unknown_method');
    assert.equal((await ask(peer, 'toString', {})).error.reason, 'unknown_method');
    peer.send(`{"type":"request","id":77,"method":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    const { error } = await peer.next((message) => message['id'] === 77);
    assert.equal(error.reason, 'unknown_method');
    assert.match(error.message, /, received an array of 1$/);
    assert.equal((await ask(peer, 'resolve', { runId: 7 })).error.reason, 'bad_params');
    assert.equal((await ask(peer, 'setDialect', { dialect: 'klingon' })).error.reason, 'bad_params');
    assert.equal((await ask(peer, 'frames', { limit: 'many' })).error.reason, 'bad_params');
  });

  it('keeps a slow inspector bounded and tells it the truth once it reads', async () => {
    const { peer, view } = await attach();
    peer.socket.pause();
    const agent = await test.agent();
    for (let round = 0; round < 20; round++) {
      for (let n = 0; n < 500; n++) agent.send(event({ run_id: `thread_${round}_${n}_run_1_9adf1f09`, payload: { x: 'y'.repeat(200) } }));
      await agent.deliver({});
    }
    const settled = test.router.model.counters();
    peer.socket.resume();
    await until(() => JSON.stringify(view.counters) === JSON.stringify({ ...settled }), 'the same counters');
    await until(() => view.threads.size === test.router.model.threads.size, 'all threads');
  });
});
