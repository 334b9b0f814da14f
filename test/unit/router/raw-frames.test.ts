import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { frameHeaderBytes, textFrame } from '../../../src/router/delivery/server-frame';
import { event, type Message, T1, TestRouter, until } from './harness';

interface Frame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** Cuts what a server sent into frames (RFC 6455 section 5.2); the last one may be incomplete and is left out. */
function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const short = bytes[at + 1]! & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + header > bytes.length) break;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (at + header + length > bytes.length) break;
    frames.push({ fin: (bytes[at]! & 0x80) !== 0, rsv: (bytes[at]! >> 4) & 7, opcode: bytes[at]! & 15, masked: (bytes[at + 1]! & 0x80) !== 0, payload: bytes.subarray(at + header, at + header + length) });
    at += header + length;
  }
  return frames;
}

function frame(opcode: number, payload: Buffer | string, options: { fin?: boolean; rsv?: number; masked?: boolean; length?: number } = {}): Buffer {
  const { fin = true, rsv = 0, masked = true } = options;
  const body = Buffer.from(payload);
  const length = options.length ?? body.length;
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const head = Buffer.alloc(size);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (size === 2 ? length : size === 4 ? 126 : 127);
  if (size === 4) head.writeUInt16BE(length, 2);
  if (size === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, body]);
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  return Buffer.concat([head, mask, body.map((byte, at) => byte ^ mask[at & 3]!)]);
}

/** A client that writes its frames byte by byte. */
class RawClient {
  private bytes = Buffer.alloc(0);
  private upgraded = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      const end = this.bytes.indexOf('\r\n\r\n');
      if (this.upgraded || end < 0) return;
      this.upgraded = true;
      this.bytes = this.bytes.subarray(end + 4);
    });
  }

  get frames(): Frame[] {
    return this.upgraded ? framesOf(this.bytes) : [];
  }

  get messages(): Message[] {
    return this.frames.filter((received) => received.opcode === 1).map((received) => JSON.parse(received.payload.toString()) as Message);
  }

  async closeCode(): Promise<{ code: number; reason: string }> {
    let closing: Frame | undefined;
    await until(() => (closing = this.frames.find((received) => received.opcode === 8)) !== undefined, 'a close frame');
    const { payload } = closing!;
    return { code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005, reason: payload.subarray(2).toString() };
  }

  async answer(type: string): Promise<Message> {
    await until(() => this.messages.some((message) => message['type'] === type), `a message of type ${type}`);
    return this.messages.find((message) => message['type'] === type)!;
  }
}

