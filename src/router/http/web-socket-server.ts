import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Admission, Gate } from '../gate/gate';
import { chooseSubprotocol } from '../gate/tokens';
import { refusalError } from './http-api';
import { HttpError } from './http-error';
import { refuseUpgrade } from './refuse-upgrade';

/**
 * A WebSocket server for handshakes that somebody let in before. Deflate stays off, and fragments bounded, as ws advises
 * (SECURITY 9); a handshake that ws cannot read is refused as every other one is.
 * @param options over these; `closeTimeout`: how long ws waits for the end of a closing handshake, in milliseconds
 */
export function webSocketServer(options: ServerOptions & { readonly closeTimeout?: number }): WebSocketServer {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, handleProtocols: (offered) => chooseSubprotocol(offered), ...options });
  server.on('wsClientError', (error, socket, request) => {
    const version = request.headers['sec-websocket-version'];
    refuseUpgrade(socket as Socket, new HttpError(400, 'bad_handshake', error.message, {}, version === '13' ? {} : { 'sec-websocket-version': '13' }));
  });
  return server;
}

/** Has the gate decide on a handshake before ws sees it, so that strangers never become sockets (SECURITY 3); undefined when it was refused. */
export function admitUpgrade(gate: Gate, request: IncomingMessage, socket: Socket): Admission | undefined {
  socket.on('error', destroy);
  const admission = gate.check(request, 'upgrade');
  if (admission.ok) return admission;
  refuseUpgrade(socket, refusalError(admission));
  return undefined;
}

/** A socket that belongs to a WebSocket from here on: ws listens to its errors itself. */
export function handOver(socket: Socket): void {
  socket.removeListener('error', destroy);
}

// One listener for all sockets, so that an idle one costs less memory.
function destroy(this: Socket): void {
  this.destroy();
}
