import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { createToken, TokenCheck } from '../../../src/router/gate/tokens';
import { isLoopbackHost } from '../../../src/router/gate/host-header';
import { OriginPolicy } from '../../../src/router/gate/origins';
import { LimitError, limitsWith } from '../../../src/router/limits';
import { Router } from '../../../src/router/router';
import { MemoryStore } from '../../../src/router/store/memory-store';
import { event, type Loose, type Peer, R1, T1, TestRouter, TOKEN, until } from './harness';

const UPGRADES = ['/ws', '/agent', '/inspect'];
const REQUESTS: [string, string][] = [
  ['POST', '/agent/events'],
  ['PUT', '/registry/runs/run_1'],
  ['GET', '/registry/runs/run_1'],
  ['DELETE', '/registry/runs/run_1'],
  ['GET', '/debug/health'],
  ['GET', '/debug/connections'],
  ['GET', '/debug/connections/x'],
  ['GET', '/debug/threads'],
  ['GET', '/debug/threads/x'],
  ['GET', '/debug/runs'],
  ['GET', '/debug/resolve?run_id=x'],
  ['GET', '/debug/deliveries'],
  ['POST', '/debug/deliveries/1/redeliver'],
  ['GET', '/debug/associations'],
  ['GET', '/debug/messages'],
  ['GET', '/debug/messages/1'],
  ['GET', '/metrics'],
  ['GET', '/ws'],
  ['GET', '/agent'],
  ['GET', '/inspect'],
  ['GET', '/'],
  ['GET', '/unknown'],
];

