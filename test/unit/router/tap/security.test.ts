import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { WebSocketServer } from 'ws';
import { DEFAULT_FIELD_PATHS } from '../../../../src/core/index';
import { TargetAddressError } from '../../../../src/router/tap/target-addresses';
import { readTapTarget, TapTargetError } from '../../../../src/router/tap/tap-target';
import { Tap } from '../../../../src/router/tap/tap';
import { handshake, OPCODE, RawClient } from '../interop/raw-client';
import { until } from '../harness';
import { TestBackend, TestTap, TOKEN } from './tap-harness';

const OWN = ['/__thread-lens', '/__thread-lens/inspect', '/__thread-lens/debug/health', '/__thread-lens/debug/connections', '/__thread-lens/debug/threads', '/__thread-lens/debug/runs', '/__thread-lens/unknown'];
const PROXIED = ['/', '/ws', '/inspect', '/agent', '/debug/health', '/api/threads'];

describe('tap: security', () => {
  let backend: TestBackend;
  let tap: TestTap;
  beforeEach(async () => {
    backend = await TestBackend.start();
    tap = await TestTap.start(backend.target, { allowedOrigins: ['https://app.example:8443'] });
  });
  afterEach(async () => {
    await tap.stop();
    await backend.stop();
  });

  const status = async (kind: 'http' | 'upgrade', path: string, headers: Record<string, string | undefined> = {}): Promise<number> => {
    const host = { Host: `127.0.0.1:${tap.port}`, ...headers };
    const lines = Object.entries(host).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
    const text = kind === 'upgrade' ? handshake(tap.port, path, host).request : `GET ${path} HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`;
    return Number((await tap.raw(text)).slice(9, 12));
  };

  it('SECURITY 1: listens on 127.0.0.1 only', async () => {
    assert.equal(new URL(tap.url).hostname, '127.0.0.1');
    const other = createServer().listen(tap.port, '127.0.0.2');
    await once(other, 'listening');
    other.close();
  });

  it('SECURITY 2, 6: its own paths need the token, over HTTP and upgrades; a wrong one is not logged', async () => {
    for (const path of OWN) {
      for (const kind of ['http', 'upgrade'] as const) {
        assert.equal(await status(kind, path), 401, `${kind} ${path} without a token`);
        assert.equal(await status(kind, `${path}?token=wrong-token-0123456789`), 401, `${kind} ${path} with a wrong one`);
        assert.notEqual(await status(kind, `${path}?token=${TOKEN}`), 401, `${kind} ${path} with the right one`);
        assert.notEqual(await status(kind, path, { Authorization: `Bearer ${TOKEN}` }), 401, `${kind} ${path} by header`);
      }
    }
    assert.equal(backend.handshakes.length + backend.requests.length, 0);
    assert.ok(!tap.logged.some((line) => line.includes('wrong-token')));
  });

  it('SECURITY 3: refuses in the upgrade handler, before anything becomes a socket or reaches the backend', async () => {
    assert.equal(await status('upgrade', '/ws', { Origin: 'https://evil.example' }), 403);
    assert.equal(backend.handshakes.length, 0);
    assert.equal(tap.tap.model.connections.size, 0);
  });

  it('SECURITY 4, 6: every path refuses pages of other origins', async () => {
    for (const path of [...OWN, ...PROXIED]) {
      for (const origin of ['https://evil.example', 'null', 'https://app.example:8443.evil.example', 'https://app.example', 'file://', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'vscode-webview://x']) {
        for (const kind of ['http', 'upgrade'] as const) assert.equal(await status(kind, `${path}?token=${TOKEN}`, { Origin: origin }), 403, `${kind} ${path} from ${origin}`);
      }
    }
    assert.equal(backend.handshakes.length + backend.requests.length, 0);
  });

  it('SECURITY 4: what is proxied serves loopback pages, allowed ones, and who sends no Origin', async () => {
    for (const origin of [undefined, 'http://localhost:3000', 'http://127.0.0.1:5173', 'http://[::1]:80', 'https://app.example:8443']) {
      assert.equal(await status('upgrade', '/ws', { Origin: origin }), 101, origin);
      assert.equal(await status('http', '/api', { Origin: origin }), 200, origin);
    }
    // A loopback page is no inspector: without being allowed it gets nothing of the tap itself, token or not.
    for (const path of OWN) assert.equal(await status('upgrade', `${path}?token=${TOKEN}`, { Origin: 'http://localhost:3000' }), 403, path);
  });

  it('SECURITY 5: only a loopback Host is served, on every path', async () => {
    for (const path of [...OWN, ...PROXIED]) {
      for (const host of ['evil.example', 'localhost6', 'localhost.evil', '127.0.0.1.', 'localhost.', '', '127.0.0.2', '0.0.0.0', undefined]) {
        for (const kind of ['http', 'upgrade'] as const) assert.equal(await status(kind, `${path}?token=${TOKEN}`, { Host: host }), 403, `${kind} ${path} for ${host}`);
      }
      const twice = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
      assert.match(await tap.raw(twice), /^HTTP\/1\.1 40[03] /);
    }
    assert.equal(backend.handshakes.length + backend.requests.length, 0);
  });

  it('SECURITY 7: its own answers may be read by no page; a page of another site gets nothing through', async () => {
    const answer = await fetch(`${tap.url}/__thread-lens/debug/health`, { headers: { authorization: `Bearer ${TOKEN}` } });
    await answer.text();
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    for (const path of ['/api', `/__thread-lens/debug/health?token=${TOKEN}`]) assert.equal(await status('http', path, { 'Sec-Fetch-Site': 'cross-site' }), 403, path);
    // Between localhost and 127.0.0.1 a browser says cross-site, too: there the Origin decides.
    assert.equal(await status('http', '/api', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost:3000' }), 200);
    assert.equal(await status('http', '//evil.example/x'), 400);
    assert.match(await tap.raw('GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /);
  });

  describe('SECURITY 8: target', () => {
    it('SECURITY 8: is ws or wss, without credentials, and says what was expected', () => {
      for (const text of ['http://127.0.0.1:1/', 'file:///etc/passwd', 'nonsense', '', 'ws+unix:///run/x', 'javascript:alert(1)', 'ws://user:pass@127.0.0.1:1/ws', 'ws://127.0.0.1:1/ws?token=secret', 'ws://127.0.0.1:1/#x', 'ws://']) {
        assert.throws(() => readTapTarget(text), (error) => error instanceof TapTargetError && /expected a URL such as ws:/.test(error.message) && !/pass@|secret/.test(error.message), text);
      }
      assert.equal(readTapTarget('wss://backend.example/ws').port, 443);
      assert.equal(readTapTarget('ws://[::1]:8000/ws').host, '::1');
    });

    it('SECURITY 8: link-local, metadata and meaningless addresses are refused unless named', () => {
      for (const host of ['169.254.169.254', '169.254.1.1', '[fe80::1]', '[::ffff:169.254.169.254]', '[fd00:ec2::254]', '100.100.100.200', '168.63.129.16', '0.0.0.0', '[::]', '224.0.0.1', '255.255.255.255', '0xa9fea9fe', '2852039166']) {
        assert.throws(() => readTapTarget(`ws://${host}:80/ws`), (error) => error instanceof TargetAddressError && error.reason === 'refused_address', host);
      }
      assert.equal(readTapTarget('ws://169.254.169.254/ws', ['169.254.169.254']).host, '169.254.169.254');
      for (const host of ['127.0.0.1', '10.0.0.1', '192.168.1.1', '[::1]']) assert.ok(readTapTarget(`ws://${host}:8000/ws`), host);
    });

    it('SECURITY 8: a name that leads to a refused address is refused when it is looked up', async () => {
      const { addresses } = readTapTarget('ws://backend.example:80/ws');
      assert.throws(() => addresses.check('169.254.169.254', 'backend.example'), TargetAddressError);
      const { addresses: named } = readTapTarget('ws://backend.example:80/ws', ['backend.example']);
      named.check('169.254.169.254', 'backend.example');
      // A name of this machine goes through the same look-up.
      const looked = await new Promise((resolve) => {
        const { addresses: local } = readTapTarget('ws://localhost:80/ws');
        local.listensOn(80);
        local.lookup('localhost', {}, (error) => resolve(error));
      });
      assert.ok(looked instanceof TargetAddressError && looked.reason === 'loop');
    });

    it('SECURITY 8: the tap itself is refused, by address at the start, by name at the first request, and round about', async () => {
      const free = createServer().listen(0, '127.0.0.1');
      await once(free, 'listening');
      const { port } = free.address() as AddressInfo;
      free.close();
      await once(free, 'close');
      const options = { port, token: TOKEN, allowedOrigins: [], forwardCredentials: false, paths: DEFAULT_FIELD_PATHS, version: '0' };
      for (const host of ['127.0.0.1', '[::1]', '127.1']) {
        await assert.rejects(new Tap({ ...options, target: readTapTarget(`ws://${host}:${port}/ws`) }).start(), (error) => error instanceof TargetAddressError && error.reason === 'loop', host);
      }
      const byName = await TestTap.start(`ws://localhost:${port}/ws`, { port });
      assert.match(await byName.raw(handshake(port, '/ws').request), /^HTTP\/1\.1 502 .*backend_loop/s);
      await byName.stop();

      // Two taps in front of each other: the request comes back with the mark of the first.
      const second = await TestTap.start(`ws://127.0.0.1:${port}/ws`);
      const first = await TestTap.start(`ws://127.0.0.1:${second.port}/ws`, { port });
      assert.match(await first.raw(handshake(port, '/ws').request), /^HTTP\/1\.1 508 /);
      const answer = await fetch(`${first.url}/api`);
      assert.equal(answer.status, 508);
      await answer.text();
      await first.stop();
      await second.stop();
    });

    it('SECURITY 8: nothing in a request chooses another target', async () => {
      assert.equal(await status('http', '/http://evil.example/', { 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' }), 200);
      assert.equal(backend.requests[0]!.message.url, '/http://evil.example/');
    });

    it('SECURITY 8: cookies and authorization stay here unless the setting says otherwise, and that is said when it matters', async () => {
      const secrets = { Cookie: 'session=abc', Authorization: 'Bearer app-token-123456', 'Proxy-Authorization': 'Basic eHl6' };
      backend.onRequest = (_request, response) => {
        response.writeHead(401, { 'set-cookie': 'a=b' });
        response.end('who are you');
      };
      const answer = await fetch(`${tap.url}/api`, { headers: { cookie: secrets.Cookie, authorization: secrets.Authorization } });
      assert.equal(answer.status, 401);
      assert.equal(await answer.text(), 'who are you');
      assert.equal(answer.headers.get('set-cookie'), null);
      backend.refuse = (_request, socket) => void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      assert.equal(await status('upgrade', '/ws', secrets), 403);
      for (const { headers } of [backend.requests[0]!.message, backend.handshakes[0]!]) {
        assert.equal(headers.cookie, undefined);
        assert.equal(headers.authorization, undefined);
        assert.equal(headers['proxy-authorization'], undefined);
      }
      const notice = tap.tap.info().tap!.notice!;
      assert.equal(notice.reason, 'credentials_withheld');
      assert.match(notice.message, /threadLens\.tap\.forwardCredentials/);
      assert.equal(notice.count, 2);
      assert.ok(!tap.logged.some((line) => line.includes('app-token') || line.includes('session=abc')));

      const open = await TestTap.start(backend.target, { forwardCredentials: true });
      await open.raw(handshake(open.port, '/ws', secrets).request);
      const { headers } = backend.handshakes[1]!;
      assert.equal(headers.cookie, 'session=abc');
      assert.equal(headers.authorization, 'Bearer app-token-123456');
      assert.equal(headers['proxy-authorization'], undefined);
      const passed = await fetch(`${open.url}/api`);
      await passed.text();
      assert.equal(passed.headers.get('set-cookie'), 'a=b');
      assert.equal(open.tap.info().tap!.notice, undefined);
      await open.stop();
    });

    it('SECURITY 8: a certificate that nobody vouches for is refused, a known one serves wss and https', async function () {
      const folder = mkdtempSync(join(tmpdir(), 'tap-tls-'));
      const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]);
      if (made.status !== 0) {
        console.error('TLS through the tap was NOT tested: openssl could not make a certificate');
        this.skip();
      }
      const cert = readFileSync(join(folder, 'cert.pem'), 'utf8');
      const server = createTlsServer({ cert, key: readFileSync(join(folder, 'key.pem')) }, (_request, response) => void response.end('secure'));
      rmSync(folder, { recursive: true });
      const sockets = new WebSocketServer({ server });
      sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
      server.listen(0, 'localhost');
      await once(server, 'listening');
      const target = `wss://localhost:${(server.address() as AddressInfo).port}/ws`;
      const secure = await TestTap.start(target);
      const before = getCACertificates('default');
      try {
        assert.match(await secure.raw(handshake(secure.port, '/ws').request), /^HTTP\/1\.1 502 .*self-signed/s);
        assert.equal((await fetch(`${secure.url}/`)).status, 502);
        setDefaultCACertificates([...before, cert]);
        const client = await secure.client();
        client.socket.send('over TLS');
        await client.receive(1);
        assert.equal(client.texts[0], 'over TLS');
        assert.equal(await (await fetch(`${secure.url}/`)).text(), 'secure');
      } finally {
        setDefaultCACertificates(before);
        await secure.stop();
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
        server.close();
      }
    });
  });

  describe('SECURITY 9: limits', () => {
    it('SECURITY 9: messages above the bound close both sides with 1009', async () => {
      const small = await TestTap.start(backend.target, { limits: { tappedMessageBytes: 1_000 } });
      const client = await small.client();
      const server = await backend.side();
      client.socket.send(Buffer.alloc(1_001));
      await client.closing();
      await server.closing();
      assert.equal(client.closed!.code, 1009);
      assert.equal(server.closed!.code, 1009);
      const second = await small.client();
      (await backend.side(1)).socket.send(Buffer.alloc(1_001));
      await second.closing();
      assert.equal(second.closed!.code, 1009);
      await small.stop();
    });

    it('SECURITY 9: connections, handshakes, requests and early bytes are bounded', async () => {
      const small = await TestTap.start(backend.target, { limits: { connections: 1, pendingHandshakes: 2, passedRequests: 1, earlyBytes: 1_000 } });
      await small.client();
      assert.match(await small.raw(handshake(small.port, '/ws').request), /^HTTP\/1\.1 503 .*too_many_connections/s);
      const release: (() => void)[] = [];
      backend.onRequest = (_request, response) => release.push(() => response.end());
      const first = fetch(`${small.url}/a`);
      await until(() => release.length === 1, 'the first request');
      assert.equal((await fetch(`${small.url}/b`)).status, 503);
      release[0]!();
      await (await first).text();
      await small.stop();

      const waiting = await TestTap.start(backend.target, { limits: { pendingHandshakes: 2, earlyBytes: 1_000 } });
      backend.refuse = () => {};
      const clients: RawClient[] = [];
      for (let index = 0; index < 2; index++) {
        const client = await RawClient.connect(waiting.port);
        client.write(Buffer.from(handshake(waiting.port, '/ws').request));
        clients.push(client);
      }
      await until(() => backend.handshakes.length === 3, 'two handshakes');
      assert.match(await waiting.raw(handshake(waiting.port, '/ws').request), /^HTTP\/1\.1 503 .*too_many_handshakes/s);
      // What does not fit waits in the client.
      let drained = false;
      clients[0]!.socket.write(Buffer.alloc(64 * 1024 * 1024), () => (drained = true));
      await until(() => clients[0]!.socket.writableLength > 0, 'backpressure');
      assert.equal(drained, false);
      for (const client of clients) client.destroy();
      await waiting.stop();
    });

    it('SECURITY 9: deflate stays off on both legs', async () => {
      const client = await RawClient.connect(tap.port);
      client.write(Buffer.from(handshake(tap.port, '/ws', { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }).request));
      const answer = await client.response();
      assert.equal(answer.headers.get('sec-websocket-extensions'), undefined);
      assert.equal(backend.handshakes[0]!.headers['sec-websocket-extensions'], undefined);
      client.destroy();
    });

    it('SECURITY 9: a backend that sends extensions nobody asked for is refused', async () => {
      backend.refuse = (request, socket) => {
        const accept = handshakeAccept(request.headers['sec-websocket-key'] ?? '');
        socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n`);
      };
      assert.match(await tap.raw(handshake(tap.port, '/ws').request), /^HTTP\/1\.1 502 .*backend_bad_answer/s);
    });
  });

  it('SECURITY 11: legs that answer no ping disappear, both of them', async () => {
    const quick = await TestTap.start(backend.target, { limits: { heartbeatInterval: 30 } });
    const silent = await RawClient.connect(quick.port);
    silent.write(Buffer.from(handshake(quick.port, '/ws').request));
    assert.equal((await silent.response()).status, 101);
    const server = await backend.side();
    // It reads, and answers nothing.
    await server.closing();
    assert.equal(server.closed!.code, 1011);
    const lively = await quick.client();
    await until(() => ([...quick.tap.model.connections.values()][0]?.latencyMs ?? -1) >= 0, 'a round trip');
    assert.equal(lively.closed, undefined);
    assert.deepEqual(lively.pongs, []);
    silent.destroy();
    await quick.stop();
  });

  it('SECURITY 12: hostile messages pass, and do nothing to the tap', async () => {
    const client = await tap.client();
    const server = await backend.side();
    const texts = [
      '{"__proto__":{"thread_id":"thread_evil","polluted":true},"type":"x"}',
      '{"constructor":{"prototype":{"polluted":true}},"thread_id":{"toString":1}}',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      `${'{"payload":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      '{"thread_id":"' + 'x'.repeat(5_000) + '"}',
      '{"type":"\\u0000","thread_id":null,"run_id":[]}',
      '\u{1f600}not json{',
    ];
    for (const text of texts) client.socket.send(text);
    await server.receive(texts.length);
    assert.deepEqual(server.texts, texts);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    assert.equal(tap.tap.model.threads.size, 0);
  });

  it('SECURITY 15: no secret of a handshake is shown', async () => {
    await tap.client('/ws', ['jwt-auth', 'jwt.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'], { headers: { authorization: 'Bearer app-secret-token', cookie: 'sid=cookie-secret' } });
    const workbench = await tap.workbench();
    await until(() => workbench.connections.size === 1, 'the connection');
    const details = JSON.stringify(await workbench.ask('connection', { connectionId: [...workbench.connections.keys()][0]! }));
    assert.doesNotMatch(details, /app-secret-token|cookie-secret|eyJzdWIiOiIxIn0/);
  });

  it('SECURITY 17: stop leaves no listener and no socket on either side, whatever is held or stalled', async () => {
    const workbench = await tap.workbench();
    await workbench.ask('addBreakpoint', { rule: { direction: 'out' } });
    const client = await tap.client();
    const server = await backend.side();
    server.send({ type: 'held' });
    await workbench.holding(1);
    client.socket.pause();
    const silent = connect(tap.port, '127.0.0.1');
    await once(silent, 'connect');
    const began = performance.now();
    await tap.tap.stop();
    assert.ok(performance.now() - began < 1_500, 'within a second');
    await until(() => server.socket.readyState === server.socket.CLOSED, 'the end of the leg to the backend');
    silent.destroy();
    const again = createServer().listen(tap.port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });

  it('tap traps: HTTP written onto an upgraded socket never happens', async () => {
    const client = await RawClient.connect(tap.port);
    client.write(Buffer.from(handshake(tap.port, '/ws').request));
    assert.equal((await client.response()).status, 101);
    const server = await backend.side();
    client.send({ opcode: OPCODE.text, payload: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' });
    await server.receive(1);
    server.socket.send('answer');
    assert.equal((await client.frame()).payload.toString(), 'answer');
    client.destroy();
  });
});

/** RFC 6455 section 4.2.2. */
function handshakeAccept(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
