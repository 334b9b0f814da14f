import type * as vscode from 'vscode';
import { messageOf } from '../../core/message-of';
import { webSocketUrl } from '../../core/web-socket-url';
import { readTapTarget, type TapTarget } from '../../router/tap/tap-target';
import type { TapStart } from '../../protocol/worker-control';
import { needTrust } from '../need-trust';
import { noticeText } from '../notice-text';
import { offerForTakenPort } from '../router/offer-for-taken-port';
import { routerToken } from '../router/router-token';
import { RouterStartError, RouterWorker } from '../router/router-worker';
import { isPort } from '../settings';
import type { Sources } from '../sources/sources';
import type { VscodeApi } from '../vscode-api';
import { readTapSettings, type TapSettings } from './tap-settings';

/** What `threadLens.tap.start` answers. */
export interface RunningTap {
  readonly url: string;
  /** Where clients connect instead of to the backend. */
  readonly clientUrl: string;
  readonly target: string;
  readonly port: number;
  readonly token: string;
}

/** What the tap of this window is called among the sources. */
export const TAP_SOURCE = 'tap';
const LAST_TARGET = 'threadLens.tap.lastTarget';

export interface TapControllerParts {
  readonly api: VscodeApi;
  readonly sources: Sources;
  readonly log: vscode.LogOutputChannel;
  /** Keeps the last target. */
  readonly state: vscode.Memento;
  readonly version: string;
  readonly routerFile: string;
}

interface Wish {
  readonly target?: string;
  readonly port?: number;
}

/** A tap for that target could not have that port. */
class PortTaken {
  constructor(
    readonly target: string,
    readonly port: number,
  ) {}
}

/** Owns the tap of this window: at most one, started and stopped in order. */
export class TapController implements vscode.Disposable {
  private worker: RouterWorker | undefined;
  private tap: RunningTap | undefined;
  /** Starts and stops run one after the other. */
  private pending: Promise<unknown> = Promise.resolve();
  /** How often a stop was asked for: what the user answers after one starts nothing. */
  private stops = 0;
  private disposed = false;
  private readonly stateChanged: vscode.EventEmitter<void>;

  /** Fires when the tap started or stopped. */
  readonly onDidChangeState: vscode.Event<void>;

  constructor(private readonly parts: TapControllerParts) {
    this.stateChanged = new parts.api.EventEmitter();
    this.onDidChangeState = this.stateChanged.event;
  }

  get running(): RunningTap | undefined {
    return this.tap;
  }

  /**
   * Starts a tap, or answers the running one; one with another target takes its place. The argument is
   * `{ target?, port? }`; without a target, and none in the settings, asks. Undefined when the user gave up, the workspace
   * is not trusted, or the tap cannot start, which was said.
   */
  async start(argument: unknown): Promise<RunningTap | undefined> {
    const { stops } = this;
    const wish = readWish(argument);
    const outcome = await this.inOrder(() => this.startNow(wish));
    // Question and offer wait for the user, other starts and stops must not wait for them.
    if (outcome instanceof PortTaken) return this.offerAnotherPort(outcome);
    if (outcome !== 'no-target') return outcome;
    const target = await this.ask(readTapSettings(this.parts.api));
    return target === undefined || this.stops !== stops ? undefined : this.start({ ...wish, target });
  }

  /** Stops the tap; answers whether one was running. */
  stop(): Promise<boolean> {
    this.stops++;
    return this.inOrder(() => this.stopNow());
  }

  /** Copies the URL that clients connect to, as the client's machine sees it (remote windows forward the port). */
  async copyUrl(): Promise<string | undefined> {
    if (!this.tap) return undefined;
    const { env, Uri, window, l10n } = this.parts.api;
    const external = await env.asExternalUri(Uri.parse(this.tap.url));
    const url = webSocketUrl(Uri.joinPath(external, new URL(this.tap.clientUrl).pathname).toString(true));
    await env.clipboard.writeText(url);
    window.setStatusBarMessage(l10n.t('Copied {0}', url), 4000);
    return url;
  }

  dispose(): void {
    this.disposed = true;
    this.worker?.terminate();
    this.worker = undefined;
    this.stateChanged.dispose();
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.pending.then(work);
    this.pending = done.catch(() => {});
    return done;
  }

