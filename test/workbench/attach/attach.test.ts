import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { DeliveryReceipt } from '../../../src/protocol/delivery';
import { isHostToPage } from '../../../src/protocol/traffic-panel';
import type { Attached } from '../../../src/workbench/attach/attach-command';
import { AttachUrlError, readAttachUrl } from '../../../src/workbench/attach/attach-url';
import { OpenApi } from '../../harness/openapi';
import { poll } from '../../harness/poll';
import { TestClient } from '../../host/clients';
import { type RouterCommand, startRouter } from '../../unit/router/interop/router-command';
import { startWorkbench, type Started } from '../start-workbench';
import { CutProxy } from './cut-proxy';
import { DebugBackend } from './debug-backend';

const TOKEN = 'attach-token-0123456789abcdefghij';
const THREAD = 'thread_13679e4dcc38403a';
const COMPOSITE = `${THREAD}_run_1756919162904_9adf1f09`;

describe('attaching to a router elsewhere', () => {
  let started: Started;
  let router: RouterCommand;
  const closing: { close(): Promise<unknown> }[] = [];

  beforeEach(async function () {
    this.timeout(30_000);
    router = await startRouter('--token', TOKEN);
    started = await startWorkbench();
  });

  afterEach(async () => {
    await started.end();
    await Promise.all(closing.splice(0).map((thing) => thing.close()));
    await router.end();
  });

  const attach = (argument?: object): Promise<Attached | undefined> => started.fake.commands.run('threadLens.attach', argument);
  const key = (name: string): unknown => started.fake.commands.contextKeys.get(`threadLens.${name}`);
  const texts = (): string => started.fake.messages.texts.join('\n');
  const tree = (fits: RegExp, view = 'threadLens.threads'): Promise<string> =>
    poll(`${view} with ${fits}`, async () => {
      const text = await started.fake.trees.treeText(view, { expand: 'all' });
      return fits.test(text) ? text : undefined;
    }, { timeoutMs: 8000 });

  async function client(user: string): Promise<TestClient> {
    const made = await TestClient.connect(`${router.socketUrl('/ws')}?thread_id=${THREAD}&user_id=${user}`);
    closing.push(made);
    return made;
  }

  it('shows its threads and connections, and refuses whatever would change it', async () => {
    await client('far');
    assert.deepEqual(await attach({ url: router.url, token: TOKEN }), { url: router.url, over: 'inspection', readOnly: true });
    assert.match(await tree(/conn_far_/), new RegExp(`${THREAD}.*1 live`));
    assert.equal(key('shownKind'), 'attached');
    assert.equal(key('shownReadOnly'), true);
    assert.match(started.fake.statusBar.text, new RegExp(`\\$\\(remote\\) 127.0.0.1:${router.port} \\$\\(plug\\) 1`));
    const receipt = await started.fake.commands.run<DeliveryReceipt | undefined>('threadLens.simulateDelivery', { runId: COMPOSITE });
    assert.equal(receipt, undefined);
    assert.match(texts(), /The event was not sent: This is attached for viewing only\./);
    assert.equal(((await router.ask('/debug/health')).body['counters'] as Record<string, number>)['delivered'], 0);
  });

  it('is held to look only by the router, too, whatever this side sends', async () => {
    const socket = new WebSocket(`${router.socketUrl('/inspect')}?access=read&token=${TOKEN}`);
    const replies: string[] = [];
    socket.addEventListener('message', ({ data }) => replies.push(String(data)));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'request', id: 1, method: 'registerRun', params: { runId: COMPOSITE, threadId: THREAD } }));
    assert.match(await poll('the refusal', () => replies.find((text) => text.includes('"reply"'))), /"read_only"/);
    socket.close();
  });

  it('acts on it where changes are allowed', async () => {
    const far = await client('far');
    await attach({ url: router.url, token: TOKEN, allowChanges: true });
    const receipt = await started.fake.commands.run<DeliveryReceipt>('threadLens.simulateDelivery', { runId: COMPOSITE });
    assert.equal(receipt.outcome, 'delivered');
    await far.next((message) => message['type'] === 'agent_started');
    assert.equal(await started.fake.commands.run('threadLens.connection.disconnect', String(far.messages[0]?.['connection_id'])), true);
  });

  it('asks for address, access and token, keeps the token secret, and does not ask again', async () => {
    const { fake } = started;
    fake.inputs.type(router.url);
    fake.inputs.pick('View Only');
    fake.inputs.type(TOKEN);
    assert.equal((await attach())?.over, 'inspection');
    assert.deepEqual(fake.inputs.asked.map(({ title }) => title), ['Attach to Another Router', 'Attach to Another Router', `Attach to 127.0.0.1:${router.port}`]);
    assert.equal(await started.fake.commands.run('threadLens.detach'), true);
    fake.inputs.pick(router.url);
    fake.inputs.pick('View Only');
    assert.equal((await attach())?.over, 'inspection', 'the token is known now');
    assert.ok(!fake.output.log('Thread Lens').join('\n').includes(TOKEN), 'no token in the log');
    assert.ok(!JSON.stringify(fake.context.workspaceState.get('threadLens.attach.recent')).includes(TOKEN));
    assert.ok(!texts().includes(TOKEN));
  });

  it('takes a token out of the address, and shows it nowhere', async () => {
    assert.deepEqual(await attach({ url: `${router.socketUrl('/inspect')}?token=${TOKEN}` }), { url: router.url, over: 'inspection', readOnly: true });
    await tree(/^$/);
    assert.ok(![texts(), started.fake.statusBar.text, JSON.stringify(started.fake.statusBar.item('threadLens.router').tooltip), started.fake.output.log('Thread Lens')].join('\n').includes(TOKEN));
  });

  it('goes back to the router of the window at the end, and between the two when asked', async () => {
    await started.fake.commands.run('threadLens.router.start');
    await client('far');
    await attach({ url: router.url, token: TOKEN });
    await tree(/conn_far_/);
    assert.equal(await started.fake.commands.run('threadLens.showSource', 'router'), 'router');
    await tree(/^$/);
    started.fake.inputs.pick(`127.0.0.1:${router.port}`);
    await started.fake.commands.run('threadLens.showSource');
    await tree(/conn_far_/);
    assert.equal(await started.fake.commands.run('threadLens.detach'), true);
    assert.equal(key('shownKind'), 'router');
    await tree(/^$/);
    assert.equal(await started.fake.commands.run('threadLens.detach'), false);
  });

  it('finds its way back after the connection was lost, and the Traffic panel misses no frame', async () => {
    const proxy = await CutProxy.to(router.port);
    closing.push(proxy);
    await attach({ url: `http://127.0.0.1:${proxy.port}`, token: TOKEN });
    await poll('the attachment', () => key('shownState') === 'running');
    await started.fake.commands.run('threadLens.openTraffic');
    const { webview } = started.fake.webviews.panel('threadLens.traffic');
    const seqs: number[] = [];
    const skipped: number[] = [];
    let read = 0;
    webview.send({ type: 'ready' });
    const take = (): number => {
      for (; read < webview.received.length; read++) {
        const message = webview.received[read];
        if (!isHostToPage(message) || message.type !== 'frames') continue;
        seqs.push(...message.frames.map(({ seq }) => seq));
        skipped.push(message.skipped);
        webview.send({ type: 'ack', batch: message.batch });
      }
      return seqs.length;
    };
    const send = async (): Promise<void> => {
      const { status } = await router.ask('/agent/events', { method: 'POST', body: { type: 'agent_thinking', run_id: COMPOSITE, payload: {} } });
      assert.equal(status, 202);
    };
    await send();
    await poll('the first frame', () => take() === 1, { everyMs: 20 });
    proxy.cut();
    await poll('the loss', () => key('shownState') === 'starting', { everyMs: 10 });
    assert.match(started.fake.statusBar.text, /sync~spin/);
    for (let count = 0; count < 5; count++) await send();
    proxy.mend();
    await poll('the attachment again', () => key('shownState') === 'running', { everyMs: 20 });
    await poll('what came meanwhile', () => take() === 6, { everyMs: 20 });
    await send();
    await poll('what comes now', () => take() === 7, { everyMs: 20 });
    assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(skipped.filter((count) => count > 0), []);
    await tree(/7 waiting|waiting/, 'threadLens.threads');
    assert.ok(!webview.received.slice(1).some((message) => isHostToPage(message) && message.type === 'reset' && message.journal === 'unnamed'));
  });

  it('waits for a router that restarts, and shows what that one has', async function () {
    this.timeout(30_000);
    await client('before');
    await attach({ url: router.url, token: TOKEN });
    await tree(/conn_before_/);
    await Promise.all(closing.splice(0).map((thing) => thing.close()));
    await router.end('SIGKILL');
    await poll('the loss', () => key('shownState') === 'starting');
    router = await startRouter('--token', TOKEN, '--port', String(router.port));
    await client('after');
    await tree(/conn_after_/);
    assert.doesNotMatch(await tree(/conn_after_/), /conn_before_/);
  });

  it('says so when the router came back with another token, and offers to attach again', async function () {
    this.timeout(30_000);
    await attach({ url: router.url, token: TOKEN });
    await poll('the attachment', () => key('shownState') === 'running');
    await router.end('SIGKILL');
    router = await startRouter('--token', `other-${TOKEN}`, '--port', String(router.port));
    await poll('the refusal', () => key('shownState') === 'failed');
    assert.match(texts(), /127\.0\.0\.1:\d+ is no longer attached: .*401/);
    assert.equal(started.fake.statusBar.text, `$(error) 127.0.0.1:${router.port}`);
  });

  it('names what it expected where there is no router', async () => {
    const gone = await startRouter('--token', TOKEN);
    await gone.end();
    assert.equal(await attach({ url: gone.url, token: TOKEN }), undefined);
    assert.match(texts(), /127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    assert.equal(await attach({ url: router.url, token: 'wrong' }), undefined);
    assert.match(texts(), /refuses the token: .*401/);
    await assert.rejects(attach({ url: 'ftp://x' }), (error: Error) => error.name === 'AttachUrlError' && /expected http:\/\/host:port .*received "ftp:/.test(error.message));
  });

  describe('to something else', () => {
    let server: Server;
    let answer: { status: number; body: string };
    beforeEach(async () => {
      server = createServer((_, response) => response.writeHead(answer.status, { 'content-type': 'application/json', ...(answer.status === 302 ? { location: 'http://127.0.0.1:9/' } : {}) }).end(answer.body));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      closing.push({ close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) });
    });
    const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    for (const [what, given, expected] of [
      ['of another version', { status: 200, body: '{"inspection":99}' }, /speaks another version of the inspection protocol: expected 1, received 99/],
      ['that has no debug endpoints', { status: 404, body: 'nothing' }, /has no debug endpoints: expected .*\/debug\/health, received/],
      ['that answers no JSON', { status: 200, body: '<html>' }, /expected a JSON object, received "<html>"/],
      ['that would carry the token elsewhere', { status: 302, body: '' }, /cannot be reached: .*redirect/],
    ] as const) {
      it(`says what is wrong with one ${what}`, async () => {
        answer = given;
        assert.equal(await attach({ url: url(), token: TOKEN }), undefined);
        assert.match(texts(), expected);
        assert.equal(key('shownKind'), 'none');
      });
    }

    it('waits for one that answers an error while it comes up, as behind a proxy', async () => {
      const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false });
      closing.push({ close: () => new Promise((resolve) => sockets.close(resolve)) });
      const router = { url: url(), clientUrl: '', port: 1, pid: 1, version: '0', dialect: 'fix', startedAt: 1, storage: 'memory' };
      sockets.on('connection', (socket) => socket.send(JSON.stringify({ type: 'hello', version: 1, router })));
      answer = { status: 200, body: '{"inspection":1}' };
      assert.equal((await attach({ url: url(), token: TOKEN }))?.over, 'inspection');
      await poll('the attachment', () => key('shownState') === 'running');
      let asked = 0;
      server.on('request', () => asked++);
      answer = { status: 503, body: '{"error":{"message":"not up yet"}}' };
      for (const socket of sockets.clients) socket.terminate();
      await poll('a second question', () => asked >= 2);
      assert.equal(key('shownState'), 'starting');
      answer = { status: 200, body: '{"inspection":1}' };
      await poll('the attachment again', () => key('shownState') === 'running');
    });

    it('ends when a list is none', async () => {
      answer = { status: 200, body: '{"status":"healthy","pid":1,"started_at":1,"connections":7}' };
      assert.equal((await attach({ url: url(), token: TOKEN }))?.over, 'polling');
      await poll('the end', () => key('shownState') === 'failed');
      assert.match(texts(), /expected a list in "connections", received number/);
    });

    for (const [list, entity, expected] of [
      ['connections', { id: 'conn_u1_00000001' }, 'expected entities with a list in "threads"'],
      ['connections', { id: 'conn_u1_00000001', threads: [], connected_at: 1, last_activity_at: 1, remote_address: 'x' }, 'expected entities with a number in "messages_sent"'],
      ['runs', { id: COMPOSITE, state: 'running' }, 'expected entities with a number in "events"'],
    ] as const) {
      it(`ends when ${list} lack what the views show of them: ${expected}`, async () => {
        answer = { status: 200, body: JSON.stringify({ status: 'healthy', pid: 1, started_at: 1, connections: [], threads: [], runs: [], deliveries: [], messages: [], next: null, [list]: [entity] }) };
        await attach({ url: url(), token: TOKEN });
        await poll('the end', () => key('shownState') === 'failed', { timeoutMs: 3000 });
        assert.match(texts(), new RegExp(`GET /debug/${list}: ${expected}, received \\{"id"`));
      });
    }
  });

  it('asks before it sends a token in the clear to another machine', async () => {
    // Nothing may leave this machine in a test: the user declines.
    assert.equal(await attach({ url: 'http://192.0.2.1:8787', token: TOKEN }), undefined);
    assert.match(texts(), /Attach to 192\.0\.2\.1:8787\?/);
  });

  it('ends no other attachment when the one that is named is gone', async () => {
    const other = await startRouter('--token', TOKEN);
    closing.push({ close: () => other.end() });
    await attach({ url: router.url, token: TOKEN });
    await attach({ url: other.url, token: TOKEN });
    assert.equal(await started.fake.commands.run('threadLens.detach', `attached:${router.url}`), true);
    assert.equal(await started.fake.commands.run('threadLens.detach', `attached:${router.url}`), false);
    assert.equal(key('shownKind'), 'attached');
  });

  it('needs a trusted workspace', async () => {
    await started.end();
    started = await startWorkbench({ trusted: false });
    assert.equal(await attach({ url: router.url, token: TOKEN }), undefined);
    assert.match(texts(), /needs a trusted workspace\. \[Manage Workspace Trust\]/);
  });
});

