import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../../src/router/store/open-store';
import { StorageError } from '../../../../src/router/store/storage-error';
import type { Store } from '../../../../src/router/store/store';
import { association, memoryLog, registration, waitingEvent } from './samples';
import { useTemporaryDirectory } from './temporary-directory';

describe('a store on a disk that gets full', () => {
  const directory = useTemporaryDirectory();
  const file = (): string => join(directory(), 'router.db');
  const { log, logged } = memoryLog();
  let time = 0;
  let store: Store;
  let changes: number;

  // SQLite answers a file at its bound with the same SQLITE_FULL as a full disk.
  function open(maxFileBytes: number): void {
    store = openStore(file(), log, { now: () => time, limits: { maxFileBytes, retryMs: 1000 } });
    store.onChange(() => void (changes += 1));
  }

  /** Puts and commits events until the disk refuses. @returns the numbers committed. */
  function fill(): number[] {
    const committed: number[] = [];
    for (let seq = 1; seq < 1000; seq += 1) {
      store.putEvent(waitingEvent(seq, { payload: Buffer.alloc(1000) }));
      try {
        store.commit();
      } catch (error) {
        assert.ok(error instanceof StorageError);
        assert.equal(error.reason, 'full');
        return committed;
      }
      committed.push(seq);
    }
    throw new Error('the disk never got full');
  }

  beforeEach(() => {
    logged.length = 0;
    changes = 0;
    open(80_000);
  });
  afterEach(() => store.close());

  function eventsInFile(): string[] {
    store.close();
    open(1e9);
    return store.load().events.map((event) => `${event.seq} ${event.state}`);
  }

  it('refuses the commit, says once that it is in memory now, and goes on', () => {
    fill();
    assert.equal(store.kind, 'memory');
    assert.match(store.notice ?? '', /router\.db cannot be written \(database or disk is full\); changes are kept in memory/);
    assert.equal(changes, 1);
    store.putEvent(waitingEvent(5000, { payload: Buffer.alloc(1000) }));
    store.commit();
    time += 10_000;
    store.commit();
    assert.equal(store.kind, 'memory');
    assert.equal(changes, 1);
    assert.deepEqual(logged, [], 'the error that was thrown has told it');
  });

  it('has in the file exactly what was committed', () => {
    const committed = fill();
    store.putRegistration(registration('run_1', { metadata: { text: 'x'.repeat(100_000) } }));
    store.commit();
    assert.deepEqual(eventsInFile(), committed.map((seq) => `${seq} waiting`));
  });

  it('still notes on disk what is handed over or gone, so that nothing is delivered twice', () => {
    const committed = fill();
    store.markEvents([1, 2], 'handing_over');
    store.commit();
    store.markEvents([3], 'dead', 'x'.repeat(20_000));
    store.removeEvents([2]);
    store.commit();
    const expected = ['1 handing_over', '3 dead', ...committed.slice(3).map((seq) => `${seq} waiting`)];
    assert.deepEqual(eventsInFile().slice(0, expected.length), expected);
  });

  it('writes everything once there is room again, and says so', () => {
    const committed = fill();
    store.putRegistration(registration('run_1'));
    store.removeEvents(committed.slice(0, committed.length / 2));
    store.commit();
    assert.equal(store.kind, 'memory', 'not tried again before its time');
    time += 1000;
    store.commit();
    assert.equal(store.kind, 'sqlite');
    assert.equal(store.notice, undefined);
    assert.equal(changes, 2);
    assert.match(logged.at(-1)?.message ?? '', /State is written to .+router\.db again\./);
    const kept = [...committed.slice(committed.length / 2), committed.length + 1];
    assert.deepEqual(eventsInFile(), kept.map((seq) => `${seq} waiting`));
    assert.deepEqual(store.load().registrations, [registration('run_1')]);
  });

  it('tries a last time when it closes', () => {
    const committed = fill();
    store.removeEvents(committed);
    store.commit();
    assert.deepEqual(eventsInFile(), [`${committed.length + 1} waiting`]);
  });
});

describe('a store whose file is damaged while it is open', () => {
  const directory = useTemporaryDirectory();

  it('sets it aside and goes on in memory', () => {
    const { log, logged } = memoryLog();
    const file = join(directory(), 'router.db');
    // More than SQLite's page cache holds, so that it has to read the file again.
    const seqs = Array.from({ length: 400 }, (_, i) => i + 1);
    let store = openStore(file, log);
    try {
      for (const seq of seqs) store.putEvent(waitingEvent(seq, { payload: Buffer.alloc(30_000, 97) }));
      store.close();
      store = openStore(file, log);
      overwriteAfter(file, 100 * 4096);
      store.appendAssociation(association('conn_a', 'thread_1'));
      store.removeEvents(seqs);
      assert.throws(() => store.commit(), (error) => error instanceof StorageError && error.reason === 'damaged');
      assert.equal(store.kind, 'memory');
      assert.match(store.notice ?? '', /is damaged and was set aside as .+; state is kept in memory until the router starts again\./);
      assert.ok(!existsSync(file), readdirSync(directory()).join());
      store.putRegistration(registration('run_1'));
      store.putEvent(waitingEvent(1000));
      store.commit();
      assert.deepEqual(store.associations({ limit: 5 }), [association('conn_a', 'thread_1')]);
      assert.deepEqual(logged, []);
    } finally {
      store.close();
    }
  });
});

function overwriteAfter(file: string, offset: number): void {
  const handle = openSync(file, 'r+');
  const garbage = Buffer.alloc(statSync(file).size - offset, 0xa5);
  writeSync(handle, garbage, 0, garbage.length, offset);
  closeSync(handle);
}
