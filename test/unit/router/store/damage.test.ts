import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../../../src/router/store/open-store';
import type { Store } from '../../../../src/router/store/store';
import { memoryLog, registration, waitingEvent } from './samples';
import { useTemporaryDirectory } from './temporary-directory';

describe('a damaged file', () => {
  const directory = useTemporaryDirectory();
  const file = (): string => join(directory(), 'router.db');
  const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const aside = (): string => `${file()}.damaged-20260102T030405678Z`;
  const { log, logged } = memoryLog();
  let store: Store | undefined;

  beforeEach(() => {
    logged.length = 0;
    store = openStore(file(), log);
    for (let i = 0; i < 200; i += 1) {
      store.putRegistration(registration(`run_${i}`, { metadata: { text: 'x'.repeat(100) } }));
      store.putEvent(waitingEvent(i, { payload: Buffer.alloc(300, 97) }));
    }
    store.close();
  });
  afterEach(() => store?.close());

  function expectNewBeginning(): void {
    const damaged = readFileSync(file());
    store = openStore(file(), log, { now });
    assert.equal(store.kind, 'sqlite');
    assert.deepEqual(store.load(), { registrations: [], events: [], lastSeq: 0 });
    assert.match(store.notice ?? '', /was damaged \(.+\)\. It was set aside as .+\.damaged-20260102T030405678Z and a new file begun/);
    assert.deepEqual(logged, [{ level: 'warn', message: store.notice }]);
    assert.equal(digest(readFileSync(aside())), digest(damaged), 'what is set aside is the damaged file as it was');
    store.putRegistration(registration('run_new'));
    store.close();
    store = openStore(file(), log);
    assert.deepEqual(store.load().registrations, [registration('run_new')]);
    assert.equal(store.notice, undefined);
  }

  it('that was overwritten with something else is set aside', () => {
    writeFileSync(file(), 'run_id,thread_id\n'.repeat(100));
    expectNewBeginning();
  });

  it('that is shorter than a header is set aside', () => {
    truncateSync(file(), 50);
    expectNewBeginning();
  });

  it('that was cut in the middle is set aside', () => {
    truncateSync(file(), 4096 * Math.floor(statSync(file()).size / 4096 / 2));
    expectNewBeginning();
  });

  it('of which a page in the middle is garbage is set aside', () => {
    const handle = openSync(file(), 'r+');
    writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, 4096 * 10);
    closeSync(handle);
    expectNewBeginning();
  });

  it('of which every page but the header is zero is set aside', () => {
    const handle = openSync(file(), 'r+');
    const { size } = statSync(file());
    writeSync(handle, Buffer.alloc(size - 4096), 0, size - 4096, 4096);
    closeSync(handle);
    expectNewBeginning();
  });

  it('that lacks a table is set aside', () => {
    const database = new DatabaseSync(file());
    database.exec('DROP TABLE payloads');
    database.close();
    expectNewBeginning();
  });

  it('does not overwrite one that was set aside in the same millisecond', () => {
    writeFileSync(aside(), 'an earlier one');
    writeFileSync(file(), 'garbage'.repeat(100));
    store = openStore(file(), log, { now });
    assert.equal(store.kind, 'sqlite');
    assert.equal(readFileSync(aside(), 'utf8'), 'an earlier one');
    assert.ok(existsSync(`${aside()}-2`));
  });

  it('takes its write-ahead log with it', () => {
    writeFileSync(file(), 'garbage'.repeat(100));
    writeFileSync(`${file()}-wal`, 'its log');
    store = openStore(file(), log, { now });
    assert.equal(store.kind, 'sqlite');
    assert.equal(readFileSync(`${aside()}-wal`, 'utf8'), 'its log');
  });

  it('of no bytes is simply new: so a router leaves it that dies while creating it', () => {
    truncateSync(file(), 0);
    store = openStore(file(), log, { now });
    assert.equal(store.kind, 'sqlite');
    assert.deepEqual(store.load(), { registrations: [], events: [], lastSeq: 0 });
    assert.deepEqual(readdirSync(directory()).filter((name) => name.includes('damaged')), []);
  });

  it('with a log of garbage loses at most the log', () => {
    writeFileSync(`${file()}-wal`, Buffer.alloc(10_000, 0x5a));
    store = openStore(file(), log, { now });
    assert.equal(store.kind, 'sqlite');
    assert.equal(store.load().registrations.length, 200);
  });

  it('keeps its sound rows when single rows make no sense, and says how many did not', () => {
    const database = new DatabaseSync(file());
    database.exec(`UPDATE registrations SET metadata = '{' WHERE run_id = 'run_7'`);
    database.exec('UPDATE events SET state = 99 WHERE seq = 3');
    database.exec('DELETE FROM payloads WHERE seq = 4');
    database.close();
    store = openStore(file(), log);
    const contents = store.load();
    assert.equal(contents.registrations.length, 199);
    assert.deepEqual(contents.events.slice(0, 5).map((event) => event.seq), [0, 1, 2, 5, 6]);
    assert.match(store.notice ?? '', /3 rows of .+ could not be read and were removed/);
    store.close();
    store = openStore(file(), log);
    assert.equal(store.notice, undefined);
    assert.equal(store.load().events.length, 198);
  });
});

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
