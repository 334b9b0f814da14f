import assert from 'node:assert/strict';
import { MemoryStore } from '../../../src/router/store/memory-store';
import { StorageError } from '../../../src/router/store/storage-error';
import { OpenApi } from '../../harness/openapi';
import { event, type Loose, R1, T1, TestRouter, TOKEN } from './harness';

const METHODS = ['get', 'put', 'post', 'delete'] as const;

const openapi = new OpenApi();
const { document } = openapi;

/** Every documented answer as `METHOD path status`. */
function documented(): string[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => Object.keys(item[method]?.responses ?? {}).map((status) => `${method.toUpperCase()} ${path} ${status}`)));
}

class FailingStore extends MemoryStore {
  failing = false;

  override commit(): void {
    if (this.failing) throw new StorageError('full', 'expected room on the disk, received none');
  }
}

describe('media/openapi.yaml', () => {
  let test: TestRouter;
  const store = new FailingStore();
  const seen = new Set<string>();
  before(async () => {
    test = await TestRouter.start({ store, limits: { connections: 3, agents: 1, inspectors: 1, bodyBytes: 5_000 } });
  });
  after(() => test.stop());

  /** Validates an answer against the document and notes it. */
  function check(method: string, template: string, status: number, type: string, text: string): void {
    openapi.check(method, template, status, type, text);
    seen.add(`${method} ${template} ${status}`);
  }

  async function ask(method: string, template: string, path: string, options: Parameters<TestRouter['http']>[2] = {}): Promise<Loose> {
    const answer = await test.http(method, path, options);
    check(method, template, answer.status, answer.headers.get('content-type') ?? '', answer.text);
    return answer.json;
  }

  async function handshake(template: string, path: string, headers: string[] = []): Promise<void> {
    const answer = await test.rawRequest(
      `GET ${path} HTTP/1.1\r\n${headers.some((header) => header.startsWith('Host')) ? '' : 'Host: localhost\r\n'}${headers.map((header) => `${header}\r\n`).join('')}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n${headers.some((header) => header.startsWith('Sec-WebSocket-Key')) ? '' : 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'}\r\n`,
    );
    if (answer.status === 101) seen.add(`GET ${template} 101`);
    else check('GET', template, answer.status, 'application/json', answer.body);
  }

  it('describes every answer of the running router, and the router gives every answer it describes', async () => {
    // Who may not.
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of METHODS) {
        if (!item[method]) continue;
        const concrete = path.replace('{run_id}', 'run_1').replace('{id}', 'x').replace('{seq}', '1');
        if (item[method].responses['101']) {
          await handshake(path, `${concrete}?token=wrong`);
          await handshake(path, `${concrete}?token=${TOKEN}`, ['Host: rebound.example']);
          await ask('GET', path, concrete);
          await handshake(path, `${concrete}?token=${TOKEN}`, ['Sec-WebSocket-Key: short']);
          continue;
        }
        const body = method === 'get' || method === 'delete' ? {} : { body: {} };
        await ask(method.toUpperCase(), path, concrete, { token: null, ...body });
        await ask(method.toUpperCase(), path, concrete, { ...body, headers: { origin: 'https://evil.example' } });
        if (item[method].responses['415']) await ask(method.toUpperCase(), path, concrete, { raw: '{}', headers: { 'content-type': 'text/plain' } });
        if (item[method].responses['413']) await ask(method.toUpperCase(), path, concrete, { raw: `{"x":"${'y'.repeat(6_000)}"}` });
      }
    }
    // Methods that are not there; the document names them where the path has a body or is the health check.
    for (const [template, path, method, as] of [
      ['/agent/events', '/agent/events', 'GET', 'POST'], ['/registry/runs/{run_id}', '/registry/runs/r', 'POST', 'PUT'],
      ['/debug/health', '/debug/health', 'POST', 'GET'], ['/debug/deliveries/{seq}/redeliver', '/debug/deliveries/1/redeliver', 'GET', 'POST'],
    ] as const) {
      const answer = await test.http(method, path, method === 'POST' ? { body: {} } : {});
      assert.ok(answer.headers.get('allow'));
      check(as, template, answer.status, answer.headers.get('content-type') ?? '', answer.text);
    }
    // Sockets.
    const client = await test.client(`user_id=u&thread_id=${T1}`, { headers: { origin: 'http://localhost:1', 'user-agent': 'test' } });
    client.socket.ping();
    await test.client();
    await handshake('/ws', '/ws');
    const agent = await test.agent();
    const inspector = test.open(`/inspect?token=${TOKEN}`);
    await inspector.next();
    await test.client();
    await handshake('/ws', '/ws');
    await handshake('/agent', `/agent?token=${TOKEN}`);
    await handshake('/inspect', `/inspect?token=${TOKEN}`);
    for (const path of ['/agent', '/inspect']) seen.add(`GET ${path} 101`);
    client.send({ type: 'switch_thread', thread_id: 'thread_b' });
    client.send({ type: 'subscribe', thread_id: T1 });
    client.send(Buffer.from([1]));
    await client.nextOf('error');
    // Events.
    await agent.deliver({});
    for (const body of [event({ request_id: 1 }), event({ run_id: 'thread_13679e4dcc38403b_run_1_9adf1f09' }), event({ run_id: 'run_1' }), {}]) {
      await ask('POST', '/agent/events', '/agent/events', { body });
    }
    await ask('POST', '/agent/events', '/agent/events', { raw: Buffer.from([0xff]) });
    // Registry.
    const run = '/registry/runs/{run_id}';
    await ask('PUT', run, '/registry/runs/run_9', { body: { thread_id: T1, metadata: { by: 'test' } } });
    await ask('PUT', run, '/registry/runs/run_9', { body: { thread_id: T1 } });
    for (const body of [{}, { thread_id: 7 }, { thread_id: ' ' }, { thread_id: 't', metadata: [] }]) await ask('PUT', run, '/registry/runs/run_9', { body });
    await ask('GET', run, '/registry/runs/run_9');
    await ask('GET', run, '/registry/runs/nobody');
    await ask('DELETE', run, '/registry/runs/run_9');
    await ask('DELETE', run, '/registry/runs/run_9');
    store.failing = true;
    await ask('PUT', run, '/registry/runs/run_8', { body: { thread_id: T1 } });
    await ask('DELETE', run, '/registry/runs/run_8');
    store.failing = false;
    // What it knows.
    assert.deepEqual((await ask('GET', '/debug/health', '/debug/health')).behaviours, []);
    const session = test.router.inspect({ send: () => {}, ready: () => true });
    const request = (method: string, params: object): void => session.receive(JSON.stringify({ type: 'request', id: 1, method, params }));
    request('setBehaviours', { profile: 'original' });
    request('setFaults', { faults: [{ kind: 'delay', type: 'x', threadId: 't', runId: 'r', everyNth: 2, ms: 10, count: 1 }] });
    const altered = await ask('GET', '/debug/health', '/debug/health');
    assert.deepEqual([altered.profile, altered.behaviours.length, altered.faults.length], ['original', 14, 1]);
    request('setBehaviours', {});
    request('setFaults', { faults: [] });
    session.close();
    for (const list of ['connections', 'threads', 'runs', 'deliveries', 'messages', 'associations']) {
      const all = (await ask('GET', `/debug/${list}`, `/debug/${list}`))[list] as unknown[];
      assert.ok(all.length > 0, list);
      await ask('GET', `/debug/${list}`, `/debug/${list}?limit=0`);
      if (list === 'associations') continue;
      const paged: unknown[] = [];
      let after = 0;
      for (;;) {
        const page = await ask('GET', `/debug/${list}`, `/debug/${list}?limit=2&after=${after}`);
        paged.push(...page[list]);
        if (page.next === null) break;
        assert.equal(page[list].length, 2);
        after = page.next as number;
      }
      assert.equal(paged.length, all.length, `the pages of ${list} together`);
    }
    const id = client.messages[0]!['connection_id'] as string;
    assert.equal((await ask('GET', '/debug/connections', `/debug/connections?thread_id=${T1}&user_id=u`)).connections.length, 1);
    await ask('GET', '/debug/connections/{id}', `/debug/connections/${id}`);
    await ask('GET', '/debug/connections/{id}', '/debug/connections/nobody');
    await ask('GET', '/debug/connections/{id}', '/debug/connections/%ff');
    await ask('GET', '/debug/threads', '/debug/threads?state=waiting');
    await ask('GET', '/debug/threads', '/debug/threads?state=asleep');
    await ask('GET', '/debug/threads/{id}', `/debug/threads/${T1}`);
    await ask('GET', '/debug/threads/{id}', '/debug/threads/nobody');
    await ask('GET', '/debug/runs', `/debug/runs?thread_id=${T1}`);
    await ask('GET', '/debug/resolve', `/debug/resolve?run_id=${R1}`);
    await ask('GET', '/debug/resolve', '/debug/resolve?run_id=run_1&dialect=unified');
    for (const query of ['', '?run_id=%20', `?run_id=${R1}&dialect=klingon`]) await ask('GET', '/debug/resolve', `/debug/resolve${query}`);
    for (const query of ['outcome=queued', `thread_id=${T1}`, `run_id=${R1}`, 'outcome=lost']) await ask('GET', '/debug/deliveries', `/debug/deliveries?${query}`);
    const redeliver = '/debug/deliveries/{seq}/redeliver';
    const { deliveries } = await ask('GET', '/debug/deliveries', '/debug/deliveries');
    const seqOf = (outcome: string): number => deliveries.find((delivery: Loose) => delivery.outcome === outcome && delivery.dead_letter)?.seq;
    await ask('POST', redeliver, `/debug/deliveries/${seqOf('queued')}/redeliver`, { body: {} });
    await ask('POST', redeliver, `/debug/deliveries/${seqOf('undeliverable')}/redeliver`, { body: {} });
    await ask('PUT', run, '/registry/runs/run_1', { body: { thread_id: T1 } });
    await ask('POST', redeliver, `/debug/deliveries/${seqOf('undeliverable')}/redeliver`, { body: {} });
    await ask('POST', redeliver, '/debug/deliveries/99999/redeliver', { body: {} });
    await ask('GET', '/debug/associations', `/debug/associations?connection_id=${id}&thread_id=${T1}`);
    for (const query of [`thread_id=${T1}`, `connection_id=${id}&direction=in`, 'type=chat', 'text=agent', 'pattern=agent.*', 'pattern=(', 'direction=up']) await ask('GET', '/debug/messages', `/debug/messages?${query}`);
    const { newest } = await ask('GET', '/debug/messages', '/debug/messages');
    for (let seq = 1; seq <= newest; seq++) await ask('GET', '/debug/messages/{seq}', `/debug/messages/${seq}`);
    await ask('GET', '/debug/messages/{seq}', '/debug/messages/99999');
    await ask('GET', '/metrics', '/metrics');

    assert.deepEqual(documented().filter((answer) => !seen.has(answer)), [], 'answers that the document describes and the router did not give');
  });

  it('is Prometheus text under /metrics', async () => {
    const { text } = await test.http('GET', '/metrics');
    for (const line of text.trimEnd().split('\n')) assert.match(line, /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"\})? -?[\d.e+-]+|[a-z_]+_bucket\{le="(?:[\d.]+|\+Inf)"\} \d+)$/);
    for (const name of ['connections', 'threads', 'deliveries_total{outcome="delivered"}', 'resolutions_total{source="pattern_extraction"}', 'waiting_events', 'dropped_total', 'bytes_total{direction="in"}', 'delivery_seconds_bucket{le="0.001"}', 'delivery_seconds_count']) {
      assert.ok(text.includes(`thread_lens_${name} `), name);
    }
  });
});
