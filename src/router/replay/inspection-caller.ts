import { webSocketUrl } from '../../core/web-socket-url';
import type { InspectionMethod, InspectionMethods, ReplyMessage, RequestMessage } from '../../protocol/inspection';
import { ReplaySocket } from './replay-socket';

/** A router answered with an error; `reason` is its. */
export class RouterAnswerError extends Error {
  override readonly name = 'RouterAnswerError';

  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Asks a router elsewhere over its inspection protocol, without watching it. */
export class InspectionCaller {
  private readonly waiting = new Map<number, Waiting>();
  private socket: ReplaySocket | undefined;
  private nextId = 1;
  private gone: ((reason: string) => void) | undefined;

  private constructor() {}

  /**
   * @param url of the router, e.g. `http://127.0.0.1:8787`
   * @throws {Error} that says why it cannot be reached
   */
  static async attach(url: string, token: string): Promise<InspectionCaller> {
    const caller = new InspectionCaller();
    const inspect = new URL('/inspect', webSocketUrl(url));
    caller.socket = await ReplaySocket.open(inspect.href, [], token, {
      message: (data) => caller.take(data.toString()),
      closed: (code, reason) => caller.lost(`the router closed the connection with ${code}${reason === '' ? '' : `: ${reason}`}`),
    });
    await caller.request('watch', { on: false });
    return caller;
  }

  /** @throws {RouterAnswerError} with the router's reason, or `closed`. */
  request<M extends InspectionMethod>(method: M, params: InspectionMethods[M]['params']): Promise<InspectionMethods[M]['result']> {
    const { socket } = this;
    if (!socket?.isOpen) return Promise.reject(new RouterAnswerError('closed', 'the router is gone'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (result) => resolve(result as InspectionMethods[M]['result']), reject });
      const message: RequestMessage<M> = { type: 'request', id, method, params };
      socket.send(JSON.stringify(message));
    });
  }

  /** Called once, when the router is gone. */
  onGone(listener: (reason: string) => void): void {
    this.gone = listener;
  }

  async close(): Promise<void> {
    this.gone = undefined;
    await this.socket?.close(1000, undefined);
  }

  private take(text: string): void {
    let message: ReplyMessage;
    try {
      message = JSON.parse(text) as ReplyMessage;
    } catch {
      return;
    }
    const waiting = message.type === 'reply' ? this.waiting.get(message.id) : undefined;
    if (!waiting) return;
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(new RouterAnswerError(message.error.reason, message.error.message));
    else waiting.resolve(message.result);
  }

  private lost(reason: string): void {
    for (const waiting of this.waiting.values()) waiting.reject(new RouterAnswerError('closed', reason));
    this.waiting.clear();
    this.gone?.(reason);
  }
}
