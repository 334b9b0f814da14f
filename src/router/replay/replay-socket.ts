import { WebSocket } from 'ws';
import { isSendableCloseCode } from '../../core/close-code';
import { closeReason } from '../ws-socket';

/** How long a peer may take for a handshake, in milliseconds. */
const OPEN_MS = 5_000;
/** How long it may take to answer a ping; then the replay goes on without knowing. */
const PONG_MS = 1_000;
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface ReplaySocketEvents {
  message(data: Buffer, binary: boolean): void;
  closed(code: number, reason: string): void;
}

/** One WebSocket of a replay. A ping after each message tells when the server has taken it: that keeps the order between sockets. */
export class ReplaySocket {
  private pongs = 0;
  private pings = 0;
  private waiting: (() => void) | undefined;
  private patient = true;

  private constructor(private readonly ws: WebSocket, events: ReplaySocketEvents) {
    ws.on('message', (data: Buffer, binary: boolean) => events.message(data, binary));
    ws.on('pong', () => {
      this.pongs++;
      this.waiting?.();
    });
    ws.on('error', () => {});
    ws.on('close', (code, reason) => {
      this.waiting?.();
      events.closed(code, reason.toString());
    });
  }

  /**
   * Opens a socket.
   * @param token for the `Authorization` header, so that it stands in no URL
   * @throws {Error} that says why, when the handshake fails
   */
  static open(url: string, protocols: readonly string[], token: string | undefined, events: ReplaySocketEvents): Promise<ReplaySocket> {
    const ws = new WebSocket(url, [...protocols], {
      perMessageDeflate: false,
      handshakeTimeout: OPEN_MS,
      maxPayload: MOST_MESSAGE_BYTES,
      followRedirects: false,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
    // Before it is open: a server may greet in the same packet.
    const socket = new ReplaySocket(ws, events);
    return new Promise((resolve, reject) => {
      ws.once('open', () => resolve(socket));
      ws.once('unexpected-response', (_request, response) => {
        response.resume();
        ws.terminate();
        reject(new Error(`expected 101 Switching Protocols, received ${response.statusCode} ${response.statusMessage}`));
      });
      ws.once('error', (error) => reject(new Error(error.message)));
    });
  }

  get isOpen(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  send(body: string | Buffer): void {
    if (this.isOpen) this.ws.send(body);
  }

  /** Waits until the server has taken everything that was sent; answers false when it does not say so in time. */
  async settled(): Promise<boolean> {
    if (!this.isOpen) return true;
    // A server that answers no ping is asked no more: it would cost a second for each message.
    if (!this.patient) return false;
    const due = ++this.pings;
    this.ws.ping();
    const deadline = performance.now() + PONG_MS;
    while (this.pongs < due && this.isOpen && performance.now() < deadline) await this.signal(deadline - performance.now());
    this.patient = this.pongs >= due || !this.isOpen;
    return this.patient;
  }

  /** Closes with a code that may be sent, or without one, and waits until it is gone. */
  async close(code: number | undefined, reason: string | undefined): Promise<void> {
    if (this.ws.readyState === WebSocket.CLOSED) return;
    const gone = new Promise<void>((resolve) => {
      this.ws.once('close', () => resolve());
    });
    const timer = setTimeout(() => this.ws.terminate(), PONG_MS);
    if (code !== undefined && isSendableCloseCode(code)) this.ws.close(code, closeReason(reason ?? ''));
    // 1006: the connection was lost, nobody said goodbye.
    else if (code === 1006) this.ws.terminate();
    else this.ws.close();
    await gone;
    clearTimeout(timer);
  }

  terminate(): void {
    this.ws.terminate();
  }

  private signal(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.waiting?.(), ms);
      this.waiting = () => {
        clearTimeout(timer);
        this.waiting = undefined;
        resolve();
      };
    });
  }
}
