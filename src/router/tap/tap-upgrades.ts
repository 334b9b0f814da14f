import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocketServer } from 'ws';
import type { Gate } from '../gate/gate';
import { HttpError, tooMany } from '../http/http-error';
import { answerUpgrade, refuseUpgrade } from '../http/refuse-upgrade';
import { admitUpgrade, webSocketServer } from '../http/web-socket-server';
import type { InspectionEndpoint } from '../inspection/inspection-endpoint';
import type { Limits } from '../limits';
import { ServerSocket } from '../ws-socket';
import { type Accepted, type HandshakeOptions, passedHereBefore, shakeHands } from './backend-handshake';
import { collectEarly } from './early-bytes';
import { loopError } from './http-pass-through';
import { passedHeaders } from './passed-headers';
import { isOwnPath, TAP_INSPECT_PATH } from './tap-paths';
import { TapSocket } from './tap-socket';

export interface TapUpgradesEvents {
  /** Why no more can be taken, or undefined. */
  full(): HttpError | undefined;
  /** Both sides have agreed. */
  tapped(client: TapSocket, accepted: Accepted, request: IncomingMessage, socket: Socket, query: URLSearchParams): void;
  /** The backend wanted credentials that were withheld. */
  credentialsWanted(status: number): void;
  /** The backend gave no answer. */
  failed(message: string): void;
}

/** The one dispatcher of WebSocket handshakes: the tap's own path needs the token, every other goes to the backend. */
export class TapUpgrades {
  private readonly own: WebSocketServer;
  private readonly tapping: WebSocketServer;
  /** What the backend answered, for the answer to the client. */
  private readonly agreed = new WeakMap<IncomingMessage, Accepted>();
  private pending = 0;

  constructor(
    private readonly gate: Gate,
    private readonly limits: Limits,
    private readonly options: HandshakeOptions,
    private readonly inspectors: InspectionEndpoint,
    private readonly events: TapUpgradesEvents,
  ) {
    this.own = webSocketServer({ maxPayload: limits.messageBytes, WebSocket: ServerSocket, closeTimeout: 1_000 });
    // The chosen subprotocol is written with the other headers: also one that the client did not offer is its to judge.
    this.tapping = webSocketServer({ maxPayload: limits.tappedMessageBytes, autoPong: false, WebSocket: TapSocket, handleProtocols: () => false, closeTimeout: 24 * 3_600_000 });
    this.tapping.on('headers', (lines, request) => {
      const accepted = this.agreed.get(request);
      if (!accepted) return;
      if (accepted.subprotocol !== undefined) lines.push(`Sec-WebSocket-Protocol: ${accepted.subprotocol}`);
      for (const [name, value] of accepted.headers) lines.push(`${name}: ${value}`);
    });
  }

  handle(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const admission = admitUpgrade(this.gate, request, socket);
    if (!admission) return;
    const { path, query } = admission;
    if (isOwnPath(path)) this.inspect(path, query, request, socket, head);
    else void this.tap(query, request, socket, head);
  }

  private inspect(path: string, query: URLSearchParams, request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (path !== TAP_INSPECT_PATH) {
      refuseUpgrade(socket, new HttpError(404, 'not_found', 'There is no WebSocket of the tap under this path.', { expected: TAP_INSPECT_PATH, received: path.slice(0, 200) }));
      return;
    }
    const { inspectors } = this.limits;
    if (this.inspectors.count >= inspectors) {
      refuseUpgrade(socket, tooMany('The tap', 'inspectors', this.inspectors.count, inspectors));
      return;
    }
    this.own.handleUpgrade(request, socket, head, (ws) => {
      // What the option WebSocket above makes it.
      if (ws instanceof ServerSocket) this.inspectors.accept(ws, socket, query);
    });
  }

  private async tap(query: URLSearchParams, request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const refusal = this.refusal(request);
    if (refusal) {
      refuseUpgrade(socket, refusal);
      return;
    }
    // A handshake that ws would refuse bothers no backend.
    if (!isHandshake(request)) {
      this.tapping.handleUpgrade(request, socket, head, (ws) => ws.terminate());
      return;
    }
    this.pending++;
    const handshake = shakeHands(request, this.options);
    // What the client sends before the backend has answered waits, in order and bounded.
    const early = collectEarly(socket, head, this.limits.earlyBytes, () => handshake.cancel());
    const result = await handshake.result.finally(() => this.pending--);
    const collected = early.stop();
    if (socket.destroyed) {
      if (result.kind === 'accepted') result.backend.terminate();
      return;
    }
    if (result.kind === 'declined') {
      const { status, statusText, headers, body } = result;
      if ((status === 401 || status === 403) && passedHeaders(request.rawHeaders, { credentials: this.options.credentials }).withheld) this.events.credentialsWanted(status);
      answerUpgrade(socket, status, statusText, headers, request.method === 'HEAD' ? Buffer.alloc(0) : body);
    } else if (result.kind === 'unreachable') {
      const { status, reason, message, expected, received } = result;
      this.events.failed(`${message} Expected ${expected}, received: ${received}`);
      refuseUpgrade(socket, new HttpError(status, reason, message, { expected, received }));
    } else this.accept(result, request, socket, collected, query);
  }

  private accept(accepted: Accepted, request: IncomingMessage, socket: Socket, head: Buffer, query: URLSearchParams): void {
    this.agreed.set(request, accepted);
    let client: TapSocket | undefined;
    this.tapping.handleUpgrade(request, socket, head, (ws) => {
      // What the option WebSocket above makes it.
      if (ws instanceof TapSocket) client = ws;
    });
    // The client left, or its handshake was refused after all: the other leg ends, too.
    if (client) this.events.tapped(client, accepted, request, socket, query);
    else accepted.backend.terminate();
  }

  private refusal(request: IncomingMessage): HttpError | undefined {
    if (passedHereBefore(request.rawHeaders, this.options.via)) return loopError();
    const { pendingHandshakes } = this.limits;
    if (this.pending >= pendingHandshakes) return new HttpError(503, 'too_many_handshakes', 'Too many handshakes wait for the backend.', { expected: `at most ${pendingHandshakes}`, received: `${this.pending + 1}` });
    return this.events.full();
  }
}

function isHandshake({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && /^(?:13|8)$/.test(headers['sec-websocket-version'] ?? '') && headers['sec-websocket-key'] !== undefined;
}
