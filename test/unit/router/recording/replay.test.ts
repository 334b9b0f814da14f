import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { extractThreadId, type RecordingEntry, recordingLine } from '../../../../src/core/index';
import { compareFiles } from '../../../../src/router/recording/compare-files';
import { replay, type ReplayOptions } from '../../../../src/router/replay/replay';
import { readTarget, ReplayTargetError } from '../../../../src/router/replay/replay-target';
import { HEADER } from '../../core/recording/entries';
import { R1, T1, TestRouter, TOKEN, until } from '../harness';
import { useTemporaryDirectory } from '../store/temporary-directory';
import { ask, play, readAll, recordingIn, T2 } from './record-run';

describe('replaying a recording', () => {
  const directory = useTemporaryDirectory();
  const routers: TestRouter[] = [];
  const file = (name: string): string => recordingIn(directory(), name);

  async function router(): Promise<TestRouter> {
    const test = await TestRouter.start();
    routers.push(test);
    return test;
  }

  async function recorded(): Promise<string> {
    const test = await router();
    await ask(test.router, 'startRecording', { file: file('original') });
    await play(test);
    await ask(test.router, 'stopRecording', {});
    return file('original');
  }

  function options(test: TestRouter, more: Partial<ReplayOptions> = {}): ReplayOptions {
    return { target: readTarget(test.url, TOKEN, false), side: 'both', timing: { kind: 'none' }, version: '0.0.0', ...more };
  }

  afterEach(async () => {
    for (const test of routers.splice(0)) await test.stop();
  });

  it('into a fresh router with IDs minted anew gives a recording equal but for IDs and times', async () => {
    const original = await recorded();
    const fresh = await router();
    await ask(fresh.router, 'startRecording', { file: file('again') });
    const result = await replay(original, options(fresh, { remint: { seed: 'one' }, beforeHangUp: async () => void (await ask(fresh.router, 'stopRecording', {})) }));
    assert.deepEqual(result.problems, []);
    assert.equal(result.received, result.expected);
    assert.deepEqual([result.clients, result.clientMessages, result.seed], [3, 8, 'one']);
    const { comparison, markdown } = await compareFiles(original, file('again'));
    assert.deepEqual(comparison.differences, []);
    assert.ok(comparison.equal);
    assert.ok(comparison.withRouting);
    assert.ok(comparison.counts.equal > 40);
    assert.match(markdown, /\*\*Equal\*\* except for IDs and times/);
    // None of the old IDs is left, and the new ones belong together as the old ones did.
    const { entries } = await readAll(file('again'));
    const text = JSON.stringify(entries);
    for (const old of [R1, T1, T2, 'anna-77', '13679e4dcc38403a', '9f5d282b', 'user_123']) assert.ok(!text.includes(old), old);
    for (const entry of entries) if (entry.kind === 'frame' && entry.run && entry.thread) assert.equal(extractThreadId(entry.run)?.threadId, entry.thread);
  });

  it('with IDs as recorded is equal with no ID renamed but those that the router makes', async () => {
    const original = await recorded();
    const fresh = await router();
    await ask(fresh.router, 'startRecording', { file: file('again') });
    await replay(original, options(fresh, { beforeHangUp: async () => void (await ask(fresh.router, 'stopRecording', {})) }));
    const { comparison } = await compareFiles(original, file('again'));
    assert.deepEqual(comparison.differences, []);
    assert.equal(comparison.renamedIds, 3);
  });

  it('records at the clients what came back, which compares with what a router saw', async () => {
    const original = await recorded();
    const fresh = await router();
    await replay(original, options(fresh, { remint: {}, record: file('seen') }));
    const { header } = await readAll(file('seen'));
    assert.equal(header.source, 'replay');
    const { comparison } = await compareFiles(original, file('seen'));
    assert.equal(comparison.withRouting, false);
    assert.deepEqual(comparison.differences, []);
  });

  it('finds what a changed router does differently', async () => {
    const original = await recorded();
    const broken = await TestRouter.start({ dialect: 'before_fix' });
    routers.push(broken);
    await ask(broken.router, 'startRecording', { file: file('broken') });
    await replay(original, options(broken, { beforeHangUp: async () => void (await ask(broken.router, 'stopRecording', {})) }));
    const { comparison } = await compareFiles(original, file('broken'));
    assert.equal(comparison.equal, false);
    // The founding error: events of composite run IDs no longer arrive.
    assert.ok(comparison.differences.some(({ kind, lane, type }) => kind === 'missing' && lane === 'received' && type === 'agent_started'));
    assert.ok(comparison.differences.some(({ fields }) => fields.some(({ path, a, b }) => path === 'outcome' && a === 'delivered' && b === 'queued')));
  });

  it('plays agents only to clients that are there, and clients only to agents that are there', async () => {
    const original = await recorded();
    const fresh = await router();
    const viewer = await fresh.client(`thread_id=${T1}`);
    const agents = await replay(original, options(fresh, { side: 'agents' }));
    assert.deepEqual([agents.clients, agents.clientMessages, agents.agentEvents], [0, 0, 7]);
    await viewer.settle();
    assert.deepEqual(viewer.messages.map(({ type }) => type).filter((type) => type !== 'pong'), ['connection_established', 'agent_started', 'tool_executing', 'agent_completed', 'progress_update']);
    assert.deepEqual(agents.receipts, { delivered: 3, queued: 2, undeliverable: 1 });
    const other = await router();
    const clients = await replay(original, options(other, { side: 'clients' }));
    assert.deepEqual([clients.clients, clients.agentEvents], [3, 0]);
  });

  it('keeps the recorded times, or a part of them', async () => {
    const entries: RecordingEntry[] = [0, 150, 300].map((t, at) => ({ kind: 'frame', t, seq: at, direction: 'in', peer: 'agent', bytes: 1, text: JSON.stringify({ type: 'agent_started', run_id: R1, agent_name: 'a', timestamp: '', payload: { at } }) }));
    writeFileSync(file('timed'), [HEADER, ...entries].map(recordingLine).join(''));
    const fresh = await router();
    const of = async (timing: ReplayOptions['timing']): Promise<number[]> => {
      const from = fresh.router.model.deliveries.newest;
      await replay(file('timed'), options(fresh, { timing }));
      const at = [1, 2, 3].map((n) => fresh.router.model.deliveries.info(from + n)!.at);
      return [at[1]! - at[0]!, at[2]! - at[0]!];
    };
    const original = await of({ kind: 'original' });
    assert.ok(original[0]! >= 145 && original[1]! >= 295, String(original));
    const half = await of({ kind: 'scaled', factor: 2 });
    assert.ok(half[0]! >= 70 && half[1]! >= 145, String(half));
    const none = await of({ kind: 'none' });
    assert.ok(none[1]! < original[1]!, `${none[1]} ${original[1]}`);
  });

  it('ends at once when it is cancelled, with its clients gone', async () => {
    const entries: RecordingEntry[] = [
      { kind: 'connection_opened', t: 0, connection: 'main_00000001', threads: [] },
      { kind: 'frame', t: 3_600_000, seq: 1, direction: 'in', peer: 'client', connection: 'main_00000001', bytes: 2, text: '{}' },
    ];
    writeFileSync(file('long'), [HEADER, ...entries].map(recordingLine).join(''));
    const fresh = await router();
    const cancel = new AbortController();
    const running = replay(file('long'), options(fresh, { timing: { kind: 'original' }, signal: cancel.signal, record: file('cut') }));
    await until(() => fresh.router.model.connections.size === 1, 'a client');
    cancel.abort(new Error('cancelled'));
    const result = await running;
    assert.equal(result.cancelled, true);
    await until(() => fresh.router.model.connections.size === 0, 'the end of the client');
    assert.equal((await readAll(file('cut'))).cut, false);
  });

  it('ends where its agents are disconnected, and counts nothing that was not sent', async () => {
    const entries: RecordingEntry[] = [0, 1, 3_600_000].map((t, at) => ({ kind: 'frame', t, seq: at, direction: 'in', peer: 'agent', bytes: 1, text: JSON.stringify({ type: 'agent_started', run_id: R1, agent_name: 'a', timestamp: '', payload: { at } }) }));
    writeFileSync(file('hour'), [HEADER, ...entries].map(recordingLine).join(''));
    const fresh = await router();
    const running = replay(file('hour'), options(fresh, { timing: { kind: 'original' } }));
    await until(() => fresh.router.model.deliveries.newest === 2, 'two events');
    await fresh.stop();
    const { agentEvents, cancelled, problems } = await running;
    assert.deepEqual([agentEvents, cancelled], [2, false]);
    assert.match(problems.join(), /^the agents were disconnected with 1001 .*: the replay ended there$/);
  });

  it('counts nothing that a client was to send after the server had disconnected it', async () => {
    const sends = [1, 2].map((seq): RecordingEntry => ({ kind: 'frame', t: seq, seq, direction: 'in', peer: 'client', connection: 'main_00000001', bytes: 2, text: 'x'.repeat(2_000) }));
    writeFileSync(file('kicked'), [HEADER, { kind: 'connection_opened', t: 0, connection: 'main_00000001', threads: [] } as const, ...sends].map(recordingLine).join(''));
    const small = await TestRouter.start({ limits: { messageBytes: 1_000 } });
    routers.push(small);
    const result = await replay(file('kicked'), options(small));
    assert.equal(result.clientMessages, 1);
    assert.deepEqual(result.problems, ['main_00000001 was disconnected before it had sent everything']);
  });

  it('leaves no client behind when an ID opens twice', async () => {
    const opened = { kind: 'connection_opened', t: 0, connection: 'main_00000001', threads: [] } as const;
    writeFileSync(file('twice'), [HEADER, opened, opened].map(recordingLine).join(''));
    const fresh = await router();
    assert.equal((await replay(file('twice'), options(fresh))).clients, 2);
    await until(() => fresh.router.model.connections.size === 0, 'the end of both clients');
  });

  it('goes on past a client that is refused, and says so', async () => {
    const original = await recorded();
    const small = await TestRouter.start({ limits: { connections: 2 } });
    routers.push(small);
    const result = await replay(original, options(small, {}));
    assert.equal(result.clients, 2);
    assert.match(result.problems[0] ?? '', /could not connect: expected 101 Switching Protocols, received 503/);
  });

  it('says what is wrong with a token', async () => {
    const original = await recorded();
    const fresh = await router();
    await assert.rejects(
      replay(original, options(fresh, { target: readTarget(fresh.url, 'another-token-0123456789', false) })),
      (error: unknown) => error instanceof ReplayTargetError && /agents could not connect.*received 401/.test(error.message) && !error.message.includes('another-token'),
    );
  });

  describe('to a backend that answers no ping', () => {
    let http: Server;
    let got: string[];

    beforeEach(async () => {
      got = [];
      http = createServer();
      const server = new WebSocketServer({ server: http, autoPong: false });
      server.on('connection', (ws) => ws.on('message', (data: Buffer) => got.push(data.toString())));
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      http.closeAllConnections();
      http.close();
    });

    it('waits for one and then goes on without', async () => {
      const entries: RecordingEntry[] = [
        { kind: 'connection_opened', t: 0, connection: 'main_00000001', threads: [] },
        ...[1, 2, 3].map((seq): RecordingEntry => ({ kind: 'frame', t: seq, seq, direction: 'in', peer: 'client', connection: 'main_00000001', bytes: 1, text: String(seq) })),
      ];
      writeFileSync(file('plain'), [HEADER, ...entries].map(recordingLine).join(''));
      const { port } = http.address() as AddressInfo;
      const result = await replay(file('plain'), { target: readTarget(`ws://127.0.0.1:${port}/chat`, undefined, false), side: 'both', timing: { kind: 'none' }, version: '0' });
      assert.deepEqual(got, ['1', '2', '3']);
      assert.ok(result.durationMs < 4000);
    });
  });
});

