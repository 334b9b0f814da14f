import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** Opcodes of RFC 6455 section 5.2. */
export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface FrameToSend {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits, RSV1 being 4. Default 0. */
  readonly rsv?: number;
  /** Default true, as section 5.1 demands of clients. */
  readonly mask?: boolean;
  /** The length to claim, when it is not that of the payload. Always in the 64-bit form. */
  readonly claim?: bigint;
}

export interface ReceivedFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

const DEADLINE_MS = 5000;

/** One frame on the wire (RFC 6455 section 5.2). */
export function encodeFrame({ opcode, payload = '', fin = true, rsv = 0, mask = true, claim }: FrameToSend): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const maskBit = mask ? 0x80 : 0;
  let header: Buffer;
  if (claim !== undefined || body.length > 0xffff) {
    header = Buffer.alloc(10);
    header[1] = maskBit | 127;
    header.writeBigUInt64BE(claim ?? BigInt(body.length), 2);
  } else if (body.length > 125) {
    header = Buffer.alloc(4);
    header[1] = maskBit | 126;
    header.writeUInt16BE(body.length, 2);
  } else {
    header = Buffer.from([0, maskBit | body.length]);
  }
  header[0] = first;
  if (!mask) return Buffer.concat([header, body]);
  const key = randomBytes(4);
  return Buffer.concat([header, key, body.map((byte, i) => byte ^ (key[i % 4] ?? 0))]);
}

/** The payload of a close frame (section 5.5.1). */
export function closePayload(code: number, reason: string | Uint8Array = ''): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason as Uint8Array)]);
}

/** A client that speaks RFC 6455 by hand over TCP, and also wrongly where a test wants that. */
export class RawClient {
  private buffer = Buffer.alloc(0);
  private ended = false;
  private readonly waiting: (() => void)[] = [];

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.buffer = Buffer.concat([this.buffer, chunk]);
      this.wake();
    });
    // A reset is an end too; which of them it is, is not what the tests are about.
    socket.on('error', () => {});
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.ended = true;
        this.wake();
      });
    }
  }

  /** Connects by TCP only. */
  static async connect(port: number): Promise<RawClient> {
    // Half-open allowed: the router's end must not end our side, tests look at both.
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Connects, shakes hands on the path and takes in the first message. */
  static async open(port: number, path = '/ws', headers: Readonly<Record<string, string>> = {}): Promise<RawClient> {
    const client = await RawClient.connect(port);
    const { request, accept } = handshake(port, path, headers);
    client.write(Buffer.from(request));
    const answer = await client.response();
    if (answer.status !== 101 || answer.headers.get('sec-websocket-accept') !== accept) throw new Error(`expected an upgrade, received ${answer.status} ${answer.text}`);
    if (path.startsWith('/ws')) {
      const first = await client.json();
      if (first['type'] !== 'connection_established') throw new Error(`expected connection_established, received ${JSON.stringify(first)}`);
    }
    return client;
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  send(...frames: readonly FrameToSend[]): void {
    this.write(Buffer.concat(frames.map(encodeFrame)));
  }

  /** The answer to a handshake, up to the end of its headers, and of its body when it has one. */
  async response(): Promise<{ readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly text: string }> {
    const end = await this.until(() => {
      const at = this.buffer.indexOf('\r\n\r\n');
      return at < 0 ? undefined : at + 4;
    });
    const head = this.buffer.subarray(0, end).toString('latin1');
    const headers = new Map<string, string>();
    for (const line of head.split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const length = Number(headers.get('content-length') ?? 0);
    await this.until(() => (this.buffer.length >= end + length ? true : undefined));
    const text = this.buffer.subarray(end, end + length).toString();
    this.buffer = this.buffer.subarray(end + length);
    return { status: Number(head.split(' ')[1]), headers, text };
  }

  /** The next frame. @throws Error when none comes. */
  async frame(): Promise<ReceivedFrame> {
    const { frame, length } = await this.until(() => decodeFrame(this.buffer));
    this.buffer = this.buffer.subarray(length);
    return frame;
  }

  /** The next frame, a text with a JSON object. */
  async json(): Promise<Readonly<Record<string, unknown>>> {
    const { opcode, payload } = await this.frame();
    if (opcode !== OPCODE.text) throw new Error(`expected a text frame, received opcode ${opcode}: ${payload.toString('hex').slice(0, 80)}`);
    return JSON.parse(payload.toString()) as Record<string, unknown>;
  }

  /** The next frame, which closes, and then the end of the connection. */
  async closing(): Promise<{ readonly code: number | undefined; readonly reason: string }> {
    const { opcode, payload } = await this.frame();
    if (opcode !== OPCODE.close) throw new Error(`expected a close frame, received opcode ${opcode}: ${payload.toString()}`);
    // The closing handshake is ours to complete when the router began it; when it did not, this is one too many and harmless.
    if (this.socket.writable) this.send({ opcode: OPCODE.close, payload: payload.subarray(0, 2) });
    await this.end();
    return { code: payload.length < 2 ? undefined : payload.readUInt16BE(), reason: payload.subarray(2).toString() };
  }

  /** Until the router has ended its side. */
  async end(): Promise<void> {
    await this.until(() => (this.ended ? true : undefined), true);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async until<T>(look: () => T | undefined, endIsFine = false): Promise<T> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const seen = look();
      if (seen !== undefined) return seen;
      if (this.ended && !endIsFine) throw new Error(`expected more bytes, received the end after ${this.buffer.toString('hex').slice(0, 80)}`);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`expected more within ${DEADLINE_MS} ms, received ${this.buffer.length} bytes`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** A client's opening handshake (section 4.1) and the `Sec-WebSocket-Accept` it must get (section 4.2.2). */
export function handshake(port: number, path: string, headers: Readonly<Record<string, string | undefined>> = {}): { readonly request: string; readonly accept: string } {
  const key = randomBytes(16).toString('base64');
  const all: Readonly<Record<string, string | undefined>> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': key,
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
  return {
    request: `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`,
    accept: createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64'),
  };
}

function decodeFrame(buffer: Buffer): { readonly frame: ReceivedFrame; readonly length: number } | undefined {
  if (buffer.length < 2) return undefined;
  const [first = 0, second = 0] = buffer;
  let offset = 2;
  let length = second & 0x7f;
  if (length === 126) {
    if (buffer.length < 4) return undefined;
    length = buffer.readUInt16BE(2);
    offset = 4;
  } else if (length === 127) {
    if (buffer.length < 10) return undefined;
    length = Number(buffer.readBigUInt64BE(2));
    offset = 10;
  }
  const masked = (second & 0x80) !== 0;
  if (masked) offset += 4;
  if (buffer.length < offset + length) return undefined;
  const payload = Buffer.from(buffer.subarray(offset, offset + length));
  return { frame: { fin: (first & 0x80) !== 0, rsv: (first >> 4) & 7, opcode: first & 0xf, masked, payload }, length: offset + length };
}
