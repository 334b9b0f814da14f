import type * as vscode from 'vscode';
import { type ChangesMessage, type InspectionMethod, type InspectionMethods, type InspectionTransport, isReadOnlyMethod, type RequestMessage, type RouterInfo } from '../../protocol/inspection';
import { InspectionProtocolError, parseRouterMessage } from '../../protocol/router-message';
import type { VscodeApi } from '../vscode-api';
import type { LiveState } from './live';
import type { LiveModel } from './live-model';

/** A request that failed at the router, may not be made, or whose answer can no longer come. */
export class InspectionError extends Error {
  override readonly name = 'InspectionError';

  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: InspectionError): void;
}

/**
 * One attachment to a router: keeps a model current while it is followed, and asks questions. Works over any transport,
 * also over one that loses its connection and finds it again: each `hello` begins anew with a snapshot.
 */
export class InspectionClient implements vscode.Disposable {
  private readonly waiting = new Map<number, Waiting>();
  private readonly changed: vscode.EventEmitter<ChangesMessage>;
  private readonly stateChanged: vscode.EventEmitter<LiveState>;
  /** Whether it may only be looked at: what would change something is refused. */
  readonly readOnly: boolean;
  private nextId = 1;
  private lastSeq: number | undefined;
  private following = true;
  private framesWatched = false;
  /** Whether changes fit to what the model holds; false from a gap to the next snapshot. */
  private inStep = true;
  private current: LiveState;
  private disposed = false;
  private isInterrupted = false;
  /** Why the connection is lost or closed. */
  private reason = '';

  /** Fires after the model took a change in. */
  readonly onDidChange: vscode.Event<ChangesMessage>;
  readonly onDidChangeState: vscode.Event<LiveState>;

  constructor(
    private readonly api: VscodeApi,
    private readonly transport: InspectionTransport,
    private readonly model: LiveModel,
    private readonly log: vscode.LogOutputChannel,
    options: { readonly readOnly?: boolean; readonly state?: LiveState } = {},
  ) {
    this.readOnly = options.readOnly ?? false;
    this.current = options.state ?? { kind: 'starting' };
    this.changed = new api.EventEmitter();
    this.onDidChange = this.changed.event;
    this.stateChanged = new api.EventEmitter();
    this.onDidChangeState = this.stateChanged.event;
    transport.onText((text) => this.receive(text));
    transport.onInterrupted?.((reason) => this.interrupted(reason));
    transport.onClosed((reason) => this.fail(reason));
  }

  get state(): LiveState {
    return this.current;
  }

  /**
   * Asks the router.
   * @throws {InspectionError} with the router's reason; `read_only` for what would change something over an attachment
   * that may not; `interrupted` or `closed` when no answer can come.
   */
  request<M extends InspectionMethod>(method: M, params: InspectionMethods[M]['params']): Promise<InspectionMethods[M]['result']> {
    const { l10n } = this.api;
    if (this.readOnly && !isReadOnlyMethod(method)) {
      return Promise.reject(new InspectionError('read_only', l10n.t('This is attached for viewing only. To send, disconnect or register from here, attach again and allow changes.')));
    }
    const { kind } = this.current;
    if (kind === 'failed' || this.disposed) return Promise.reject(this.gone());
    if (this.isInterrupted) return Promise.reject(this.lost());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (result) => resolve(result as InspectionMethods[M]['result']), reject });
      const message: RequestMessage<M> = { type: 'request', id, method, params };
      this.transport.send(JSON.stringify(message));
    });
  }

  /** Keeps the model current, beginning with a snapshot, or leaves it alone and has the router be silent. */
  follow(on: boolean): void {
    if (on === this.following) return;
    this.following = on;
    if (on) this.inStep = false;
    this.tell('watch', on);
  }

  /**
   * Has the router tell frames as they come, or no more; also after the connection was lost and found again.
   * @throws {InspectionError} as `request`
   */
  async watchFrames(on: boolean): Promise<void> {
    this.framesWatched = on;
    await this.request('watchFrames', { on });
  }

  dispose(): void {
    if (this.disposed) return;
    this.end('detached');
    this.disposed = true;
    this.transport.close();
    this.changed.dispose();
    this.stateChanged.dispose();
  }

  private tell(method: 'watch' | 'watchFrames', on: boolean): void {
    if (this.current.kind === 'failed' || this.isInterrupted) return;
    this.request(method, { on }).catch((error: unknown) => this.log.debug(`${method}: ${String(error)}`));
  }

  private receive(text: string): void {
    if (this.disposed) return;
    let message;
    try {
      message = parseRouterMessage(text);
    } catch (error) {
      if (error instanceof InspectionProtocolError && error.reason === 'other-version') {
        this.fail(error.message);
        this.transport.close();
      } else this.log.error(String(error));
      return;
    }
    if (message.type === 'changes') this.takeChanges(message);
    else if (message.type === 'reply') this.settle(message.id, message.result, message.error);
    else this.greeted(message.router);
  }

  /** The router says hello: at the beginning, and again after the connection was lost. */
  private greeted(router: RouterInfo): void {
    const again = this.isInterrupted;
    this.isInterrupted = false;
    this.lastSeq = undefined;
    this.inStep = true;
    if (this.following) this.model.router = router;
    this.setState({ kind: 'running', url: router.url, clientUrl: router.clientUrl });
    if (!again) return;
    if (!this.following) this.tell('watch', false);
    if (this.framesWatched) this.tell('watchFrames', true);
  }

  private takeChanges(message: ChangesMessage): void {
    const expected = (this.lastSeq ?? message.seq - 1) + 1;
    this.lastSeq = message.seq;
    if (!this.following) return;
    if (message.reset) this.inStep = true;
    else if (message.seq !== expected && this.inStep) {
      this.log.warn(`inspection: expected change ${expected}, received ${message.seq}; asking for a snapshot`);
      this.inStep = false;
      this.tell('watch', true);
      return;
    }
    if (!this.inStep) return;
    this.model.apply(message);
    this.changed.fire(message);
  }

  private settle(id: number, result: unknown, error: { reason: string; message: string } | undefined): void {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id);
    if (error) waiting.reject(new InspectionError(error.reason, error.message));
    else waiting.resolve(result);
  }

  private interrupted(reason: string): void {
    if (this.disposed || this.current.kind === 'failed') return;
    this.isInterrupted = true;
    this.reason = reason;
    this.rejectWaiting(this.lost());
    this.setState({ kind: 'starting' });
  }

  private fail(reason: string): void {
    if (this.disposed || this.current.kind === 'failed') return;
    this.end(reason);
    this.setState({ kind: 'failed', message: reason });
  }

  private end(reason: string): void {
    this.reason = reason;
    this.rejectWaiting(this.gone());
  }

  private rejectWaiting(error: InspectionError): void {
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
  }

  private gone(): InspectionError {
    return new InspectionError('closed', this.api.l10n.t('The router is gone: {0}', this.reason));
  }

  private lost(): InspectionError {
    return new InspectionError('interrupted', this.api.l10n.t('The connection to the router is lost: {0}', this.reason));
  }

  private setState(state: LiveState): void {
    this.current = state;
    this.stateChanged.fire(state);
  }
}