describe('the target of a replay', () => {
  it('is on this machine unless somebody says otherwise', () => {
    for (const url of ['http://example.com', 'ws://10.0.0.1:80/ws', 'ws://localhost.evil.example/ws', 'http://127.0.0.1.nip.io', 'ws://[2001:db8::1]/ws']) {
      assert.throws(() => readTarget(url, undefined, false), { reason: 'not_loopback' }, url);
      assert.ok(readTarget(url, undefined, true));
    }
    for (const url of ['http://127.0.0.1:1', 'ws://localhost:3000/ws', 'ws://[::1]:3000/ws']) assert.ok(readTarget(url, undefined, false));
  });

  it('is refused when it is no URL of a server', () => {
    for (const url of ['8787', 'file:///etc/passwd', 'ws://user:secret@localhost/ws', 'javascript:1']) assert.throws(() => readTarget(url, undefined, true), { reason: 'bad_target' }, url);
  });

  it('has agents only where we know the way', async () => {
    assert.equal(readTarget('ws://localhost:3000/ws', undefined, false).agentUrl, undefined);
    assert.deepEqual(readTarget('http://127.0.0.1:8787/', 't', false), { clientUrl: 'ws://127.0.0.1:8787/ws', agentUrl: 'ws://127.0.0.1:8787/agent', token: 't' });
  });
});
