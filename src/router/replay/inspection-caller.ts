import { isRecord } from '../../core/is-record';
import { webSocketUrl } from '../../core/web-socket-url';
import { type HelloMessage, INSPECTION_VERSION, type ChangesMessage, type InspectionMethod, type InspectionMethods, type RecordingInfo, type ReplyMessage, type RequestMessage } from '../../protocol/inspection';
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

/** How long a router may take to say that it is one, in milliseconds. */
const HELLO_MS = 5_000;

/** Asks a router elsewhere over its inspection protocol. */
export class InspectionCaller {
  private readonly waiting = new Map<number, Waiting>();
  private socket: ReplaySocket | undefined;
  private nextId = 1;
  private gone: ((reason: string) => void) | undefined;
  private recording: ((recording: RecordingInfo | undefined) => void) | undefined;
  private greeted: ((hello: HelloMessage | Error) => void) | undefined;

  private constructor() {}

  /**
   * @param url of the router, e.g. `http://127.0.0.1:8787`; of a tap with `/__thread-lens` behind it
   * @throws {Error} that says why it cannot be reached
   */
  static async attach(url: string, token: string): Promise<InspectionCaller> {
    const caller = new InspectionCaller();
    const inspect = new URL(webSocketUrl(url));
    inspect.pathname = `${inspect.pathname.replace(/\/$/, '')}/inspect`;
    const hello = caller.hello();
    caller.socket = await ReplaySocket.open(inspect.href, [], token, {
      message: (data) => caller.take(data.toString()),
      closed: (code, reason) => caller.lost(`the router closed the connection with ${code}${reason === '' ? '' : `: ${reason}`}`),
    });
    // Nothing is asked of what has not said that it is a router.
    const greeting = await hello;
    if (greeting instanceof Error) {
      await caller.close();
      throw greeting;
    }
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

  /** Called with what the router says of its recording, each time it says something of itself. */
  async onRecording(listener: (recording: RecordingInfo | undefined) => void): Promise<void> {
    this.recording = listener;
    await this.request('watch', { on: true });
  }

  /** What the router says of its recording now, and of one that ended by itself. */
  recordingNow(): Promise<RecordingInfo | undefined> {
    return new Promise((resolve, reject) => {
      this.onGone((reason) => reject(new Error(reason)));
      this.onRecording(resolve).catch(reject);
    });
  }

  async close(): Promise<void> {
    this.gone = undefined;
    this.recording = undefined;
    await this.socket?.close(1000, undefined);
  }

  /** What it opens with, or why that is not what was expected. */
  private hello(): Promise<HelloMessage | Error> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.greeted?.(new Error(`expected a router of Thread Lens, received a WebSocket that does not say so within ${HELLO_MS / 1_000} s; the address of a tap ends in /__thread-lens`)), HELLO_MS);
      timer.unref();
      this.greeted = (greeting) => {
        this.greeted = undefined;
        clearTimeout(timer);
        resolve(greeting);
      };
    });
  }

  private take(text: string): void {
    let message: ReplyMessage | ChangesMessage | HelloMessage;
    try {
      message = JSON.parse(text) as typeof message;
    } catch {
      return;
    }
    if (!isRecord(message)) return;
    if (message.type === 'hello') {
      this.greeted?.(message.version === INSPECTION_VERSION ? message : new Error(`expected a router of version ${INSPECTION_VERSION} of the inspection protocol, received ${String(message.version)}`));
      return;
    }
    if (message.type === 'changes' && message.router) this.recording?.(message.router.recording);
    const waiting = message.type === 'reply' ? this.waiting.get(message.id) : undefined;
    if (message.type !== 'reply' || !waiting) return;
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(new RouterAnswerError(message.error.reason, message.error.message));
    else waiting.resolve(message.result);
  }

  private lost(reason: string): void {
    this.greeted?.(new Error(reason));
    for (const waiting of this.waiting.values()) waiting.reject(new RouterAnswerError('closed', reason));
    this.waiting.clear();
    this.gone?.(reason);
  }
}
