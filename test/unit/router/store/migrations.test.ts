import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as sqlite from 'node:sqlite';
import { APPLICATION_ID, type Migration, migrate, readFormat } from '../../../../src/router/store/migrate';
import { type DatabaseOptions, DatabaseRefusedError, openDatabase } from '../../../../src/router/store/open-database';
import { openStore } from '../../../../src/router/store/open-store';
import { MIGRATIONS } from '../../../../src/router/store/schema';
import { memoryLog, registration, waitingEvent } from './samples';
import { useTemporaryDirectory } from './temporary-directory';

describe('migrations', () => {
  const directory = useTemporaryDirectory();
  const file = (): string => join(directory(), 'router.db');

  function options(migrations: readonly Migration[]): DatabaseOptions {
    return { migrations, busyTimeoutMs: 50, maxBytes: 1e8, now: Date.now };
  }

  /** Opens with these migrations, runs the statement, closes. */
  function within<T>(migrations: readonly Migration[], work: (database: sqlite.DatabaseSync) => T): T {
    const { database, lock, content } = openDatabase(sqlite, file(), options(migrations), work);
    database.close();
    lock.release();
    return content;
  }

  for (let version = 0; version < MIGRATIONS.length; version += 1) {
    it(`bring a file of version ${version} to version ${MIGRATIONS.length}`, () => {
      within(MIGRATIONS.slice(0, version), () => undefined);
      const { log, logged } = memoryLog();
      const store = openStore(file(), log);
      store.putRegistration(registration('run_1'));
      store.close();
      assert.equal(store.notice, undefined);
      assert.deepEqual(logged, []);
      const format = within(MIGRATIONS, readFormat);
      assert.equal(format.applicationId, APPLICATION_ID);
      assert.equal(format.version, MIGRATIONS.length);
      assert.deepEqual(within(MIGRATIONS, (database) => database.prepare('SELECT run_id FROM registrations').all().length), 1);
    });
  }

  it('carry over what a file of the present version holds to the next', () => {
    const store = openStore(file(), memoryLog().log);
    store.putRegistration(registration('run_1', { metadata: { a: 1 } }));
    store.putEvent(waitingEvent(3));
    store.close();
    const next = [...MIGRATIONS, `ALTER TABLE registrations ADD COLUMN note TEXT NOT NULL DEFAULT 'old'; CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT`];
    const read = (database: sqlite.DatabaseSync): unknown => [
      { ...database.prepare('SELECT run_id, metadata, note FROM registrations').get() },
      database.prepare('SELECT seq, length(bytes) AS bytes FROM events JOIN payloads USING (seq)').all().map((row) => ({ ...row })),
      database.prepare('SELECT count(*) AS n FROM notes').get()?.['n'],
      readFormat(database).version,
    ];
    const expected = [{ run_id: 'run_1', metadata: '{"a":1}', note: 'old' }, [{ seq: 3, bytes: waitingEvent(3).payload.length }], 0, next.length];
    assert.deepEqual(within(next, read), expected);
    assert.deepEqual(within(next, read), expected, 'and are applied once');
    const after = openStore(file(), memoryLog().log);
    assert.match(after.notice ?? '', new RegExp(`expected format ${MIGRATIONS.length} or older, found ${next.length}`));
    after.close();
  });

  it('are applied all or none', () => {
    const store = openStore(file(), memoryLog().log);
    store.putRegistration(registration('run_1'));
    store.close();
    const broken = [...MIGRATIONS, 'CREATE TABLE one (a) STRICT', 'CREATE TABLE two (a TEXT) STRICT; SELECT nonsense FROM nowhere'];
    assert.throws(() => within(broken, () => undefined), DatabaseRefusedError);
    const database = new sqlite.DatabaseSync(file());
    assert.throws(() => migrate(database, broken));
    assert.equal(readFormat(database).version, MIGRATIONS.length);
    assert.deepEqual(database.prepare(`SELECT name FROM sqlite_schema WHERE name IN ('one', 'two')`).all(), []);
    database.close();
    const again = openStore(file(), memoryLog().log);
    assert.deepEqual(again.load().registrations, [registration('run_1')]);
    again.close();
  });

  it('leave a mark by which the file is known as ours, readable without SQLite', () => {
    openStore(file(), memoryLog().log).close();
    assert.equal(readFileSync(file()).readInt32BE(68), APPLICATION_ID);
    assert.equal(readFileSync(file()).readInt32BE(60), MIGRATIONS.length);
    assert.deepEqual(readdirSync(directory()).sort(), ['router.db', 'router.db-lock']);
  });
});
