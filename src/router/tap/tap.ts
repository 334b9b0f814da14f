import { randomBytes } from 'node:crypto';
import { type AgentEvent, type FieldPaths, RunThreads } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { webSocketUrl } from '../../core/web-socket-url';
import type { DeliveryReceipt } from '../../protocol/delivery';
import type { RouterInfo, TapNotice } from '../../protocol/inspection';
import { AbsenceExplainer } from '../delivery/absence';
import { DeliveryLog } from '../delivery/delivery-log';
import { type Access, Gate } from '../gate/gate';
import { HttpApi, refusalError } from '../http/http-api';
import { type HttpError, tooMany } from '../http/http-error';
import { HttpListener } from '../http/http-listener';
import { ChangeFeed, type FeedSink } from '../inspection/change-feed';
import { InspectionEndpoint } from '../inspection/inspection-endpoint';
import type { InspectionSession } from '../inspection/inspection-session';
import { Journal } from '../journal/journal';
import { type Limits, limitsWith } from '../limits';
import { Membership } from '../model/membership';
import { RouterModel } from '../model/router-model';
import { RecordedService } from '../recording/recorded-service';
import { TrafficRecorder } from '../recording/traffic-recorder';
import type { RouterLog } from '../router';
import { MemoryStore } from '../store/memory-store';
import type { HandshakeOptions } from './backend-handshake';
import { Breakpoints } from './breakpoints';
import { HeldFrames } from './held-frames';
import { HttpPassThrough } from './http-pass-through';
import { injectEvent } from './inject-event';
import { isOwnPath, TAP_INSPECT_PATH } from './tap-paths';
import { tapRoutes } from './tap-routes';
import { TapService } from './tap-service';
import { refuseLoop, type TapTarget } from './tap-target';
import { TapUpgrades } from './tap-upgrades';
import { TappedConnections } from './tapped-connections';
import { TrafficObserver } from './traffic-observer';

export interface TapOptions {
  /** 0 picks a free port; the address is always 127.0.0.1. */
  readonly port: number;
  readonly token: string;
  readonly target: TapTarget;
  /** Pages of other origins that may connect through the tap. */
  readonly allowedOrigins: readonly string[];
  /** Passes `Cookie`, `Authorization` and `Set-Cookie` on. */
  readonly forwardCredentials: boolean;
  readonly paths: FieldPaths;
  /** How long a breakpoint holds a frame at most, in milliseconds; without end when missing. */
  readonly holdTimeout?: number;
  readonly version: string;
  /** Replace some of the defaults. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly log?: RouterLog;
}

const HOST = '127.0.0.1';
/** How long the closing handshakes may take at a stop, in milliseconds. */
const STOP_GRACE_MS = 400;
/** For a whole request, its body included, in milliseconds. */
const REQUEST_TIMEOUT_MS = 300_000;

/**
 * A proxy in front of a real backend: what passes goes through unchanged, and is watched on the way. It learns threads,
 * runs and connections into the same model that the router has, so the same views show it.
 */
export class Tap {
  readonly model: RouterModel;
  private readonly limits: Limits;
  private readonly log: RouterLog;
  private readonly breakpoints: Breakpoints;
  private readonly held: HeldFrames;
  private readonly connections: TappedConnections;
  private readonly recorder: TrafficRecorder;
  private readonly feed: ChangeFeed;
  private readonly inspections: InspectionEndpoint;
  private readonly passThrough: HttpPassThrough;
  private readonly listener: HttpListener;
  private readonly startedAt: number;
  private heartbeat: NodeJS.Timeout | undefined;
  private address = { url: '', clientUrl: '', port: 0 };
  private notice: TapNotice | undefined;
  private stopping: Promise<void> | undefined;

