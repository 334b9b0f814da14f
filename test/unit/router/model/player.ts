import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Dialect } from '../../../../src/core/index';
import { Peer, until } from '../harness';
import { InspectionProbe } from './inspection-probe';
import type { LiveRouter, RouterKind } from './live-router';
import { type EventPlan, type Operation, RUNS } from './operations';
import { isPlayed, playEvent, type PlayedEvent } from './played-event';
import { type ModelReceipt, RoutingModel } from './routing-model';

interface Client {
  readonly peer: Peer;
  readonly connectionId: string;
  /** How many of its texts were looked at. */
  seen: number;
}

interface Agent {
  readonly peer: Peer;
  seen: number;
}

/** A receipt as the wire has it. */
interface WireReceipt {
  readonly request_id?: string;
  readonly outcome: string;
  readonly run_id?: string;
  readonly thread_id?: string;
  readonly connections: number;
  readonly resolution?: { readonly source?: string; readonly pattern?: string; readonly dialect: Dialect };
  readonly reason?: string;
}

type Of<K extends Operation['op']> = Extract<Operation, { op: K }>;

/** Plays operations on a real router and on its model, and compares them after each. */
export class Player {
  private readonly clients = new Map<number, Client>();
  private readonly agents = new Map<number, Agent>();
  private readonly model: RoutingModel;
  private probe: InspectionProbe | undefined;
  private router: LiveRouter | undefined;

  constructor(
    private readonly kind: RouterKind,
    private readonly folder: string,
  ) {
    this.model = new RoutingModel(kind.limits, 'fix');
  }

  async start(): Promise<void> {
    await this.begin('fix');
  }

  async play(operation: Operation): Promise<void> {
    await this.perform(operation);
    await this.settle();
    await this.checkCounters();
  }

  /** Compares everything that can be seen of the router. */
  async look(): Promise<void> {
    await this.checkRegistry();
    await this.checkState();
  }

  async end(): Promise<void> {
    for (const { peer } of [...this.clients.values(), ...this.agents.values()]) peer.socket.terminate();
    this.probe?.end();
    await this.router?.end('stop');
  }

  private get live(): LiveRouter {
    if (!this.router) throw new Error('expected a running router');
    return this.router;
  }

  private get inspector(): InspectionProbe {
    if (!this.probe) throw new Error('expected an attached inspector');
    return this.probe;
  }

  private async begin(dialect: Dialect): Promise<void> {
    this.router = await this.kind.start(this.folder, dialect);
    this.probe = await InspectionProbe.attach(this.router.url, this.router.token);
  }

  private perform(operation: Operation): Promise<void> {
    switch (operation.op) {
      case 'connect': return this.connect(operation);
      case 'subscribe':
      case 'unsubscribe':
      case 'switch_thread':
      case 'user_message':
      case 'ping': return this.tell(operation);
      case 'pipeline': return this.pipeline(operation);
      case 'drop':
      case 'close':
      case 'disconnect': return this.leave(operation);
      case 'send': return this.send(operation.agent, operation.events);
      case 'post':
      case 'simulate': return this.sendOne(operation);
      case 'garbage': return this.garbage(operation);
      case 'register': return this.register(operation);
      case 'unregister': return this.unregister(operation);
      case 'redeliver': return this.redeliver(operation);
      case 'dialect': return this.switchDialect(operation.dialect);
      case 'race': return this.race(operation);
      case 'look': return this.look();
      case 'age': return this.age(operation);
      case 'restart': return this.restart(operation);
    }
  }

  private async connect({ client, thread, user }: Of<'connect'>): Promise<void> {
    if (this.clients.has(client)) return;
    const query = new URLSearchParams({ ...(thread === undefined ? {} : { thread_id: thread }), ...(user === undefined ? {} : { user_id: user }) });
    const peer = new Peer(new WebSocket(`${this.live.url.replace('http', 'ws')}/ws?${query}`, { perMessageDeflate: false }));
    const welcome = await peer.nextOf('connection_established');
    this.model.connect(client, thread);
    assert.deepEqual(welcome['threads'], this.model.clients.get(client));
    this.clients.set(client, { peer, connectionId: String(welcome['connection_id']), seen: 0 });
  }

