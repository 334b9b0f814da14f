import { join } from 'node:path';
import type * as vscode from 'vscode';
import { webSocketUrl } from '../../core/web-socket-url';
import type { RouterStart } from '../../protocol/worker-control';
import { isLoopbackAddress } from '../../router/gate/host-header';
import { needTrust } from '../need-trust';
import { readRouterSettings, type RouterSettings } from '../settings';
import type { Sources } from '../sources/sources';
import { noticeText } from '../notice-text';
import { versionOf } from '../version-of';
import type { VscodeApi } from '../vscode-api';
import { offerForTakenPort } from './offer-for-taken-port';
import { routerToken } from './router-token';
import { RouterStartError, RouterWorker } from './router-worker';

/** What `threadLens.router.start` answers. */
export interface RunningRouter {
  readonly url: string;
  /** Where clients connect. */
  readonly clientUrl: string;
  readonly port: number;
  readonly token: string;
}

export type RouterState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | ({ readonly kind: 'running' } & RunningRouter)
  | { readonly kind: 'failed'; readonly message: string };

const STOPPED: RouterState = { kind: 'stopped' };

/** What the router of this window is called among the sources. */
const ROUTER_SOURCE = 'router';

/** Owns the router of this window: at most one, started and stopped in order. */
export class RouterController implements vscode.Disposable {
  private worker: RouterWorker | undefined;
  private current: RouterState = STOPPED;
  /** Starts and stops run one after the other. */
  private pending: Promise<unknown> = Promise.resolve();
  /** The start that was asked for last and is under way: another one joins it, unless a stop was asked for since. */
  private pendingStart: Promise<RunningRouter | Error | undefined> | undefined;
  /** How often a stop was asked for: what the user answers after one starts nothing. */
  private stops = 0;
  private disposed = false;
  private readonly stateChanged: vscode.EventEmitter<RouterState>;

  readonly onDidChangeState: vscode.Event<RouterState>;

  constructor(
    private readonly api: VscodeApi,
    private readonly context: vscode.ExtensionContext,
    private readonly sources: Sources,
    private readonly log: vscode.LogOutputChannel,
    private readonly routerFile: string,
  ) {
    this.stateChanged = new api.EventEmitter();
    this.onDidChangeState = this.stateChanged.event;
  }

  get state(): RouterState {
    return this.current;
  }

  /**
   * Starts the router, or answers the running one. A taken port is offered another; undefined when the user declines,
   * the workspace is not trusted, or the router cannot start (which was said to the user).
   * @param options.port overrides the setting; 0 picks a free port.
   */
  async start(options: { port?: number } = {}): Promise<RunningRouter | undefined> {
    if (this.pendingStart) {
      const joined = await this.pendingStart;
      return joined instanceof Error ? undefined : joined;
    }
    if (!this.api.workspace.isTrusted) {
      await needTrust(this.api, this.api.l10n.t('Starting a router needs a trusted workspace. Decoding and hovers work without it.'));
      return undefined;
    }
    const settings = readRouterSettings(this.api);
    const port = options.port ?? settings.port;
    const attempt = this.attempt(settings, port);
    this.pendingStart = attempt;
    const outcome = await attempt.finally(() => {
      if (this.pendingStart === attempt) this.pendingStart = undefined;
    });
    // The offer waits for the user, a new start must not wait for the offer.
    return outcome instanceof Error ? this.offerRemedy(outcome, settings.host, port) : outcome;
  }

  /** Stops the router; answers whether one was running. */
  stop(): Promise<boolean> {
    this.stops++;
    this.pendingStart = undefined;
    return this.inOrder(() => this.stopNow());
  }

  /** Stops and starts again; a router on a picked port keeps its port. */
  async restart(): Promise<RunningRouter | undefined> {
    const port = this.current.kind === 'running' ? this.current.port : undefined;
    await this.stop();
    return this.start(port === undefined ? {} : { port });
  }

  dispose(): void {
    this.disposed = true;
    this.worker?.terminate();
    this.detach();
    this.stateChanged.dispose();
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.pending.then(work);
    this.pending = done.catch(() => {});
    return done;
  }

  private async stopNow(): Promise<boolean> {
    const { worker } = this;
    if (!worker) {
      this.setState(STOPPED);
      return false;
    }
    await worker.stop();
    this.detach();
    this.setState(STOPPED);
    this.log.info('router stopped');
    return true;
  }

