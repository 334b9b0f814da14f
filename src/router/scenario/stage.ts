import { randomBytes } from 'node:crypto';
import { type Behaviour, behavioursOf, type Moment, parseFaultRules, type SentEvent } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { fillValue, mintIds } from '../../core/scenario/fill-ids';
import type { ScenarioRun } from '../../core/scenario/variant';
import { webSocketUrl } from '../../core/web-socket-url';
import type { Router } from '../router';
import { checkCancelled, waitFor } from './polling';
import type { RunParts } from './run-parts';
import { ScenarioClock } from './scenario-clock';
import { VirtualAgent } from './virtual-agent';
import { EVENT_NUMBER, VirtualClient } from './virtual-client';

/** How long the router may take to notice the end of a socket, in milliseconds. */
const NOTICE_MS = 2_000;
const HTTP_MS = 5_000;

/** The router of a scenario cannot be set up as the file says. */
export class ScenarioSetupError extends Error {
  override readonly name = 'ScenarioSetupError';
  readonly reason = 'bad_setup';
}

/** One run: a router of its own on a free loopback port, its clients, its agents, and the record of what happens. */
export class Stage {
  readonly clients = new Map<string, VirtualClient>();
  readonly events: SentEvent[] = [];
  readonly moments: Moment[] = [];
  private readonly agents = new Map<string, Promise<VirtualAgent>>();

  private constructor(
    readonly run: ScenarioRun,
    readonly ids: ReadonlyMap<string, string>,
    readonly clock: ScenarioClock,
    readonly behaviours: ReadonlySet<Behaviour>,
    readonly router: Router,
    private readonly url: string,
    private readonly token: string,
    private readonly parts: RunParts,
    private readonly signal: AbortSignal,
  ) {
    for (const [name, setup] of Object.entries(this.fill(run.clients))) {
      const client = new VirtualClient(name, setup, {
        url: `${webSocketUrl(url)}/ws`,
        open: (address) => parts.openSocket(address, {}),
        elapsed: () => clock.elapsed,
        signal,
        sentAt: (event) => this.events[event - 1]?.at,
        closed: (one, connectionId, code, reason, own) => {
          const userId = one.setup.user;
          this.note({ what: 'closed', client: one.name, connectionId, ...(userId === undefined ? {} : { userId }), code, reason, own });
        },
      });
      this.clients.set(name, client);
    }
  }

  /**
   * Starts the router.
   * @throws {ScenarioSetupError} for limits or faults that it does not take.
   */
  static async start(run: ScenarioRun, parts: RunParts, signal: AbortSignal): Promise<Stage> {
    const { startsAt } = run.scenario;
    const clock = new ScenarioClock(startsAt === undefined ? undefined : Date.parse(startsAt));
    const ids = mintIds(run.ids, { now: clock.now, hex: (length) => randomBytes(Math.ceil(length / 2)).toString('hex').slice(0, length) });
    const { dialect = 'fix', profile, limits = {}, faults = [] } = run.router;
    const token = parts.createToken();
    let behaviours: ReadonlySet<Behaviour>;
    let router: Router;
    try {
      behaviours = behavioursOf(profile, run.router.behaviours);
      router = parts.createRouter({
        host: '127.0.0.1', port: 0, token, allowedOrigins: [], dialect, limits, behaviours,
        faults: parseFaultRules(fillValue(faults, ids), 'router.faults'),
        clock: clock.now,
      });
    } catch (error) {
      throw new ScenarioSetupError(`router: ${messageOf(error)}`);
    }
    const { url } = await router.start();
    return new Stage(run, ids, clock, behaviours, router, url, token, parts, signal);
  }

  /** The value with the IDs of this run put in. */
  fill<T>(value: T): T {
    return fillValue(value, this.ids);
  }

  client(name: string): VirtualClient {
    const client = this.clients.get(name);
    if (!client) throw new RangeError(`expected a client of the scenario, received ${JSON.stringify(name)}`);
    return client;
  }

  note(moment: MomentNow): void {
    this.moments.push({ ...moment, at: this.clock.elapsed });
  }

  /** Sends an event as its agent, and notes what the router answered. */
  async emit(agent: string, event: { readonly type: string; readonly run_id: string }): Promise<void> {
    checkCancelled(this.signal);
    const socket = await this.agent(agent);
    const number = this.events.length + 1;
    const text = JSON.stringify({ ...event, trace: { [EVENT_NUMBER]: number }, request_id: number });
    const sent = { number, at: this.clock.elapsed, type: event.type, runId: event.run_id, agent, bytes: Buffer.byteLength(text) };
    this.events.push(sent);
    this.moments.push({ at: sent.at, what: 'event', event: number });
    const receipt = await socket.send(number, text);
    if (receipt) this.events[number - 1] = { ...sent, receipt };
  }

  /** Asks the router over HTTP; answers status and body. */
  async ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(HTTP_MS)]),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  }

  /** Waits until the router has noticed which sockets ended. */
  async settleClosed(): Promise<void> {
    const { connections } = this.router.model;
    const open = (): ReadonlySet<string> => new Set([...this.clients.values()].flatMap(({ connectionId }) => connectionId ?? []));
    await waitFor(() => {
      const here = open();
      return [...connections.keys()].every((id) => here.has(id));
    }, NOTICE_MS, this.signal);
  }

  /** Notes which connections are on other threads than before. */
  observeThreads(): void {
    const moved = new Map<string, VirtualClient[]>();
    for (const client of this.clients.values()) {
      const id = client.connectionId;
      if (id === undefined) continue;
      const threads = this.router.model.connections.get(id)?.threads.map((thread) => thread.id) ?? [];
      const before = client.threads;
      client.threads = threads;
      for (const threadId of before) if (!threads.includes(threadId)) this.note({ what: 'left', client: client.name, connectionId: id, threadId });
      for (const threadId of threads) {
        if (before.includes(threadId)) continue;
        const key = JSON.stringify([client.setup.user ?? null, threadId]);
        moved.set(key, [...(moved.get(key) ?? []), client]);
      }
    }
    for (const [key, clients] of moved) {
      const [userId, threadId] = JSON.parse(key) as [string | null, string];
      const open = [...this.clients.values()].filter((client) => client.isOpen && client.setup.user === clients[0]?.setup.user);
      this.note({
        what: 'associated', threadId, connectionIds: clients.flatMap(({ connectionId }) => connectionId ?? []), clients: clients.map(({ name }) => name),
        ...(userId === null ? {} : { userId }),
        all: userId !== null && open.length === clients.length,
      });
    }
  }

  /** Ends sockets and router; nothing is left open. */
  async stop(): Promise<void> {
    for (const client of this.clients.values()) client.end();
    for (const agent of this.agents.values()) agent.then((one) => one.end(), () => {});
    await this.router.stop();
  }

  private agent(name: string): Promise<VirtualAgent> {
    const known = this.agents.get(name);
    if (known) return known;
    const socket = this.parts.openSocket(`${webSocketUrl(this.url)}/agent`, { headers: { authorization: `Bearer ${this.token}` } });
    const agent = VirtualAgent.open(socket, this.signal);
    this.agents.set(name, agent);
    return agent;
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
type MomentNow = WithoutTime<Moment>;