  private async tell({ op, client: slot, thread, inPayload }: Of<'subscribe' | 'unsubscribe' | 'switch_thread' | 'user_message' | 'ping'>): Promise<void> {
    const client = this.clients.get(slot);
    if (!client) return;
    const id = `${Math.random()}`;
    client.peer.send({ type: op, id, ...(inPayload ? { payload: { thread_id: thread } } : { thread_id: thread }) });
    const done = this.change(slot, op, thread);
    if (!done) {
      await client.peer.nextOf('error');
      return;
    }
    const answer = await client.peer.next((message) => message['id'] === id);
    if (op !== 'ping') assert.deepEqual(answer['threads'], this.model.clients.get(slot));
  }

  private change(slot: number, op: 'subscribe' | 'unsubscribe' | 'switch_thread' | 'user_message' | 'ping', thread: string): boolean {
    if (op === 'subscribe') return this.model.subscribe(slot, thread);
    if (op !== 'unsubscribe') return this.model.replace(slot, thread);
    this.model.unsubscribe(slot, thread);
    return true;
  }

  private async pipeline({ client: slot, steps }: Of<'pipeline'>): Promise<void> {
    const client = this.clients.get(slot);
    if (!client) return;
    for (const [type, thread] of steps) {
      client.peer.send({ type, thread_id: thread });
      this.change(slot, type, thread);
    }
  }

  private async leave({ op, client: slot }: Of<'drop' | 'close' | 'disconnect'>): Promise<void> {
    const client = this.clients.get(slot);
    if (!client) return;
    this.clients.delete(slot);
    this.model.gone(slot);
    if (op === 'drop') client.peer.socket.terminate();
    else if (op === 'close') client.peer.socket.close(1000);
    else assert.deepEqual((await this.inspector.ask('disconnect', { connectionId: client.connectionId })).result, { disconnected: true });
    await client.peer.closing();
  }

  private async agent(slot: number): Promise<Agent> {
    const known = this.agents.get(slot);
    if (known) return known;
    const peer = new Peer(new WebSocket(`${this.live.url.replace('http', 'ws')}/agent`, [`token.${this.live.token}`], { perMessageDeflate: false }));
    await once(peer.socket, 'open');
    const agent = { peer, seen: 0 };
    this.agents.set(slot, agent);
    return agent;
  }

  private async send(slot: number, plans: readonly EventPlan[]): Promise<void> {
    const agent = await this.agent(slot);
    const events = plans.map(playEvent);
    for (const { sent } of events) agent.peer.send(sent);
    const expected = events.map(({ text, requestId }, at) => ({ requestId, receipt: this.model.receive(plans[at]?.run ?? '', text, requestId !== undefined) }));
    await this.receipts(agent, expected.filter(({ requestId }) => requestId !== undefined));
    await roundTrip(agent.peer.socket);
  }

  private async receipts(agent: Agent, expected: ReadonlyArray<{ requestId: string | undefined; receipt: ModelReceipt }>): Promise<void> {
    const from = agent.seen;
    agent.seen += expected.length;
    await until(() => agent.peer.texts.length >= agent.seen, `${expected.length} receipts`);
    expected.forEach(({ requestId, receipt }, index) => {
      const wire = JSON.parse(agent.peer.texts[from + index] ?? '') as WireReceipt;
      assert.equal(wire.request_id, requestId);
      this.compareReceipt(wire, receipt);
    });
  }

  private compareReceipt(wire: WireReceipt, expected: ModelReceipt): void {
    const { outcome, run_id, thread_id, connections, resolution, reason } = wire;
    const received: ModelReceipt = {
      outcome: outcome as ModelReceipt['outcome'],
      ...(run_id === undefined ? {} : { run_id }),
      ...(thread_id === undefined ? {} : { thread_id }),
      connections,
      ...(resolution?.source === undefined ? {} : { source: resolution.source }),
      ...(resolution?.pattern === undefined ? {} : { pattern: resolution.pattern }),
    };
    assert.deepEqual(received, expected);
    if (resolution) assert.equal(resolution.dialect, this.model.dialect);
    assert.equal(reason === undefined, outcome === 'delivered', 'a reason for everything but a delivery');
  }