  /** Asks what is to be asked before it takes its turn: a stop must not wait for the user. */
  private async attempt(settings: RouterSettings, port: number): Promise<RunningRouter | Error | undefined> {
    if (!isLoopbackAddress(settings.host)) {
      const { stops } = this;
      const state = await this.inOrder(() => Promise.resolve(this.current));
      if (state.kind === 'running') return runningRouter(state);
      if (!(await this.confirmHost(settings.host)) || this.stops !== stops) return undefined;
    }
    return this.inOrder(() => this.startNow(settings, port));
  }

  private async startNow(settings: RouterSettings, port: number): Promise<RunningRouter | Error | undefined> {
    if (this.current.kind === 'running') return runningRouter(this.current);
    this.setState({ kind: 'starting' });
    try {
      return await this.launch(settings, port, routerToken(process.env));
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.setState({ kind: 'failed', message: failure.message });
      this.log.error(`router could not start: ${failure.message}`);
      return failure;
    }
  }

  private async launch(settings: RouterSettings, port: number, token: string): Promise<RunningRouter> {
    const start: RouterStart = {
      kind: 'thread-lens-router',
      host: settings.host,
      port,
      token,
      allowedOrigins: settings.allowedOrigins,
      dialect: settings.dialect,
      profile: settings.profile,
      behaviours: settings.behaviours,
      version: versionOf(this.context),
      ...this.storeFile(settings),
    };
    const startedAt = performance.now();
    const worker = await RouterWorker.start(this.routerFile, start, {
      log: (level, message) => this.log[level](`router: ${message}`),
      crashed: (message) => void this.crashed(message),
    });
    if (this.disposed) {
      worker.terminate();
      throw new RouterStartError('DISPOSED', 'the window closed while the router started');
    }
    this.worker = worker;
    const running: RunningRouter = {
      url: worker.url,
      clientUrl: `${webSocketUrl(worker.url)}/ws`,
      port: worker.port,
      token,
    };
    const { l10n } = this.api;
    this.sources.add({ id: ROUTER_SOURCE, kind: 'router', label: l10n.t('Router'), detail: worker.url, readOnly: false }, worker.transport, {
      kind: 'running', url: running.url, clientUrl: running.clientUrl,
    });
    this.log.info(`router listens on ${worker.url} (${Math.round(performance.now() - startedAt)} ms)`);
    this.setState({ kind: 'running', ...running });
    return running;
  }

  private storeFile(settings: RouterSettings): { store?: string } {
    const folder = this.context.storageUri;
    return settings.persist && folder?.scheme === 'file' ? { store: join(folder.fsPath, 'router.db') } : {};
  }

  private detach(): void {
    this.worker = undefined;
    this.sources.remove(ROUTER_SOURCE);
  }

  private async offerRemedy(failure: Error, host: string, port: number): Promise<RunningRouter | undefined> {
    const { l10n, window } = this.api;
    if (failure instanceof RouterStartError && failure.code === 'EADDRINUSE') {
      const text = l10n.t('Port {0} is in use, perhaps by the router of another window. Expected a free port.', port);
      return (await offerForTakenPort(this.api, text, isLoopbackAddress(host) ? host : '127.0.0.1', port)) ? this.start({ port: 0 }) : undefined;
    }
    const showLog = l10n.t('Show Log');
    const answer = await window.showErrorMessage(noticeText(l10n.t('The router could not start: {0}', failure.message)), showLog);
    if (answer === showLog) this.log.show();
    return undefined;
  }

  private async crashed(message: string): Promise<void> {
    const { l10n, window } = this.api;
    const port = this.current.kind === 'running' ? this.current.port : undefined;
    this.detach();
    this.setState({ kind: 'failed', message });
    this.log.error(`router crashed: ${message}`);
    const restart = l10n.t('Restart Router');
    const showLog = l10n.t('Show Log');
    const answer = await window.showErrorMessage(noticeText(l10n.t('The router crashed: {0}', message)), restart, showLog);
    if (answer === restart) await this.start(port === undefined ? {} : { port });
    else if (answer === showLog) this.log.show();
  }

  /** SECURITY 1: listening beyond loopback takes a setting and a confirmation. */
  private async confirmHost(host: string): Promise<boolean> {
    const { l10n, window } = this.api;
    const listen = l10n.t('Listen on {0}', host);
    const answer = await window.showWarningMessage(
      noticeText(l10n.t('Let other machines reach the router?')),
      { modal: true, detail: l10n.t('threadLens.router.host is {0}, which is not a loopback address. The token stays mandatory.', host) },
      listen,
    );
    return answer === listen;
  }

  private setState(state: RouterState): void {
    if (this.disposed) return;
    this.current = state;
    this.sources.setIdleState(state);
    this.stateChanged.fire(state);
  }
}

function runningRouter({ url, clientUrl, port, token }: RunningRouter): RunningRouter {
  return { url, clientUrl, port, token };
}