describe('attaching to a backend with debug endpoints only', () => {
  let started: Started;
  let backend: DebugBackend;

  beforeEach(async () => {
    backend = await DebugBackend.start(TOKEN);
    started = await startWorkbench();
    await backend.do({ do: 'connect', id: 'conn_u1_00000001', user: 'u1' });
    await backend.do({ do: 'associate', id: 'conn_u1_00000001', thread: THREAD });
    await backend.do({ do: 'event', event: { type: 'agent_started', run_id: COMPOSITE, payload: { api_key: 'sk-secret' } } });
    assert.deepEqual(await started.fake.commands.run('threadLens.attach', { url: backend.url, token: TOKEN }), { url: backend.url, over: 'polling', readOnly: true });
  });

  afterEach(async () => {
    await started.end();
    await backend.end();
  });

  const tree = (view: string, fits: RegExp): Promise<string> =>
    poll(`${view} with ${fits}`, async () => {
      const text = await started.fake.trees.treeText(view, { expand: 'all' });
      return fits.test(text) ? text : undefined;
    }, { timeoutMs: 8000 });

  it('serves them as media/openapi.yaml says', async () => {
    const openapi = new OpenApi();
    for (const [template, path] of [
      ['/debug/health', '/debug/health'], ['/debug/connections', '/debug/connections'], ['/debug/connections/{id}', '/debug/connections/conn_u1_00000001'],
      ['/debug/threads', '/debug/threads?limit=1'], ['/debug/runs', '/debug/runs'], ['/debug/resolve', `/debug/resolve?run_id=${COMPOSITE}`],
      ['/debug/deliveries', '/debug/deliveries?after=0'], ['/debug/messages', '/debug/messages'], ['/debug/messages/{seq}', '/debug/messages/1'],
      ['/debug/connections/{id}', '/debug/connections/none'],
    ] as const) {
      const response = await fetch(`${backend.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
      openapi.check('GET', template, response.status, response.headers.get('content-type') ?? '', await response.text());
    }
    assert.equal((await fetch(`${backend.url}/debug/health`)).status, 401);
    assert.equal((await fetch(`${backend.url}/debug/health`, { headers: { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' } })).status, 403);
  });

  it('shows threads, connections, runs and deliveries, and what becomes of them', async () => {
    assert.match(await tree('threadLens.threads', /conn_u1_00000001/), new RegExp(`${THREAD}.*1 live · 1 delivered`));
    await tree('threadLens.deliveries', /agent_started/);
    await backend.do({ do: 'connect', id: 'conn_u2_00000002', user: 'u2' });
    assert.match(await tree('threadLens.threads', /conn_u2_00000002/), /No thread/);
    await backend.do({ do: 'disconnect', id: 'conn_u1_00000001' });
    await backend.do({ do: 'event', event: { type: 'agent_completed', run_id: COMPOSITE, payload: {} } });
    await tree('threadLens.deliveries', /agent_completed[^]*No connections found for thread/);
    assert.doesNotMatch(await tree('threadLens.threads', /conn_u2_00000002/), /conn_u1_00000001/);
  });

  it('answers hovers and connection details, and says what it cannot do', async () => {
    await tree('threadLens.threads', /conn_u1_00000001/);
    const answer = await started.workbench.api.explain(COMPOSITE);
    assert.equal(answer.threadId, THREAD);
    assert.equal((answer as { connections?: number }).connections, 1);
    const details = await started.fake.commands.run<{ timeline: { what: string }[] }>('threadLens.connection.details', 'conn_u1_00000001');
    assert.deepEqual(details.timeline.map(({ what }) => what), ['connected', 'associated']);
  });

  it('brings its messages to the Traffic panel, old ones and new ones', async () => {
    await started.fake.commands.run('threadLens.openTraffic');
    const { webview } = started.fake.webviews.panel('threadLens.traffic');
    webview.send({ type: 'ready' });
    const frames = (): number[] => webview.received.flatMap((message) => {
      if (!isHostToPage(message) || message.type !== 'frames') return [];
      webview.send({ type: 'ack', batch: message.batch });
      return message.frames.map(({ seq }) => seq);
    });
    await poll('the frames before', () => frames().length === 2);
    await backend.do({ do: 'event', event: { type: 'agent_completed', run_id: COMPOSITE, payload: {} } });
    await poll('the frames after', () => frames().length === 4);
    assert.deepEqual(frames(), [1, 2, 3, 4]);
    webview.send({ type: 'body', seq: 1 });
    const body = await poll('the body', () => webview.received.find((message) => isHostToPage(message) && message.type === 'body'));
    assert.match(JSON.stringify(body), /agent_started/);
    assert.doesNotMatch(JSON.stringify(body), /sk-secret/);
  });

  it('brings its messages to the Traffic panel, too, when it is shown again after something else', async () => {
    const shown = String(await started.fake.commands.run('threadLens.showSource', ''));
    await started.fake.commands.run('threadLens.router.start');
    await started.fake.commands.run('threadLens.openTraffic');
    const { webview } = started.fake.webviews.panel('threadLens.traffic');
    webview.send({ type: 'ready' });
    await poll('the journal of the router', () => webview.received.some((message) => isHostToPage(message) && message.type === 'reset'));
    assert.equal(await started.fake.commands.run('threadLens.showSource', shown), shown);
    await poll('the frames of the backend', () => webview.received.some((message) => isHostToPage(message) && message.type === 'frames' && message.frames.length === 2));
  });

  it('waits for one that restarts', async () => {
    await tree('threadLens.threads', /conn_u1_00000001/);
    const port = Number(new URL(backend.url).port);
    await backend.end();
    await poll('the loss', () => started.fake.commands.contextKeys.get('threadLens.shownState') === 'starting');
    backend = await DebugBackend.start(TOKEN, port);
    await backend.do({ do: 'connect', id: 'conn_u9_00000009', user: 'u9' });
    assert.doesNotMatch(await tree('threadLens.threads', /conn_u9_00000009/), /conn_u1_00000001/);
  });
});

describe('the address of a router', () => {
  it('may be that of its HTTP side, of a socket, or host and port', () => {
    for (const text of ['127.0.0.1:8787', 'http://127.0.0.1:8787', 'ws://127.0.0.1:8787/ws?thread_id=x', ' http://127.0.0.1:8787/inspect ', 'http://127.0.0.1:8787/debug/health', 'http://127.0.0.1:8787/']) {
      assert.deepEqual(readAttachUrl(text), { base: 'http://127.0.0.1:8787', host: '127.0.0.1:8787', isExposed: false }, text);
    }
    assert.equal(readAttachUrl('wss://example.test/api/inspect').base, 'https://example.test/api');
    assert.equal(readAttachUrl('wss://example.test').isExposed, false);
    assert.equal(readAttachUrl('ws://example.test').isExposed, true);
    assert.equal(readAttachUrl('ws://127.0.0.1.evil.test').isExposed, true);
  });

  it('is refused with what was expected and received, and never repeats a password', () => {
    for (const text of ['', 'http://', 'file:///etc/passwd', 'javascript:alert(1)', 'http://user:hunter2@127.0.0.1', ':::']) {
      assert.throws(() => readAttachUrl(text), (error) => error instanceof AttachUrlError && /expected .*received/.test(error.message) && !error.message.includes('hunter2'), text);
    }
  });
});
