import assert from 'node:assert/strict';
import { isHostToPage, type HostToPage, type PageToHost } from '../../../src/protocol/traffic-panel';
import { LazyInsight } from '../../../src/workbench/lazy-insight';
import { TrafficPanel } from '../../../src/workbench/traffic/traffic-panel';
import { poll } from '../../harness/poll';
import { INSIGHT_FILE } from '../start-workbench';
import { createFakeVscode, type FakeVscode } from '../fake/fake-vscode';
import { PlayedController, PlayedRouter } from './played-router';

const VIEW = 'threadLens.traffic';

describe('TrafficPanel', () => {
  let fake: FakeVscode;
  let controller: PlayedController;
  let panel: TrafficPanel;

  beforeEach(() => {
    fake = createFakeVscode();
    controller = new PlayedController(fake);
    panel = new TrafficPanel(fake.api, fake.context, controller.model, controller, controller.log, new LazyInsight(INSIGHT_FILE));
  });

  afterEach(async () => {
    panel.dispose();
    controller.dispose();
    await fake.dispose();
  });

  const webview = () => fake.webviews.panel(VIEW).webview;
  const say = (message: PageToHost): void => webview().send(message);
  const received = <T extends HostToPage['type']>(type: T): Extract<HostToPage, { type: T }>[] =>
    webview().received.filter((message): message is Extract<HostToPage, { type: T }> => isHostToPage(message) && message.type === type);
  const until = <T extends HostToPage['type']>(type: T, accept: (message: Extract<HostToPage, { type: T }>) => boolean = () => true) =>
    poll(`a message ${type}`, () => received(type).find(accept), { timeoutMs: 5000, everyMs: 5 });
  const seqsReceived = (): number[] => received('frames').flatMap(({ frames }) => frames.map(({ seq }) => seq));

  /** A page that takes every batch in at once. */
  function takeEverything(): void {
    const { received: list } = webview();
    let acknowledged = 0;
    const push = list.push.bind(list);
    list.push = (...messages: unknown[]) => {
      const length = push(...messages);
      for (const message of messages) {
        if (isHostToPage(message) && message.type === 'frames' && message.batch > acknowledged) {
          acknowledged = message.batch;
          setImmediate(() => say({ type: 'ack', batch: message.batch }));
        }
      }
      return length;
    };
  }

  it('opens one panel with a strict policy and shows it again when asked twice', async () => {
    await panel.open();
    await panel.open();
    assert.equal(fake.webviews.panels.length, 1);
    const { html, options } = webview();
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    assert.match(policy, /^default-src 'none'; style-src [^;]+; font-src [^;]+; script-src 'nonce-[A-Za-z0-9+/]{22}=='$/);
    assert.ok(!policy.includes('unsafe'));
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    assert.deepEqual(html.match(/<script[^>]*>/g)?.map((tag) => tag.includes(`nonce="${nonce}"`)), [true]);
    assert.ok(!/ on\w+=| style=/.test(html));
    assert.deepEqual(options.localResourceRoots?.map(({ path }) => path.split('/').at(-1)), ['dist', 'media']);
    assert.notEqual(fake.webviews.panel(VIEW).options.retainContextWhenHidden, true);
  });

  it('takes another nonce for every page', async () => {
    const nonces = new Set<string | undefined>();
    for (let times = 0; times < 3; times++) {
      await panel.open();
      nonces.add(/'nonce-([^']+)'/.exec(webview().html)?.[1]);
      fake.webviews.panel(VIEW).dispose();
    }
    assert.equal(nonces.size, 3);
  });

  it('gives the page the translations of the editor, and nothing in English', async () => {
    await panel.open();
    assert.match(webview().html, /<html lang="en">[^]*<main id="traffic"><\/main>/);
    const l10nBundle = { Pause: '"><script>alert(1)</script>&', Traffic: 'Verkehr <b>' };
    const german = createFakeVscode({ language: 'de', l10nBundle });
    const other = new PlayedController(german);
    const translated = new TrafficPanel(german.api, german.context, other.model, other, other.log, new LazyInsight(INSIGHT_FILE));
    try {
      await translated.open();
      const { html } = german.webviews.panel(VIEW).webview;
      assert.match(html, /<html lang="de">[^]*<title>Verkehr &lt;b><\/title>/);
      const attribute = /<main id="traffic" data-l10n="([^"]*)">/.exec(html)?.[1] ?? '';
      assert.deepEqual(JSON.parse(attribute.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&')), l10nBundle);
      assert.equal(html.match(/<script/g)?.length, 1);
    } finally {
      translated.dispose();
      other.dispose();
      await german.dispose();
    }
  });

  it('tells a page what the router does, never its token', async () => {
    await panel.open();
    say({ type: 'ready' });
    assert.equal((await until('router')).state.kind, 'stopped');
    controller.become({ kind: 'starting' });
    controller.start(new PlayedRouter());
    await until('router', ({ state }) => state.kind === 'running');
    controller.become({ kind: 'failed', message: 'crashed' });
    await until('router', ({ state }) => state.kind === 'failed' && state.message === 'crashed');
    assert.ok(!JSON.stringify(webview().received).includes('secret-token'));
  });

  it('tells a page that it shows a tap, once that is known, and a router after it', async () => {
    await panel.open();
    say({ type: 'ready' });
    controller.start(new PlayedRouter({}, 1, 'tap'));
    await until('router', ({ state }) => state.kind === 'running' && state.tap === true);
    controller.stop();
    controller.start(new PlayedRouter({}, 2));
    await until('reset', ({ journal }) => journal === '42-2');
    const last = received('router').at(-1)?.state;
    assert.deepEqual(last, { kind: 'running', url: 'http://127.0.0.1:1', clientUrl: 'ws://127.0.0.1:1/ws' });
  });

  it('brings what is in the journal, then what happens, in order and each frame once', async () => {
    const router = new PlayedRouter();
    router.see(2500);
    controller.start(router);
    await panel.open();
    takeEverything();
    say({ type: 'ready' });
    await until('frames', ({ behind }) => behind === 0);
    router.see(3);
    router.see(150, { told: false });
    router.see(4);
    await poll('all frames', () => seqsReceived().length >= 2657, { timeoutMs: 5000, everyMs: 5 });
    assert.deepEqual(seqsReceived(), Array.from({ length: 2657 }, (_, index) => index + 1));
    assert.equal((await until('reset')).journal, '42-1');
  });

  it('waits for a busy page, keeps little meanwhile and loses nothing', async () => {
    const router = new PlayedRouter();
    controller.start(router);
    await panel.open();
    say({ type: 'ready' });
    await until('reset');
    for (let times = 0; times < 200; times++) router.see(100);
    await until('frames');
    const before = received('frames').length;
    for (let times = 0; times < 10; times++) router.see(100);
    assert.equal(received('frames').length, before);
    takeEverything();
    say({ type: 'ack', batch: received('frames').at(-1)?.batch ?? 0 });
    await poll('all frames', () => seqsReceived().length >= 21_000, { timeoutMs: 5000, everyMs: 5 });
    assert.deepEqual(seqsReceived(), Array.from({ length: 21_000 }, (_, index) => index + 1));
  });

  it('says how many frames the journal had let go before they could be shown', async () => {
    const router = new PlayedRouter();
    router.see(100);
    router.journal.splice(0, 60);
    controller.start(router);
    await panel.open();
    say({ type: 'ready' });
    const { frames, skipped } = await until('frames');
    assert.equal(skipped, 60);
    assert.equal(frames[0]?.seq, 61);
  });

  it('leaves away what the user cleared, but only of the same journal', async () => {
    const router = new PlayedRouter();
    router.see(10);
    controller.start(router);
    await panel.open();
    say({ type: 'ready', journal: '42-1', after: 7 });
    assert.deepEqual((await until('frames')).frames.map(({ seq }) => seq), [8, 9, 10]);
    webview().received.length = 0;
    say({ type: 'ready', journal: '42-0', after: 7 });
    assert.equal((await until('frames')).frames.length, 10);
  });

  it('sends nothing while paused but how much waits, and everything after', async () => {
    const router = new PlayedRouter();
    controller.start(router);
    await panel.open();
    takeEverything();
    say({ type: 'ready' });
    await until('reset');
    router.see(1);
    await until('frames');
    say({ type: 'pause', on: true });
    router.see(25);
    assert.equal((await until('pending')).count, 25);
    assert.deepEqual(seqsReceived(), [1]);
    say({ type: 'pause', on: false });
    await poll('the rest', () => seqsReceived().length === 26, { timeoutMs: 5000, everyMs: 5 });
  });

  it('lets the router be while hidden or closed, and has it all when shown again', async () => {
    const router = new PlayedRouter();
    controller.start(router);
    await panel.open();
    say({ type: 'ready' });
    await poll('watching', () => router.watching, { timeoutMs: 5000, everyMs: 5 });
    fake.webviews.panel(VIEW).setState({ active: false, visible: false });
    await poll('not watching', () => !router.watching, { timeoutMs: 5000, everyMs: 5 });
    router.see(5);
    fake.webviews.panel(VIEW).setState({ active: true, visible: true });
    webview().received.length = 0;
    say({ type: 'ready' });
    assert.equal((await until('frames')).frames.length, 5);
    fake.webviews.panel(VIEW).dispose();
    await poll('not watching', () => !router.watching, { timeoutMs: 5000, everyMs: 5 });
    router.see(5);
    await panel.open();
    say({ type: 'ready' });
    assert.equal((await until('frames')).frames.length, 10);
  });

  it('begins anew with another router', async () => {
    const first = new PlayedRouter({}, 1);
    first.see(3);
    controller.start(first);
    await panel.open();
    say({ type: 'ready' });
    await until('frames');
    controller.stop();
    await until('router', ({ state }) => state.kind === 'stopped');
    const second = new PlayedRouter({}, 2);
    second.see(1);
    controller.start(second);
    await until('reset', ({ journal }) => journal === '42-2');
    await until('frames', ({ frames }) => frames.length === 1);
  });

  it('has what is no longer shown tell its frames no more', async () => {
    const first = new PlayedRouter({}, 1);
    controller.start(first);
    await panel.open();
    say({ type: 'ready' });
    await poll('a watched router', () => first.watching, { timeoutMs: 5000, everyMs: 5 });
    const { client } = controller;
    controller.start(new PlayedRouter({}, 2));
    await until('reset', ({ journal }) => journal === '42-2');
    await poll('a router that is left alone', () => !first.watching, { timeoutMs: 5000, everyMs: 5 });
    client?.dispose();
  });

  it('comes back after the window was loaded again, as the only one', async () => {
    controller.start(new PlayedRouter());
    await panel.open();
    await fake.webviews.restore(VIEW, { filter: 'thread:a' });
    assert.equal(fake.webviews.panels.length, 1);
    say({ type: 'ready' });
    await until('reset');
  });

  it('sets the filter it was opened with, before and after the page is there', async () => {
    await panel.open('thread:thread_a');
    say({ type: 'ready' });
    assert.equal((await until('filter')).text, 'thread:thread_a');
    await panel.open({ filter: 'run_x' });
    await until('filter', ({ text }) => text === 'run_x');
    await panel.open({ kind: 'thread' });
    assert.equal(received('filter').length, 2);
  });

  it('fetches bodies, paths and connections, and says why when it cannot', async () => {
    const details = { id: 'conn_a', threads: ['thread_a'], connectedAt: 1, open: true, handshake: {}, timeline: [] };
    const router = new PlayedRouter({
      frameBody: ({ seq }) => (seq === 1 ? { text: '{"token":"[REDACTED]"}' } : { missing: true }),
      connection: ({ connectionId }) => {
        if (connectionId !== 'conn_a') throw new Error('expected a known connection');
        return details;
      },
      resolve: () => ({ threadId: 'thread_a', source: 'pattern_extraction', dialect: 'fix', steps: [] }),
    });
    controller.start(router);
    router.change({
      connections: [{ id: 'conn_a', threads: ['thread_a'], connectedAt: 1, lastActivityAt: 1, remoteAddress: '', messagesSent: 0, messagesReceived: 0, bytesSent: 0, bytesReceived: 0, bufferedBytes: 0, dropped: 0 }],
      deliveries: [{ seq: 3, at: 1, type: 'agent_started', threadId: 'thread_a', outcome: 'delivered', connections: 1, bytes: 1 }],
    });
    await panel.open();
    say({ type: 'ready' });
    say({ type: 'body', seq: 1 });
    say({ type: 'body', seq: 2 });
    assert.deepEqual((await until('body', ({ seq }) => seq === 1)).body, { text: '{"token":"[REDACTED]"}' });
    assert.deepEqual((await until('body', ({ seq }) => seq === 2)).body, { missing: true });
    say({ type: 'connection', connectionId: 'conn_a' });
    say({ type: 'connection', connectionId: 'conn_b' });
    assert.equal((await until('connection', ({ connectionId }) => connectionId === 'conn_a')).details?.id, 'conn_a');
    assert.equal((await until('connection', ({ connectionId }) => connectionId === 'conn_b')).error, 'expected a known connection');
    say({ type: 'path', seq: 1, deliverySeq: 3, runId: 'r', threadId: 'thread_a' });
    const known = await until('path', ({ seq }) => seq === 1);
    assert.equal(known.facts.delivery?.seq, 3);
    assert.deepEqual([known.facts.connections.map(({ id }) => id), known.facts.connectionCount], [['conn_a'], 1]);
    say({ type: 'path', seq: 2, deliverySeq: 99, runId: 'r', threadId: 'thread_a' });
    assert.equal((await until('path', ({ seq }) => seq === 2)).facts.now?.source, 'pattern_extraction');
    controller.stop();
    say({ type: 'body', seq: 5 });
    assert.match((await until('body', ({ seq }) => seq === 5)).body.error ?? '', /not running/);
  });

  it('searches the bodies of all frames, and of those that come', async () => {
    const router = new PlayedRouter();
    router.see(1500, { parts: { type: 'needle' } });
    router.see(1500, { parts: { type: 'hay' } });
    controller.start(router);
    await panel.open();
    takeEverything();
    say({ type: 'ready' });
    await until('reset');
    say({ type: 'search', search: 1, text: 'needle' });
    const found = (): number[] => received('matches').flatMap(({ seqs }) => seqs);
    await until('matches', ({ upTo }) => upTo === 3000);
    assert.equal(found().length, 1500);
    router.see(2, { parts: { type: 'needle' } });
    await poll('two more', () => found().length === 1502, { timeoutMs: 5000, everyMs: 5 });
    say({ type: 'search', search: 1 });
    const asked = router.timesAsked('frames');
    router.see(1, { parts: { type: 'needle' } });
    await poll('the frame', () => seqsReceived().includes(3003), { timeoutMs: 5000, everyMs: 5 });
    assert.equal(router.timesAsked('frames'), asked);
  });

  it('reports a pattern that the router refuses', async () => {
    controller.start(
      new PlayedRouter({
        frames: ({ pattern }) => {
          if (pattern !== undefined) throw new Error('expected a linear pattern');
          return { frames: [], oldest: 1, newest: 0 };
        },
      }),
    );
    await panel.open();
    say({ type: 'ready' });
    await until('reset');
    say({ type: 'search', search: 4, pattern: '(a*)*' });
    assert.equal((await until('matches')).error, 'expected a linear pattern');
  });

  describe('injecting', () => {
    const EVENT = { eventType: 'agent_thinking', agentName: 'triage', payload: { reasoning: 'x' } };
    const receipt = { type: 'delivery_receipt', outcome: 'delivered', connections: 1 };

    async function inject(router: PlayedRouter, event: Extract<PageToHost, { type: 'inject' }>['event']): Promise<Extract<HostToPage, { type: 'injected' }>> {
      controller.start(router);
      await panel.open();
      say({ type: 'ready' });
      await until('reset');
      say({ type: 'inject', request: 9, event });
      return until('injected', ({ request }) => request === 9);
    }

    it('sends for a run exactly what was written', async () => {
      const router = new PlayedRouter({ simulate: () => receipt });
      assert.equal((await inject(router, { ...EVENT, runId: 'run_x' })).receipt?.outcome, 'delivered');
      const event = router.asked.find(({ method }) => method === 'simulate')?.params['event'] as Record<string, unknown>;
      assert.deepEqual({ ...event, timestamp: '' }, { type: 'agent_thinking', run_id: 'run_x', agent_name: 'triage', timestamp: '', payload: { reasoning: 'x' } });
    });

    it('mints a run ID that resolves to the thread', async () => {
      const router = new PlayedRouter({ simulate: () => receipt });
      await inject(router, { ...EVENT, threadId: 'thread_13679e4dcc38403a' });
      const event = router.asked.find(({ method }) => method === 'simulate')?.params['event'] as { run_id: string };
      assert.match(event.run_id, /^thread_13679e4dcc38403a_run_\d+_[0-9a-f]{8}$/);
      assert.equal(router.timesAsked('registerRun'), 0);
    });

    it('registers a run for the one event when no ID can name the thread', async () => {
      const router = new PlayedRouter({ simulate: () => receipt, registerRun: () => ({ registered: true }), unregisterRun: () => ({ removed: true }) });
      await inject(router, { ...EVENT, threadId: 'user-123' });
      const relevant = router.asked.filter(({ method }) => /Run$|simulate/.test(method));
      assert.deepEqual(relevant.map(({ method }) => method), ['registerRun', 'simulate', 'unregisterRun']);
      assert.equal(relevant[0]?.params['threadId'], 'user-123');
    });

    it('tells what became of the event although its run stays registered', async () => {
      const refuse = (): never => {
        throw new Error('the store is full');
      };
      const router = new PlayedRouter({ simulate: () => receipt, registerRun: () => ({ registered: true }), unregisterRun: refuse });
      const { receipt: told, error } = await inject(router, { ...EVENT, threadId: 'user-123' });
      assert.equal(error, undefined);
      assert.equal(told?.outcome, 'delivered');
    });

    it('says what went wrong', async () => {
      const router = new PlayedRouter({
        simulate: () => {
          throw new Error('the event is too big');
        },
      });
      assert.equal((await inject(router, { ...EVENT, runId: 'r' })).error, 'the event is too big');
      say({ type: 'inject', request: 10, event: EVENT });
      assert.match((await until('injected', ({ request }) => request === 10)).error ?? '', /expected a run ID or a thread ID/);
    });
  });

  it('keeps events under a name over windows', async () => {
    await panel.open();
    say({ type: 'ready' });
    const event = { runId: 'r', eventType: 't', agentName: 'a', payload: {} };
    say({ type: 'save', saved: { name: 'one', event } });
    say({ type: 'save', saved: { name: 'two', event } });
    await until('saved', ({ events }) => events.length === 2);
    say({ type: 'forget', name: 'one' });
    await until('saved', ({ events }) => events.length === 1 && events[0]?.name === 'two');
    fake.webviews.panel(VIEW).dispose();
    await panel.open();
    say({ type: 'ready' });
    assert.deepEqual((await until('saved')).events, [{ name: 'two', event }]);
  });

  it('forgets the event that was saved first when there are too many, whatever its name', async () => {
    await panel.open();
    say({ type: 'ready' });
    const event = { runId: 'r', eventType: 't', agentName: 'a', payload: {} };
    const names = Array.from({ length: 101 }, (_, index) => `event ${String(900 - index)}`);
    for (const [index, name] of names.entries()) {
      say({ type: 'save', saved: { name, event } });
      await until('saved', ({ events }) => events.length === Math.min(index + 1, 100) && events.some((saved) => saved.name === name));
    }
    const kept = received('saved').at(-1)?.events.map(({ name }) => name);
    assert.deepEqual(kept, names.slice(1).sort());
  });

  it('runs only the commands that it knows, and copies through the editor', async () => {
    const ran: unknown[][] = [];
    const commands = ['threadLens.router.start', 'threadLens.explainRouting', 'workbench.action.findInFiles'];
    const registered = commands.map((id) => fake.api.commands.registerCommand(id, (...args: unknown[]) => ran.push([id, ...args])));
    await panel.open();
    say({ type: 'ready' });
    say({ type: 'run', command: 'startRouter' });
    say({ type: 'run', command: 'explain', argument: 'run_x' });
    say({ type: 'run', command: 'findInFiles', argument: 'conn_a' });
    webview().send({ type: 'run', command: 'workbench.action.quit' });
    await poll('three commands', () => ran.length === 3, { timeoutMs: 5000, everyMs: 5 });
    assert.deepEqual(ran.map(([id, argument]) => [id, typeof argument === 'object' ? (argument as { query: string }).query : argument]), [
      ['threadLens.router.start', undefined],
      ['threadLens.explainRouting', 'run_x'],
      ['workbench.action.findInFiles', 'conn_a'],
    ]);
    say({ type: 'copy', text: 'the body' });
    await poll('the clipboard', () => fake.environment.clipboard === 'the body', { timeoutMs: 5000, everyMs: 5 });
    assert.match(JSON.stringify(fake.output.log('Test')), /expected a message of the Traffic panel/);
    for (const each of registered) each.dispose();
  });
});
