import { messageOf } from '../../core/message-of';
import { type DebugApi, DebugApiError } from './debug-api';
import { TransportListeners } from './transport-listeners';

/** Waits between attempts, in milliseconds; the last one repeats. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000, 10_000];
const MAX_EARLY = 1_000;

export interface SocketTransportOptions {
  /** `ws://…/inspect`, with `access=read` where nothing may be changed. */
  readonly url: string;
  readonly token: string | undefined;
  /** Asked before each attempt: unlike a WebSocket it can say why a router refuses. */
  readonly api: DebugApi;
}

/**
 * The inspection protocol over a WebSocket that is made anew whenever it is lost. A router that is away is waited for;
 * one that refuses ends it. The token travels as a subprotocol, never in the URL, which would end up in logs.
 */
export class SocketTransport extends TransportListeners {
  private socket: WebSocket | undefined;
  /** What is to be sent when the handshake is done. */
  private readonly early: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private attempts = 0;
  private closed = false;

  constructor(private readonly options: SocketTransportOptions) {
    super();
    this.connect();
  }

  send(text: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
    // Who asks is told when the connection is lost, so nothing of an earlier one waits here.
    else if (this.early.length < MAX_EARLY) this.early.push(text);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close(1000, 'detached');
    this.socket = undefined;
  }

  private connect(): void {
    const { url, token } = this.options;
    const socket = new WebSocket(url, token === undefined ? [] : [`token.${token}`]);
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.attempts = 0;
      for (const text of this.early.splice(0)) socket.send(text);
    });
    socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
      if (socket === this.socket && typeof data === 'string') this.heard(data);
    });
    // Why it failed is not told here; `close` follows, and the next attempt asks.
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', ({ code, reason }) => {
      if (socket === this.socket) this.lost(reason === '' ? `close code ${code}` : `close code ${code}, ${reason}`);
    });
  }

  private lost(reason: string): void {
    if (this.closed) return;
    this.socket = undefined;
    this.early.length = 0;
    this.interrupted(reason);
    const wait = RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)] ?? 0;
    this.attempts++;
    this.timer = setTimeout(() => void this.retry(), wait);
  }

  private async retry(): Promise<void> {
    try {
      await this.options.api.get('/debug/health');
    } catch (error) {
      // An error of the server passes, as while it comes up behind a proxy; a refusal does not.
      if (error instanceof DebugApiError && error.reason !== 'unreachable' && error.reason !== 'failed') this.end(error.message);
      else this.lost(messageOf(error));
      return;
    }
    if (!this.closed) this.connect();
  }

  private end(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.ended(reason);
  }
}
