import assert from 'node:assert/strict';
import { existsSync, fstatSync, readFileSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { RecordedMembership } from '../../../../src/core/index';
import { NewFile } from '../../../../src/router/recording/new-file';
import { TrafficRecorder } from '../../../../src/router/recording/traffic-recorder';
import { TestRouter, T1, until } from '../harness';
import { useTemporaryDirectory } from '../store/temporary-directory';
import { ask, play, readAll, recordingIn, T2 } from './record-run';

describe('recording a router', () => {
  const directory = useTemporaryDirectory();
  let test: TestRouter;
  const file = (name = 'a'): string => recordingIn(directory(), name);

  beforeEach(async () => {
    test = await TestRouter.start();
  });
  afterEach(() => test.stop());

  async function refused(reason: string, message: RegExp, path: string): Promise<void> {
    await assert.rejects(ask(test.router, 'startRecording', { file: path }), (error: Error & { reason?: string }) => error.reason === reason && message.test(error.message));
  }

  it('writes everything that happens, in order, with the bodies as they were', async () => {
    const info = await ask(test.router, 'startRecording', { file: file() });
    assert.equal(info.file, file());
    await play(test);
    const journal = test.router.model.journal.newest;
    const ended = await ask(test.router, 'stopRecording', {});
    const { header, entries, cut } = await readAll(file());
    assert.equal(cut, false);
    assert.equal(header.source, 'router');
    assert.equal(header.dialect, 'fix');
    assert.equal(header.url, `${test.ws}/ws`);
    const frames = entries.filter((entry) => entry.kind === 'frame');
    // Not one frame that the journal saw is missing.
    assert.equal(frames.length, journal);
    assert.equal(ended.frames, journal);
    assert.deepEqual(frames.map(({ seq }) => seq), frames.map((_, at) => at + 1));
    assert.ok(entries.every((entry, at) => at === 0 || entry.t >= entries[at - 1]!.t));
    assert.deepEqual(entries.at(-1)?.kind, 'end');
    const opened = entries.filter((entry) => entry.kind === 'connection_opened');
    assert.deepEqual(opened.map(({ user }) => user), ['anna-77', 'ben', 'carl']);
    assert.ok(entries.some((entry) => entry.kind === 'association' && entry.thread === T1 && entry.how === 'url'));
    const event = frames.find(({ type, peer }) => type === 'progress_update' && peer === 'client');
    assert.deepEqual([event?.direction, event?.thread, event?.recipients, event?.outcome], ['out', T1, 2, 'delivered']);
    assert.ok(frames.some(({ base64 }) => base64 === 'AQID'));
    const waited = entries.find((entry) => entry.kind === 'delivery');
    assert.deepEqual([waited?.outcome, waited?.connections], ['delivered', 1]);
  });

  it('tells to whom each frame for many went', async () => {
    await ask(test.router, 'startRecording', { file: file() });
    await play(test);
    await ask(test.router, 'stopRecording', {});
    const membership = new RecordedMembership();
    for (const entry of (await readAll(file())).entries) {
      if (entry.kind === 'frame' && entry.recipients !== undefined) assert.equal(membership.recipients(entry).length, entry.recipients, JSON.stringify(entry));
      membership.take(entry);
    }
  });

  it('redacts before it writes: no secret is ever in the file', async () => {
    await ask(test.router, 'startRecording', { file: file() });
    await play(test);
    const client = await test.client('', { headers: { cookie: 'session=s3cr3t-cookie' } });
    client.send(Buffer.from('{"token":"s3cr3t-in-binary"}'));
    client.send('password=s3cr3t-prose');
    await client.settle();
    client.socket.close(4000, 'token=s3cr3t-reason');
    await client.closing();
    await ask(test.router, 'stopRecording', {});
    const text = readFileSync(file(), 'utf8');
    for (const secret of ['hunter22', 'sk-live-0123456789abcdef', 's3cr3t']) assert.ok(!text.includes(secret), secret);
    assert.ok(text.includes('[REDACTED]'));
    for (const entry of (await readAll(file())).entries) if (entry.kind === 'frame' && entry.base64) assert.ok(!Buffer.from(entry.base64, 'base64').toString('latin1').includes('s3cr3t'));
  });

  it('says how connections ended, and what was open before', async () => {
    const before = await test.client(`thread_id=${T2}&user_id=early`);
    await ask(test.router, 'startRecording', { file: file() });
    before.socket.close(4001, 'enough');
    await before.closing();
    await until(() => test.router.model.connections.size === 0, 'the end of the connection');
    const later = await test.client();
    await ask(test.router, 'disconnect', { connectionId: test.router.model.connections.keys().next().value!, code: 4100, reason: 'go' });
    await later.closing();
    await ask(test.router, 'stopRecording', {});
    const { entries } = await readAll(file());
    const [opened] = entries;
    assert.ok(opened?.kind === 'connection_opened');
    assert.deepEqual([opened.user, opened.threads, opened.already_open], ['early', [T2], true]);
    assert.deepEqual(entries.flatMap((entry) => (entry.kind === 'connection_closed' ? [[entry.code, entry.reason]] : [])), [[4001, 'enough'], [4100, 'go']]);
  });

  it('makes a file that only its owner may read, and never writes to one that exists', async () => {
    await ask(test.router, 'startRecording', { file: file() });
    if (process.platform !== 'win32') assert.equal(statSync(file()).mode & 0o777, 0o600);
    await refused('recording', /expected no recording under way/, file('b'));
    await ask(test.router, 'stopRecording', {});
    await refused('file_exists', /nothing is overwritten/, file());
    const target = join(directory(), 'precious');
    symlinkSync(target, file('link'));
    await refused('file_exists', /which does/, file('link'));
    assert.equal(existsSync(target), false);
    writeFileSync(target, 'precious');
    symlinkSync(target, file('link2'));
    await refused('file_exists', /which does/, file('link2'));
    assert.equal(readFileSync(target, 'utf8'), 'precious');
  });

  it('refuses names that are no recordings, and folders that are not there', async () => {
    await refused('bad_file_name', /absolute path that ends in \.threadlens-rec\.jsonl/, join(directory(), '.bashrc'));
    await refused('bad_file_name', /received "a\.threadlens-rec\.jsonl"/, 'a.threadlens-rec.jsonl');
    await refused('no_folder', /expected a file in a folder that exists/, recordingIn(join(directory(), 'none'), 'a'));
    await assert.rejects(ask(test.router, 'stopRecording', {}), { reason: 'not_recording' });
  });

  it('shows in what the router says of itself, while it lasts', async () => {
    assert.equal(test.router.info().recording, undefined);
    await ask(test.router, 'startRecording', { file: file() });
    await test.client();
    await until(() => (test.router.info().recording?.bytes ?? 0) > 400, 'a recording that grows');
    assert.equal(test.router.info().recording?.frames, 1);
    const { json } = await test.http('GET', '/debug/health');
    assert.deepEqual([json.recording.file, json.recording.frames, typeof json.recording.started_at], [file(), 1, 'number']);
    await ask(test.router, 'stopRecording', {});
    assert.equal(test.router.info().recording, undefined);
  });

  it('is completed when the router stops', async () => {
    await ask(test.router, 'startRecording', { file: file() });
    await test.client();
    await test.router.stop();
    const { entries } = await readAll(file());
    assert.deepEqual(entries.at(-1), { kind: 'end', t: entries.at(-1)?.t, why: 'server_stopped' });
    assert.ok(entries.some((entry) => entry.kind === 'connection_closed' && entry.code === 1001));
  });

  it('ends at its bound with a file that reads to the end, and says why', async () => {
    await test.stop();
    test = await TestRouter.start({ limits: { recordingBytes: 20_000 } });
    await ask(test.router, 'startRecording', { file: file() });
    const client = await test.client();
    for (let n = 0; n < 60; n++) client.send({ type: 'chat', payload: { content: 'x'.repeat(1000) } });
    await until(() => test.router.info().recording?.problem !== undefined, 'the end of the recording');
    assert.match(test.router.info().recording?.problem ?? '', /reached its bound of 20000 bytes/);
    assert.ok(statSync(file()).size <= 20_000);
    const { entries, cut } = await readAll(file());
    assert.equal(cut, false);
    const end = entries.at(-1);
    assert.ok(end?.kind === 'end' && end.why === 'size_limit');
    // The router goes on, and can record again.
    await client.settle();
    await ask(test.router, 'startRecording', { file: file('again') });
    await ask(test.router, 'stopRecording', {});
  });

  it('ends when the disk is full with an error, and a file that reads to the end', async () => {
    const failures: string[] = [];
    const recorder = new TrafficRecorder(test.router.model, () => test.router.info(), Date.now, {
      failed: (message) => failures.push(message),
      write: (descriptor, bytes, offset, length) => {
        const room = 6_000 - fstatSync(descriptor).size;
        if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        return writeSync(descriptor, bytes, offset, Math.min(length, room));
      },
    });
    recorder.start(file());
    const client = await test.client();
    for (let n = 0; n < 20; n++) {
      client.send({ type: 'chat', payload: { content: 'x'.repeat(1000) } });
      await client.settle();
    }
    await until(() => failures.length > 0, 'the error');
    assert.match(failures[0]!, /the disk is full: expected room for .*\(ENOSPC\)/);
    assert.match(recorder.info?.problem ?? '', /ENOSPC/);
    const { entries, cut } = await readAll(file());
    assert.equal(cut, false);
    assert.ok(entries.length >= 1);
    assert.equal(test.router.model.journal.recorder, undefined);
  });

  it('names the connections of a thread that were passed over because they read too slowly', async () => {
    await ask(test.router, 'startRecording', { file: file() });
    const [quick, slow] = [await test.client(`thread_id=${T1}&user_id=quick`), await test.client(`thread_id=${T1}&user_id=slow`)];
    // As backpressure does it, when what was written is not read.
    const stalled = Array.from(test.router.model.connections.values()).find(({ userId }) => userId === 'slow')!;
    stalled.slow = true;
    for (const thread of stalled.threads) thread.slow++;
    const agent = await test.agent();
    await agent.deliver({});
    await quick.nextOf('agent_started');
    await ask(test.router, 'stopRecording', {});
    const { entries } = await readAll(file());
    const sent = entries.find((entry) => entry.kind === 'frame' && entry.recipients !== undefined);
    assert.ok(sent?.kind === 'frame');
    assert.deepEqual([sent.recipients, sent.skipped], [1, [stalled.id]]);
    assert.equal(slow.texts.length, 1);
  });

  it('costs the journal one look at a field while nothing is recorded', () => {
    // The field is all there is between the journal and a recorder: nothing else is called, kept or copied.
    assert.equal(test.router.model.journal.recorder, undefined);
    assert.equal(test.router.model.changes.recorder, undefined);
  });
});

describe('saving a journal', () => {
  const directory = useTemporaryDirectory();
  let test: TestRouter;

  beforeEach(async () => {
    test = await TestRouter.start({ limits: { journalBodyBytes: 200 } });
  });
  afterEach(() => test.stop());

  it('writes the past as a recording: the same frames to the same connections', async () => {
    const live = recordingIn(directory(), 'live');
    await ask(test.router, 'startRecording', { file: live });
    await play(test);
    const gone = await test.client('user_id=gone');
    gone.send({ type: 'chat', thread_id: T1, payload: { content: 'y'.repeat(400) } });
    await gone.settle();
    gone.socket.close(4002, 'bye');
    await gone.closing();
    await until(() => test.router.model.connections.size === 3, 'the end of one connection');
    await ask(test.router, 'stopRecording', {});
    const past = recordingIn(directory(), 'past');
    const info = await ask(test.router, 'saveJournal', { file: past });
    const [a, b] = [await readAll(live), await readAll(past)];
    const of = ({ entries }: Awaited<ReturnType<typeof readAll>>): unknown[] => entries.flatMap((entry) => (entry.kind === 'frame' ? [[entry.seq, entry.direction, entry.peer, entry.connection, entry.thread, entry.type, entry.bytes, entry.recipients, entry.truncated ? undefined : entry.text]] : []));
    const truncated = new Set(b.entries.flatMap((entry) => (entry.kind === 'frame' && entry.truncated ? [entry.seq] : [])));
    assert.ok(truncated.size >= 2);
    assert.deepEqual(of(b), of({ ...a, entries: a.entries.map((entry) => (entry.kind === 'frame' && truncated.has(entry.seq) ? { ...entry, truncated: true } : entry)) }));
    assert.equal(info.frames, of(b).length);
    const membership = new RecordedMembership();
    for (const entry of b.entries) {
      if (entry.kind === 'frame' && entry.recipients !== undefined) assert.equal(membership.recipients(entry).length, entry.recipients, JSON.stringify(entry));
      membership.take(entry);
    }
    assert.ok(b.entries.some((entry) => entry.kind === 'connection_closed' && entry.code === 4002));
  });

  it('leaves nothing behind when it cannot', async () => {
    const taken = recordingIn(directory(), 'taken');
    writeFileSync(taken, 'mine');
    await assert.rejects(ask(test.router, 'saveJournal', { file: taken }), { reason: 'file_exists' });
    assert.equal(readFileSync(taken, 'utf8'), 'mine');
  });
});

describe('a new file', () => {
  const directory = useTemporaryDirectory();

  it('holds whole pieces only, however the disk takes them', () => {
    const path = join(directory(), 'pieces');
    let calls = 0;
    const file = new NewFile(path, (descriptor, bytes, offset, length) => {
      if (++calls === 4) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return writeSync(descriptor, bytes, offset, Math.min(length, 3));
    });
    file.append('abcdef');
    assert.throws(() => file.append('ghijkl'), { reason: 'disk_full' });
    assert.equal(file.bytes, 6);
    file.append('xyz');
    file.close();
    assert.equal(readFileSync(path, 'utf8'), 'abcdefxyz');
  });
});
