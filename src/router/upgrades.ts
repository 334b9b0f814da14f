import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocketServer } from 'ws';
import type { AgentEndpoint } from './agent/agent-endpoint';
import type { ClientEndpoint } from './client/client-endpoint';
import type { Gate } from './gate/gate';
import { HttpError, tooMany } from './http/http-error';
import { refuseUpgrade } from './http/refuse-upgrade';
import { admitUpgrade, handOver, webSocketServer } from './http/web-socket-server';
import type { InspectionEndpoint } from './inspection/inspection-endpoint';
import type { Limits } from './limits';
import { ServerSocket } from './ws-socket';

/** Paths that are WebSockets. */
export const UPGRADE_PATHS: ReadonlySet<string> = new Set(['/ws', '/agent', '/inspect']);

/** How long ws waits for the end of a closing handshake, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

/** The router's WebSocket handshakes. */
export class Upgrades {
  private readonly server: WebSocketServer;

  constructor(
    private readonly gate: Gate,
    private readonly limits: Limits,
    private readonly clients: ClientEndpoint,
    private readonly agents: AgentEndpoint,
    private readonly inspectors: InspectionEndpoint,
  ) {
    this.server = webSocketServer({ maxPayload: limits.messageBytes, WebSocket: ServerSocket, closeTimeout: CLOSE_TIMEOUT_MS });
  }

  handle(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const admission = admitUpgrade(this.gate, request, socket);
    if (!admission) return;
    const { path, query } = admission;
    const refusal = this.refusal(path, query);
    if (refusal) {
      refuseUpgrade(socket, refusal);
      return;
    }
    this.server.handleUpgrade(request, socket, head, (ws) => {
      handOver(socket);
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
  return open < most ? undefined : tooMany('The router', what, open, most);
}
