import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { isSendableCloseCode } from '../../core/close-code';
import { Reminter } from '../../core/index';
import { webSocketUrl } from '../../core/web-socket-url';
import type { RemintOption, ReplayTiming } from '../../protocol/recording-task';
import { pause } from '../abortable';
import { Gate } from '../gate/gate';
import { createToken } from '../gate/tokens';
import { HttpApi } from '../http/http-api';
import { HttpError, tooMany } from '../http/http-error';
import { HttpListener } from '../http/http-listener';
import { refuseUpgrade } from '../http/refuse-upgrade';
import { admitUpgrade, webSocketServer } from '../http/web-socket-server';
import { DEFAULT_LIMITS } from '../limits';
import { checkSize, readRecording, type TaskControl } from '../recording/read-recording';
import { closeReason } from '../ws-socket';
import { ReplayPace } from './replay-timing';
import { type ServedConnection, ServedPlanner, type ServedStep } from './served-plan';

const HOST = '127.0.0.1';
const PATH = '/ws';
const MOST_CLIENTS = 100;
const MOST_BYTES = 256 * 1024 * 1024;
/** Unread bytes at which a client is waited for. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** How long a client is waited for to send what the recorded one sent, in milliseconds. */
const ANSWER_MS = 2_000;
const WAIT_MS = 10;
/** How long the closing handshakes may take at a stop, in milliseconds. */
const STOP_GRACE_MS = 400;

export interface ReplayServerOptions extends TaskControl {
  /** 0 picks a free one. */
  readonly port: number;
  readonly timing: ReplayTiming;
  readonly remint?: RemintOption | undefined;
  /** Origins other than loopback whose pages may connect. */
  readonly allowedOrigins: readonly string[];
  /** Told how many clients there are. */
  readonly clientsChanged?: ((count: number) => void) | undefined;
}

/**
 * Stands in for a recorded server: a client that connects gets what a recorded one got, at the recorded times, so that a
 * front end can be worked on without its backend. Listens on loopback, behind the same gate as a router.
 */
export class ReplayServer {
  private readonly clients = new Set<WebSocket>();
  private readonly used = new Set<ServedConnection>();
  private readonly stopping = new AbortController();
  private readonly gate: Gate;
  private readonly ws = webSocketServer({ maxPayload: DEFAULT_LIMITS.messageBytes });
  private readonly listener: HttpListener;

  private constructor(
    private readonly connections: readonly ServedConnection[],
    private readonly options: ReplayServerOptions,
  ) {
    this.gate = new Gate({ token: createToken(), allowedOrigins: options.allowedOrigins, loopbackOnly: true });
    const http = new HttpApi(this.gate, [], new Set([PATH]), DEFAULT_LIMITS.bodyBytes, () => {});
    this.listener = new HttpListener({ host: HOST, port: options.port, pendingHandshakes: DEFAULT_LIMITS.pendingHandshakes, requestTimeout: 30_000 }, {
      request: (request, response) => http.handle(request, response),
      upgrade: (request, socket, head) => this.upgrade(request, socket, head),
    });
  }

  /**
   * Reads the recording and listens.
   * @throws {RecordingError}, {RecordingFileError} for the file; what `listen` throws, such as `EADDRINUSE`
   */
  static async start(path: string, options: ReplayServerOptions): Promise<ReplayServer & { readonly url: string }> {
    await checkSize(path, MOST_BYTES);
    const { header } = await readRecording(path, () => {}, { signal: options.signal });
    const mint = options.remint && new Reminter({ seed: options.remint.seed ?? randomBytes(8).toString('hex'), shiftMs: Date.now() - Date.parse(header.created) });
    if (mint) await readRecording(path, (entry) => mint.learn(entry), { signal: options.signal });
    const planner = new ServedPlanner(mint);
    await readRecording(path, (entry) => planner.take(entry), options);
    const server = new ReplayServer(planner.connections, options);
    return Object.assign(server, { url: await server.listen() });
  }

  /** No listener, timer or socket is left. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the replay stops'));
    for (const client of this.clients) client.close(1001, 'the replay stops');
    await this.listener.stop(STOP_GRACE_MS, () => {
      for (const client of this.clients) client.terminate();
    });
  }

  private async listen(): Promise<string> {
    const { url } = await this.listener.start();
    return `${webSocketUrl(url)}${PATH}`;
  }

  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const admission = admitUpgrade(this.gate, request, socket);
    if (!admission) return;
    if (admission.path !== PATH) {
      refuseUpgrade(socket, new HttpError(404, 'not_found', 'There is no WebSocket under this path.', { expected: PATH, received: admission.path.slice(0, 200) }));
      return;
    }
    if (this.clients.size >= MOST_CLIENTS || this.stopping.signal.aborted) {
      refuseUpgrade(socket, tooMany('The replay', 'connections', this.clients.size, MOST_CLIENTS));
      return;
    }
    const recorded = this.choose(admission.query);
    if (!recorded) {
      refuseUpgrade(socket, new HttpError(404, 'nothing_recorded', 'No client connected in the recording.', { expected: 'a recording with a client connection', received: 'none' }));
      return;
    }
    this.ws.handleUpgrade(request, socket, head, (client) => {
      this.clients.add(client);
      this.options.clientsChanged?.(this.clients.size);
      client.on('error', () => {});
      client.on('close', () => {
        this.clients.delete(client);
        this.options.clientsChanged?.(this.clients.size);
      });
      void this.serve(client, recorded).catch(() => client.terminate());
    });
  }

  /** The recorded connection of that user or thread, rather one that was not played yet; else the next one, else the first. */
  private choose(query: URLSearchParams): ServedConnection | undefined {
    const user = query.get('user_id');
    const thread = query.get('thread_id');
    const fits = ({ user: of, threads }: ServedConnection): number => (user !== null && of === user ? 2 : 0) + (thread !== null && threads.has(thread) ? 1 : 0);
    const [best] = this.connections.toSorted((a, b) => fits(b) - fits(a) || Number(this.used.has(a)) - Number(this.used.has(b)));
    if (best) this.used.add(best);
    return best;
  }

  private async serve(client: WebSocket, { steps }: ServedConnection): Promise<void> {
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, this.stopping.signal]);
    client.on('close', () => gone.abort(new Error('the client is gone')));
    /** Messages that the client still owes, negative when it is ahead. */
    const owed = { messages: 0 };
    client.on('message', () => owed.messages--);
    const pace = new ReplayPace(this.options.timing, signal);
    for (const step of steps) {
      await pace.until(step.t);
      if (step.kind === 'sent') {
        owed.messages++;
        // What the recorded client asked for comes after this one has asked, or after a while without.
        for (let waited = 0; owed.messages > 0 && waited < ANSWER_MS; waited += WAIT_MS) await pause(WAIT_MS, signal);
        owed.messages = Math.min(0, owed.messages);
      } else await this.play(client, step, signal);
    }
  }

  private async play(client: WebSocket, step: Exclude<ServedStep, { readonly kind: 'sent' }>, signal: AbortSignal): Promise<void> {
    if (step.kind === 'close') {
      const { code } = step;
      if (code === 1006) client.terminate();
      else if (code !== undefined && isSendableCloseCode(code)) client.close(code, closeReason(step.reason ?? ''));
      else client.close();
      return;
    }
    while (client.bufferedAmount > HIGH_WATER_BYTES) await pause(WAIT_MS, signal);
    client.send(step.text ?? Buffer.from(step.base64 ?? '', 'base64'));
  }
}

