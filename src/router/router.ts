import type { BehaviourSet, Dialect, FaultRule } from '../core/index';
import { messageOf } from '../core/message-of';
import { webSocketUrl } from '../core/web-socket-url';
import type { RouterInfo } from '../protocol/inspection';
import { AgentEndpoint } from './agent/agent-endpoint';
import { Alterations } from './behaviour/alterations';
import { AlteredDelivery } from './behaviour/altered-delivery';
import { Backpressure } from './client/backpressure';
import { ClientEndpoint } from './client/client-endpoint';
import { ClientSender } from './client/client-sender';
import { ClockTimers } from './clock-timers';
import { AbsenceExplainer } from './delivery/absence';
import { DeadLetters } from './delivery/dead-letters';
import { DeliveryLog } from './delivery/delivery-log';
import { Dispatcher } from './delivery/dispatcher';
import { HandedOver } from './delivery/handed-over';
import { TurnWriter } from './delivery/turn-writer';
import { WaitingQueue } from './delivery/waiting-queue';
import { Durability } from './durability';
import { Gate } from './gate/gate';
import { isLoopbackAddress } from './gate/host-header';
import { Heartbeat } from './heartbeat';
import { agentRoutes } from './http/agent-routes';
import { debugRoutes } from './http/debug-routes';
import { HttpApi } from './http/http-api';
import { HttpListener } from './http/http-listener';
import { registryRoutes } from './http/registry-routes';
import { route } from './http/route';
import { ChangeFeed, type FeedSink } from './inspection/change-feed';
import { InspectionEndpoint } from './inspection/inspection-endpoint';
import type { InspectionSession } from './inspection/inspection-session';
import { Inspector } from './inspection/inspector';
import { RouterService } from './inspection/router-service';
import { Journal } from './journal/journal';
import { limitsWith } from './limits';
import { Metrics } from './metrics';
import { Membership } from './model/membership';
import { RouterModel } from './model/router-model';
import { RecordedService } from './recording/recorded-service';
import { TrafficRecorder } from './recording/traffic-recorder';
import { RouterRegistry } from './registry';
import { restoreEvents } from './restore';
import type { Store } from './store/store';
import { UPGRADE_PATHS, Upgrades } from './upgrades';

export type RouterLog = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

export interface RouterOptions {
  /** The address to listen on; never all interfaces by omission. */
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly token: string;
  readonly allowedOrigins: readonly string[];
  readonly dialect: Dialect;
  readonly version: string;
  /** Replace some of the defaults. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Behaviours of the original that are on (see `behavioursOf`); none by default. */
  readonly behaviours?: BehaviourSet;
  /** Faults made on purpose; none by default. */
  readonly faults?: readonly FaultRule[];
  /** What outlives the process; the router closes it when it stops. */
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly log?: RouterLog;
}

/** How long the closing handshakes may take at a stop, in milliseconds. */
const STOP_GRACE_MS = 400;
/** How often what is too old is removed, in milliseconds. */
const SWEEP_MS = 1_000;
const REGISTRY_SWEEP_MS = 30 * 60_000;

/** The local router: one model, one gate, and the doors to them. */
export class Router {
  readonly model: RouterModel;
  private readonly clock: () => number;
  private readonly log: RouterLog;
  private readonly durability: Durability;
  private readonly registry: RouterRegistry;
  private readonly queue: WaitingQueue;
  private readonly dispatcher: Dispatcher;
  private readonly clients: ClientEndpoint;
  private readonly agents: AgentEndpoint;
  private readonly alterations: Alterations;
  private readonly altered: AlteredDelivery;
  private readonly timers: ClockTimers;
  private readonly feed: ChangeFeed;
  private readonly inspections: InspectionEndpoint;
  private readonly recorder: TrafficRecorder;
  private readonly heartbeat: Heartbeat;
  private readonly metrics = new Metrics();
  private readonly http: HttpApi;
  private readonly listener: HttpListener;
  private sweeper: NodeJS.Timeout | undefined;
  private registrySweptAt: number;
  private stopping: Promise<void> | undefined;
  private address: { readonly url: string; readonly clientUrl: string; readonly port: number } | undefined;
  private readonly startedAt: number;

