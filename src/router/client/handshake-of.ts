import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { redactHeaders, redactProtocols } from '../../core/index';
import { type Handshake, KEY_HEADER } from '../model/handshake';
import { SharedTexts } from './shared-texts';

/** The clients of one program say the same but for their key: their texts are kept once. */
const texts = new SharedTexts(64, 4_096);

/** What a client said in its handshake, secrets redacted. @param subprotocol the chosen one, empty for none */
export function handshakeOf(subprotocol: string, socket: Socket, request: IncomingMessage): Handshake {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const { origin, 'user-agent': userAgent } = headers;
  const redacted = redactHeaders(headers);
  const key = redacted[KEY_HEADER];
  if (key !== undefined) redacted[KEY_HEADER] = '';
  return {
    // Joined, not concatenated, so that the text does not keep its parts.
    remoteAddress: [socket.remoteAddress ?? '', socket.remotePort ?? ''].join(':'),
    origin: origin === undefined ? undefined : texts.share(origin),
    userAgent: userAgent === undefined ? undefined : texts.share(userAgent),
    subprotocol: subprotocol === '' ? undefined : texts.share(redactProtocols(subprotocol)),
    key,
    headers: texts.share(JSON.stringify(redacted)),
  };
}
