import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A client that only counts what it receives: it costs the load generator next to nothing. */
export class Sink {
  received = 0;
  onData: ((chunk: Buffer) => void) | undefined;

  private constructor(readonly socket: Socket) {}

  static open(port: number, path: string): Promise<Sink> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.setNoDelay();
      socket.on('error', reject);
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
      const sink = new Sink(socket);
      let head = '';
      const onHead = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        if (!head.includes('\r\n\r\n')) return;
        socket.removeListener('data', onHead);
        if (!head.startsWith('HTTP/1.1 101')) {
          reject(new Error(head));
          return;
        }
        socket.on('data', (data: Buffer) => {
          sink.received += data.length;
          sink.onData?.(data);
        });
        resolve(sink);
      };
      socket.on('data', onHead);
    });
  }
}

/** Opens many, some at a time. */
export async function openMany(port: number, paths: readonly string[]): Promise<Sink[]> {
  const sinks: Sink[] = [];
  for (let at = 0; at < paths.length; at += 100) {
    sinks.push(...(await Promise.all(paths.slice(at, at + 100).map((path) => Sink.open(port, path)))));
  }
  return sinks;
}

/** An event of a given size in bytes, as a canonical JSON text: nested as a tool's result is, not one long string. */
export function eventText(runId: string, bytes: number): string {
  const base = { type: 'tool_completed', run_id: runId, agent_name: 'researcher', timestamp: '2025-09-03T16:52:42.904Z' };
  const rows: { id: number; name: string; score: number }[] = [];
  const make = (filler: string): string => JSON.stringify({ ...base, payload: { tool_name: 'search', status: 'completed', result: rows, note: filler } });
  const minimum = make('').length;
  if (bytes < minimum) return JSON.stringify({ ...base, payload: { note: 'x'.repeat(Math.max(0, bytes - JSON.stringify({ ...base, payload: { note: '' } }).length)) } });
  while (make('').length < bytes - 200) rows.push({ id: rows.length, name: `row number ${rows.length} of the result of a search`, score: rows.length / 8 });
  return make('x'.repeat(bytes - make('').length));
}

/** One masked text frame (RFC 6455 section 5.3). */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length = payload.length;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(header + 4 + length);
  frame[0] = 0x81;
  if (header === 2) frame[1] = 0x80 | length;
  else if (header === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = randomBytes(4);
  mask.copy(frame, header);
  for (let at = 0; at < length; at++) frame[header + 4 + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return frame;
}

/** Bytes of the unmasked frame in which a text arrives. */
export function arrivingBytes(text: string): number {
  const length = Buffer.byteLength(text);
  return length + (length < 126 ? 2 : length < 65_536 ? 4 : 10);
}
