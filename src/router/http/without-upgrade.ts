import type { IncomingMessage } from 'node:http';

/** Of the one hop on which HTTP/2 is offered (RFC 7540 section 3.2). */
const OFFER = new Set(['upgrade', 'http2-settings']);

/** Whether a request that offers another protocol is a handshake of WebSocket, a wrong one too. Other offers a server may pass over (RFC 9110 section 7.8). */
export function isHandshake({ headers }: IncomingMessage): boolean {
  return (headers.upgrade ?? '').toLowerCase().includes('websocket') || headers['sec-websocket-key'] !== undefined;
}

/** The request up to its body as it would have come without the offer. */
export function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (OFFER.has(lower)) continue;
    const kept = lower === 'connection' ? value.split(',').filter((option) => !OFFER.has(option.trim().toLowerCase())).join(',') : value;
    if (lower !== 'connection' || kept !== '') lines.push(`${name}: ${kept}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
