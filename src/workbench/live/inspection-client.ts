import type * as vscode from 'vscode';
import type { ChangesMessage, InspectionMethod, InspectionMethods, InspectionTransport } from '../../protocol/inspection';
import { parseRouterMessage } from '../../protocol/router-message';
import type { VscodeApi } from '../vscode-api';
import type { LiveModel } from './live-model';

/** A request to a router that failed there, or whose answer can no longer come. */
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

/** One attachment to a router: keeps a model current and asks questions. Works over any transport. */
export class InspectionClient implements vscode.Disposable {
  private readonly waiting = new Map<number, Waiting>();
  private readonly changed: vscode.EventEmitter<ChangesMessage>;
  private nextId = 1;
  private lastSeq: number | undefined;
  private closedBecause: string | undefined;

  /** Fires after the model took a change in. */
  readonly onDidChange: vscode.Event<ChangesMessage>;

  constructor(
    api: VscodeApi,
    private readonly transport: InspectionTransport,
    private readonly model: LiveModel,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.changed = new api.EventEmitter();
    this.onDidChange = this.changed.event;
    transport.onText((text) => this.receive(text));
    transport.onClosed((reason) => this.closed(reason));
  }

  /**
   * Asks the router.
   * @throws {InspectionError} with the router's reason, or `closed` when it is gone.
   */
  request<M extends InspectionMethod>(method: M, params: InspectionMethods[M]['params']): Promise<InspectionMethods[M]['result']> {
    if (this.closedBecause !== undefined) {
      return Promise.reject(new InspectionError('closed', `expected an attached router, received: ${this.closedBecause}`));
    }
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (result) => resolve(result as InspectionMethods[M]['result']), reject });
      this.transport.send(JSON.stringify({ type: 'request', id, method, params }));
    });
  }

  watchFrames(on: boolean): void {
    this.request('watchFrames', { on }).catch((error: unknown) => this.log.warn(`watchFrames: ${String(error)}`));
  }

  dispose(): void {
    this.closed('detached');
    this.transport.close();
    this.changed.dispose();
  }

  private receive(text: string): void {
    let message;
    try {
      message = parseRouterMessage(text);
    } catch (error) {
      this.log.error(String(error));
      return;
    }
    if (message.type === 'changes') this.takeChanges(message);
    else if (message.type === 'reply') this.settle(message.id, message.result, message.error);
    else this.model.router = message.router;
  }

  private takeChanges(message: ChangesMessage): void {
    if (this.lastSeq !== undefined && !message.reset && message.seq !== this.lastSeq + 1) {
      this.log.warn(`inspection: expected change ${this.lastSeq + 1}, received ${message.seq}`);
    }
    this.lastSeq = message.seq;
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

  private closed(reason: string): void {
    this.closedBecause ??= reason;
    for (const waiting of this.waiting.values()) waiting.reject(new InspectionError('closed', `the router is gone: ${reason}`));
    this.waiting.clear();
  }
}

