import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import { DEFAULT_FIELD_PATHS } from '../../../../src/core/index';
import type { ChangesMessage, InspectionMethod, InspectionMethods } from '../../../../src/protocol/inspection';
import { Tap, type TapOptions } from '../../../../src/router/tap/tap';
import { readTapTarget } from '../../../../src/router/tap/tap-target';
import { Peer, until } from '../harness';

export const TOKEN = 'test-token-0123456789abcdefghijklmn';

/** A message as it came, with its kind. */
export interface Got {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** One side of a connection that keeps whole messages and its end. */
export class Side extends Peer {
  readonly got: Got[] = [];
  readonly pings: string[] = [];
  readonly pongs: string[] = [];

  constructor(socket: WebSocket) {
    super(socket);
    socket.on('message', (data: Buffer, binary: boolean) => this.got.push({ data, binary }));
    socket.on('ping', (data: Buffer) => this.pings.push(data.toString()));
    socket.on('pong', (data: Buffer) => this.pongs.push(data.toString()));
  }

  async receive(count: number): Promise<readonly Got[]> {
    await until(() => this.got.length >= count, `${count} messages (there are ${this.got.length})`);
    return this.got;
  }
}

/** A backend made with `ws`, and what came to it. */
export class TestBackend {
  readonly sides: Side[] = [];
  readonly handshakes: IncomingMessage[] = [];
  readonly requests: { readonly message: IncomingMessage; readonly body: string }[] = [];
  /** Answers HTTP requests. */
  onRequest: (request: IncomingMessage, response: ServerResponse, body: string) => void = (_request, response) => void response.end('ok');
  /** Answers a handshake with something else; undefined accepts it. */
  refuse: ((request: IncomingMessage, socket: Socket) => void) | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly server: Server,
    readonly port: number,
    private readonly ws: WebSocketServer,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      request.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        this.requests.push({ message: request, body });
        this.onRequest(request, response, body);
      });
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.handshakes.push(request);
      if (this.refuse) this.refuse(request, socket);
      else this.ws.handleUpgrade(request, socket, head, (accepted) => this.sides.push(new Side(accepted)));
    });
  }

  static async start(options: ServerOptions = {}): Promise<TestBackend> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TestBackend(server, (server.address() as AddressInfo).port, new WebSocketServer({ noServer: true, ...options }));
  }

  get target(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  async side(index = 0): Promise<Side> {
    await until(() => this.sides.length > index, 'a connection at the backend');
    return this.sides[index]!;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}

/** A tap on a free port. */
export class TestTap {
  private readonly sockets: WebSocket[] = [];

  private constructor(
    readonly tap: Tap,
    readonly url: string,
    readonly port: number,
    readonly logged: readonly string[],
  ) {}

  static async start(target: string, options: Partial<TapOptions> & { allowed?: string[] } = {}): Promise<TestTap> {
    const logged: string[] = [];
    const { allowed, ...rest } = options;
    const tap = new Tap({
      port: 0,
      token: TOKEN,
      target: readTapTarget(target, allowed),
      allowedOrigins: [],
      forwardCredentials: false,
      paths: DEFAULT_FIELD_PATHS,
      version: '0.0.0-test',
      log: (level, message) => logged.push(`${level}: ${message}`),
      ...rest,
    });
    const { url, port } = await tap.start();
    return new TestTap(tap, url, port, logged);
  }

  get ws(): string {
    return this.url.replace('http', 'ws');
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await this.tap.stop();
  }

  open(path = '/ws', protocols: string[] = [], options: ConstructorParameters<typeof WebSocket>[2] = {}): Side {
    const socket = new WebSocket(`${this.ws}${path}`, protocols, { perMessageDeflate: false, ...options });
    this.sockets.push(socket);
    return new Side(socket);
  }

  async client(path = '/ws', protocols: string[] = [], options: ConstructorParameters<typeof WebSocket>[2] = {}): Promise<Side> {
    const side = this.open(path, protocols, options);
    await once(side.socket, 'open');
    return side;
  }

  /** A workbench attached over the tap's own path. */
  async workbench(): Promise<TestWorkbench> {
    const side = await this.client(`/__thread-lens/inspect?token=${TOKEN}`);
    return new TestWorkbench(side);
  }

  /** The request written by hand, and everything that came back until the end. */
  async raw(text: string): Promise<string> {
    const { connect } = await import('node:net');
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    socket.write(text, 'latin1');
    await until(() => socket.closed || answer.startsWith('HTTP/1.1 101'), 'the end of the answer');
    socket.destroy();
    return answer;
  }
}

/** Asks and watches over the inspection protocol. */
export class TestWorkbench {
  private lastId = 0;
  held: NonNullable<ChangesMessage['held']> = [];
  breakpoints: NonNullable<ChangesMessage['breakpoints']> = [];
  readonly connections = new Map<string, NonNullable<ChangesMessage['connections']>[number]>();
  readonly deliveries: NonNullable<ChangesMessage['deliveries']>[number][] = [];
  readonly frames: NonNullable<ChangesMessage['frames']>[number][] = [];

  constructor(readonly side: Side) {
    const take = (text: string): void => {
      const message = JSON.parse(text) as ChangesMessage;
      if (message.type !== 'changes') return;
      if (message.held) this.held = message.held;
      if (message.breakpoints) this.breakpoints = message.breakpoints;
      for (const connection of message.connections ?? []) this.connections.set(connection.id, connection);
      for (const id of message.closedConnections ?? []) this.connections.delete(id);
      this.deliveries.push(...(message.deliveries ?? []));
      this.frames.push(...(message.frames ?? []));
    };
    // The snapshot may have come with the handshake.
    for (const text of side.texts) take(text);
    side.socket.on('message', (data: Buffer) => take(data.toString()));
  }

  async ask<M extends InspectionMethod>(method: M, params: InspectionMethods[M]['params']): Promise<InspectionMethods[M]['result']> {
    const id = ++this.lastId;
    this.side.send({ type: 'request', id, method, params });
    const reply = await this.side.next((message) => message['type'] === 'reply' && message['id'] === id);
    if (reply['error']) throw Object.assign(new Error(reply['error'].message), { reason: reply['error'].reason });
    return reply['result'] as InspectionMethods[M]['result'];
  }

  holding(count: number): Promise<void> {
    return until(() => this.held.length === count, `${count} held frames`);
  }
}

/** Waits until a count has stayed the same for a good while. */
export function standstill(count: () => number): Promise<void> {
  let before = -1;
  let same = 0;
  return until(() => {
    same = count() === before ? same + 1 : 0;
    before = count();
    return same > 100;
  }, 'a standstill');
}