  private async sendOne({ op, run }: Of<'post' | 'simulate'>): Promise<void> {
    const { text } = playEvent({ run, request: 'none', padding: 5 });
    const wire = op === 'post' ? (await this.http('POST', '/agent/events', text)).json : (await this.inspector.ask('simulate', { event: JSON.parse(text) })).result;
    this.compareReceipt(wire as unknown as WireReceipt, this.model.receive(run, text));
  }

  private async garbage({ agent: slot, text }: Of<'garbage'>): Promise<void> {
    const agent = await this.agent(slot);
    agent.peer.send(text);
    this.model.reject(true);
    await this.receipts(agent, [{ requestId: undefined, receipt: { outcome: 'rejected', connections: 0 } }]);
  }

  private async register({ run, thread, over }: Of<'register'>): Promise<void> {
    const known = this.model.registry.has(run);
    this.model.register(run, thread);
    if (over === 'http') assert.equal((await this.http('PUT', runPath(run), JSON.stringify({ thread_id: thread }))).status, known ? 200 : 201);
    else assert.deepEqual((await this.inspector.ask('registerRun', { runId: run, threadId: thread })).result, { registered: true });
  }

  private async unregister({ run }: Of<'unregister'>): Promise<void> {
    const known = this.model.registry.delete(run);
    this.model.promise();
    assert.equal((await this.http('DELETE', runPath(run))).status, known ? 204 : 404);
  }

  private async redeliver({ pick }: Of<'redeliver'>): Promise<void> {
    const kept = this.model.kept();
    const seq = kept.length === 0 || pick === 12 ? this.model.nextSeq : (kept[pick % kept.length]?.seq ?? 0);
    const expected = this.model.redeliver(seq);
    const answer = await this.http('POST', `/debug/deliveries/${seq}/redeliver`, '{}');
    if (expected) this.compareReceipt(answer.json as unknown as WireReceipt, expected);
    else assert.equal(answer.status, 404);
  }

  private async switchDialect(dialect: Dialect): Promise<void> {
    this.model.switchDialect(dialect);
    assert.deepEqual((await this.inspector.ask('setDialect', { dialect })).result, { dialect });
  }

  /**
   * A client joins or leaves while an agent sends. Which came first is not ours to say, but each receipt says how many
   * got its event, so that there is one moment at which it must have happened.
   */
  private async race({ how, client: slot, run, events: count }: Of<'race'>): Promise<void> {
    const client = this.clients.get(slot);
    const thread = this.model.route(run);
    if (!client || thread === undefined) return;
    // Only where receipts can show it.
    const isOn = this.model.on(thread).includes(slot);
    if (isOn === (how === 'subscribe')) return;
    const agent = await this.agent(0);
    const events = Array.from({ length: count }, () => playEvent({ run, request: 'last', padding: 20 }));
    const half = count >> 1;
    for (const { sent } of events.slice(0, half)) agent.peer.send(sent);
    if (how === 'close') client.peer.socket.close(1000);
    else client.peer.send({ type: how, thread_id: thread });
    for (const { sent } of events.slice(half)) agent.peer.send(sent);
    const from = agent.seen;
    await until(() => agent.peer.texts.length >= from + count, `${count} receipts of a race`);
    const connections = agent.peer.texts.slice(from).map((text) => (JSON.parse(text) as WireReceipt).connections);
    const before = this.model.on(thread).length;
    const moment = connections.findIndex((number) => number !== before);
    const late = moment < 0 ? events.length : moment;
    const expect = (some: readonly PlayedEvent[]) => some.map(({ text, requestId }) => ({ requestId, receipt: this.model.receive(run, text) }));
    const early = expect(events.slice(0, late));
    if (how === 'close') {
      // What was handed to it before it left must have come; nothing is looked at after `gone`.
      const inbox = this.model.inbox.get(slot) ?? [];
      await client.peer.closing();
      assert.deepEqual(played(client), inbox, `what client ${slot} got before it closed`);
      this.clients.delete(slot);
      this.model.gone(slot);
    } else this.change(slot, how, thread);
    await this.receipts(agent, [...early, ...expect(events.slice(late))]);
  }