  /**
   * @throws {LimitError} for a limit that is none.
   * @throws {RangeError} for an allowed origin that is none.
   */
  constructor(private readonly options: TapOptions) {
    const { target, forwardCredentials: credentials, paths } = options;
    const limits = limitsWith(options.limits);
    const clock = options.clock ?? Date.now;
    this.limits = limits;
    this.log = options.log ?? (() => {});
    this.startedAt = clock();
    const model = new RouterModel(limits, new DeliveryLog(limits.deliveries), new Journal(limits.journalFrames, limits.journalBytes, limits.journalBodyBytes));
    this.model = model;
    // Nothing is written at the end of a turn here: messages go on as they come.
    const membership = new Membership(model, { flush: () => {} }, new MemoryStore(), clock);
    const runs = new RunThreads({ dialect: 'fix', clock, most: limits.registrations });
    const observer = new TrafficObserver({ model, membership, runs, paths, clock });
    const changed = (): void => model.changes.holdingChanged();
    this.breakpoints = new Breakpoints(limits.breakpoints, changed);
    this.held = new HeldFrames({
      limits, timeout: options.holdTimeout, clock, changed,
      reread: (message, data) => ({ ...message, data, ids: observer.read(data, message.binary) }),
    });
    this.connections = new TappedConnections({
      model, membership, observer, breakpoints: this.breakpoints, held: this.held, clock,
      holdBoundReached: () => this.note('hold_bound', `A frame passed although a breakpoint wanted it: expected at most ${limits.heldFrames} held frames of ${limits.heldBytes} bytes, received more.`),
    });
    const info = (): RouterInfo => this.info();
    this.feed = new ChangeFeed(model, info, () => ({ breakpoints: this.breakpoints.list(), held: this.held.list() }));
    const service = new TapService({
      model, runs, absence: new AbsenceExplainer(model), breakpoints: this.breakpoints, held: this.held,
      disconnect: (id, code, reason) => this.connections.disconnect(id, code, reason),
      inject: (event) => this.inject(event, runs),
    });
    this.recorder = new TrafficRecorder(model, info, clock, { failed: (message) => this.log('error', `recording: ${message}`) });
    const recorded = new RecordedService(service, this.recorder);
    this.inspections = new InspectionEndpoint(recorded, this.feed, limits, info, (message) => this.log('error', message));
    const access = (path: string): Access => (isOwnPath(path) ? 'token' : 'app');
    const gate = new Gate({ token: options.token, allowedOrigins: options.allowedOrigins, loopbackOnly: true, access });
    const own = new HttpApi(gate, tapRoutes({ model, info, clock }), new Set([TAP_INSPECT_PATH]), limits.bodyBytes, (error) => this.log('error', `http: ${messageOf(error)}`));
    const handshake: HandshakeOptions = { target, credentials, limits, via: `1.1 thread-lens-${randomBytes(4).toString('hex')}` };
    const credentialsWanted = (status: number): void => this.note('credentials_withheld', `The backend answered ${status}, and the tap had kept Cookie and Authorization to itself: expected threadLens.tap.forwardCredentials to be true (--forward-credentials), received false.`);
    this.passThrough = new HttpPassThrough(handshake, limits, { credentialsWanted });
    const upgrades = new TapUpgrades(gate, limits, handshake, this.inspections, {
      full: () => this.full(),
      tapped: (client, accepted, request, socket, query) => this.connections.add(client, accepted, request, socket, query),
      credentialsWanted,
      failed: (message) => this.note('backend_unreachable', message),
    });
    this.listener = new HttpListener({ host: HOST, port: options.port, pendingHandshakes: limits.pendingHandshakes, requestTimeout: REQUEST_TIMEOUT_MS }, {
      request: (request, response) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        if (isOwnPath(path)) {
          own.handle(request, response);
          return;
        }
        const admission = gate.check(request, 'http');
        if (admission.ok) this.passThrough.handle(request, response, (error) => own.refuse(request, response, error));
        else own.refuse(request, response, refusalError(admission));
      },
      upgrade: (request, socket, head) => upgrades.handle(request, socket, head),
    });
  }

  /**
   * Listens. Call it once.
   * @throws the error of `listen`, such as `EADDRINUSE`, or {@link TargetAddressError} when the target is the tap itself;
   * nothing is left open then.
   */
  async start(): Promise<{ readonly url: string; readonly clientUrl: string; readonly port: number }> {
    const { target } = this.options;
    const { url, port } = await this.listener.start();
    try {
      refuseLoop(target, port);
    } catch (error) {
      await this.listener.stop(0, () => {});
      throw error;
    }
    this.address = { url, clientUrl: `${webSocketUrl(url)}${target.path}`, port };
    this.heartbeat = setInterval(() => this.connections.beat(), this.limits.heartbeatInterval);
    this.heartbeat.unref();
    return this.address;
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
    const { target, forwardCredentials, version } = this.options;
    const recording = this.recorder.info;
    return {
      kind: 'tap',
      ...this.address,
      pid: process.pid,
      version,
      dialect: 'fix',
      startedAt: this.startedAt,
      storage: 'memory',
      ...(recording === undefined ? {} : { recording }),
      behaviours: [],
      faults: [],
      tap: {
        target: target.text,
        forwardsCredentials: forwardCredentials,
        pings: 'end-to-end',
        ...(this.notice === undefined ? {} : { notice: this.notice }),
      },
    };
  }

  private async shutDown(): Promise<void> {
    clearInterval(this.heartbeat);
    this.feed.stop();
    const reason = 'the tap stops';
    for (const tapped of this.connections) tapped.end(1001, reason);
    this.held.stop();
    this.inspections.close(1001, reason);
    await this.listener.stop(STOP_GRACE_MS, () => {
      for (const tapped of this.connections) tapped.terminate();
      this.inspections.terminate();
    });
    // The legs to the backend are not the listener's.
    for (const tapped of this.connections) tapped.terminate();
    this.passThrough.stop();
    await this.recorder.close();
  }

  private full(): HttpError | undefined {
    const { connections } = this.limits;
    return this.connections.size < connections ? undefined : tooMany('The tap', 'connections', this.connections.size, connections);
  }

  private inject(event: AgentEvent, runs: RunThreads): DeliveryReceipt {
    return injectEvent(event, { model: this.model, runs, send: (connection, data) => this.connections.inject(connection, data) });
  }

  private note(reason: TapNotice['reason'], message: string): void {
    const count = this.notice?.reason === reason ? this.notice.count + 1 : 1;
    this.notice = { reason, message, count };
    this.log('warn', message);
    this.model.changes.routerChanged();
  }
}
