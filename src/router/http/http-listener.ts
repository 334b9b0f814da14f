import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isHandshake, withoutUpgrade } from './without-upgrade';

/** What is done with what comes in. */
export interface HttpHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

export interface HttpListenerOptions {
  /** The address to listen on; never all interfaces by omission. */
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Most sockets that have not finished their first request or handshake. */
  readonly pendingHandshakes: number;
  /** Time for a whole request, in milliseconds. */
  readonly requestTimeout: number;
}

/** One HTTP server with the bounds of SECURITY 9, and every socket of it, upgraded ones too, until it is gone. */
export class HttpListener {
  private readonly sockets = new Set<Socket>();
  /** Sockets whose first request or handshake is not complete. */
  private readonly pending = new Set<Socket>();
  private server: Server | undefined;
  private stopping = false;

  constructor(
    private readonly options: HttpListenerOptions,
    private readonly handlers: HttpHandlers,
  ) {}

  /**
   * Listens; call it once.
   * @throws the error of `listen`, such as `EADDRINUSE`; nothing is left open then.
   */
  async start(): Promise<{ readonly url: string; readonly port: number }> {
    const { host, port, requestTimeout } = this.options;
    const server = createServer({
      // Our own gate answers a missing Host; the rest are bounds of SECURITY 9.
      requireHostHeader: false,
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      requestTimeout,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000,
    });
    server.maxHeadersCount = 100;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
    this.server = server;
    this.serve(server);
    const address = server.address() as AddressInfo;
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port };
  }

  /**
   * Takes nothing new in, and returns when all sockets are gone.
   * @param graceMs after that time those that are left are destroyed
   * @param lastWord called before they are
   */
  async stop(graceMs: number, lastWord: () => void): Promise<void> {
    this.stopping = true;
    const { server } = this;
    const closed = server ? new Promise<void>((resolve) => server.close(() => resolve())) : Promise.resolve();
    server?.closeIdleConnections();
    const timer = setTimeout(() => {
      lastWord();
      for (const socket of this.sockets) socket.destroy();
    }, graceMs);
    await closed;
    await this.lastSocket();
    clearTimeout(timer);
  }

  private serve(server: Server): void {
    const { sockets, pending } = this;
    // One listener for all sockets, so that an idle one costs less memory.
    function forget(this: Socket): void {
      sockets.delete(this);
      pending.delete(this);
    }
    server.on('connection', (socket: Socket) => {
      if (this.pending.size >= this.options.pendingHandshakes || this.stopping) {
        socket.destroy();
        return;
      }
      this.sockets.add(socket);
      this.pending.add(socket);
      socket.on('close', forget);
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.pending.delete(request.socket);
      this.handlers.request(request, response);
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (isHandshake(request)) {
        this.pending.delete(socket);
        this.handlers.upgrade(request, socket, head);
        return;
      }
      // An HTTP client that would go on in HTTP/2 if it could. Node reads no body after an offer, so the request is read once more.
      socket.unshift(Buffer.concat([withoutUpgrade(request), head]));
      server.emit('connection', socket);
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      const [status, text] = error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? [408, 'Request Timeout'] : [400, 'Bad Request'];
      const body = JSON.stringify({ error: { reason: 'bad_request', message: `The request cannot be read: ${error.message}` } });
      // A peer that does not end its side would keep its place among the pending.
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${status} ${text}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  /** An upgraded socket is no longer the server's, so its end is waited for here. */
  private async lastSocket(): Promise<void> {
    // Those that ended are no longer in the set; `socket.closed` would tell of the stream, not of its handle.
    await Promise.all(Array.from(this.sockets, (socket) => new Promise((resolve) => {
      socket.once('close', resolve);
    })));
    // ws notices the end of a socket, and ends its timers, after the socket's own listeners.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