  private async age({ hours }: Of<'age'>): Promise<void> {
    if (!this.live.leap) return;
    this.live.leap(hours);
    this.model.age(hours);
    // It looks at the time once a second.
    await eventually(async () => {
      await this.checkRegistry();
      const { counters } = (await this.http('GET', '/debug/health')).json as { counters: { waiting: number } };
      assert.equal(counters.waiting, this.model.waiting.length, 'what still waits');
    });
  }

  private async restart({ how, dialect }: Of<'restart'>): Promise<void> {
    for (const { peer } of this.agents.values()) peer.socket.terminate();
    this.agents.clear();
    if (how === 'kill') this.inspector.end();
    const ended = this.live.end(how);
    await Promise.all([...this.clients.values()].map(({ peer }) => peer.closing()));
    await ended;
    assert.deepEqual(this.live.complaints(), []);
    this.clients.clear();
    this.inspector.end();
    await this.begin(dialect);
    if (how === 'kill') await this.reconcile(dialect);
    else this.model.restart(dialect);
    await this.look();
  }

  /** After a kill, what nobody was promised may be as it was before: takes over which of it is, and checks that the rest is not. */
  private async reconcile(dialect: Dialect): Promise<void> {
    const { model } = this;
    const { handedOver, unpromised, nextSeq } = model;
    const { json } = await this.http('GET', '/debug/deliveries?limit=1000');
    const listed = new Set((json['deliveries'] as ReadonlyArray<{ seq: number; dead_letter?: boolean }>).filter((row) => row.dead_letter === true).map(({ seq }) => seq));
    model.restart(dialect, new Set([...unpromised].filter((seq) => !listed.has(seq))));
    for (const seq of listed) {
      if (model.kept().some((event) => event.seq === seq)) continue;
      const event = handedOver.find((candidate) => candidate.seq === seq);
      assert.ok(event, `delivery ${seq} came back after a kill and was never kept`);
      model.dead.push(event);
    }
    model.dead.sort((a, b) => a.seq - b.seq);
    const newest = Number(json['newest']);
    assert.ok(newest < nextSeq, 'numbers of deliveries go on');
    assert.ok(newest >= Math.max(0, ...model.kept().map(({ seq }) => seq)));
    model.nextSeq = newest + 1;
    for (const [run, { guessed }] of model.registry) {
      if (guessed && (await this.http('GET', runPath(run))).status === 404) model.registry.delete(run);
    }
  }

  /** Returns when everything the router sent has arrived, and checks that it is what the model says. */
  private async settle(): Promise<void> {
    await Promise.all(
      [...this.clients].map(async ([slot, client]) => {
        await client.peer.settle();
        const inbox = this.model.inbox.get(slot) ?? [];
        assert.deepEqual(played(client), inbox, `what client ${slot} received`);
        inbox.length = 0;
      }),
    );
    for (const [slot, { peer, seen }] of this.agents) assert.equal(peer.texts.length, seen, `receipts of agent ${slot}`);
    this.inspector.check();
  }

  private async checkCounters(): Promise<void> {
    const { model } = this;
    const expected = {
      ...model.totals,
      connections: model.clients.size,
      agents: this.agents.size,
      threads: model.threads.size,
      runs: model.runs.size,
      waiting: model.waiting.length,
      dead_letters: model.waiting.length + model.dead.length,
      dropped: 0,
    };
    // That a peer is gone, the router learns a moment later.
    await eventually(async () => {
      const { counters } = (await this.http('GET', '/debug/health')).json as { counters: Record<string, number> };
      const { frames_in: _in, frames_out: _out, bytes_in: _bytesIn, bytes_out: _bytesOut, ...rest } = counters;
      assert.deepEqual(rest, expected, 'counters');
    });
  }

