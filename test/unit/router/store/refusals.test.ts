import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildSync } from 'esbuild';
import { openStore } from '../../../../src/router/store/open-store';
import type { Store } from '../../../../src/router/store/store';
import { association, memoryLog, registration, waitingEvent } from './samples';
import { useTemporaryDirectory } from './temporary-directory';

const NOBODY = 65_534;

describe('a file that cannot be used', () => {
  const directory = useTemporaryDirectory();
  const file = (): string => join(directory(), 'router.db');
  const { log, logged } = memoryLog();
  const opened: Store[] = [];

  function open(path = file()): Store {
    const store = openStore(path, log, { limits: { busyTimeoutMs: 50 } });
    opened.push(store);
    return store;
  }

  beforeEach(() => void (logged.length = 0));
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });

  /** The store works in memory, and told so once. */
  function expectMemory(store: Store, why: RegExp): void {
    assert.equal(store.kind, 'memory');
    assert.match(store.notice ?? '', why);
    assert.match(store.notice ?? '', /State is kept in memory and is lost when the router stops\.$/);
    assert.deepEqual(logged, [{ level: 'warn', message: store.notice }]);
    store.putRegistration(registration('run_x'));
    store.putEvent(waitingEvent(7));
    store.appendAssociation(association('conn_a', 'thread_1'));
    store.commit();
    assert.equal(store.associations({ limit: 1 }).length, 1);
  }

  it('because another store of this process has it: the second is told and the first goes on', () => {
    const first = open();
    first.putRegistration(registration('run_1'));
    first.commit();
    expectMemory(open(), /router\.db is in use by another router/);
    first.putRegistration(registration('run_2'));
    first.close();
    assert.deepEqual(open().load().registrations.map((row) => row.runId), ['run_1', 'run_2']);
  });

  it('because another process has it, also after this process was refused once', () => {
    const first = open();
    first.putRegistration(registration('run_1'));
    first.commit();
    open();
    logged.length = 0;
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      try { console.log(new DatabaseSync(process.argv[1]).prepare('SELECT count(*) FROM registrations').get()); }
      catch (error) { console.log('refused', error.errcode); }`;
    const other = spawnSync(process.execPath, ['-e', script, file()], { encoding: 'utf8' });
    assert.equal(other.stdout.trim(), 'refused 5', other.stderr);
  });

  it('because a process has it that was not this one', async () => {
    const { spawn } = await import('node:child_process');
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(process.argv[1]);
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
      console.log('locked');
      setInterval(() => {}, 1000);`;
    open().close();
    const other = spawn(process.execPath, ['-e', script, file()], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await new Promise((locked) => other.stdout.once('data', locked));
      expectMemory(open(), /router\.db is in use by another router/);
    } finally {
      const ended = new Promise((resolved) => other.once('exit', resolved));
      other.kill('SIGKILL');
      await ended;
    }
    assert.equal(open().kind, 'sqlite', 'the lock ends with its process');
  });

  it('because a newer version wrote it: not a byte of it changes', () => {
    open().close();
    const database = new DatabaseSync(file());
    database.exec('PRAGMA user_version = 1000');
    database.close();
    const before = readFileSync(file());
    expectMemory(open(), /was written by a newer version: expected format \d+ or older, found 1000; it is left as it is/);
    assert.deepEqual(readFileSync(file()), before);
  });

  it('because it is the database of another program: not a byte of it changes', () => {
    const database = new DatabaseSync(file());
    database.exec('CREATE TABLE bookmarks (url TEXT)');
    database.close();
    const before = readFileSync(file());
    expectMemory(open(), /is a database of another program; it is left as it is/);
    assert.deepEqual(readFileSync(file()), before);
  });

  it('because it is a directory', () => {
    mkdirSync(file());
    expectMemory(open(), /router\.db cannot be used \(it is not a regular file\)/);
  });

  it('because its directory is a file', () => {
    writeFileSync(join(directory(), 'state'), '');
    expectMemory(open(join(directory(), 'state', 'router.db')), /router\.db cannot be (opened|used)/);
  });

  it('because its directory is read-only', function () {
    if (process.platform === 'win32') this.skip();
    const locked = join(directory(), 'locked');
    mkdirSync(locked);
    chmodSync(directory(), 0o755);
    chmodSync(locked, 0o555);
    const store = asOrdinaryUser(() => open(join(locked, 'router.db')));
    expectMemory(store, /router\.db cannot be written \(EACCES/);
    assert.deepEqual(readdirSync(locked), []);
  });

  it('because it is read-only and of someone else', function () {
    // Only root can make a file that is someone else's; others own theirs and may make it writable again.
    if (process.platform === 'win32' || process.getuid?.() !== 0) this.skip();
    open().close();
    chmodSync(directory(), 0o755);
    chmodSync(file(), 0o444);
    const before = readFileSync(file());
    const store = asOrdinaryUser(() => open());
    expectMemory(store, /router\.db cannot be/);
    assert.deepEqual(readFileSync(file()), before);
  });

  it('because this runtime has no SQLite', () => {
    // The real thing: Node with the module turned off.
    const bundle = join(directory(), 'open.cjs');
    buildSync({
      stdin: {
        contents: `
          import { openStore } from './src/router/store/open-store';
          const store = openStore(process.argv[2], (level, message) => console.log(level, message));
          store.commit();
          console.log(store.kind, store.notice === undefined ? 'without notice' : 'with notice');`,
        resolveDir: resolve('.'),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      outfile: bundle,
      logLevel: 'error',
    });
    const run = (...flags: string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, [...flags, bundle, file()], { encoding: 'utf8' });
      return stdout + stderr;
    };
    assert.match(
      run('--no-experimental-sqlite'),
      /^warn .+router\.db is not used: this runtime \(Node v[\d.]+\) has no node:sqlite, which Node 22\.13 and later have\. State is kept in memory.+\nmemory with notice\n$/,
    );
    assert.match(run(), /^sqlite without notice\n/);
  });
});

/** Runs the function without root's right to write everywhere. */
function asOrdinaryUser<T>(work: () => T): T {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return work();
  process.seteuid(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid(0);
  }
}