  private async startNow(wish: Wish): Promise<RunningTap | PortTaken | 'no-target' | undefined> {
    const { api } = this.parts;
    if (!api.workspace.isTrusted) {
      void needTrust(api, api.l10n.t('Starting a tap needs a trusted workspace.'));
      return undefined;
    }
    const settings = readTapSettings(api);
    if (this.tap && wish.target === undefined) return this.tap;
    const wanted = wish.target ?? settings.target;
    if (wish.target === undefined && wanted === '') return 'no-target';
    let target: TapTarget;
    try {
      // Read here, too, for the path that clients use, and to say what is wrong before another tap has to go.
      target = readTapTarget(wanted, settings.allowedTargets);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
    if (this.tap?.target === target.text) return this.tap;
    await this.stopNow();
    return this.launch(target, wish.port ?? settings.port, settings);
  }

  private async stopNow(): Promise<boolean> {
    const { worker } = this;
    if (!worker) return false;
    await worker.stop();
    this.gone();
    this.parts.log.info('tap stopped');
    return true;
  }

  private async launch({ text: target, path }: TapTarget, port: number, settings: TapSettings): Promise<RunningTap | PortTaken | undefined> {
    const { api, sources, log, state, version, routerFile } = this.parts;
    const { l10n } = api;
    const { forwardCredentials, allowedTargets, allowedOrigins, fields, holdTimeout } = settings;
    const token = routerToken(process.env);
    try {
      const start: TapStart = {
        kind: 'thread-lens-tap', port, token, version, target, allowedTargets, allowedOrigins, forwardCredentials, fields,
        ...(holdTimeout === undefined ? {} : { holdTimeout }),
      };
      const worker = await RouterWorker.start(routerFile, start, {
        log: (level, message) => log[level](`tap: ${message}`),
        crashed: (message) => this.crashed(message, target),
      });
      if (this.disposed) {
        worker.terminate();
        return undefined;
      }
      this.worker = worker;
      const clientUrl = `${webSocketUrl(worker.url)}${path}`;
      this.tap = { url: worker.url, clientUrl, target, port: worker.port, token };
      void state.update(LAST_TARGET, target);
      sources.add({ id: TAP_SOURCE, kind: 'tap', label: l10n.t('Tap :{0}', worker.port), detail: target, readOnly: false }, worker.transport, { kind: 'running', url: worker.url, clientUrl });
      log.info(`tap of ${target} listens on ${worker.url}`);
      this.stateChanged.fire();
      return this.tap;
    } catch (error) {
      if (error instanceof RouterStartError && error.code === 'EADDRINUSE') {
        log.error(`tap could not start: ${error.message}`);
        return new PortTaken(target, port);
      }
      this.failed(error);
      return undefined;
    }
  }

  private failed(error: unknown): void {
    const { api: { l10n, window }, log } = this.parts;
    const message = messageOf(error);
    log.error(`tap could not start: ${message}`);
    void window.showErrorMessage(noticeText(l10n.t('The tap could not start: {0}', message)));
  }

  private async offerAnotherPort({ target, port }: PortTaken): Promise<RunningTap | undefined> {
    const { api } = this.parts;
    const text = api.l10n.t('Port {0} is in use, perhaps by the tap of another window. Expected a free port.', port);
    return (await offerForTakenPort(api, text, '127.0.0.1', port)) ? this.start({ target, port: 0 }) : undefined;
  }

  private ask({ allowedTargets }: TapSettings): Thenable<string | undefined> {
    const { api, state } = this.parts;
    const { l10n, window } = api;
    return window.showInputBox({
      title: l10n.t('Start Tap'),
      prompt: l10n.t('The WebSocket URL of the backend; clients then connect to the tap instead'),
      placeHolder: 'ws://127.0.0.1:8000/ws',
      value: state.get<string>(LAST_TARGET) ?? '',
      ignoreFocusOut: true,
      validateInput: (text) => {
        try {
          readTapTarget(text, allowedTargets);
          return undefined;
        } catch (error) {
          return messageOf(error);
        }
      },
    });
  }

  private crashed(message: string, target: string): void {
    const { api, log } = this.parts;
    const { l10n, window } = api;
    const port = this.tap?.port;
    this.gone();
    log.error(`tap crashed: ${message}`);
    const again = l10n.t('Start Again');
    void window.showErrorMessage(noticeText(l10n.t('The tap crashed: {0}', message)), again).then((answer) => (answer === again ? this.start({ target, ...(port === undefined ? {} : { port }) }) : undefined));
  }

  private gone(): void {
    this.worker = undefined;
    this.tap = undefined;
    if (this.disposed) return;
    this.parts.sources.remove(TAP_SOURCE);
    this.stateChanged.fire();
  }
}

function readWish(argument: unknown): Wish {
  if (typeof argument !== 'object' || argument === null) return typeof argument === 'string' ? { target: argument } : {};
  const { target, port } = argument as { target?: unknown; port?: unknown };
  return { ...(typeof target === 'string' ? { target } : {}), ...(isPort(port) ? { port } : {}) };
}
