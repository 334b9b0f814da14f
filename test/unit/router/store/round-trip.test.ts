import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../../src/router/store/open-store';
import type { Store } from '../../../../src/router/store/store';
import { association, memoryLog, registration, waitingEvent } from './samples';
import { useTemporaryDirectory } from './temporary-directory';

describe('a store in a file', () => {
  const directory = useTemporaryDirectory();
  const { log, logged } = memoryLog();
  let store: Store;

  function open(): Store {
    store = openStore(join(directory(), 'state', 'router.db'), log);
    return store;
  }

  function reopen(): Store {
    store.close();
    return open();
  }

  beforeEach(() => {
    logged.length = 0;
    open();
  });
  afterEach(() => store.close());

  it('is empty at first, says that it is durable, and has nothing to tell', () => {
    assert.equal(store.kind, 'sqlite');
    assert.equal(store.notice, undefined);
    assert.deepEqual(store.load(), { registrations: [], events: [], lastSeq: 0 });
    assert.deepEqual(logged, []);
  });

  it('is for its owner alone: directory 0700, files 0600 (SECURITY 16)', function () {
    if (process.platform === 'win32') this.skip();
    store.putRegistration(registration('run_1'));
    store.commit();
    const mode = (path: string): number => statSync(path).mode & 0o777;
    assert.equal(mode(join(directory(), 'state')), 0o700);
    assert.equal(mode(join(directory(), 'state', 'router.db')), 0o600);
    assert.equal(mode(join(directory(), 'state', 'router.db-wal')), 0o600);
  });

  it('gives registrations back whole, oldest first', () => {
    const late = registration('run_late', { createdAt: 30, lastAccessedAt: 31.5, accessCount: 7, metadata: { source: 'pattern_extraction', deep: [{ a: null }] } });
    const early = registration('run_early', { createdAt: 10 });
    store.putRegistration(late);
    store.putRegistration(early);
    assert.deepEqual(reopen().load().registrations, [early, late]);
  });

  it('replaces the registration of a run', () => {
    store.putRegistration(registration('run_1', { threadId: 'thread_a', metadata: { a: 1 } }));
    store.commit();
    const moved = registration('run_1', { threadId: 'thread_b', accessCount: 3 });
    store.putRegistration(moved);
    assert.deepEqual(reopen().load().registrations, [moved]);
  });

  it('keeps IDs apart that differ only in what UTF-8 cannot carry', () => {
    const runIds = ['run_\ud800', 'run_\ud801', 'run_\ufffd', '"run_\\ud800"', 'run_\0', 'run_', '"', '\u{1f642}'];
    for (const runId of runIds) store.putRegistration(registration(runId, { threadId: `thread_${runId}` }));
    const found = reopen().load().registrations;
    assert.deepEqual(new Map(found.map((row) => [row.runId, row.threadId])), new Map(runIds.map((runId) => [runId, `thread_${runId}`])));
    for (const runId of runIds) store.removeRegistration(runId);
    assert.deepEqual(reopen().load().registrations, []);
  });

  it('takes metadata as it was when it was put', () => {
    const metadata = { step: 1 };
    store.putRegistration(registration('run_1', { metadata }));
    metadata.step = 2;
    assert.deepEqual(reopen().load().registrations[0]?.metadata, { step: 1 });
  });

  it('forgets removed registrations, committed before or not', () => {
    for (const runId of ['run_1', 'run_2']) store.putRegistration(registration(runId));
    store.commit();
    store.putRegistration(registration('run_3'));
    for (const runId of ['run_1', 'run_3', 'run_unknown']) store.removeRegistration(runId);
    store.putRegistration(registration('run_1', { threadId: 'thread_again' }));
    assert.deepEqual(reopen().load().registrations, [registration('run_1', { threadId: 'thread_again' }), registration('run_2')]);
  });

  it('gives events back byte for byte, in the order of their numbers', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const full = waitingEvent(9, { state: 'dead', agentName: 'triage', expected: 'thread_{id}', received: 'run_9', payload: bytes });
    const bare = { seq: 3, state: 'waiting', at: 0, type: 'custom', reason: '', payload: new Uint8Array(0) } as const;
    store.putEvent(full);
    store.putEvent(bare);
    const contents = reopen().load();
    assert.deepEqual(
      contents.events.map((event) => ({ ...event, payload: [...event.payload] })),
      [
        { ...bare, payload: [] },
        { ...full, payload: [...bytes] },
      ],
    );
    assert.equal(contents.lastSeq, 9);
  });

  it('changes state and reason without touching the rest; unknown numbers are ignored', () => {
    store.putEvent(waitingEvent(1));
    store.putEvent(waitingEvent(2));
    store.commit();
    store.putEvent(waitingEvent(3));
    store.markEvents([1, 3, 77], 'handing_over');
    store.markEvents([2], 'dead', 'it waited too long');
    const { events } = reopen().load();
    assert.deepEqual(
      events.map((event) => [event.seq, event.state, event.reason, Buffer.from(event.payload).toString()]),
      [
        [1, 'handing_over', waitingEvent(1).reason, '{"type":"agent_started","n":1}'],
        [2, 'dead', 'it waited too long', '{"type":"agent_started","n":2}'],
        [3, 'handing_over', waitingEvent(3).reason, '{"type":"agent_started","n":3}'],
      ],
    );
  });

  it('remembers the greatest number after its event has gone', () => {
    store.putEvent(waitingEvent(41));
    store.putEvent(waitingEvent(42));
    store.commit();
    store.removeEvents([41, 42]);
    assert.deepEqual(reopen().load(), { registrations: [], events: [], lastSeq: 42 });
    assert.equal(reopen().load().lastSeq, 42);
  });

  it('has on disk what was committed, whatever comes after', () => {
    store.putEvent(waitingEvent(1));
    store.commit();
    store.removeEvents([1]);
    store.putEvent(waitingEvent(1, { state: 'dead' }));
    store.markEvents([1], 'waiting', 'again');
    const [event] = reopen().load().events;
    assert.equal(event?.state, 'waiting');
    assert.equal(event?.reason, 'again');
  });

  it('answers for associations, newest first, on disk or not yet', () => {
    store.appendAssociation(association('conn_a', 'thread_1', { userId: 'ann' }));
    store.appendAssociation(association('conn_b', 'thread_1'));
    store.commit();
    store.appendAssociation(association('conn_a', 'thread_2', { how: 'switch_thread' }));
    const names = (rows: readonly { connectionId: string; threadId: string }[]): string[] => rows.map((row) => `${row.connectionId} ${row.threadId}`);
    assert.deepEqual(names(store.associations({ limit: 10 })), ['conn_a thread_2', 'conn_b thread_1', 'conn_a thread_1']);
    assert.deepEqual(names(store.associations({ limit: 10, connectionId: 'conn_a' })), ['conn_a thread_2', 'conn_a thread_1']);
    assert.deepEqual(names(store.associations({ limit: 1, threadId: 'thread_1' })), ['conn_b thread_1']);
    assert.deepEqual(names(store.associations({ limit: 2 })), ['conn_a thread_2', 'conn_b thread_1']);
    reopen();
    assert.deepEqual(store.associations({ limit: 10 })[2], association('conn_a', 'thread_1', { userId: 'ann' }));
  });

  it('refuses values that would spoil a later commit, and says what it expected', () => {
    assert.throws(() => store.putRegistration(registration('run_1', { createdAt: Number.NaN })), /expected createdAt to be a number, received NaN/);
    assert.throws(() => store.putRegistration(registration('run_1', { accessCount: 0.5 })), /expected accessCount to be an integer, received 0.5/);
    assert.throws(() => store.putEvent(waitingEvent(1.5)), /expected seq to be an integer, received 1.5/);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    assert.throws(() => store.putRegistration(registration('run_1', { metadata: cyclic })), TypeError);
    store.putRegistration(registration('run_2'));
    assert.deepEqual(reopen().load().registrations, [registration('run_2')]);
  });

  it('lets the file go when closed, twice as well, and ignores what comes later', () => {
    store.putRegistration(registration('run_1'));
    store.close();
    store.close();
    store.putRegistration(registration('run_2'));
    store.commit();
    assert.ok(!existsSync(join(directory(), 'state', 'router.db-wal')), 'the log was folded into the file');
    assert.deepEqual(open().load().registrations, [registration('run_1')]);
  });
});

describe('a store without a file', () => {
  it('keeps nothing but the association log, and has nothing to tell', () => {
    const { log, logged } = memoryLog();
    const store = openStore(undefined, log, { limits: { maxAssociations: 3 } });
    store.putRegistration(registration('run_1'));
    store.putEvent(waitingEvent(1));
    for (let i = 1; i <= 20; i += 1) store.appendAssociation(association(`conn_${i}`, 'thread_1'));
    store.commit();
    assert.equal(store.kind, 'memory');
    assert.equal(store.notice, undefined);
    assert.deepEqual(store.load(), { registrations: [], events: [], lastSeq: 0 });
    assert.deepEqual(store.associations({ limit: 10 }).map((row) => row.connectionId), ['conn_20', 'conn_19', 'conn_18']);
    store.close();
    assert.deepEqual(logged, []);
  });
});
