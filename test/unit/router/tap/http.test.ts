import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { type Loose, until } from '../harness';
import { standstill, TestBackend, TestTap, TOKEN } from './tap-harness';

describe('tap: HTTP beside the socket', () => {
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

  it('passes method, path, headers and body through, and the answer back', async () => {
    backend.onRequest = (_request, response) => {
      response.writeHead(201, 'Made', { 'content-type': 'application/json', 'x-request-id': 'r1', 'set-cookie': 's=1' });
      response.end('{"made":true}');
    };
    const answer = await fetch(`${tap.url}/api/threads?limit=2`, { method: 'POST', body: 'body é', headers: { 'x-app': 'yes', 'content-type': 'text/plain' } });
    assert.equal(answer.status, 201);
    assert.equal(answer.statusText, 'Made');
    assert.equal(answer.headers.get('x-request-id'), 'r1');
    assert.equal(await answer.text(), '{"made":true}');
    const [{ message, body }] = backend.requests as [(typeof backend.requests)[number]];
    assert.equal(message.method, 'POST');
    assert.equal(message.url, '/api/threads?limit=2');
    assert.equal(message.headers['x-app'], 'yes');
    assert.equal(message.headers.host, `127.0.0.1:${backend.port}`);
    assert.equal(Buffer.from(body, 'latin1').toString(), 'body é');
  });

  it('removes what is for one hop only, also what "Connection" names', async () => {
    const raw = await tap.raw(`GET /x HTTP/1.1\r\nHost: 127.0.0.1:${tap.port}\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\nProxy-Authorization: Basic xyz\r\nX-End: 2\r\n\r\n`);
    assert.match(raw, /^HTTP\/1\.1 200 /);
    const { headers } = backend.requests[0]!.message;
    for (const name of ['x-hop', 'keep-alive', 'te', 'proxy-authorization']) assert.equal(headers[name], undefined, name);
    assert.equal(headers['x-end'], '2');
  });

  it('streams both ways', async () => {
    let incoming: IncomingMessage | undefined;
    backend.server.removeAllListeners('request');
    backend.server.on('request', (message: IncomingMessage, response) => {
      incoming = message;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      message.on('data', (chunk: Buffer) => response.write(`data: ${chunk.toString()}\n\n`));
      message.on('end', () => response.end());
    });
    const outgoing = request(`${tap.url}/events`, { method: 'POST' });
    outgoing.write('first');
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await until(() => text.includes('data: first'), 'the first chunk, before the request ends');
    outgoing.end('second');
    await once(response, 'end');
    assert.match(text, /data: second/);
    assert.equal(incoming!.headers['transfer-encoding'], 'chunked');
  });

  it('is not slower than the slower side, and holds no body in memory', async () => {
    let written = 0;
    backend.onRequest = (_request, response) => {
      const block = Buffer.alloc(256 * 1024);
      const more = (): void => {
        while (written < 400) {
          written++;
          if (!response.write(block)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    };
    const outgoing = request(`${tap.url}/large`).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.pause();
    await standstill(() => written);
    assert.ok(written < 200, `${written} blocks were taken`);
    let size = 0;
    response.on('data', (chunk: Buffer) => (size += chunk.length));
    response.resume();
    await once(response, 'end');
    assert.equal(size, 400 * 256 * 1024);
  });

  it('lets the backend go when the client leaves', async () => {
    let ended = false;
    backend.onRequest = (_request, response) => {
      response.write('x');
      response.on('close', () => (ended = true));
    };
    const outgoing = request(`${tap.url}/stream`).end();
    outgoing.on('error', () => {});
    await once(outgoing, 'response');
    outgoing.destroy();
    await until(() => ended, 'the end at the backend');
  });

  it('answers 502 with what is wrong while the backend is down', async () => {
    await backend.stop();
    const answer = await fetch(`${tap.url}/api`);
    assert.equal(answer.status, 502);
    const { error } = (await answer.json()) as { error: Record<string, string> };
    assert.equal(error['reason'], 'backend_down');
    assert.ok(error['expected'] && error['received']);
    backend = await TestBackend.start();
  });

  for (const [what, headers] of [['something else', 'Connection: Upgrade\r\nUpgrade: foo\r\n'], ['nothing', '']] as const) {
    it(`answers 502 when the backend switches protocols to ${what} unasked`, async () => {
      backend.onRequest = (_request, response) => void response.socket?.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`);
      const answer = await fetch(`${tap.url}/page`, { signal: AbortSignal.timeout(3_000) });
      assert.equal(answer.status, 502);
      assert.match(await answer.text(), /"reason":"backend_bad_answer"/);
    });
  }

  it('keeps its own paths to itself', async () => {
    const health = await fetch(`${tap.url}/__thread-lens/debug/health`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const body = (await health.json()) as Record<string, Loose>;
    assert.equal(health.status, 200);
    assert.equal(body['kind'], 'tap');
    assert.equal(body['tap']?.['target'], backend.target);
    for (const path of ['connections', 'threads', 'runs']) {
      const answer = await fetch(`${tap.url}/__thread-lens/debug/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
      assert.ok(Array.isArray(((await answer.json()) as Record<string, unknown>)[path]), path);
    }
    assert.equal(backend.requests.length, 0);
    await (await fetch(`${tap.url}/inspect`)).text();
    await (await fetch(`${tap.url}/__thread-lensing`)).text();
    assert.equal(backend.requests.length, 2);
  });
});
