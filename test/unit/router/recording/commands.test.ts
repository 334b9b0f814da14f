import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { recordingLine } from '../../../../src/core/index';
import { HEADER } from '../../core/recording/entries';
import { BuiltRouter } from '../built-router';
import { Peer, T1, TestRouter, TOKEN, until } from '../harness';
import { TestBackend, TestTap } from '../tap/tap-harness';
import { play, readAll, recordingIn } from './record-run';

describe('the commands for recordings, as shipped', function () {
  this.timeout(60_000);
  const built = new BuiltRouter();
  let test: TestRouter;
  const file = (name: string): string => recordingIn(built.directory, name);

  async function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
    const running = built.spawn(args);
    const { code } = await running.exited;
    return { code, out: running.out(), err: running.err() };
  }

  before(async () => {
    await built.build();
    test = await TestRouter.start();
    const recording = built.spawn(['record', '--attach', test.url, '--token', TOKEN, file('original')]);
    await until(() => recording.err().includes('recording to'), 'the recording', 20_000);
    await play(test);
    recording.child.kill('SIGINT');
    assert.equal((await recording.exited).code, 0, recording.err());
    assert.match(recording.out(), /^\d+ frames, \d+ bytes: .*original\.threadlens-rec\.jsonl\n$/);
  });
  after(async () => {
    await test.stop();
    await built.remove();
  });

  it('record what a router sees until they are interrupted', async () => {
    const { header, entries } = await readAll(file('original'));
    assert.equal(header.source, 'router');
    assert.ok(entries.length > 40);
    assert.equal(entries.at(-1)?.kind, 'end');
  });

  it('replay to a fresh router which records it, and compare: 0 for equal, 1 for different', async () => {
    const fresh = await built.start();
    const replayed = await run('replay', '--target', fresh.url, '--token', fresh.token, '--timing', 'none', '--seed', 'x', '--record', file('again'), '--record-by', 'target', '--json', file('original'));
    assert.equal(replayed.code, 0, replayed.err);
    const result = JSON.parse(replayed.out) as { received: number; expected: number; seed: string };
    assert.equal(result.received, result.expected);
    const equal = await run('compare', file('original'), file('again'));
    assert.equal(equal.code, 0, equal.out);
    assert.match(equal.out, /\*\*Equal\*\* except for IDs and times/);
    const broken = await built.start(['--dialect', 'before_fix']);
    await run('replay', '--target', broken.url, '--token', broken.token, '--timing', 'none', '--record', file('broken'), '--record-by', 'target', file('original'));
    const different = await run('compare', '--json', file('original'), file('broken'));
    assert.equal(different.code, 1);
    assert.equal((JSON.parse(different.out) as { equal: boolean }).equal, false);
  });

  it('replay with 1 when a message could not be sent', async () => {
    const entries = [HEADER, { kind: 'connection_opened', t: 0, connection: 'main_00000001', threads: [] }, { kind: 'frame', t: 1, seq: 1, direction: 'in', peer: 'client', connection: 'main_00000001', bytes: 70_000, text: '{', truncated: true }] as const;
    writeFileSync(file('truncated'), entries.map(recordingLine).join(''));
    const { code, out } = await run('replay', '--target', test.url, '--token', TOKEN, '--timing', 'none', file('truncated'));
    assert.match(out, /\n1 messages were not sent: the recording does not hold the whole of them\n/);
    assert.equal(code, 1);
  });

  it('save what a router remembers', async () => {
    const saved = await run('record', '--attach', test.url, '--token', TOKEN, '--past', '--json', file('past'));
    assert.equal(saved.code, 0, saved.err);
    assert.equal((JSON.parse(saved.out) as { frames: number }).frames, test.router.model.journal.newest);
  });

  it('record a tap, by the address that it prints for a workbench', async () => {
    const backend = await TestBackend.start();
    const tap = await TestTap.start(backend.target);
    try {
      const recording = built.spawn(['record', '--attach', `${tap.url}/__thread-lens`, '--token', TOKEN, file('tap')]);
      await until(() => recording.err().includes('recording to') || recording.child.exitCode !== null, 'the recording', 10_000);
      (await tap.client()).send({ type: 'chat' });
      await (await backend.side()).receive(1);
      recording.child.kill('SIGINT');
      assert.equal((await recording.exited).code, 0, recording.err());
      assert.equal((await readAll(file('tap'))).header.source, 'tap');
      // Without the path it is the backend's, which has not asked for anything.
      const mistaken = await run('record', '--attach', tap.url, '--token', TOKEN, file('mistaken'));
      assert.equal(mistaken.code, 1);
      assert.match(mistaken.err, /expected a router of Thread Lens, received a WebSocket that does not say so .*__thread-lens/);
      assert.deepEqual(backend.sides.at(-1)?.texts, []);
    } finally {
      await tap.stop();
      await backend.stop();
    }
  });

  it('end with what ended the recording by itself', async () => {
    const small = await TestRouter.start({ limits: { recordingBytes: 4_096 } });
    try {
      const recording = built.spawn(['record', '--attach', small.url, '--token', TOKEN, file('small')]);
      await until(() => recording.err().includes('recording to'), 'the recording', 10_000);
      const client = await small.client();
      for (let n = 0; n < 10; n++) client.send({ type: 'chat', text: 'x'.repeat(1_000) });
      assert.equal((await recording.exited).code, 1);
      assert.match(recording.err(), /the recording reached its bound of 4096 bytes and ended; what was recorded until then is in the file/);
    } finally {
      await small.stop();
    }
  });

  it('say when the target could not record a replay to its end', async () => {
    const small = await TestRouter.start({ limits: { recordingBytes: 2_000 } });
    try {
      const { code, out, err } = await run('replay', '--target', small.url, '--token', TOKEN, '--timing', 'none', '--record', file('partly'), '--record-by', 'target', file('original'));
      assert.match(err, /the recording reached its bound of 2000 bytes and ended; what was recorded until then is in the file/);
      assert.match(out, /messages came back/);
      assert.equal(code, 1);
    } finally {
      await small.stop();
    }
  });

  it('go on with a replay when the disk is full, and keep what there was room for', async function () {
    if (process.platform === 'win32') this.skip();
    const limited = spawn('bash', ['-c', 'ulimit -f 4; exec "$@"', 'bash', process.execPath, built.file, 'replay', '--target', test.url, '--token', TOKEN, '--timing', 'none', '--record', file('full'), file('original')]);
    let err = '';
    limited.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const [code] = (await once(limited, 'close')) as [number | null];
    assert.equal(code, 1, err);
    assert.match(err, /^the disk is full: expected room for .*full\.threadlens-rec\.jsonl" \(EFBIG\); what was recorded until then is in the file\n$/);
    const { entries } = await readAll(file('full'));
    assert.ok(entries.length > 5);
  });

  it('end when somebody else ends the recording', async () => {
    const recording = built.spawn(['record', '--attach', test.url, '--token', TOKEN, file('shared')]);
    await until(() => recording.err().includes('recording to'), 'the recording', 10_000);
    const other = test.open(`/inspect?token=${TOKEN}`);
    await once(other.socket, 'open');
    other.send({ type: 'request', id: 1, method: 'stopRecording', params: {} });
    assert.equal((await recording.exited).code, 1);
    assert.match(recording.err(), /the recording was ended by somebody else/);
  });

  it('write a HAR and read it back', async () => {
    const har = join(built.directory, 'a.har');
    assert.equal((await run('har', 'export', file('original'), har)).code, 0);
    if (process.platform !== 'win32') assert.equal(statSync(har).mode & 0o777, 0o600);
    const { log } = JSON.parse(readFileSync(har, 'utf8')) as { log: { version: string; entries: unknown[] } };
    assert.deepEqual([log.version, log.entries.length], ['1.2', 4]);
    assert.equal((await run('har', 'export', file('original'), har)).code, 2);
    const back = await run('har', 'import', har, file('imported'));
    assert.match(back.out, /^4 connections, \d+ messages; passed over: 0 entries/);
    const compared = await run('compare', file('original'), file('imported'));
    // A HAR knows how connections ended only where they did.
    assert.equal(compared.code, 0, compared.out);
  });

  it('stand in for the recorded server', async () => {
    const server = built.spawn(['replay', '--serve', '--timing', 'none', '--json', file('original')]);
    await until(() => server.out().includes('\n'), 'the server', 20_000);
    const { url } = JSON.parse(server.out()) as { url: string };
    const socket = new WebSocket(`${url}?thread_id=${T1}&user_id=anna-77`);
    const peer = new Peer(socket);
    await once(socket, 'open');
    await peer.nextOf('progress_update');
    assert.deepEqual(peer.messages.map(({ type }) => type as string).filter((type) => type !== 'pong'), ['connection_established', 'agent_started', 'tool_executing', 'agent_completed', 'progress_update']);
    server.child.kill('SIGTERM');
    assert.equal((await server.exited).code, 0);
    await peer.closing();
    assert.equal(peer.closed?.code, 1001);
  });

  for (const [what, args, message] of [
    ['a target elsewhere', ['replay', '--target', 'http://192.0.2.1:8787', '@original'], /expected a loopback address, received 192\.0\.2\.1/],
    ['no target', ['replay', '@original'], /--target: expected a URL, received none/],
    ['a file that is not there', ['compare', '@original', '@none'], /expected a file, received .*none\.threadlens-rec\.jsonl", which does not exist/],
    ['a file that is none', ['compare', '@original', 'package.json'], /expected the first line of a Thread Lens recording/],
    ['an origin that is none', ['replay', '--serve', '--allow-origin', 'localhost:3000', '@original'], /--allow-origin: expected an origin such as http:\/\/localhost:3000/],
    ['a wrong timing', ['replay', '--target', 'http://127.0.0.1:1', '--timing', 'fast', '@original'], /--timing: expected original, none or a positive number, received "fast"/],
    ['a target that would not be used', ['replay', '--serve', '--target', 'http://127.0.0.1:1', '@original'], /--serve: expected no --target, received one/],
    ['a wrong verb', ['har', 'convert', 'a', 'b'], /expected export or import and two files/],
    ['no token', ['record', '--attach', 'http://127.0.0.1:1', '@x'], /--token: expected the token of the router, received none/],
  ] as const) {
    it(`refuse ${what} with 2`, async () => {
      const { code, err } = await run(...args.map((arg) => (arg.startsWith('@') ? file(arg.slice(1)) : arg)));
      assert.equal(code, 2, err);
      assert.match(err, message);
    });
  }

  it('refuse a wrong token without telling it', async () => {
    const { code, err } = await run('record', '--attach', test.url, '--token', 'wrong-token-0123456789', file('never'));
    assert.equal(code, 1);
    assert.match(err, /received 401/);
    assert.ok(!err.includes('wrong-token'));
    assert.equal(existsSync(file('never')), false);
  });
});
