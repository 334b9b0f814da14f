import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpError } from './http-error';

/** Answers a handshake with plain HTTP and ends the socket. */
export function refuseUpgrade(socket: Socket, error: HttpError): void {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...error.headers,
  };
  answerUpgrade(socket, error.status, STATUS_CODES[error.status] ?? 'Error', Object.entries(headers), Buffer.from(error.body()));
}

/** Writes an answer that is no upgrade onto the socket of a handshake, and ends it. */
export function answerUpgrade(socket: Socket, status: number, statusText: string, headers: Iterable<readonly [string, string]>, body: Buffer): void {
  const lines = Array.from(headers, ([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.write(`HTTP/1.1 ${status} ${statusText}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n${lines.join('')}\r\n`, 'latin1');
  socket.end(body);
}
