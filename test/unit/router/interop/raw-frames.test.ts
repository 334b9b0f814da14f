import assert from 'node:assert/strict';
import { closePayload, encodeFrame, type FrameToSend, handshake, OPCODE, RawClient } from './raw-client';
import { eventually, useRouter } from './router-command';

const MESSAGE_BYTES = 1024 * 1024;

/** A message that the router answers with a `pong` of the same `id`. */
function ping(id: string | number, filler = ''): string {
  return JSON.stringify({ type: 'ping', id, ...(filler === '' ? {} : { filler }) });
}

/** A `ping` message of exactly that many bytes. */
function pingOfLength(bytes: number): string {
  const empty = JSON.stringify({ type: 'ping', id: 1, filler: '' });
  return JSON.stringify({ type: 'ping', id: 1, filler: 'x'.repeat(bytes - empty.length) });
}

describe('RFC 6455 by hand', () => {
  const router = useRouter();
  const clients: RawClient[] = [];

  async function open(path = '/ws'): Promise<RawClient> {
    const client = await RawClient.open(router().port, path, path === '/agent' ? { Authorization: `Bearer ${router().token}` } : {});
    clients.push(client);
    return client;
  }

  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });

  /** The router must answer these frames by closing with the code and a reason for people. */
  async function expectClose(code: number, frames: readonly FrameToSend[], path?: string): Promise<void> {
    const client = await open(path);
    client.send(...frames);
    const closing = await client.closing();
    assert.equal(closing.code, code);
    assert.notEqual(closing.reason, '', 'the reason tells people what was wrong');
  }

  describe('section 4, opening handshake', () => {
    async function answerTo(headers: Readonly<Record<string, string | undefined>>, path = '/ws'): Promise<{ status: number; headers: ReadonlyMap<string, string>; accept: string }> {
      const client = await RawClient.connect(router().port);
      clients.push(client);
      const { request, accept } = handshake(router().port, path, headers);
      client.write(Buffer.from(request));
      return { ...(await client.response()), accept };
    }

    it('4.2.2: answers 101 with the right Sec-WebSocket-Accept', async () => {
      const answer = await answerTo({});
      assert.equal(answer.status, 101);
      assert.equal(answer.headers.get('sec-websocket-accept'), answer.accept);
      assert.equal(answer.headers.get('upgrade')?.toLowerCase(), 'websocket');
      assert.equal(answer.headers.get('connection')?.toLowerCase(), 'upgrade');
    });

    it('4.2.1: header names and the Upgrade value are case-insensitive, Connection is a list', async () => {
      const answer = await answerTo({ Upgrade: undefined, Connection: undefined, UPGRADE: 'WebSocket', cOnNeCtIoN: 'keep-alive, Upgrade' });
      assert.equal(answer.status, 101);
    });

    it('4.2.1: refuses a missing or malformed key with 400', async () => {
      for (const key of [undefined, '', 'c2hvcnQ=', 'not base64, 24 characters']) assert.equal((await answerTo({ 'Sec-WebSocket-Key': key })).status, 400, String(key));
    });

    it('4.4: refuses another version with 400 or 426 and says which it speaks', async () => {
      for (const version of ['7', '14', 'x', undefined]) {
        const answer = await answerTo({ 'Sec-WebSocket-Version': version });
        assert.ok([400, 426].includes(answer.status), String(answer.status));
        assert.match(answer.headers.get('sec-websocket-version') ?? '', /\b13\b/);
      }
    });

    it('9.1: offers nothing of its own and declines compression: no extension in the answer', async () => {
      const answer = await answerTo({ 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits, x-unknown' });
      assert.equal(answer.status, 101);
      assert.equal(answer.headers.get('sec-websocket-extensions'), undefined);
    });

    it('4.2.2: answers with one of the subprotocols offered, with none when none was', async () => {
      assert.equal((await answerTo({ 'Sec-WebSocket-Protocol': 'chat.v2, chat.v1' })).headers.get('sec-websocket-protocol'), 'chat.v2');
      assert.equal((await answerTo({})).headers.get('sec-websocket-protocol'), undefined);
    });

    it('4.2.1: takes frames that come in the same segment as the handshake', async () => {
      const client = await RawClient.connect(router().port);
      clients.push(client);
      client.write(Buffer.concat([Buffer.from(handshake(router().port, '/ws').request), encodeFrame({ opcode: OPCODE.text, payload: ping('early') })]));
      assert.equal((await client.response()).status, 101);
      assert.equal((await client.json())['type'], 'connection_established');
      assert.equal((await client.json())['id'], 'early');
    });

    it('4.2.1: takes a handshake that comes byte by byte', async () => {
      const client = await RawClient.connect(router().port);
      clients.push(client);
      client.socket.setNoDelay(true);
      for (const byte of Buffer.from(handshake(router().port, '/ws').request)) client.write(Buffer.from([byte]));
      assert.equal((await client.response()).status, 101);
    });
  });

  describe('section 5.1 and 5.2, base framing', () => {
    it('5.1: closes with 1002 on a frame that is not masked', async () => {
      await expectClose(1002, [{ opcode: OPCODE.text, payload: ping(1), mask: false }]);
      await expectClose(1002, [{ opcode: OPCODE.ping, mask: false }]);
      await expectClose(1002, [{ opcode: OPCODE.text, payload: '{}', mask: false }], '/agent');
    });

    it('5.1: never masks its own frames, and sets no reserved bit', async () => {
      const client = await open();
      client.send({ opcode: OPCODE.text, payload: ping(1) }, { opcode: OPCODE.ping, payload: 'x' });
      for (let n = 0; n < 2; n += 1) {
        const frame = await client.frame();
        assert.equal(frame.masked, false);
        assert.equal(frame.rsv, 0);
        assert.equal(frame.fin, true);
      }
    });

    for (const rsv of [1, 2, 4, 7]) {
      it(`5.2: closes with 1002 on reserved bits ${rsv.toString(2).padStart(3, '0')} without an extension`, () => expectClose(1002, [{ opcode: OPCODE.text, payload: ping(1), rsv }]));
    }

    for (const opcode of [3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf]) {
      it(`5.2: closes with 1002 on the reserved opcode ${opcode.toString(16)}`, () => expectClose(1002, [{ opcode, payload: 'x' }]));
    }

    for (const bytes of [125, 126, 127, 65_535, 65_536, MESSAGE_BYTES]) {
      it(`5.2: understands a message of ${bytes} bytes`, async () => {
        const client = await open();
        client.send({ opcode: OPCODE.text, payload: pingOfLength(bytes) });
        assert.equal((await client.json())['type'], 'pong');
      });
    }

    it('5.2: understands frames that come byte by byte, and many in one segment', async () => {
      const client = await open();
      client.socket.setNoDelay(true);
      for (const byte of encodeFrame({ opcode: OPCODE.text, payload: ping('slow') })) client.write(Buffer.from([byte]));
      assert.equal((await client.json())['id'], 'slow');
      client.send(...Array.from({ length: 300 }, (_, id) => ({ opcode: OPCODE.text, payload: ping(id) })));
      for (let id = 0; id < 300; id += 1) assert.equal((await client.json())['id'], id);
    });

    it('5.2: closes with 1009 on a 64-bit length whose first bit is set, without waiting for the bytes', () =>
      expectClose(1009, [{ opcode: OPCODE.text, claim: 1n << 63n }]));
  });

  describe('section 5.4, fragmentation', () => {
    function fragments(text: string | Buffer, size: number): FrameToSend[] {
      const bytes = Buffer.from(text as Buffer);
      const count = Math.max(1, Math.ceil(bytes.length / size));
      return Array.from({ length: count }, (_, n) => ({
        opcode: n === 0 ? OPCODE.text : OPCODE.continuation,
        fin: n === count - 1,
        payload: bytes.subarray(n * size, (n + 1) * size),
      }));
    }

    it('joins fragments of any size, one byte each too', async () => {
      const client = await open();
      for (const size of [1, 2, 7, 1000]) {
        client.send(...fragments(ping(`by ${size}`), size));
        assert.equal((await client.json())['id'], `by ${size}`);
      }
    });

    it('joins empty fragments', async () => {
      const client = await open();
      client.send({ opcode: OPCODE.text, fin: false }, { opcode: OPCODE.continuation, fin: false, payload: ping('empty') }, { opcode: OPCODE.continuation });
      assert.equal((await client.json())['id'], 'empty');
    });

    it('answers control frames between fragments at once (also 5.5)', async () => {
      const client = await open();
      const [first, second, ...rest] = fragments(ping('whole'), 5);
      assert.ok(first && second);
      client.send(first, { opcode: OPCODE.ping, payload: 'between' }, second);
      const pong = await client.frame();
      assert.equal(pong.opcode, OPCODE.pong);
      assert.equal(pong.payload.toString(), 'between');
      client.send({ opcode: OPCODE.pong, payload: 'unasked' }, ...rest);
      assert.equal((await client.json())['id'], 'whole');
    });

    it('takes a close between fragments', async () => {
      const client = await open();
      client.send({ opcode: OPCODE.text, fin: false, payload: '{' }, { opcode: OPCODE.close, payload: closePayload(1000) });
      assert.equal((await client.closing()).code, 1000);
    });

    it('closes with 1002 on a continuation of nothing', async () => {
      await expectClose(1002, [{ opcode: OPCODE.continuation, payload: 'x' }]);
      await expectClose(1002, [{ opcode: OPCODE.continuation, payload: 'x', fin: false }]);
      const client = await open();
      client.send(...fragments(ping('whole'), 10), { opcode: OPCODE.continuation, payload: 'x' });
      assert.equal((await client.json())['id'], 'whole');
      assert.equal((await client.closing()).code, 1002);
    });

    it('closes with 1002 on a new message inside another', () =>
      expectClose(1002, [{ opcode: OPCODE.text, fin: false, payload: '{' }, { opcode: OPCODE.text, payload: '}' }]));

    it('closes with 1008 on a message in more fragments than can be meant well (SECURITY 9)', async () => {
      const client = await open();
      const middle = encodeFrame({ opcode: OPCODE.continuation, fin: false, payload: 'x' });
      client.write(Buffer.concat([encodeFrame({ opcode: OPCODE.text, fin: false, payload: 'x' }), ...Array.from({ length: 20_000 }, () => middle)]));
      assert.equal((await client.closing()).code, 1008);
    });
  });

  describe('section 5.5, control frames', () => {
    for (const [name, opcode] of [
      ['ping', OPCODE.ping],
      ['pong', OPCODE.pong],
      ['close', OPCODE.close],
    ] as const) {
      it(`closes with 1002 on a ${name} of more than 125 bytes`, () => expectClose(1002, [{ opcode, payload: Buffer.alloc(126, 0x03) }]));
      it(`closes with 1002 on a fragmented ${name}`, () => expectClose(1002, [{ opcode, fin: false }]));
    }

    it('5.5.3: answers a ping with a pong of the same bytes, whatever they are', async () => {
      const client = await open();
      for (const payload of [Buffer.alloc(0), Buffer.from('hello'), Buffer.from([0xff, 0x00, 0xc0]), Buffer.alloc(125, 0xfe)]) {
        client.send({ opcode: OPCODE.ping, payload });
        const pong = await client.frame();
        assert.equal(pong.opcode, OPCODE.pong);
        assert.deepEqual(pong.payload, payload);
      }
    });

    it('5.5.3: takes a pong that nobody asked for', async () => {
      const client = await open();
      client.send({ opcode: OPCODE.pong, payload: 'why' }, { opcode: OPCODE.text, payload: ping('still there') });
      assert.equal((await client.json())['id'], 'still there');
    });
  });

  describe('section 5.6, data frames', () => {
    it('answers a binary message with an error that says what is expected, and goes on', async () => {
      for (const path of ['/ws', '/agent']) {
        const client = await open(path);
        client.send({ opcode: OPCODE.binary, payload: Buffer.from([1, 2, 3]) });
        const answer = await client.json();
        assert.match(JSON.stringify(answer), /[Bb]inary/);
        assert.match(String(answer['expected']), /text frame/);
        client.send({ opcode: OPCODE.ping });
        assert.equal((await client.frame()).opcode, OPCODE.pong);
      }
    });

    it('answers an empty text message, which is no JSON, with an error, and goes on', async () => {
      const client = await open();
      client.send({ opcode: OPCODE.text }, { opcode: OPCODE.text, payload: ping(2) });
      assert.equal((await client.json())['type'], 'error');
      assert.equal((await client.json())['id'], 2);
    });
  });

  describe('section 8.1, UTF-8', () => {
    const quote = Buffer.from('"');
    const invalid: Readonly<Record<string, readonly number[]>> = {
      'a continuation byte alone': [0x80],
      'an overlong form': [0xc0, 0xaf],
      'an overlong form of three bytes': [0xe0, 0x80, 0xaf],
      'a surrogate': [0xed, 0xa0, 0x80],
      'a code point above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
      'a sequence cut short by the end': [0xe2, 0x82],
      'a byte that never occurs': [0xff],
    };
    for (const [what, bytes] of Object.entries(invalid)) {
      it(`closes with 1007 on ${what}`, async () => {
        const payload = Buffer.concat([quote, Buffer.from(bytes)]);
        await expectClose(1007, [{ opcode: OPCODE.text, payload }]);
        await expectClose(1007, [
          { opcode: OPCODE.text, fin: false, payload: payload.subarray(0, 2) },
          { opcode: OPCODE.continuation, payload: payload.subarray(2) },
        ]);
        await expectClose(1007, [{ opcode: OPCODE.text, payload }], '/agent');
      });
    }

    it('joins characters that were split between fragments (5.4)', async () => {
      const client = await open();
      const bytes = Buffer.from(ping('é€🙂'));
      for (let at = 1; at < bytes.length; at += 1) {
        client.send({ opcode: OPCODE.text, fin: false, payload: bytes.subarray(0, at) }, { opcode: OPCODE.continuation, payload: bytes.subarray(at) });
        assert.equal((await client.json())['id'], 'é€🙂');
      }
    });

    it('keeps every valid character as it is', async () => {
      const client = await open();
      const id = '\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\uffff\u{10000}\u{10ffff}\ufeff';
      client.send({ opcode: OPCODE.text, payload: ping(id) });
      assert.equal((await client.json())['id'], id);
    });
  });

  describe('section 5.5.1 and 7, closing', () => {
    for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]) {
      it(`7.4: answers a close with ${code} with the same code and ends`, async () => {
        const client = await open();
        client.send({ opcode: OPCODE.close, payload: closePayload(code, 'bye') });
        assert.equal((await client.closing()).code, code);
      });
    }

    for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]) {
      it(`7.4: answers a close with ${code}, which may not be sent, with 1002`, () => expectClose(1002, [{ opcode: OPCODE.close, payload: closePayload(code) }]));
    }

    it('7.1.5: answers a close without a code with a close', async () => {
      const client = await open();
      client.send({ opcode: OPCODE.close });
      const { code } = await client.closing();
      assert.ok(code === undefined || code === 1000, String(code));
    });

    it('5.5.1: closes with 1002 on a close whose body is one byte', () => expectClose(1002, [{ opcode: OPCODE.close, payload: Buffer.from([3]) }]));

    it('5.5.1: closes with 1007 on a reason that is not UTF-8', () => expectClose(1007, [{ opcode: OPCODE.close, payload: closePayload(1000, Buffer.from([0xed, 0xa0, 0x80])) }]));

    it('5.5.1: takes a reason of 123 bytes', async () => {
      const client = await open();
      client.send({ opcode: OPCODE.close, payload: closePayload(4000, 'é'.repeat(61) + 'x') });
      assert.equal((await client.closing()).code, 4000);
    });

    it('5.5.1: does nothing with what comes after a close', async () => {
      const client = await open();
      const threadId = 'thread_after_close';
      client.send({ opcode: OPCODE.close, payload: closePayload(1000) }, { opcode: OPCODE.text, payload: JSON.stringify({ type: 'subscribe', thread_id: threadId }) });
      assert.equal((await client.closing()).code, 1000);
      const { body } = await router().ask('/debug/threads');
      assert.ok(!JSON.stringify(body).includes(threadId));
    });

    it('7.1.1 and 7.2.1: a peer that ends its side is answered what it asked before, and is gone', async () => {
      const client = await RawClient.connect(router().port);
      clients.push(client);
      client.write(Buffer.from(handshake(router().port, '/ws?user_id=half_closer').request));
      assert.equal((await client.response()).status, 101);
      const { connection_id: connectionId } = await client.json();
      client.send({ opcode: OPCODE.text, payload: ping('last words') });
      client.socket.end();
      assert.equal((await client.json())['id'], 'last words');
      await client.end();
      await eventually('the connection is gone', async () => !JSON.stringify((await router().ask('/debug/connections')).body).includes(String(connectionId)));
    });

    it('7.2.1: a peer that vanishes in the middle of a frame is gone', async () => {
      const isThere = async (): Promise<boolean> => JSON.stringify((await router().ask('/debug/connections')).body).includes('vanisher');
      const client = await open('/ws?user_id=vanisher');
      assert.equal(await isThere(), true);
      client.write(encodeFrame({ opcode: OPCODE.text, payload: ping('never whole') }).subarray(0, 9));
      client.destroy();
      await eventually('the connection is gone', async () => !(await isThere()));
    });
  });

  describe('section 10.4, limits', () => {
    it('closes with 1009 on a frame that says it is larger than the limit, without waiting for it', async () => {
      await expectClose(1009, [{ opcode: OPCODE.text, claim: BigInt(MESSAGE_BYTES + 1) }]);
      await expectClose(1009, [{ opcode: OPCODE.text, claim: BigInt(MESSAGE_BYTES + 1) }], '/agent');
    });

    it('closes with 1009 on fragments that are together larger than the limit', () =>
      expectClose(1009, [
        { opcode: OPCODE.text, fin: false, payload: Buffer.alloc(MESSAGE_BYTES, 0x20) },
        { opcode: OPCODE.continuation, payload: ' ' },
      ]));
  });

  it('leaves the router well, with nothing to complain about and nobody connected', async () => {
    assert.equal((await router().ask('/debug/health')).status, 200);
    assert.equal(router().complaints(), '');
    await eventually('nobody is connected', async () => {
      const { connections } = (await router().ask('/debug/connections')).body;
      return Array.isArray(connections) && connections.length === 0;
    });
  });
});
