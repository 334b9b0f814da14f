import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mappingNotes, type RegistryPort, type RunRecord, ThreadRunRegistry } from '../../../../src/core';

const HOUR = 3_600_000;

/** A port that keeps what it is told, and fails on demand. */
class MemoryPort implements RegistryPort {
  readonly records = new Map<string, RunRecord>();
  readonly removals: (readonly string[])[] = [];
  failing = false;

  load(): Iterable<RunRecord> {
    return this.records.values();
  }

  save(record: RunRecord): void {
    if (this.failing) throw new Error('disk full');
    this.records.set(record.runId, record);
  }

  remove(runIds: readonly string[]): void {
    if (this.failing) throw new Error('disk gone');
    this.removals.push(runIds);
    for (const runId of runIds) this.records.delete(runId);
  }
}

describe('ThreadRunRegistry', () => {
  it('lives for its time from registration, which lookups do not extend', () => {
    let now = 0;
    const registry = new ThreadRunRegistry({ clock: () => now, ttlMs: 1000 });
    registry.register('r', 't');
    now = 1000;
    assert.equal(registry.getThread('r'), 't');
    assert.equal(registry.peek('r')?.lastAccessedAt, 1000);
    now = 1001;
    assert.equal(registry.getThread('r'), undefined);
    assert.deepEqual(registry.getRuns('t'), []);
    assert.equal(registry.peek('r')?.expired, true);
    assert.equal(registry.size, 1);
    registry.register('r', 't');
    assert.equal(registry.getThread('r'), 't');
    assert.equal(registry.peek('r')?.accessCount, 1);
  });

  it('has a default life of 24 hours and a default bound of 10,000', () => {
    const { ttlMs, maxEntries } = new ThreadRunRegistry().metrics();
    assert.equal(ttlMs, 24 * HOUR);
    assert.equal(maxEntries, 10_000);
    assert.ok(new ThreadRunRegistry().metrics().uptimeMs >= 0);
  });

  it('drops the oldest registration beyond its bound, however often that happens', () => {
    const registry = new ThreadRunRegistry({ maxEntries: 3 });
    for (let i = 0; i < 3; i++) registry.register(`r${i}`, 't');
    registry.register('r0', 't');
    registry.register('r3', 't');
    assert.deepEqual(registry.getRuns('t').sort(), ['r0', 'r2', 'r3']);
    for (let i = 0; i < 3; i++) registry.unregister(['r0', 'r2', 'r3'][i] ?? '');
    assert.equal(registry.size, 0);
    for (let i = 10; i < 20; i++) registry.register(`r${i}`, `t${i}`);
    assert.deepEqual([...registry.mappings()].map((mapping) => mapping.runId), ['r17', 'r18', 'r19']);
    assert.equal(registry.metrics().evicted, 8);
    assert.equal(registry.metrics().usage, 1);
    assert.equal(new ThreadRunRegistry({ maxEntries: 0 }).metrics().maxEntries, 1);
  });

  it('remembers runs that moved to another thread', () => {
    const registry = new ThreadRunRegistry({ clock: () => 7 });
    registry.register('r', 't1');
    registry.register('r', 't1');
    registry.register('r', 't2');
    assert.deepEqual(registry.recentMoves(), [{ runId: 'r', from: 't1', to: 't2', at: 7 }]);
    assert.equal(registry.metrics().moved, 1);
    assert.deepEqual(registry.getRuns('t1'), []);
    assert.deepEqual(registry.getRuns('t2'), ['r']);
  });

  it('refuses IDs that are no strings', () => {
    const registry = new ThreadRunRegistry();
    assert.equal(registry.register(1 as unknown as string, 't'), false);
    assert.equal(registry.register('r', null as unknown as string), false);
    assert.equal(registry.size, 0);
    assert.equal(registry.metrics().totalRegistrations, 0);
  });

  it('counts lookups, registrations and time', () => {
    let now = 0;
    const registry = new ThreadRunRegistry({ clock: () => now, ttlMs: HOUR });
    registry.register('a', 't', { agent: 'x' });
    registry.register('b', 't');
    registry.getThread('a');
    registry.getThread('missing');
    now = 4 * HOUR;
    assert.equal(registry.sweep(), 2);
    assert.equal(registry.sweep(), 0);
    const metrics = registry.metrics();
    assert.equal(metrics.lookupSuccessRate, 0.5);
    assert.equal(metrics.averageMappingsPerHour, 0.5);
    assert.equal(metrics.uptimeMs, 4 * HOUR);
    assert.equal(metrics.lastSweepAt, 4 * HOUR);
    assert.equal(metrics.expiredCleaned, 2);
    assert.equal(metrics.threads, 0);
    assert.equal(new ThreadRunRegistry({ clock: () => 0 }).metrics().lastSweepAt, undefined);
  });

  it('keeps metadata and does not count a peek as an access', () => {
    const registry = new ThreadRunRegistry({ clock: () => 5 });
    registry.register('a', 't', { agent: 'x' });
    registry.peek('a');
    assert.deepEqual(registry.peek('a'), {
      runId: 'a',
      threadId: 't',
      createdAt: 5,
      lastAccessedAt: 5,
      accessCount: 0,
      metadata: { agent: 'x' },
      expired: false,
    });
    assert.equal(registry.peek('b'), undefined);
    assert.equal(registry.metrics().successfulLookups, 0);
  });

  it('tells its port every change before it answers, and starts from what the port holds', () => {
    let now = 0;
    const clock = (): number => now;
    const port = new MemoryPort();
    const registry = new ThreadRunRegistry({ clock, port, ttlMs: HOUR, maxEntries: 2 });
    registry.register('a', 't', { n: 1 });
    now = 10;
    registry.register('b', 't');
    registry.register('c', 't');
    assert.deepEqual([...port.records.keys()], ['b', 'c']);
    registry.unregister('b');
    registry.unregister('b');
    assert.deepEqual(port.removals, [['a'], ['b']]);
    const again = new ThreadRunRegistry({ clock, port, ttlMs: HOUR });
    assert.equal(again.getThread('c'), 't');
    assert.equal(again.peek('c')?.createdAt, 10);
    assert.equal(again.metrics().totalRegistrations, 0);
    now = 2 * HOUR;
    assert.equal(again.getThread('c'), undefined);
    assert.equal(again.sweep(), 1);
    assert.equal(port.records.size, 0);
    assert.equal(again.sweep(), 0);
    assert.equal(port.removals.length, 3);
  });

  it('loads in order of age, keeps its bound, and leaves out what is no mapping', () => {
    const port = new MemoryPort();
    const record = (runId: string, createdAt: number): RunRecord => ({ runId, threadId: 't', createdAt, metadata: {} });
    port.load = () =>
      [
        record('new', 3),
        record('old', 1),
        record('middle', 2),
        null,
        { runId: 'x' },
        { ...record('y', 1), threadId: 5 },
        { ...record('z', 1), createdAt: 'now' },
        { ...record('w', 1), metadata: [] },
        { ...record('v', 1), runId: 5 },
      ] as RunRecord[];
    const registry = new ThreadRunRegistry({ port, maxEntries: 2, clock: () => 4 });
    assert.deepEqual([...registry.mappings()].map((mapping) => mapping.runId), ['middle', 'new']);
  });

  it('acknowledges nothing the port could not store, and reports what the port could not forget', () => {
    const port = new MemoryPort();
    const registry = new ThreadRunRegistry({ port, clock: () => 9 });
    registry.register('a', 't');
    port.failing = true;
    assert.equal(registry.register('b', 't'), false);
    assert.equal(registry.register('a', 't2'), false);
    assert.equal(registry.getThread('b'), undefined);
    assert.equal(registry.getThread('a'), 't');
    assert.equal(registry.unregister('a'), true);
    assert.deepEqual(registry.problems(), [
      { operation: 'save', message: 'disk full', at: 9 },
      { operation: 'save', message: 'disk full', at: 9 },
      { operation: 'remove', message: 'disk gone', at: 9 },
    ]);
    assert.equal(registry.metrics().portFailures, 3);
    assert.equal(registry.metrics().totalRegistrations, 1);
  });

  it('lets errors of loading through: its owner decides whether to go on without', () => {
    const port = new MemoryPort();
    port.load = () => {
      throw new Error('corrupt');
    };
    assert.throws(() => new ThreadRunRegistry({ port }), /corrupt/);
  });

  it('behaves like a table of runs for any sequence of changes', () => {
    const run = fc.constantFrom('r1', 'r2', 'r3', 'r4');
    const thread = fc.constantFrom('t1', 't2', '');
    const step = fc.oneof(
      fc.record({ op: fc.constant('register' as const), run, thread }),
      fc.record({ op: fc.constant('unregister' as const), run }),
      fc.record({ op: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ op: fc.constant('sweep' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let now = 0;
        const registry = new ThreadRunRegistry({ clock: () => now, ttlMs: 100, maxEntries: 3 });
        let model: { run: string; thread: string; at: number }[] = [];
        for (const change of steps) {
          switch (change.op) {
            case 'register':
              registry.register(change.run, change.thread);
              model = [...model.filter((row) => row.run !== change.run), { run: change.run, thread: change.thread, at: now }].slice(-3);
              break;
            case 'unregister':
              registry.unregister(change.run);
              model = model.filter((row) => row.run !== change.run);
              break;
            case 'wait':
              now += change.ms;
              break;
            case 'sweep':
              registry.sweep();
              model = model.filter((row) => now - row.at <= 100);
              break;
          }
        }
        const live = model.filter((row) => now - row.at <= 100);
        for (const runId of ['r1', 'r2', 'r3', 'r4']) {
          assert.equal(registry.getThread(runId), live.find((row) => row.run === runId)?.thread);
        }
        for (const threadId of ['t1', 't2', '']) {
          assert.deepEqual(
            registry.getRuns(threadId).sort(),
            live.filter((row) => row.thread === threadId).map((row) => row.run).sort(),
          );
        }
        const counts = Object.fromEntries(registry.threadCounts());
        for (const [threadId, count] of Object.entries(counts)) {
          assert.equal(count, model.filter((row) => row.thread === threadId).length);
        }
        assert.equal(registry.size, model.length);
        assert.equal(registry.metrics().threads, new Set(model.map((row) => row.thread)).size);
      }),
    );
  });
});

describe('mappingNotes', () => {
  const codes = (runId: string, threadId: string, metadata = {}): string[] => mappingNotes({ runId, threadId, metadata }).map((note) => note.code);
  const COMPOSITE = 'thread_x1_run_1756919162904_9adf1f09';

  it('names mappings that the original keeps silent about', () => {
    assert.deepEqual(codes('run_1', 'thread_abc'), []);
    assert.deepEqual(codes(COMPOSITE, COMPOSITE), ['poisoned-registry']);
    assert.deepEqual(codes('run_1', COMPOSITE, { source: 'pattern_extraction' }), ['poisoned-registry', 'guessed']);
    // The validator of the bridge refuses its thread; that the key is a run ID stays true.
    assert.deepEqual(codes('run_1', COMPOSITE.replace('x1', 'x-1')), ['poisoned-registry']);
    assert.deepEqual(codes('run_1', 'run_1'), ['fallback-to-run-id']);
    assert.deepEqual(codes('thread_abc', 'thread_abc'), []);
    assert.deepEqual(codes('run_1', ' \t'), ['blank-thread']);
    assert.deepEqual(codes('run_1 ', 'thread_abc'), ['untrimmed']);
    assert.deepEqual(codes('run_1', '\u001cthread_abc'), ['untrimmed']);
    assert.match(mappingNotes({ runId: 'r', threadId: COMPOSITE, metadata: {} })[0]?.message ?? '', /expected thread_x1, received thread_x1_run_/);
  });
});