  private async checkRegistry(): Promise<void> {
    const runs = new Set([...RUNS, ...RUNS.map((run) => run.trim()), ...this.model.registry.keys()]);
    const found: Record<string, string> = {};
    for (const run of runs) {
      const { status, json } = await this.http('GET', runPath(run));
      if (status === 200) found[run] = String(json['thread_id']);
    }
    assert.deepEqual(found, Object.fromEntries([...this.model.registry].map(([run, { thread }]) => [run, thread])), 'registry');
  }

  /** Over HTTP and as a watching workbench has it. */
  private async checkState(): Promise<void> {
    const { model } = this;
    const threads = Object.fromEntries(
      [...model.threads].map((id) => {
        const connections = model.on(id).length;
        const waiting = model.waitingOn(id).length;
        return [id, { state: connections > 0 ? 'live' : waiting > 0 ? 'waiting' : 'idle', connections, waiting }];
      }),
    );
    const connections = Object.fromEntries([...this.clients].map(([slot, { connectionId }]) => [connectionId, model.clients.get(slot)]));
    const expected = { threads, connections, runs: [...model.runs].toSorted(), kept: model.kept().map(({ seq, run }) => [seq, run]) };
    await eventually(async () => {
      const { json } = await this.http('GET', '/debug/deliveries?limit=1000');
      const rows = async (what: string) => (await this.http('GET', `/debug/${what}?limit=1000`)).json[what] as ReadonlyArray<Record<string, unknown>>;
      const overHttp = {
        threads: Object.fromEntries((await rows('threads')).map(({ id, state, connections: live, waiting }) => [id, { state, connections: live, waiting }])),
        connections: Object.fromEntries((await rows('connections')).map(({ id, threads: on }) => [id, on])),
        runs: (await rows('runs')).map(({ id }) => String(id)).toSorted(),
        kept: (json['deliveries'] as ReadonlyArray<Record<string, unknown>>).filter((row) => row['dead_letter'] === true).map((row) => [row['seq'], row['run_id']]),
      };
      assert.deepEqual(overHttp, expected, 'state over HTTP');
    });
    const watched = this.inspector.model;
    await eventually(() => {
      const seen = {
        threads: Object.fromEntries(Array.from(watched.threads.values(), ({ id, state, connections: live, waiting }) => [id, { state, connections: live, waiting }])),
        connections: Object.fromEntries(Array.from(watched.connections.values(), ({ id, threads: on }) => [id, on])),
        runs: [...watched.runs.keys()].toSorted(),
        kept: watched.deliveries.filter(({ deadLetter }) => deadLetter === true).map(({ seq, runId }) => [seq, runId]),
      };
      assert.deepEqual(seen, expected, 'state as a workbench has it');
      const { delivered, queued, undeliverable, rejected } = watched.counters;
      assert.deepEqual({ delivered, queued, undeliverable, rejected }, model.totals, 'counters as a workbench has them');
    });
  }

  private async http(method: string, path: string, body?: string): Promise<{ status: number; json: Record<string, unknown> }> {
    const response = await fetch(this.live.url + path, {
      method,
      headers: { authorization: `Bearer ${this.live.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }
}

/** The events that a client received since the last call. */
function played(client: Client): string[] {
  const texts = client.peer.texts.slice(client.seen).filter(isPlayed);
  client.seen = client.peer.texts.length;
  return texts;
}

function runPath(run: string): string {
  return `/registry/runs/${encodeURIComponent(run)}`;
}

/** Returns after the peer has read what was sent to it before. */
async function roundTrip(socket: WebSocket): Promise<void> {
  const pong = once(socket, 'pong');
  socket.ping();
  await pong;
}

/** Until the check passes; its own complaint when it does not within some seconds. */
async function eventually(check: () => void | Promise<void>): Promise<void> {
  const deadline = Date.now() + 2_500;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
