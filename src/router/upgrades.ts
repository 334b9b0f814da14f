import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { AgentEndpoint } from './agent/agent-endpoint';
import type { ClientEndpoint } from './client/client-endpoint';
import type { Gate } from './gate/gate';
import { chooseSubprotocol } from './gate/tokens';
import { refusalError } from './http/http-api';
import { HttpError } from './http/http-error';
import { refuseUpgrade } from './http/refuse-upgrade';
import type { InspectionEndpoint } from './inspection/inspection-endpoint';
import type { Limits } from './limits';
import { ServerSocket } from './ws-socket';

/** Paths that are WebSockets. */
export const UPGRADE_PATHS: ReadonlySet<string> = new Set(['/ws', '/agent', '/inspect']);

/** How long ws waits for the end of a closing handshake, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

/** WebSocket handshakes: refused before `handleUpgrade`, so that strangers never become sockets (SECURITY 3). */
export class Upgrades {
  private readonly server: WebSocketServer;

  constructor(
    private readonly gate: Gate,
    private readonly limits: Limits,
    private readonly clients: ClientEndpoint,
    private readonly agents: AgentEndpoint,
    private readonly inspectors: InspectionEndpoint,
  ) {
    // Deflate stays off, and fragments bounded, as ws advises (SECURITY 9).
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.messageBytes,
      WebSocket: ServerSocket,
      handleProtocols: (offered: Set<string>) => chooseSubprotocol(offered),
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    this.server = new WebSocketServer(options);
    this.server.on('wsClientError', (error, socket, request) => {
      const version = request.headers['sec-websocket-version'];
      refuseUpgrade(socket as Socket, new HttpError(400, 'bad_handshake', error.message, {}, version === '13' ? {} : { 'sec-websocket-version': '13' }));
    });
  }

  handle(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const onError = (): void => void socket.destroy();
    socket.on('error', onError);
    const admission = this.gate.check(request, 'upgrade');
    if (!admission.ok) {
      refuseUpgrade(socket, refusalError(admission));
      return;
    }
    const { path, query } = admission;
    const refusal = this.refusal(path, query);
    if (refusal) {
      refuseUpgrade(socket, refusal);
      return;
    }
    this.server.handleUpgrade(request, socket, head, (ws) => {
      socket.removeListener('error', onError);
      // What the option WebSocket above makes it.
      if (!(ws instanceof ServerSocket)) return;
      if (path === '/ws') this.clients.accept(ws, socket, request, query);
      else if (path === '/agent') this.agents.accept(ws, socket);
      else this.inspectors.accept(ws, socket, query);
    });
  }

  private refusal(path: string, query: URLSearchParams): HttpError | undefined {
    if (path === '/ws') {
      const refusal = this.clients.refusal(query);
      return refusal && new HttpError(refusal.status, refusal.reason, refusal.message, { expected: refusal.expected, received: refusal.received });
    }
    if (path === '/agent') return full(this.agents.agents.size, this.limits.agents, 'agents');
    if (path === '/inspect') return full(this.inspectors.count, this.limits.inspectors, 'inspectors');
    return new HttpError(404, 'not_found', 'There is no WebSocket under this path.', { expected: [...UPGRADE_PATHS].join(', '), received: path.slice(0, 200) });
  }
}

function full(open: number, most: number, what: string): HttpError | undefined {
  return open < most ? undefined : new HttpError(503, `too_many_${what}`, `The router has too many ${what}.`, { expected: `at most ${most}`, received: `${open + 1}` });
}
