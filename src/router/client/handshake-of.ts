import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { redactHeaders, redactProtocols } from '../../core/index';
import type { Handshake } from '../model/connection';

/** What a client said in its handshake, secrets redacted. @param subprotocol the chosen one, empty for none */
export function handshakeOf(subprotocol: string, socket: Socket, request: IncomingMessage): Handshake {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const { origin, 'user-agent': userAgent } = request.headers;
  return {
    // Joined, not concatenated, so that the text does not keep its parts.
    remoteAddress: [socket.remoteAddress ?? '', socket.remotePort ?? ''].join(':'),
    origin,
    userAgent,
    subprotocol: subprotocol === '' ? undefined : redactProtocols(subprotocol),
    headers: JSON.stringify(redactHeaders(headers)),
  };
}