  /**
   * @throws {LimitError} for a limit that is none.
   * @throws {RangeError} for an allowed origin that is none.
   */
  constructor(private readonly options: RouterOptions) {
    const limits = limitsWith(options.limits);
    const clock = options.clock ?? Date.now;
    const { store } = options;
    this.clock = clock;
    this.log = options.log ?? (() => {});
    this.startedAt = clock();
    this.registrySweptAt = this.startedAt;
    const contents = store.load();
    const model = new RouterModel(
      limits,
      new DeliveryLog(limits.deliveries, contents.lastSeq),
      new Journal(limits.journalFrames, limits.journalBytes, limits.journalBodyBytes),
    );
    this.model = model;
    store.onChange(() => model.changes.routerChanged());
    this.durability = new Durability(store, (error) => this.log('error', `storage: ${messageOf(error)}`));
    this.registry = new RouterRegistry(model, this.durability, contents.registrations, limits, clock, options.dialect);
    const backpressure = new Backpressure(model, clock);
    const writer = new TurnWriter(backpressure);
    const deadLetters = new DeadLetters(model, store);
    this.queue = new WaitingQueue(model, store, deadLetters);
    const absence = new AbsenceExplainer(model);
    this.dispatcher = new Dispatcher({
      model, registry: this.registry, writer, queue: this.queue, deadLetters, handedOver: new HandedOver(this.durability, deadLetters), absence, durability: this.durability, metrics: this.metrics, clock,
    });
    const membership = new Membership(model, writer, store, clock);
    const sender = new ClientSender(model, writer, backpressure, clock);
    this.clients = new ClientEndpoint({ model, membership, dispatcher: this.dispatcher, sender, backpressure, clock });
    backpressure.effects = {
      tooSlow: (connection) => this.clients.close(connection, 1013, `reads too slowly: expected at most ${limits.hardBufferBytes} unread bytes`),
      recovered: (connection) => {
        for (const thread of connection.threads) this.dispatcher.flushWaiting(thread);
      },
    };
    this.timers = new ClockTimers(clock);
    this.altered = new AlteredDelivery({
      model, writer, watcher: backpressure, queue: this.queue, deadLetters, absence, timers: this.timers, clock,
      close: (connection, code, reason) => this.clients.close(connection, code, reason),
    });
    this.alterations = new Alterations({
      model, membership, registry: this.registry, dispatcher: this.dispatcher, clients: this.clients, delivery: this.altered, clock,
    });
    this.alterations.setBehaviours(options.behaviours ?? new Set());
    this.alterations.setFaults(options.faults ?? []);
    this.agents = new AgentEndpoint(model, this.dispatcher);
    const router = (): RouterInfo => this.info();
    this.feed = new ChangeFeed(model, router);
    this.recorder = new TrafficRecorder(model, router, clock, { failed: (message) => this.log('error', `recording: ${message}`) });
    const inspector = new Inspector({ model, registry: this.registry, absence, dispatcher: this.dispatcher, clients: this.clients, durability: this.durability, alterations: this.alterations });
    this.inspections = new InspectionEndpoint(new RecordedService(new RouterService(inspector), this.recorder), this.feed, limits, router, (message) => this.log('error', message));
    this.heartbeat = new Heartbeat(model, this.agents, clock);
    const gate = new Gate({ token: options.token, allowedOrigins: options.allowedOrigins, loopbackOnly: isLoopbackAddress(options.host), address: options.host });
    this.http = new HttpApi(
      gate,
      [
        ...agentRoutes(this.dispatcher),
        ...registryRoutes(inspector, this.registry),
        ...debugRoutes({ model, inspector, registry: this.registry, router, store, clock }),
        route('GET', '/metrics', () => ({ status: 200, text: { type: 'text/plain; version=0.0.4; charset=utf-8', body: this.metrics.text(model) } })),
      ],
      UPGRADE_PATHS,
      limits.bodyBytes,
      (error) => this.log('error', `http: ${messageOf(error)}`),
    );
    const upgrades = new Upgrades(gate, limits, this.clients, this.agents, this.inspections);
    this.listener = new HttpListener(
      { host: options.host, port: options.port, pendingHandshakes: limits.pendingHandshakes, requestTimeout: 30_000 },
      {
        request: (request, response) => this.http.handle(request, response),
        upgrade: (request, socket, head) => upgrades.handle(request, socket, head),
      },
    );
    restoreEvents(contents.events, model, this.queue, deadLetters, store);
    // Who comes before the first sweep gets nothing that is too old, either.
    this.queue.expire(clock());
  }

  /**
   * Listens. Call it once.
   * @throws the error of `listen`, such as `EADDRINUSE`; nothing is left open then.
   */
  async start(): Promise<{ readonly url: string; readonly port: number }> {
    let listening;
    try {
      listening = await this.listener.start();
    } catch (error) {
      this.durability.close();
      throw error;
    }
    const { url, port } = listening;
    this.address = { url, clientUrl: `${webSocketUrl(url)}/ws`, port };
    this.heartbeat.start();
    this.metrics.start();
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS);
    this.sweeper.unref();
    const altered = this.alterations.describe();
    if (altered !== undefined) this.log('warn', altered);
    return listening;
  }

  /** Ends everything within a second: no listener, timer or socket is left. Idempotent. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  /** Serves a workbench over texts, such as those of a worker's port. */
  inspect(sink: FeedSink): InspectionSession {
    return this.inspections.serve(sink);
  }

  info(): RouterInfo {
    const { store } = this.options;
    const { url, clientUrl, port } = this.address ?? { url: '', clientUrl: '', port: 0 };
    const recording = this.recorder.info;
    return {
      kind: 'router',
      url,
      clientUrl,
      port,
      pid: process.pid,
      version: this.options.version,
      dialect: this.registry.dialect,
      ...(this.alterations.profile === undefined ? {} : { profile: this.alterations.profile }),
      behaviours: this.alterations.behaviours,
      faults: this.alterations.faults,
      startedAt: this.startedAt,
      storage: store.kind,
      ...(store.notice === undefined ? {} : { storageNotice: store.notice }),
      ...(recording === undefined ? {} : { recording }),
    };
  }

  private sweep(): void {
    const now = this.clock();
    this.queue.expire(now);
    this.alterations.sweep();
    if (now - this.registrySweptAt >= REGISTRY_SWEEP_MS) {
      this.registrySweptAt = now;
      this.registry.sweep();
    }
    this.durability.soon();
  }

  private async shutDown(): Promise<void> {
    clearInterval(this.sweeper);
    this.heartbeat.stop();
    this.altered.stop();
    this.timers.stop();
    this.feed.stop();
    const reason = 'the router stops';
    for (const connection of this.model.connections.values()) this.clients.close(connection, 1001, reason);
    for (const { ws } of this.agents.agents) ws.close(1001, reason);
    this.inspections.close(1001, reason);
    await this.listener.stop(STOP_GRACE_MS, () => {
      for (const { ws } of this.agents.agents) ws.terminate();
      this.inspections.terminate();
    });
    await this.recorder.close();
    this.agents.stop();
    this.metrics.stop();
    this.durability.close();
  }
}
