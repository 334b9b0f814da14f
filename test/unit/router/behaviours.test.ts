import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type Behaviour, behavioursOf, type BehaviourOverrides } from '../../../src/core';
import { event, type Loose, type Message, type Peer, R1, T1, TestRouter, TOKEN, until } from './harness';

const T2 = 'thread_ffffffffffffffff';

/** A clock that stands until it is moved. */
class Shifted {
  private offset = 0;
  readonly now = (): number => Date.now() + this.offset;

  forward(seconds: number): void {
    this.offset += seconds * 1_000;
  }
}

describe('router: behaviours of the original', () => {
  let test: TestRouter;
  let agent: Peer;
  let clock: Shifted;

  async function start(...names: Behaviour[]): Promise<void> {
    await startWith(Object.fromEntries(names.map((name) => [name, true])));
  }

  async function startWith(overrides: BehaviourOverrides, options: Parameters<typeof TestRouter.start>[0] = {}): Promise<void> {
    clock = new Shifted();
    test = await TestRouter.start({ behaviours: behavioursOf('strict', overrides), clock: clock.now, ...options });
    agent = await test.agent();
  }

  afterEach(() => test.stop());

  const threadsOf = async (userId: string): Promise<string[][]> => {
    const { json } = await test.http('GET', `/debug/connections?user_id=${userId}`);
    return json.connections.map((connection: Loose) => connection.threads);
  };

  async function delivered(peer: Peer): Promise<Message[]> {
    await peer.settle();
    return peer.messages.filter((message) => message['run_id'] !== undefined || message['payload'] !== undefined);
  }

  it('are none by default, and then nothing is in the way', async () => {
    test = await TestRouter.start();
    agent = await test.agent();
    const client = await test.client(`thread_id=${T1}&user_id=u`);
    assert.deepEqual(await agent.deliver({}).then(({ outcome, reason }) => ({ outcome, reason })), { outcome: 'delivered', reason: undefined });
    assert.deepEqual(await delivered(client), [event()]);
    const { json } = await test.http('GET', '/debug/health');
    assert.deepEqual([json.profile, json.behaviours, json.faults], ['strict', [], []]);
  });

  it('unassociatedAtConnect: a thread in the URL does not count', async () => {
    await start('unassociatedAtConnect');
    const client = await test.client(`thread_id=${T1}&user_id=u`);
    assert.deepEqual(await threadsOf('u'), [[]]);
    const receipt = await agent.deliver({});
    assert.equal(receipt.outcome, 'queued');
    assert.match(receipt.reason!, /Original behaviour unassociatedAtConnect: conn_u_\w+ named it in its URL, which is not looked at\./);
    client.send({ type: 'subscribe', thread_id: T1 });
    await client.nextOf('agent_started');
  });

  it('singleThread: a second thread takes the place of the first', async () => {
    await start('singleThread');
    const client = await test.client(`thread_id=${T1}&user_id=u`);
    client.send({ type: 'subscribe', thread_id: T2 });
    assert.deepEqual((await client.nextOf('subscribed'))['threads'], [T2]);
    const receipt = await agent.deliver({});
    assert.match(receipt.reason!, new RegExp(`Original behaviour singleThread: conn_u_\\w+ left it when it named ${T2}`));
  });

  it('userWideAssociation: one tab that names a thread moves all tabs of its user', async () => {
    await start('userWideAssociation');
    const [first, second, stranger] = [await test.client(`thread_id=${T1}&user_id=u`), await test.client('user_id=u'), await test.client(`thread_id=${T1}&user_id=v`)];
    second.send({ type: 'user_message', payload: { thread_id: T2 } });
    await second.nextOf('ack');
    assert.deepEqual(await threadsOf('u'), [[T2], [T2]]);
    assert.deepEqual(await threadsOf('v'), [[T1]]);
    await agent.deliver({});
    await agent.deliver({ run_id: `${T2}_run_1756919162904_9adf1f09` });
    assert.deepEqual([(await delivered(first)).map(({ run_id }) => run_id), (await delivered(stranger)).length], [[`${T2}_run_1756919162904_9adf1f09`], 1]);
    stranger.socket.close();
    await stranger.closing();
    const lost = await agent.deliver({});
    assert.match(lost.reason!, /Original behaviour userWideAssociation: conn_u_\w+ left it when conn_u_\w+ named thread_ffff/);
  });

  it('shadowedAssociation: association by connection ID fails, only start_agent associates', async () => {
    await start('shadowedAssociation');
    const client = await test.client('user_id=u');
    client.send({ type: 'user_message', payload: { thread_id: T1 } });
    assert.deepEqual((await client.nextOf('ack'))['threads'], []);
    const receipt = await agent.deliver({});
    assert.match(receipt.reason!, /Original behaviour shadowedAssociation: .*no connections found for user conn_u_/);
    client.send({ type: 'start_agent', payload: { thread_id: T1 } });
    assert.deepEqual((await client.nextOf('ack'))['threads'], [T1]);
    const { json } = await test.http('GET', '/debug/connections');
    const details = await test.http('GET', `/debug/connections/${json.connections[0].id}`);
    assert.ok(details.json.timeline.some((moment: Loose) => moment.what === 'alarm' && /shadowedAssociation/.test(moment.detail)));
  });

  it('switchThreadIgnored: switch_thread, subscribe and unsubscribe are only acknowledged', async () => {
    await start('switchThreadIgnored');
    const client = await test.client(`thread_id=${T1}&user_id=u`);
    for (const [type, thread] of [['switch_thread', T2], ['subscribe', T2], ['unsubscribe', T1]]) {
      client.send({ type, thread_id: thread });
      const ack = await client.nextOf('ack');
      assert.deepEqual([ack['received_type'], ack['threads']], [type, [T1]]);
    }
    const receipt = await agent.deliver({ run_id: T2 });
    assert.match(receipt.reason!, /Original behaviour switchThreadIgnored: conn_u_\w+ asked for it by subscribe and was only acknowledged/);
    assert.equal((await agent.deliver({})).outcome, 'delivered');
  });

  it('connectionExpiry: after 180 s a connection is not found any more, though its socket is open', async () => {
    await start('connectionExpiry');
    const client = await test.client(`thread_id=${T1}&user_id=u`);
    clock.forward(179);
    assert.equal((await agent.deliver({})).outcome, 'delivered');
    clock.forward(1);
    const receipt = await agent.deliver({});
    assert.equal(receipt.outcome, 'queued');
    assert.match(receipt.reason!, /Original behaviour connectionExpiry: conn_u_\w+ is no longer found 180 s after it connected; its socket stays open/);
    assert.equal((await delivered(client)).length, 1);
    assert.equal(client.socket.readyState, client.socket.OPEN);
    client.send({ type: 'subscribe', thread_id: T1 });
    assert.deepEqual((await client.nextOf('subscribed'))['threads'], []);
  });

  it('connectionExpiry: the user is gone 180 s after the first tab, and a later tab with it', async () => {
    await start('connectionExpiry', 'userWideAssociation');
    await test.client('user_id=u');
    clock.forward(170);
    const second = await test.client('user_id=u');
    clock.forward(10);
    second.send({ type: 'start_agent', payload: { thread_id: T1 } });
    assert.deepEqual((await second.nextOf('ack'))['threads'], []);
    assert.match((await agent.deliver({})).reason!, /Original behaviour connectionExpiry: conn_u_\w+ named it, but user u is no longer found/);
  });

  it('connectionExpiry: views show it within moments', async () => {
    await start('connectionExpiry');
    await test.client(`thread_id=${T1}&user_id=u`);
    clock.forward(180);
    await until(() => test.router.model.threads.get(T1)?.connections.size === 0, 'the sweep');
  });

  it('noneMatchesNone: an event that names no run goes to every connection without a thread', async () => {
    await start('noneMatchesNone');
    const [nowhere, there] = [await test.client('user_id=u'), await test.client(`thread_id=${T1}`)];
    const { run_id: _none, ...none } = event();
    for (const message of [none, { ...none, run_id: null }]) {
      const { status, json } = await test.http('POST', '/agent/events', { body: { ...message, request_id: 1 } });
      assert.equal(status, 200);
      assert.equal(json.request_id, 1);
      assert.equal(json.connections, 1);
      assert.match(json.reason, /Original behaviour noneMatchesNone/);
    }
    assert.deepEqual([await delivered(nowhere), await delivered(there)], [[none, { ...none, run_id: null }], []]);
    assert.equal((await test.http('POST', '/agent/events', { body: { type: 'x', run_id: 7 } })).status, 400);
  });

  it('userFallback: without a listener the event goes to the user it names, whatever those tabs show', async () => {
    await start('userFallback');
    const client = await test.client(`thread_id=${T2}&user_id=u`);
    const receipt = await agent.deliver({ user_id: 'u' });
    assert.deepEqual([receipt.outcome, receipt.connections], ['delivered', 1]);
    assert.match(receipt.reason!, /Original behaviour userFallback: nobody is on thread_1367\w+, so the event went to user u/);
    assert.equal((await delivered(client)).length, 1);
    assert.equal((await agent.deliver({ payload: { user_id: 'u' } })).outcome, 'queued', 'payload.user_id is not looked at');
    assert.match((await agent.deliver({ user_id: 'nobody' })).reason!, /user nobody has no connection/);
    assert.match((await agent.deliver({ data: null })).reason!, /cannot be read for its user/);
  });

  it('noQueue: an event without a listener is lost, for good', async () => {
    await start('noQueue');
    const receipt = await agent.deliver({});
    assert.equal(receipt.outcome, 'undeliverable');
    assert.match(receipt.reason!, /^Nobody is connected to \S+\. Original behaviour noQueue: the event is lost\.$/);
    const client = await test.client(`thread_id=${T1}`);
    assert.deepEqual(await delivered(client), []);
    const { json } = await test.http('GET', '/debug/health');
    assert.equal(json.counters.dead_letters, 0);
  });

  it('successWithoutSending: success is reported with nobody there', async () => {
    await start('successWithoutSending');
    const receipt = await agent.deliver({});
    assert.deepEqual([receipt.outcome, receipt.connections], ['delivered', 0]);
    assert.match(receipt.reason!, /Original behaviour successWithoutSending: nobody is on \S+ and nothing was sent/);
    const client = await test.client(`thread_id=${T1}`);
    assert.deepEqual(await delivered(client), []);
  });

  it('typeRewriting: a death arrives as user_message, with another time and the thread', async () => {
    await start('typeRewriting');
    const client = await test.client(`thread_id=${T1}`);
    const receipt = await agent.deliver({ type: 'agent_death', payload: { status: 'dead' } });
    assert.equal(receipt.outcome, 'delivered');
    assert.match(receipt.reason!, /Original behaviour typeRewriting: agent_death went out as user_message/);
    const [message] = await delivered(client);
    assert.deepEqual([message!['type'], message!['thread_id'], message!['payload']], ['user_message', T1, { status: 'dead' }]);
    assert.notEqual(message!['timestamp'], event()['timestamp']);
    assert.match(message!['timestamp'], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/);
    const { json } = await test.http('GET', '/debug/messages?direction=out&type=user_message');
    assert.deepEqual(json.messages.map((frame: Loose) => [frame.run_id, frame.delivery_seq > 0]), [[R1, true]]);
  });

  it('typeRewriting: also what waited is rewritten when it goes out', async () => {
    await start('typeRewriting');
    await agent.deliver({ type: 'agent_progress' });
    const client = await test.client(`thread_id=${T1}`);
    assert.equal((await client.next((message) => message['run_id'] !== undefined))['type'], 'agent_update');
  });

  it('typeRewriting with userFallback: two tabs of one user get different types', async () => {
    await start('typeRewriting', 'userFallback');
    const tabs = [await test.client('user_id=u'), await test.client('user_id=u')];
    await agent.deliver({ type: 'agent_progress', user_id: 'u' });
    assert.deepEqual((await Promise.all(tabs.map((tab) => delivered(tab)))).map(([message]) => message!['type']), ['user_message', 'agent_update']);
  });

  it('closeAllTabs: the end of one tab ends all tabs of its user', async () => {
    await start('closeAllTabs');
    const [first, second, stranger] = [await test.client('user_id=u'), await test.client('user_id=u'), await test.client('user_id=v')];
    first.socket.close();
    await second.closing();
    assert.deepEqual(second.closed, { code: 1000, reason: 'Normal closure' });
    await stranger.settle();
    assert.equal(stranger.closed, undefined);
    const id = String(second.messages[0]!['connection_id']);
    const { json } = await test.http('GET', `/debug/connections/${id}`);
    assert.ok(json.timeline.some((moment: Loose) => /Original behaviour closeAllTabs: it is closed because conn_u_\w+ of the same user ended/.test(moment.detail)));
  });

  it('staleReverseEntry: a run that moved stays listed under its first thread', async () => {
    await start('staleReverseEntry');
    for (const thread of [T1, T2]) await test.http('PUT', '/registry/runs/run_x', { body: { thread_id: thread } });
    await test.client(`thread_id=${T1}`);
    const { json } = await test.http('GET', `/debug/threads/${T1}`);
    assert.deepEqual(json.registered_runs, ['run_x']);
  });

  describe('sendRetries', () => {
    /** A client that stops reading after its welcome; ends with the router. */
    async function stalled(query: string): Promise<void> {
      const socket = connect(test.port, '127.0.0.1');
      test.raw.push(socket);
      socket.on('error', () => {});
      socket.write(`GET /ws?${query} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.pause();
    }

    /** Sends until something is left unread; answers the number of that delivery. */
    async function fill(): Promise<number> {
      for (let i = 0; i < 200; i++) {
        const receipt = await agent.deliver({ payload: { text: 'x'.repeat(256 * 1024) } });
        if (receipt.outcome !== 'delivered') return test.router.model.deliveries.newest;
      }
      throw new Error('expected a socket that stalls');
    }

    it('tries a stalled connection twice, then takes it for unhealthy', async () => {
      await startWith({ sendRetries: true, noQueue: true });
      await stalled(`thread_id=${T1}&user_id=u`);
      const seq = await fill();
      const info = () => test.router.model.deliveries.info(seq)!;
      assert.match(info().reason!, /Original behaviour sendRetries: 1 connections do not take it; each is tried 2 times for 2 s/);
      const { totals } = test.router.model;
      const writes = totals.framesOut;
      const began = clock.now();
      await until(() => {
        clock.forward(0.1);
        return totals.framesOut > writes;
      }, 'the second attempt');
      assert.equal(info().outcome, 'queued');
      assert.ok(clock.now() - began >= 2_500, 'a time-out and a back-off later');
      await until(() => {
        clock.forward(0.1);
        return info().outcome === 'undeliverable';
      }, 'the end of the attempts');
      assert.ok(clock.now() - began >= 4_500);
      assert.match(info().reason!, /Original behaviour sendRetries: conn_u_\w+ took nothing in 2 attempts of 2 s\. Original behaviour noQueue/);
      const after = await agent.deliver({});
      assert.equal(after.outcome, 'undeliverable');
      assert.match(after.reason!, /everybody on thread_\w+ is unhealthy/);
      assert.match(after.received!, /1 on it, 1 of them unhealthy/);
    });

    it('lets wait what waits for a connection that reads too slowly when it joins', async () => {
      await startWith({ sendRetries: true }, { limits: { softBufferBytes: 200_000 } });
      const slow = await test.client(`thread_id=${T1}&user_id=u`);
      slow.socket.pause();
      await fill();
      const run_id = `${T2}_run_1756919162904_9adf1f09`;
      assert.equal((await agent.deliver({ run_id })).outcome, 'queued');
      slow.send({ type: 'subscribe', thread_id: T2 });
      await until(() => test.router.model.threads.get(T2)?.connections.size === 1, 'its subscription');
      slow.socket.resume();
      await slow.next((message) => message['run_id'] === run_id);
    });

    it('counts a delivery when one of two takes it', async () => {
      await startWith({ sendRetries: true });
      await stalled(`thread_id=${T1}&user_id=u`);
      await fill();
      const reader = await test.client(`thread_id=${T1}&user_id=v`);
      await reader.settle();
      const receipt = await agent.deliver({ type: 'agent_completed' });
      assert.deepEqual([receipt.outcome, receipt.connections], ['delivered', 1]);
      assert.equal((await reader.nextOf('agent_completed'))['run_id'], R1);
    });
  });

  it('original: all at once, as the field guide tells', async () => {
    clock = new Shifted();
    test = await TestRouter.start({ behaviours: behavioursOf('original'), clock: clock.now });
    agent = await test.agent();
    const [first, second] = [await test.client(`thread_id=${T1}&user_id=u`), await test.client('user_id=u')];
    const phantom = await agent.deliver({});
    assert.deepEqual([phantom.outcome, phantom.connections], ['delivered', 0]);
    second.send({ type: 'start_agent', payload: { thread_id: T1 } });
    await second.nextOf('ack');
    const receipt = await agent.deliver({ type: 'progress_update' });
    assert.deepEqual([receipt.outcome, receipt.connections], ['delivered', 2]);
    for (const tab of [first, second]) assert.equal((await delivered(tab))[0]!['type'], 'user_message');
    clock.forward(180);
    assert.equal((await agent.deliver({})).connections, 0);
    const { json } = await test.http('GET', '/debug/health');
    assert.equal(json.profile, 'original');
    assert.ok(test.logged.some((line) => line.startsWith('warn: original behaviour is on: unassociatedAtConnect, ')));
  });

  it('are switched while the router runs, and told to who watches', async () => {
    test = await TestRouter.start();
    agent = await test.agent();
    const client = await test.client(`thread_id=${T1}&user_id=u`);
    const inspector = test.open(`/inspect?token=${TOKEN}`);
    await inspector.nextOf('hello');
    inspector.send({ type: 'request', id: 1, method: 'setBehaviours', params: { behaviours: { typeRewriting: true } } });
    const reply = await inspector.next((message) => message['id'] === 1);
    assert.deepEqual(reply['result'], { behaviours: ['typeRewriting'] });
    const told = await inspector.next((message) => message['router'] !== undefined);
    assert.deepEqual([told['router'].behaviours, told['router'].profile], [['typeRewriting'], undefined]);
    await agent.deliver({ type: 'agent_death' });
    await client.nextOf('user_message');
    inspector.send({ type: 'request', id: 2, method: 'setBehaviours', params: {} });
    await inspector.next((message) => message['id'] === 2);
    await agent.deliver({ type: 'agent_death' });
    await client.nextOf('agent_death');
    for (const [params, message] of [
      [{ profile: 'faithful' }, /expected one of strict, original in "profile"/],
      [{ behaviours: { nothing: true } }, /Unknown behaviour: expected one of .* received "nothing"/],
      [{ behaviours: [] }, /expected an object in "behaviours"/],
    ] as const) {
      inspector.send({ type: 'request', id: 3, method: 'setBehaviours', params });
      assert.match((await inspector.next((answer) => answer['id'] === 3))['error'].message, message);
    }
  });

  it('turned on late know the connections that are there, and how old they are', async () => {
    clock = new Shifted();
    test = await TestRouter.start({ clock: clock.now });
    agent = await test.agent();
    await test.client(`thread_id=${T1}&user_id=old`);
    clock.forward(100);
    const young = await test.client(`thread_id=${T1}&user_id=young`);
    clock.forward(100);
    test.router.inspect({ send: () => {}, ready: () => true }).receive(JSON.stringify({ type: 'request', id: 1, method: 'setBehaviours', params: { behaviours: { connectionExpiry: true } } }));
    assert.equal((await agent.deliver({})).connections, 1);
    assert.equal((await delivered(young)).length, 1);
  });
});