describe('router: security', () => {
  let test: TestRouter;
  beforeEach(async () => {
    test = await TestRouter.start({ allowedOrigins: ['https://app.example:8443'] });
  });
  afterEach(() => test.stop());

  const handshake = (path: string, headers: string[] = [`Host: 127.0.0.1:${test.port}`]): string =>
    `GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
  const status = async (path: string, headers?: string[]): Promise<number> => (await test.rawRequest(handshake(path, headers))).status;

  describe('SECURITY 1: bind', () => {
    it('SECURITY 1: listens on the loopback address only', async () => {
      const { Server } = await import('node:net');
      assert.ok(Server);
      assert.equal(new URL(test.url).hostname, '127.0.0.1');
      // The same port on another loopback address is free, so not all addresses are taken.
      const other = createServer();
      other.listen(test.port, '127.0.0.2');
      await once(other, 'listening');
      other.close();
    });

    it('SECURITY 1: beyond loopback every path needs the token, /ws too', async () => {
      const wide = await TestRouter.start({ host: '0.0.0.0' });
      try {
        const refused = await wide.rawRequest(`GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${wide.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
        assert.equal(refused.status, 401);
        const admitted = await wide.rawRequest(`GET /ws?token=${TOKEN} HTTP/1.1\r\nHost: 127.0.0.1:${wide.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
        assert.equal(admitted.status, 101);
      } finally {
        await wide.stop();
      }
    });
  });

  describe('SECURITY 2: token', () => {
    it('SECURITY 2: has at least 128 random bits and is new each time', () => {
      assert.ok(Buffer.from(createToken(), 'base64url').length >= 16);
      assert.notEqual(createToken(), createToken());
      // A command line would take one with a dash in front for an option.
      assert.deepEqual(Array.from({ length: 1_000 }, createToken).filter((token) => token.startsWith('-')), []);
    });

    it('SECURITY 2: is compared by digests of equal length, whatever is presented', () => {
      const check = new TokenCheck(TOKEN);
      assert.equal(check.isRight(TOKEN), true);
      fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => check.isRight(text) === (text === TOKEN)));
    });

    it('SECURITY 2: is accepted as header, subprotocol entry or query, and every one presented must be right', async () => {
      const host = `Host: 127.0.0.1:${test.port}`;
      assert.equal(await status(`/agent?token=${TOKEN}`), 101);
      assert.equal(await status('/agent', [host, `Authorization: Bearer ${TOKEN}`]), 101);
      assert.equal(await status('/agent', [host, `Sec-WebSocket-Protocol: token.${TOKEN}`]), 101);
      assert.equal(await status(`/agent?token=${TOKEN}&token=wrong`), 401);
      assert.equal(await status(`/agent?token=${TOKEN}`, [host, 'Authorization: Bearer wrong']), 401);
      for (const order of [[TOKEN, 'wrong'], ['wrong', TOKEN]]) {
        assert.equal(await status('/agent', [host, ...order.map((token) => `Authorization: Bearer ${token}`)]), 401);
      }
      assert.equal(await status('/agent?token='), 401);
      assert.equal(await status('/ws?token=wrong'), 401);
      assert.equal(await status('/agent', [host, `Authorization: Basic ${TOKEN}`]), 401);
    });

    it('SECURITY 2: an app under test keeps its own Authorization and subprotocols on /ws, and on /ws alone', async () => {
      const own = [`Host: 127.0.0.1:${test.port}`, 'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln', 'Sec-WebSocket-Protocol: jwt-auth, jwt.ZXk'];
      assert.equal(await status('/ws', own), 101);
      assert.equal(await status('/agent', own), 401);
      assert.equal(await status('/inspect', own), 401);
    });

    it('SECURITY 2: answers a subprotocol that was offered, another one when there is another', async () => {
      const alone = test.open('/agent', {}, [`token.${TOKEN}`]);
      await once(alone.socket, 'open');
      assert.equal(alone.socket.protocol, `token.${TOKEN}`);
      const beside = test.open('/ws', {}, [`token.${TOKEN}`, 'chat']);
      await beside.next();
      assert.equal(beside.socket.protocol, 'chat');
    });

    it('SECURITY 2: appears nowhere: not in refusals, logs, views or the journal', async () => {
      const secret = 'wrong-secret-0123456789';
      const refused = await test.rawRequest(handshake(`/agent?token=${secret}`));
      assert.equal(refused.body.includes(secret), false);
      const client = await test.client(`token=${TOKEN}`, { headers: { cookie: 'session=abc', authorization: `Bearer ${TOKEN}` } });
      const id = client.messages[0]!['connection_id'] as string;
      const views = await Promise.all(['/debug/health', '/debug/connections', `/debug/connections/${id}`, '/debug/messages', '/metrics'].map((path) => test.http('GET', path)));
      for (const view of views) {
        assert.equal(view.status, 200);
        assert.equal(view.text.includes(TOKEN) || view.text.includes('session=abc'), false, view.text);
      }
      assert.equal(test.logged.join('\n').includes(secret), false);
    });
  });

  it('SECURITY 3: refuses before the handshake, with a text, and ends the socket', async () => {
    const answer = await test.rawRequest(handshake('/agent'));
    assert.equal(answer.status, 401);
    assert.match(answer.head, /connection: close/);
    assert.match(JSON.parse(answer.body).error.expected, /Bearer/);
    assert.equal(test.router.model.agents, 0);
    const socket = await test.tcp();
    socket.resume();
    socket.write(handshake('/agent'));
    await until(() => socket.closed, 'the end of the socket');
  });

  describe('SECURITY 4: Origin', () => {
    const host = (): string => `Host: 127.0.0.1:${test.port}`;

    for (const origin of ['http://localhost:3000', 'http://127.0.0.1', 'https://localhost', 'http://[::1]:5173', 'https://app.example:8443']) {
      it(`SECURITY 4: /ws admits a page of ${origin} without token`, async () => {
        assert.equal(await status('/ws', [host(), `Origin: ${origin}`]), 101);
      });
    }

    for (const origin of [
      'null', 'file://', 'https://evil.example', 'http://localhost.evil.example', 'http://evil-localhost', 'http://127.0.0.1.evil.example', 'http://127.0.0.2', 'http://192.168.1.1',
      'http://localhost@evil.example', 'http://evil.example#localhost', 'http://evil.example?localhost', 'http://localhost:3000, http://evil.example', 'chrome-extension://abcdef', 'vscode-webview://abc',
      'https://app.example', 'http://app.example:8443', 'https://app.example:8444', 'https://sub.app.example:8443', 'https://app.example:8443.evil.example', 'http://localhost6', 'http://0.0.0.0', 'http://2130706433',
      '', 'localhost', 'ftp://localhost', 'http://localhost./',
    ]) {
      it(`SECURITY 4: /ws refuses a page of ${JSON.stringify(origin)}, with the right token too`, async () => {
        assert.equal(await status('/ws', [host(), `Origin: ${origin}`]), 403);
        assert.equal(await status(`/ws?token=${TOKEN}`, [host(), `Origin: ${origin}`]), 403);
      });
    }

    it('SECURITY 4: elsewhere even a loopback page is refused, and an allowed one needs the token', async () => {
      for (const path of ['/agent', '/inspect']) {
        assert.equal(await status(`${path}?token=${TOKEN}`, [host(), 'Origin: http://localhost:3000']), 403);
        assert.equal(await status(path, [host(), 'Origin: https://app.example:8443']), 401);
        assert.equal(await status(`${path}?token=${TOKEN}`, [host(), 'Origin: https://app.example:8443']), 101);
      }
    });

    it('SECURITY 4: two Origin headers are one too many', async () => {
      assert.equal(await status('/ws', [host(), 'Origin: http://localhost:3000', 'Origin: http://localhost:3000']), 403);
    });

    it('SECURITY 4: no origin passes that does not equal an allowed one', () => {
      const policy = new OriginPolicy(['https://app.example:8443', 'http://plain.example']);
      fc.assert(
        fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.constantFrom('', '.', '@', ':', '/', '#'), fc.constantFrom('https://app.example:8443', 'http://plain.example'), (url, glue, allowed) => {
          assert.equal(policy.isAllowed(url), false);
          assert.equal(policy.isAllowed(`${url}${glue}${allowed}`), false);
          assert.equal(policy.isAllowed(`${allowed}${glue || '.'}${url}`), false);
        }),
      );
      assert.equal(policy.isAllowed('HTTPS://App.Example:8443'), true);
      assert.equal(policy.isAllowed('http://plain.example:80'), true);
    });
  });

  describe('SECURITY 5: Host', () => {
    for (const good of ['127.0.0.1', 'localhost', '[::1]', '127.0.0.1:8787', 'localhost:1', '[::1]:65535']) {
      it(`SECURITY 5: ${good} is this machine`, async () => {
        assert.equal(await status('/ws', [`Host: ${good}`]), 101);
        assert.equal((await test.rawRequest(`GET /debug/health HTTP/1.1\r\nHost: ${good}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`)).status, 200);
      });
    }

    for (const bad of [
      'rebound.example', 'localhost6', 'localhost.evil', 'localhost.', '127.0.0.1.', '', '127.0.0.1.evil.example', '0.0.0.0', '127.0.0.2', '::1', '[::1', 'localhost:', 'localhost:0', 'localhost:65536', 'localhost:80:80',
      'evil.example@localhost', 'localhost/', ' localhost evil', '2130706433', '[::ffff:127.0.0.1]',
    ]) {
      it(`SECURITY 5: refuses Host ${JSON.stringify(bad)} on requests and upgrades, as after rebinding`, async () => {
        const upgrade = await test.rawRequest(handshake(`/ws?token=${TOKEN}`, [`Host: ${bad}`]));
        assert.ok(upgrade.status === 403 || upgrade.status === 400, String(upgrade.status));
        const request = await test.rawRequest(`GET /debug/health?token=${TOKEN} HTTP/1.1\r\nHost: ${bad}\r\n\r\n`);
        assert.ok(request.status === 403 || request.status === 400, String(request.status));
      });
    }

    it('SECURITY 5: refuses a missing and a repeated Host, and a target with a host of its own', async () => {
      assert.equal(await status('/ws', ['X-Nothing: 1']), 403);
      assert.equal(await status('/ws', [`Host: 127.0.0.1:${test.port}`, `Host: 127.0.0.1:${test.port}`]), 403);
      assert.equal((await test.rawRequest(`GET http://evil.example/ws HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)).status, 400);
      assert.equal((await test.rawRequest(`GET //evil.example/ws HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)).status, 400);
      assert.equal((await test.rawRequest('GET /ws HTTP/1.0\r\n\r\n')).status, 403);
    });

    it('SECURITY 5: a loopback address that is listened on is this machine, too', async () => {
      await test.stop();
      test = await TestRouter.start({ host: '127.0.0.2' });
      assert.equal((await test.http('GET', '/debug/health')).status, 200);
      await test.client();
      for (const host of ['127.0.0.3', '127.0.0.20', '127.0.0.2.evil.test', '127.0.0.2:0', '127.0.0.2@evil.test']) assert.equal(isLoopbackHost(host, '127.0.0.2'), false, host);
    });

    it('SECURITY 5: no other name passes', () => {
      fc.assert(fc.property(fc.domain(), fc.option(fc.nat(70_000)), (name, port) => !isLoopbackHost(port === null ? name : `${name}:${port}`)));
    });
  });

  describe('SECURITY 6: one gate for every path', () => {
    for (const [method, path] of REQUESTS) {
      it(`SECURITY 6: ${method} ${path} refuses a stranger, a wrong token, a wrong Host and a foreign page`, async () => {
        const head = (headers: string[]): string => `${method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
        const host = `Host: 127.0.0.1:${test.port}`;
        const token = `Authorization: Bearer ${TOKEN}`;
        assert.equal((await test.rawRequest(head([host]))).status, 401);
        assert.equal((await test.rawRequest(head([host, 'Authorization: Bearer wrong']))).status, 401);
        assert.equal((await test.rawRequest(head(['Host: rebound.example', token]))).status, 403);
        assert.equal((await test.rawRequest(head([host, token, 'Origin: https://evil.example']))).status, 403);
        assert.equal((await test.rawRequest(head([host, token, 'Sec-Fetch-Site: cross-site']))).status, 403);
        assert.equal((await test.rawRequest(head([host, token, 'Sec-Fetch-Site: none', 'Sec-Fetch-Site: cross-site']))).status, 403);
        const passed = (await test.rawRequest(head([host, token]))).status;
        assert.ok(passed !== 401 && passed !== 403, String(passed));
      });
    }

    for (const path of [...UPGRADES, '/', '/unknown', '/ws/', '/WS', '/metrics']) {
      it(`SECURITY 6: the upgrade of ${path} refuses strangers`, async () => {
        if (path !== '/ws') assert.equal(await status(path), 401);
        assert.equal(await status(`${path}?token=wrong`), 401);
        assert.equal(await status(`${path}?token=${TOKEN}`, ['Host: rebound.example']), 403);
        assert.equal(await status(`${path}?token=${TOKEN}`, [`Host: 127.0.0.1:${test.port}`, 'Origin: https://evil.example']), 403);
        assert.equal(await status(`${path}?token=${TOKEN}`), UPGRADES.includes(path) ? 101 : 404);
      });
    }
  });

  describe('SECURITY 7: HTTP', () => {
    it('SECURITY 7: GET changes nothing', async () => {
      const agent = await test.agent();
      await agent.deliver({});
      const before = JSON.stringify(test.router.model.counters());
      for (const [method, path] of REQUESTS) if (method === 'GET') await test.http('GET', path);
      await test.http('GET', `/debug/resolve?run_id=${T1}_run_2_9adf1f09`);
      assert.equal(JSON.stringify(test.router.model.counters()), before);
      assert.equal((await test.http('GET', `/registry/runs/${T1}_run_2_9adf1f09`)).status, 404);
    });

    it('SECURITY 7: what changes something must be declared as JSON', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx', 'text/json']) {
        const answer = await test.http('POST', '/agent/events', { raw: '{}', headers: { 'content-type': type } });
        assert.equal(answer.status, 415, type);
      }
    });

    it('SECURITY 7: answers carry the protective headers and none for other origins', async () => {
      for (const answer of [await test.http('GET', '/debug/health'), await test.http('GET', '/nothing'), await test.http('GET', '/debug/health', { token: null }), await test.http('OPTIONS', '/debug/health')]) {
        assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
        assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin');
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        assert.deepEqual([...answer.headers.keys()].filter((name) => name.startsWith('access-control')), []);
        assert.ok(answer.status < 300 || answer.status >= 400, 'no redirects');
      }
    });

    it('SECURITY 7: a body over the cap is refused, declared or not', async () => {
      const large = `{"x":"${'y'.repeat(1_048_577)}"}`;
      assert.equal((await test.http('POST', '/agent/events', { raw: large })).status, 413);
      const socket = await test.tcp();
      let answer = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      socket.write(`POST /agent/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
      for (let n = 0; n < 20 && socket.writable; n++) socket.write(`10000\r\n${'z'.repeat(0x10000)}\r\n`);
      await until(() => answer.includes('\r\n\r\n'), 'an answer');
      assert.match(answer, /^HTTP\/1\.1 413/);
    });

    it('SECURITY 7: there are no files and no redirects under any path', async () => {
      for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/index.html', '/debug/../metrics/', '/%', '/debug/connections/%ff']) {
        const { status } = await test.rawRequest(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
        assert.ok(status === 404 || status === 400, `${path}: ${status}`);
      }
    });
  });

  describe('SECURITY 9: limits', () => {
    it('SECURITY 9: a message over the limit ends its connection with 1009 and a reason', async () => {
      const client = await test.client();
      client.send('x'.repeat(1_048_577));
      await client.closing();
      assert.deepEqual(client.closed, { code: 1009, reason: 'message too large' });
    });

    it('SECURITY 9: compression is not negotiated, so a bomb stays as large as it is on the wire', async () => {
      const answer = await test.rawRequest(handshake('/ws', [`Host: 127.0.0.1:${test.port}`, 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits']));
      assert.equal(answer.status, 101);
      assert.doesNotMatch(answer.head, /permessage-deflate/i);
      const socket = await test.tcp();
      let head = '';
      let closing: Buffer | undefined;
      socket.on('data', (chunk: Buffer) => {
        if (head.includes('\r\n\r\n')) closing = chunk;
        head += chunk.toString('latin1');
      });
      socket.write(handshake('/ws'));
      await until(() => head.includes('connection_established'), 'the welcome');
      const bomb = deflateRawSync(Buffer.alloc(50_000_000, 0x20));
      assert.ok(bomb.length < 65_536);
      const frame = Buffer.alloc(8 + bomb.length);
      frame[0] = 0xc1;
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(bomb.length, 2);
      bomb.copy(frame, 8);
      socket.write(frame);
      await until(() => closing !== undefined, 'a close frame');
      assert.equal(closing?.[0], 0x88);
      assert.equal(closing?.readUInt16BE(2), 1002);
    });

    it('SECURITY 9: a bomb of HTTP compression is not read', async () => {
      const answer = await test.http('POST', '/agent/events', { raw: '{}', headers: { 'content-encoding': 'gzip' } });
      assert.equal(answer.status, 415);
    });

    it('SECURITY 9: connections, agents, threads, IDs and headers are bounded', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { connections: 2, agents: 1, inspectors: 1, threadsPerConnection: 2, threads: 3 } });
      const [first, second] = [await test.client(), await test.client()];
      assert.equal(await status('/ws'), 503);
      await test.agent();
      assert.equal(await status(`/agent?token=${TOKEN}`), 503);
      const inspector = test.open(`/inspect?token=${TOKEN}`);
      await inspector.next();
      assert.equal(await status(`/inspect?token=${TOKEN}`), 503);
      for (const thread of ['a', 'b']) first.send({ type: 'subscribe', thread_id: thread });
      first.send({ type: 'subscribe', thread_id: 'c' });
      assert.match((await first.nextOf('error'))['expected'], /at most 2 threads for one connection/);
      second.send({ type: 'subscribe', thread_id: 'c' });
      second.send({ type: 'subscribe', thread_id: 'd' });
      assert.match((await second.nextOf('error'))['expected'], /at most 3 threads/);
      assert.equal(await status(`/ws?user_id=${'u'.repeat(2_000)}`), 503);
      first.socket.close();
      await first.closing();
      assert.equal(await status(`/ws?user_id=${'u'.repeat(2_000)}`), 400);
      assert.equal(await status('/ws?user_id=a%0d%0ab'), 400);
      assert.equal((await test.rawRequest(`GET /ws?x=${'y'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).status, 431);
    });

    it('SECURITY 9: what a client calls its message is bounded, because timelines, journal and association log keep it', async () => {
      const client = await test.client(`thread_id=${T1}`);
      client.send({ type: 't'.repeat(1_025), thread_id: 'thread_b' });
      const error = await client.next();
      assert.deepEqual([error['reason'], error['expected'], error['received']], ['bad_type', 'at most 1024 characters', '1025 characters']);
      for (const type of ['unsubscribe', 'chat']) {
        client.send({ type, thread_id: 't'.repeat(1_025) });
        assert.equal((await client.next())['reason'], 'bad_thread_id', type);
      }
      client.send({ type: 't'.repeat(1_024), thread_id: 't'.repeat(1_024) });
      assert.deepEqual((await client.next())['threads'], ['t'.repeat(1_024)]);
      for (const path of ['associations', 'messages']) assert.doesNotMatch((await test.http('GET', `/debug/${path}`)).text, /t{1025}/, path);
    });

    it('SECURITY 9: idle threads make room for new ones', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { threads: 3 } });
      const client = await test.client();
      for (let n = 0; n < 50; n++) {
        client.send({ type: 'switch_thread', thread_id: `thread_${n}` });
        await client.nextOf('thread_switched');
      }
      assert.ok(test.router.model.threads.size <= 3);
    });

    it('SECURITY 9: a client that talks too fast is closed with 1008', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { clientMessagesPerSecond: 10 } });
      const client = await test.client();
      for (let n = 0; n < 100; n++) client.send({ type: 'chat' });
      await client.closing();
      assert.equal(client.closed?.code, 1008);
      assert.match(client.closed?.reason ?? '', /at most 10 a second/);
    });

    it('SECURITY 9: sockets that never finish a handshake are bounded', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { pendingHandshakes: 3 } });
      const sockets = await Promise.all(Array.from({ length: 6 }, () => test.tcp()));
      for (const socket of sockets) socket.resume();
      await until(() => sockets.filter((socket) => socket.closed).length >= 3, 'three to be turned away');
      sockets.forEach((socket) => socket.destroy());
    });

    it('SECURITY 9: a socket whose request cannot be read is let go, though its peer keeps it open', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { pendingHandshakes: 2 } });
      for (let n = 0; n < 4; n++) {
        const socket = connect({ port: test.port, host: '127.0.0.1', allowHalfOpen: true });
        test.raw.push(socket);
        let answer = '';
        socket.on('error', () => {}).on('data', (chunk: Buffer) => (answer += chunk.toString()));
        socket.write('no request at all\r\n\r\n');
        await until(() => answer.startsWith('HTTP/1.1 400 '), 'an answer');
      }
      assert.equal((await test.http('GET', '/debug/health')).status, 200);
    });

    it('SECURITY 9: a limit that bounds nothing is refused', () => {
      assert.throws(() => limitsWith({ connections: 0 }), LimitError);
      assert.throws(() => limitsWith({ connections: Number.NaN }), LimitError);
      assert.throws(() => limitsWith({ colour: 1 }), LimitError);
    });
  });

  describe('SECURITY 10: slow clients', () => {
    const big = { x: 'y'.repeat(60_000) };

    async function stalled(): Promise<Peer> {
      const peer = await test.client(`thread_id=${T1}`);
      peer.socket.pause();
      return peer;
    }

    it('SECURITY 10: above the soft mark events are dropped with a visible counter, and others get everything', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { softBufferBytes: 200_000 } });
      const slow = await stalled();
      const fast = await test.client(`thread_id=${T1}`);
      const agent = await test.agent();
      let last = await agent.deliver({ payload: big });
      for (let n = 0; n < 400 && last.connections === 2; n++) last = await agent.deliver({ payload: big });
      assert.equal(last.connections, 1, 'the slow one is no longer counted');
      const sent = test.router.model.totals.delivered;
      await until(() => fast.texts.filter((text) => text.includes('agent_started')).length === sent, 'everything at the fast one');
      const id = slow.messages[0]!['connection_id'] as string;
      const { json } = await test.http('GET', `/debug/connections/${id}`);
      assert.ok(json.dropped > 0 && json.buffered_bytes > 200_000);
      assert.ok(json.timeline.some((moment: { what: string }) => moment.what === 'missed_event'));
      assert.match((await test.http('GET', '/metrics')).text, /thread_lens_dropped_total [1-9]/);
    });

    it('SECURITY 10: when everybody on a thread is slow events wait, and arrive in order when it reads again', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { softBufferBytes: 200_000, waitingBytesPerThread: 50_000_000 } });
      const slow = await stalled();
      const agent = await test.agent();
      let n = 0;
      let receipt = await agent.deliver({ n: n++, payload: big });
      while (receipt.outcome === 'delivered' && n < 400) receipt = await agent.deliver({ n: n++, payload: big });
      assert.equal(receipt.outcome, 'queued');
      assert.match(receipt.reason ?? '', /reads too slowly/);
      for (let more = 0; more < 5; more++) await agent.deliver({ n: n++, payload: big });
      slow.socket.resume();
      await until(() => slow.messages.filter((message) => message['type'] === 'agent_started').length === n, 'all events');
      assert.deepEqual(slow.messages.filter((message) => message['type'] === 'agent_started').map((message) => message['n']), Array.from({ length: n }, (_, index) => index));
    });

    it('SECURITY 10: an event that grew too old on a thread where everybody is slow does not say that nobody was there', async () => {
      let skipped = 0;
      await test.stop();
      test = await TestRouter.start({ limits: { softBufferBytes: 200_000 }, clock: () => Date.now() + skipped });
      await stalled();
      const agent = await test.agent();
      let receipt = await agent.deliver({ payload: big });
      for (let n = 0; n < 400 && receipt.outcome === 'delivered'; n++) receipt = await agent.deliver({ payload: big });
      skipped = 3_600_000;
      await until(() => test.router.model.waiting === 0, 'the event to expire');
      const { reason, received } = (await test.http('GET', '/debug/deliveries?outcome=undeliverable')).json.deliveries[0];
      assert.deepEqual([reason, received], ['Nobody took it within 600 s.', '1 on it with more than 200000 unread bytes']);
    });

    it('SECURITY 10: a soft mark below what a stream buffers unasked lets it go on, too', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { softBufferBytes: 1_000, waitingPerThread: 10_000 } });
      const slow = await stalled();
      const agent = await test.agent();
      let receipt = await agent.deliver({});
      for (let n = 0; n < 2_000 && receipt.outcome === 'delivered'; n++) receipt = await agent.deliver({ payload: { x: 'y'.repeat(20_000) } });
      assert.equal(receipt.outcome, 'queued');
      slow.socket.resume();
      await until(() => test.router.model.waiting === 0, 'what waited to go out');
    });

    it('SECURITY 10: above the hard mark it is closed with 1013', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { softBufferBytes: 10_000_000, hardBufferBytes: 1_000_000 } });
      const slow = await stalled();
      const id = slow.messages[0]!['connection_id'] as string;
      const agent = await test.agent();
      for (let n = 0; n < 300 && test.router.model.connections.size > 0; n++) await agent.deliver({ payload: big });
      assert.equal(test.router.model.connections.size, 0);
      const { json } = await test.http('GET', `/debug/connections/${id}`);
      assert.equal(json.close_code, 1013);
      assert.match(json.close_reason, /reads too slowly/);
    });

    it('SECURITY 10: answers that are not read count as events do', async () => {
      const slow = await stalled();
      const id = slow.messages[0]!['connection_id'] as string;
      const connection = test.router.model.connections.get(id)!;
      for (let n = 0; n < 40; n++) slow.send({ type: 'ping', id: 'x'.repeat(500_000) });
      await until(() => !connection.open || connection.messagesReceived >= 40, 'all messages to be read');
      const { json } = await test.http('GET', `/debug/connections/${id}`);
      assert.deepEqual([json.open, json.close_code], [false, 1013]);
      assert.match(json.close_reason, /reads too slowly/);
    });

    it('SECURITY 10: one that is closed while it joins or leaves a thread is on none afterwards', async () => {
      await test.stop();
      test = await TestRouter.start({ limits: { softBufferBytes: 50_000, hardBufferBytes: 60_000 } });
      for (const request of [{ type: 'subscribe', thread_id: 'thread_b' }, { type: 'unsubscribe', thread_id: T1 }]) {
        const slow = await stalled();
        const connection = test.router.model.connections.get(slow.messages[0]!['connection_id'] as string)!;
        const agent = await test.agent();
        while (connection.socket.writableLength === 0) await agent.deliver({ payload: { text: 'x'.repeat(40_000) } });
        // A full chunk says that more comes at once, so its events go out with whatever the next one brings.
        const bare = JSON.stringify(event({ payload: { text: '' } }));
        agent.send(event({ payload: { text: 'x'.repeat(65_536 - 8 - bare.length) } }));
        slow.send(request);
        await until(() => !connection.open, 'the end of the connection');
        const b = `thread_b_run_1756919162904_9adf1f0${request.type.length}`;
        for (const run_id of [R1, b]) assert.equal((await agent.deliver({ run_id })).outcome, 'queued', request.type);
        assert.equal(test.router.model.unassociated, 0);
      }
    });
  });

  it('SECURITY 11: a half-open client disappears after two missed pings, a reading one stays', async () => {
    await test.stop();
    test = await TestRouter.start({ limits: { heartbeatInterval: 50 } });
    const alive = await test.client();
    const dead = await test.client('', { autoPong: false });
    await until(() => dead.closed !== undefined, 'the dead one to be ended');
    assert.equal(dead.closed?.code, 1006);
    await alive.settle();
    assert.equal(test.router.model.connections.size, 1);
    const connection = [...test.router.model.connections.values()][0]!;
    await until(() => connection.latencyMs !== undefined, 'a round trip');
  });

  describe('SECURITY 12: bodies are data', () => {
    it('SECURITY 12: depth is bounded and __proto__ inert', async () => {
      const agent = await test.agent();
      agent.send(`{"type":"a","run_id":"r","payload":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`);
      assert.match((await agent.next())['received'], /more than 64 levels/);
      agent.send(event({ run_id: '__proto__', request_id: 1 }));
      assert.equal((await agent.next())['outcome'], 'undeliverable');
      agent.send('{"type":"a","__proto__":{"run_id":"thread_evil"},"request_id":2}');
      assert.equal((await agent.next())['outcome'], 'rejected');
      assert.equal(({} as Record<string, unknown>)['run_id'], undefined);
      for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
        assert.equal((await test.http('PUT', `/registry/runs/${id}`, { body: { thread_id: '__proto__' } })).status, 201);
        assert.equal((await test.http('GET', `/registry/runs/${id}`)).json.thread_id, '__proto__');
      }
    });
  });

  it('SECURITY 15: bodies are shown without secrets, over HTTP and over the inspection protocol', async () => {
    await test.client(`thread_id=${T1}`);
    const agent = await test.agent();
    await agent.deliver({ payload: { password: 'hunter22', nested: { api_key: 'sk-123456789' }, note: 'authorization: Bearer abcdefgh12345678' } });
    const { json } = await test.http('GET', '/debug/messages?direction=in');
    const body = await test.http('GET', `/debug/messages/${json.messages.find((message: Loose) => message.peer === 'agent').seq}`);
    assert.ok(body.json.body.text.includes('agent_started'));
    for (const secret of ['hunter22', 'sk-123456789', 'abcdefgh12345678']) assert.equal(body.text.includes(secret), false, secret);
    const found = await test.http('GET', '/debug/messages?text=hunter22');
    assert.deepEqual(found.json.messages, [], 'a search does not confirm a secret');
  });

  describe('SECURITY 17: stop', () => {
    it('SECURITY 17: leaves no listener, socket or timer within a second, whatever is open', async () => {
      const client = await test.client(`thread_id=${T1}`);
      const agent = await test.agent();
      const inspector = test.open(`/inspect?token=${TOKEN}`);
      await inspector.next();
      const idle = await test.tcp();
      idle.resume();
      const stalled = await test.client();
      stalled.socket.pause();
      const began = Date.now();
      await test.router.stop();
      assert.ok(Date.now() - began < 1_000, `${Date.now() - began} ms`);
      await until(() => client.closed !== undefined && agent.closed !== undefined && inspector.closed !== undefined, 'closings');
      assert.equal(client.closed?.code, 1001);
      assert.equal(client.closed?.reason, 'the router stops');
      await test.router.stop();
      const next = new Router({ host: '127.0.0.1', port: test.port, token: TOKEN, allowedOrigins: [], dialect: 'fix', version: '', store: new MemoryStore() });
      assert.equal((await next.start()).port, test.port);
      await next.stop();
    });

    it('SECURITY 17: leaves no handle behind, start after start', async () => {
      await test.stop();
      const handles = (): string => process.getActiveResourcesInfo().filter((kind) => kind !== 'Timeout' && kind !== 'Immediate').sort().join();
      const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
      await until(() => !handles().includes('TCP'), 'sockets of tests before to end');
      const [before, timersBefore] = [handles(), timers()];
      for (let round = 0; round < 3; round++) {
        const router = await TestRouter.start();
        const client = await router.client(`thread_id=${T1}`);
        const agent = await router.agent();
        await agent.deliver({});
        await client.nextOf('agent_started');
        const mute = await router.tcp();
        mute.resume();
        mute.write(`GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
        await until(() => router.router.model.connections.size === 2, 'a client that never answers the closing handshake');
        await router.router.stop();
        assert.ok(timers() <= timersBefore + 1, `${timers()} timers right after the stop, ${timersBefore} before`);
        await router.stop();
        await client.closing();
        await agent.closing();
      }
      await until(() => handles() === before, 'the handles as before');
      assert.ok(timers() <= timersBefore, `${timers()} timers, ${timersBefore} before`);
      test = await TestRouter.start();
    });

    it('SECURITY 17: a port in use is a clear error that leaves nothing behind', async () => {
      const second = new Router({ host: '127.0.0.1', port: test.port, token: TOKEN, allowedOrigins: [], dialect: 'fix', version: '', store: new MemoryStore() });
      await assert.rejects(second.start(), { code: 'EADDRINUSE' });
      await second.stop();
    });
  });

  it('SECURITY 18: simulation, disconnection and redelivery need the token', async () => {
    const client = await test.client();
    const id = client.messages[0]!['connection_id'] as string;
    const stranger = test.open('/inspect');
    await until(() => stranger.status !== undefined, 'a refusal');
    assert.equal(stranger.status, 401);
    assert.equal((await test.http('POST', '/debug/deliveries/1/redeliver', { token: null, body: {} })).status, 401);
    assert.equal((await test.http('POST', '/agent/events', { token: null, body: event() })).status, 401);
    const inspector = test.open(`/inspect?token=${TOKEN}`);
    inspector.socket.on('open', () => inspector.send({ type: 'request', id: 1, method: 'disconnect', params: { connectionId: id, code: 4000, reason: 'kicked' } }));
    await inspector.nextOf('reply');
    await client.closing();
    assert.deepEqual(client.closed, { code: 4000, reason: 'kicked' });
  });
});
