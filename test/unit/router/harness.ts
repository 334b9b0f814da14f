import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { DeliveryReceipt } from '../../../src/protocol/delivery';
import { Router, type RouterOptions } from '../../../src/router/router';
import { MemoryStore } from '../../../src/router/store/memory-store';

export const TOKEN = 'test-token-0123456789abcdefghijklmn';
export const T1 = 'thread_13679e4dcc38403a';
export const R1 = `${T1}_run_1756919162904_9adf1f09`;

/** JSON that a test looks into; whether it has the shape is what the test asserts. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any;

/** A router on a free port, and what tests do with it. Stop it after each test. */
export class TestRouter {
  private readonly sockets: WebSocket[] = [];
  readonly raw: Socket[] = [];
  readonly logged: string[] = [];

  private constructor(
    readonly router: Router,
    readonly url: string,
    readonly port: number,
  ) {}

  static async start(options: Partial<RouterOptions> = {}): Promise<TestRouter> {
    const logged: string[] = [];
    const router = new Router({
      host: '127.0.0.1',
      port: 0,
      token: TOKEN,
      allowedOrigins: [],
      dialect: 'fix',
      version: '0.0.0-test',
      store: new MemoryStore(),
      log: (level, message) => logged.push(`${level}: ${message}`),
      ...options,
    });
    const { url, port } = await router.start();
    const test = new TestRouter(router, url, port);
    test.logged.push = (...lines) => logged.push(...lines);
    Object.defineProperty(test, 'logged', { value: logged });
    return test;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    for (const socket of this.raw) socket.destroy();
    await this.router.stop();
  }

  get ws(): string {
    return this.url.replace('http', 'ws');
  }

  /** A client that has been welcomed. */
  async client(query = '', options: ConstructorParameters<typeof WebSocket>[2] = {}): Promise<Peer> {
    const peer = this.open(`/ws${query && `?${query}`}`, options);
    await peer.next((message) => message['type'] === 'connection_established');
    return peer;
  }

  async agent(): Promise<Peer> {
    const peer = this.open(`/agent?token=${TOKEN}`);
    await once(peer.socket, 'open');
    return peer;
  }

  open(path: string, options: ConstructorParameters<typeof WebSocket>[2] = {}, protocols: string[] = []): Peer {
    const socket = new WebSocket(`${this.ws}${path}`, protocols, { perMessageDeflate: false, ...options });
    this.sockets.push(socket);
    return new Peer(socket);
  }

  /** A bare TCP connection. */
  async tcp(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    this.raw.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  /** The status and body of a request written by hand. */
  async rawRequest(text: string): Promise<{ status: number; head: string; body: string }> {
    const socket = await this.tcp();
    socket.write(text);
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    const complete = (): boolean => {
      const end = answer.indexOf('\r\n\r\n');
      if (end < 0) return false;
      const length = /content-length: (\d+)/i.exec(answer.slice(0, end))?.[1];
      return /^HTTP\/1\.1 (?:101|204)/.test(answer) || (length !== undefined && Buffer.byteLength(answer.slice(end + 4)) >= Number(length));
    };
    let ended = false;
    socket.on('close', () => (ended = true));
    await until(() => complete() || ended, 'an answer');
    socket.destroy();
    const end = answer.indexOf('\r\n\r\n');
    return { status: Number(answer.slice(9, 12)), head: answer.slice(0, end), body: answer.slice(end + 4) };
  }

  async http(method: string, path: string, options: { token?: string | null; headers?: Record<string, string>; body?: unknown; raw?: string | Buffer } = {}): Promise<{ status: number; headers: Headers; json: Loose; text: string }> {
    const { token = TOKEN, headers = {} } = options;
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body as string }),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, json, text };
  }
}

export type Message = Record<string, Loose>;

/** One side of a WebSocket, with the texts it received. */
export class Peer {
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | undefined;
  failed: string | undefined;
  status: number | undefined;
  private taken = 0;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.texts.push(data.toString()));
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', (error) => (this.failed = error.message));
    socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode;
      response.resume();
    });
  }

  get messages(): Message[] {
    return this.texts.map((text) => JSON.parse(text) as Message);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** The next message not yet taken that fits; those before it are passed over. */
  async next(fits: (message: Message) => boolean = () => true): Promise<Message> {
    let found: Message | undefined;
    await until(() => {
      while (found === undefined && this.taken < this.texts.length) {
        const message = JSON.parse(this.texts[this.taken++]!) as Message;
        if (fits(message)) found = message;
      }
      return found !== undefined;
    }, 'a message');
    return found!;
  }

  nextOf(type: string): Promise<Message> {
    return this.next((message) => message['type'] === type);
  }

  /** Sends an event and waits for its receipt. */
  async deliver(fields: Message): Promise<DeliveryReceipt> {
    const requestId = fields['request_id'] ?? Math.random().toString(36);
    this.send(event({ ...fields, request_id: requestId }));
    return (await this.next((message) => message['request_id'] === requestId)) as DeliveryReceipt;
  }

  /** Returns after everything the router sent before has arrived. */
  async settle(): Promise<void> {
    const id = Math.random().toString(36);
    this.send({ type: 'ping', id });
    await until(() => this.texts.some((text) => text.includes(id)), 'a pong');
  }

  closing(): Promise<void> {
    return until(() => this.closed !== undefined, 'the end of the connection');
  }
}

/** A valid agent event. */
export function event(fields: Message = {}): Message {
  return {
    type: 'agent_started',
    run_id: R1,
    agent_name: 'tester',
    timestamp: '2025-09-03T16:52:42.904Z',
    payload: { status: 'started' },
    ...fields,
  };
}

/** Polls until the condition holds. */
export async function until(condition: () => boolean, what: string, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`expected ${what} within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