describe('router: RFC 6455 by raw frames', () => {
  let test: TestRouter;
  beforeEach(async () => {
    test = await TestRouter.start();
  });
  afterEach(() => test.stop());

  async function raw(): Promise<RawClient> {
    const client = new RawClient(await test.tcp());
    client.socket.write('GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    await client.answer('connection_established');
    return client;
  }

  const faults: [string, () => Buffer, number][] = [
    ['an unmasked frame', () => frame(1, '{"type":"ping"}', { masked: false }), 1002],
    ['RSV1 without an extension', () => frame(1, 'x', { rsv: 4 }), 1002],
    ['RSV2', () => frame(1, 'x', { rsv: 2 }), 1002],
    ['RSV3', () => frame(1, 'x', { rsv: 1 }), 1002],
    ['a reserved data opcode', () => frame(3, 'x'), 1002],
    ['a reserved control opcode', () => frame(11, 'x'), 1002],
    ['a fragmented ping', () => frame(9, 'x', { fin: false }), 1002],
    ['a ping of 126 bytes', () => frame(9, 'x'.repeat(126)), 1002],
    ['a close frame of 126 bytes', () => frame(8, Buffer.alloc(126)), 1002],
    ['a close frame of one byte', () => frame(8, Buffer.from([3])), 1002],
    ['close code 1005 on the wire', () => frame(8, Buffer.from([0x03, 0xed])), 1002],
    ['close code 999', () => frame(8, Buffer.from([0x03, 0xe7])), 1002],
    ['a close reason that is not UTF-8', () => frame(8, Buffer.from([0x03, 0xe8, 0xff])), 1007],
    ['a continuation of nothing', () => frame(0, 'x'), 1002],
    ['a second beginning within a fragmented message', () => Buffer.concat([frame(1, '{"ty', { fin: false }), frame(1, 'pe"}')]), 1002],
    ['text that is not UTF-8', () => frame(1, Buffer.from([0x7b, 0xff, 0x7d])), 1007],
    ['an overlong UTF-8 sequence', () => frame(1, Buffer.from([0xc0, 0x80])), 1007],
    ['a surrogate in UTF-8', () => frame(1, Buffer.from([0xed, 0xa0, 0x80])), 1007],
    ['UTF-8 that ends within a character', () => frame(1, Buffer.from([0xe2, 0x82])), 1007],
    ['a length beyond the limit', () => frame(1, '', { length: 1_048_577 }), 1009],
    ['fragments that together are beyond the limit', () => Buffer.concat([frame(1, 'x'.repeat(700_000), { fin: false }), frame(0, 'x'.repeat(700_000))]), 1009],
  ];
  for (const [name, bytes, code] of faults) {
    it(`closes with ${code} and a reason for ${name}`, async () => {
      const client = await raw();
      client.socket.write(bytes());
      const closing = await client.closeCode();
      assert.equal(closing.code, code);
      assert.notEqual(closing.reason, '');
      client.socket.resume();
      await until(() => client.socket.closed || client.socket.readableEnded, 'the end of the connection');
      assert.equal(test.router.model.connections.size, 0);
    });
  }

  it('reads a fragmented message with a ping between, also when UTF-8 is split and bytes come one by one', async () => {
    const client = await raw();
    const text = Buffer.from('{"type":"chat","id":"€-1"}');
    const cut = text.indexOf(0x82);
    const bytes = Buffer.concat([frame(1, text.subarray(0, cut), { fin: false }), frame(9, 'between'), frame(0, text.subarray(cut, cut + 1), { fin: false }), frame(0, text.subarray(cut + 1))]);
    for (const byte of bytes) client.socket.write(Buffer.from([byte]));
    assert.equal((await client.answer('ack'))['id'], '€-1');
    const pong = client.frames.find((received) => received.opcode === 10);
    assert.equal(pong?.payload.toString(), 'between');
  });

  it('takes empty fragments, empty pings and unasked pongs', async () => {
    const client = await raw();
    client.socket.write(Buffer.concat([frame(10, 'unasked'), frame(9, ''), frame(1, '', { fin: false }), frame(0, '{"type":"chat"}', { fin: false }), frame(0, '')]));
    await client.answer('ack');
  });

  it('answers an empty text frame', async () => {
    const client = await raw();
    client.socket.write(frame(1, ''));
    assert.equal((await client.answer('error'))['reason'], 'not_json');
  });

  it('mirrors the close code, and ignores what comes after it', async () => {
    const client = await raw();
    client.socket.write(Buffer.concat([frame(8, Buffer.concat([Buffer.from([0x0f, 0xa1]), Buffer.from('bye')])), frame(1, '{"type":"chat"}')]));
    assert.deepEqual(await client.closeCode(), { code: 4001, reason: 'bye' });
    assert.equal(client.messages.some((message) => message['type'] === 'ack'), false);
  });

  it('sends whole, unmasked frames without reserved bits, whatever their length', async () => {
    const client = await raw();
    client.socket.write(frame(1, JSON.stringify({ type: 'subscribe', thread_id: T1 })));
    await client.answer('subscribed');
    const agent = await test.agent();
    const sizes = [0, 1, 50, 125, 126, 127, 200, 65_000, 65_535, 65_536, 70_000, 900_000];
    for (const size of sizes) agent.send(event({ payload: { filler: 'x'.repeat(size) } }));
    await until(() => client.messages.filter((message) => message['type'] === 'agent_started').length === sizes.length, 'all events');
    for (const received of client.frames) assert.deepEqual([received.fin, received.rsv, received.masked, received.opcode], [true, 0, false, 1]);
  });

  it('frames any payload so that it reads back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(300), fc.integer({ min: 65_500, max: 65_600 }), fc.nat(200_000)), (size) => {
        const payload = Buffer.alloc(size, 0x61);
        const bytes = textFrame(payload);
        assert.equal(bytes.length, frameHeaderBytes(size) + size);
        const [only, ...others] = framesOf(bytes);
        assert.deepEqual(others, []);
        assert.ok(only?.fin && only.opcode === 1 && !only.masked && only.payload.equals(payload));
      }),
      { numRuns: 60 },
    );
  });

  for (const [name, lines, status] of [
    ['an old version', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 7', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 400],
    ['no key', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'], 400],
    ['another protocol', ['Connection: Upgrade', 'Upgrade: h2c', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 400],
  ] as const) {
    it(`refuses a handshake with ${name}`, async () => {
      const answer = await test.rawRequest(`GET /ws HTTP/1.1\r\nHost: localhost\r\n${lines.join('\r\n')}\r\n\r\n`);
      assert.equal(answer.status, status);
      assert.equal((JSON.parse(answer.body) as Message)['error'].reason, 'bad_handshake');
    });
  }

  it('talks to the WebSocket that Node has built in', async () => {
    const socket = new WebSocket(`${test.ws}/ws?thread_id=${T1}`, ['chat']);
    const received: Message[] = [];
    socket.addEventListener('message', (message) => received.push(JSON.parse(message.data as string) as Message));
    await until(() => received.length === 1, 'the welcome');
    assert.equal(socket.protocol, 'chat');
    socket.send(JSON.stringify({ type: 'ping', id: 1 }));
    await until(() => received.length === 2, 'the pong');
    const agent = await test.agent();
    await agent.deliver({});
    await until(() => received.length === 3, 'the event');
    assert.deepEqual(received[2], event());
    socket.close(1000, 'done');
    await until(() => test.router.model.connections.size === 0, 'the end');
  });
});
