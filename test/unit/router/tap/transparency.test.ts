import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { encodeFrame, handshake, OPCODE, RawClient } from '../interop/raw-client';
import { until } from '../harness';
import { standstill, TestBackend, TestTap } from './tap-harness';

describe('tap: transparency', () => {
  let backend: TestBackend;
  let tap: TestTap;
  beforeEach(async () => {
    backend = await TestBackend.start();
    tap = await TestTap.start(backend.target);
  });
  afterEach(async () => {
    await tap.stop();
    await backend.stop();
  });

  describe('messages', () => {
    it('keep kind, boundaries and order both ways, empty and 1 MiB ones too', async () => {
      const client = await tap.client();
      const server = await backend.side();
      const sent = [
        { data: Buffer.from('text é🙂'), binary: false },
        { data: Buffer.from([0, 255, 128, 1]), binary: true },
        { data: Buffer.alloc(0), binary: false },
        { data: Buffer.alloc(0), binary: true },
        { data: Buffer.alloc(1024 * 1024, 'x'), binary: false },
        { data: Buffer.alloc(1024 * 1024, 0xfe), binary: true },
        { data: Buffer.from('{"type":"last"}'), binary: false },
      ];
      for (const { data, binary } of sent) client.socket.send(data, { binary });
      for (const { data, binary } of sent) server.socket.send(data, { binary });
      for (const got of [await server.receive(sent.length), await client.receive(sent.length)]) {
        assert.equal(got.length, sent.length);
        for (const [index, { data, binary }] of sent.entries()) {
          assert.equal(got[index]!.binary, binary, `kind of ${index}`);
          assert.ok(got[index]!.data.equals(data), `bytes of ${index}`);
        }
      }
    });

    it('property: any sequence of messages arrives as it was sent', async () => {
      const client = await tap.client();
      const server = await backend.side();
      const message = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }).map((text) => ({ data: Buffer.from(text), binary: false })),
        fc.json().map((text) => ({ data: Buffer.from(text), binary: false })),
        fc.uint8Array({ maxLength: 70_000 }).map((bytes) => ({ data: Buffer.from(bytes), binary: true })),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(message, { maxLength: 20 }), fc.boolean(), async (messages, up) => {
          const [from, to] = up ? [client, server] : [server, client];
          to.got.length = 0;
          for (const { data, binary } of messages) from.socket.send(data, { binary });
          const got = await to.receive(messages.length);
          assert.deepEqual(got.map(({ data, binary }) => [binary, data.toString('hex')]), messages.map(({ data, binary }) => [binary, data.toString('hex')]));
        }),
        { numRuns: 40 },
      );
    });

    it('that come in fragments arrive whole', async () => {
      const client = await RawClient.connect(tap.port);
      client.write(Buffer.from(handshake(tap.port, '/ws').request));
      assert.equal((await client.response()).status, 101);
      client.send({ opcode: OPCODE.text, payload: 'one ', fin: false }, { opcode: OPCODE.continuation, payload: 'two ', fin: false });
      client.send({ opcode: OPCODE.ping, payload: 'between' }, { opcode: OPCODE.continuation, payload: 'three' });
      const server = await backend.side();
      const [got] = await server.receive(1);
      assert.equal(got!.data.toString(), 'one two three');
      assert.equal(got!.binary, false);
      client.destroy();
    });

    it('that the client sends before the backend has answered arrive in order', async () => {
      let answer: (() => void) | undefined;
      backend.refuse = (request, socket) => {
        answer = () => {
          backend.refuse = undefined;
          backend.server.emit('upgrade', request, socket, Buffer.alloc(0));
        };
      };
      const client = await RawClient.connect(tap.port);
      client.write(Buffer.from(handshake(tap.port, '/ws').request));
      await until(() => answer !== undefined, 'the handshake at the backend');
      const texts = Array.from({ length: 2_000 }, (_, index) => `early ${index}`);
      client.write(Buffer.concat(texts.map((payload) => encodeFrame({ opcode: OPCODE.text, payload }))));
      answer!();
      assert.equal((await client.response()).status, 101);
      const server = await backend.side();
      const got = await server.receive(texts.length);
      assert.deepEqual(got.map(({ data }) => data.toString()), texts);
      client.destroy();
    });
  });

  describe('handshake', () => {
    it('offers the backend what the client offers, and answers with what it chose', async () => {
      const client = await tap.client('/ws', ['chat.v2', 'chat.v1']);
      await backend.side();
      assert.equal(backend.handshakes[0]!.headers['sec-websocket-protocol'], 'chat.v2,chat.v1');
      assert.equal(client.socket.protocol, 'chat.v2');
    });

    it('sends no empty list of subprotocols, and offers no extensions', async () => {
      await tap.client('/ws', [], { perMessageDeflate: true });
      await backend.side();
      const { rawHeaders } = backend.handshakes[0]!;
      const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      assert.ok(!names.includes('sec-websocket-protocol'), names.join());
      assert.ok(!names.includes('sec-websocket-extensions'), names.join());
    });

    it('leaves it to the client when the backend chooses none', async () => {
      const plain = await TestBackend.start({ handleProtocols: () => false });
      const other = await TestTap.start(plain.target);
      const client = await RawClient.connect(other.port);
      client.write(Buffer.from(handshake(other.port, '/ws', { 'Sec-WebSocket-Protocol': 'jwt.abc' }).request));
      const answer = await client.response();
      assert.equal(answer.status, 101);
      assert.equal(answer.headers.get('sec-websocket-protocol'), undefined);
      client.destroy();
      await other.stop();
      await plain.stop();
    });

    it('keeps path, query and headers of the app, with the Host of the backend', async () => {
      const client = await RawClient.connect(tap.port);
      const path = '/a%20b/../ws?thread_id=thread_1&token=its-own';
      client.write(Buffer.from(handshake(tap.port, path, { 'X-App': 'yes', 'User-Agent': 'probe/1', Origin: 'http://localhost:3000' }).request));
      assert.equal((await client.response()).status, 101);
      client.destroy();
      const { url, headers } = backend.handshakes[0]!;
      assert.equal(url, path);
      assert.equal(headers['x-app'], 'yes');
      assert.equal(headers['user-agent'], 'probe/1');
      assert.equal(headers.origin, 'http://localhost:3000');
      assert.equal(headers.host, `127.0.0.1:${backend.port}`);
      assert.match(headers.via ?? '', /^1\.1 thread-lens-/);
    });

    it('mirrors a refusal with status, headers and body, and leaves no leg open', async () => {
      backend.refuse = (_request, socket) => void socket.end('HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nnot today');
      const answer = await tap.raw(handshake(tap.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 429 Slow Down\r\n/);
      assert.match(answer, /\r\nRetry-After: 7\r\n/i);
      assert.ok(answer.endsWith('\r\n\r\nnot today'), answer);
      assert.equal(tap.tap.model.connections.size, 0);
    });

    it('ends the leg to a backend that refuses and keeps its connection open', async () => {
      let ended = 0;
      backend.refuse = (_request, socket) => {
        socket.resume().on('end', () => ended++);
        socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
      };
      const answer = await tap.raw(handshake(tap.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 403 /);
      await until(() => ended === 1, 'the end of the leg to the backend');
    });

    it('answers 502 to a backend that switches protocols to nothing, and ends the leg', async () => {
      let ended = 0;
      backend.refuse = (_request, socket) => {
        socket.resume().on('end', () => ended++);
        socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      };
      const answer = await tap.raw(handshake(tap.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 502 /);
      assert.match(answer, /"reason":"backend_bad_answer"/);
      await until(() => ended === 1, 'the end of the leg to the backend');
    });

    it('mirrors a refusal whose body comes in chunks', async () => {
      backend.refuse = (_request, socket) => void socket.end('HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n');
      const answer = await tap.raw(handshake(tap.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 403 /);
      assert.match(answer, /\r\ncontent-length: 6\r\n/i);
      assert.doesNotMatch(answer, /chunked/i);
      assert.ok(answer.endsWith('abcdef'));
    });

    it('does not follow a redirect', async () => {
      backend.refuse = (_request, socket) => void socket.end('HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n');
      const answer = await tap.raw(handshake(tap.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 302 Found\r\n/);
    });

    it('answers 502 with what is wrong while the backend is down', async () => {
      await backend.stop();
      const answer = await tap.raw(handshake(tap.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 502 Bad Gateway\r\n/);
      const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { error: Record<string, string> };
      assert.equal(error['reason'], 'backend_down');
      assert.match(error['expected'] ?? '', new RegExp(`127\\.0\\.0\\.1:${backend.port}`));
      assert.match(error['received'] ?? '', /ECONNREFUSED/);
      backend = await TestBackend.start();
    });

    it('answers 504 when the backend does not answer', async () => {
      const slow = await TestTap.start(backend.target, { limits: { backendHandshake: 60 } });
      backend.refuse = () => {};
      const answer = await slow.raw(handshake(slow.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 504 /);
      await slow.stop();
    });

    it('answers 504 when the backend does not come to the end of its answer', async () => {
      const quick = await TestTap.start(backend.target, { limits: { backendHandshake: 300 } });
      let dribble: NodeJS.Timeout | undefined;
      let ended = false;
      backend.refuse = (_request, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Slow: ');
        dribble = setInterval(() => socket.write('x'), 50);
        socket.resume().on('error', () => {}).on('close', () => (ended = true));
      };
      try {
        const answer = await quick.raw(handshake(quick.port, '/ws').request);
        assert.match(answer, /^HTTP\/1\.1 504 /);
        assert.match(answer, /timed out after 0\.3 s/);
        await until(() => ended, 'the end of the leg to the backend');
      } finally {
        clearInterval(dribble);
        await quick.stop();
      }
    });

    it('answers 502 to a backend that breaks the handshake', async () => {
      backend.refuse = (_request, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n');
      const answer = await tap.raw(handshake(tap.port, '/ws').request);
      assert.match(answer, /^HTTP\/1\.1 502 /);
      assert.match(answer, /backend_bad_answer/);
    });

    it('lets the backend go when the client leaves before the answer', async () => {
      let backendSocket: Socket | undefined;
      backend.refuse = (_request, socket) => {
        backendSocket = socket;
        socket.resume();
      };
      const client = await RawClient.connect(tap.port);
      client.write(Buffer.from(handshake(tap.port, '/ws').request));
      await until(() => backendSocket !== undefined, 'the handshake');
      client.socket.end();
      await until(() => backendSocket!.readableEnded || backendSocket!.destroyed, 'the end of the leg to the backend');
      client.destroy();
      backendSocket!.destroy();
    });
  });

  describe('closing', () => {
    for (const [code, reason] of [[1000, 'done'], [1001, ''], [1003, 'no'], [1011, 'kaputt'], [1012, 'restart'], [1013, 'later'], [3000, 'lib'], [4001, 'é🙂'], [4999, '']] as const) {
      it(`mirrors ${code} from the client and from the backend`, async () => {
        const client = await tap.client();
        const server = await backend.side();
        client.socket.close(code, reason);
        await server.closing();
        assert.deepEqual(server.closed, { code, reason });
        await client.closing();
        assert.deepEqual(client.closed, { code, reason });

        const second = await tap.client();
        const other = await backend.side(1);
        other.socket.close(code, reason);
        await second.closing();
        assert.deepEqual(second.closed, { code, reason });
        await other.closing();
        assert.deepEqual(other.closed, { code, reason });
      });
    }

    it('mirrors a close without a code as one', async () => {
      const client = await tap.client();
      const server = await backend.side();
      client.socket.close();
      await server.closing();
      assert.deepEqual(server.closed, { code: 1005, reason: '' });
      const second = await tap.client();
      (await backend.side(1)).socket.close();
      await second.closing();
      assert.deepEqual(second.closed, { code: 1005, reason: '' });
    });

    it('says 1011 to one side when the other broke', async () => {
      const client = await tap.client();
      const server = await backend.side();
      client.socket.terminate();
      await server.closing();
      assert.equal(server.closed!.code, 1011);
      assert.match(server.closed!.reason, /client broke/);
      const second = await tap.client();
      (await backend.side(1)).socket.terminate();
      await second.closing();
      assert.equal(second.closed!.code, 1011);
      assert.match(second.closed!.reason, /backend broke/);
    });

    it('mirrors a fault in the frames of one side', async () => {
      const client = await RawClient.connect(tap.port);
      client.write(Buffer.from(handshake(tap.port, '/ws').request));
      assert.equal((await client.response()).status, 101);
      const server = await backend.side();
      client.send({ opcode: OPCODE.text, payload: new Uint8Array([0xff, 0xfe]) });
      await server.closing();
      assert.equal(server.closed!.code, 1007);
      assert.equal((await client.closing()).code, 1007);
      client.destroy();
    });

    it('delivers what was sent before the close', async () => {
      const client = await tap.client();
      const server = await backend.side();
      for (let index = 0; index < 500; index++) server.socket.send(`message ${index}`);
      server.socket.close(4000, 'after them');
      await client.closing();
      assert.equal(client.got.length, 500);
      assert.deepEqual(client.closed, { code: 4000, reason: 'after them' });
    });

    it('leaves nothing open', async () => {
      const client = await tap.client();
      const server = await backend.side();
      client.socket.terminate();
      await server.closing();
      await until(() => tap.tap.model.connections.size === 0, 'no connections');
      await until(() => backend.sides.every((side) => side.socket.readyState === side.socket.CLOSED), 'closed legs');
    });
  });

  describe('pings', () => {
    it('pass end to end with what they carry, and so do pongs', async () => {
      const client = await tap.client();
      const server = await backend.side();
      client.socket.ping('from the client');
      await until(() => client.pongs.includes('from the client'), 'the pong of the backend');
      assert.ok(server.pings.includes('from the client'));
      server.socket.ping('from the backend');
      await until(() => server.pongs.includes('from the backend'), 'the pong of the client');
      assert.ok(client.pings.includes('from the backend'));
    });
  });

  describe('backpressure', () => {
    for (const who of ['client', 'backend'] as const) {
      it(`stops reading when the ${who} does not read, loses nothing, and disturbs nobody else`, async () => {
        const client = await tap.client();
        const server = await backend.side();
        const [from, to] = who === 'client' ? [server, client] : [client, server];
        to.socket.pause();
        const message = Buffer.alloc(256 * 1024, 'b');
        let written = 0;
        const total = 300;
        for (let index = 0; index < total; index++) from.socket.send(message, () => written++);
        // Kernel buffers and the tap's take some; the rest has to stay with who sends.
        await standstill(() => written);
        assert.ok(written < total / 2, `${written} of ${total} were taken`);
        const memory = [...tap.tap.model.connections.values()][0]!.info().bufferedBytes;
        assert.ok(memory < 8 * 1024 * 1024, `${memory} bytes wait in the tap`);
        const other = await tap.client();
        const second = await backend.side(1);
        second.socket.send('still quick');
        await other.receive(1);
        to.socket.resume();
        await to.receive(total);
        assert.ok(to.got.every(({ data }) => data.equals(message)));
      });
    }

    it('counts pings, too: a flood of them to who does not read stays with who sends', async () => {
      // ws ends who is pinged faster than it can answer.
      const client = await tap.client('/ws', [], { autoPong: false });
      const server = await backend.side();
      client.socket.pause();
      const data = Buffer.alloc(125, 'p');
      for (let index = 0; index < 250_000; index++) server.socket.ping(data);
      await standstill(() => server.socket.bufferedAmount);
      assert.ok(server.socket.bufferedAmount > 0, 'the flood stays with the backend');
      const [connection] = tap.tap.model.connections.values();
      assert.ok(connection!.info().bufferedBytes < 8 * 1024 * 1024, `${connection!.info().bufferedBytes} bytes wait in the tap`);
      client.socket.resume();
      await until(() => client.pings.length === 250_000, 'all pings', 8_000);
    });

    it('ends both legs although one of them does not read', async () => {
      const client = await tap.client();
      const server = await backend.side();
      client.socket.pause();
      for (let index = 0; index < 100; index++) server.socket.send(Buffer.alloc(256 * 1024));
      await until(() => server.socket.bufferedAmount > 0, 'backpressure');
      client.socket.terminate();
      await once(server.socket, 'close');
      await until(() => tap.tap.model.connections.size === 0, 'no connections');
    });
  });
});
