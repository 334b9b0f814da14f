import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  InvalidRunIdError,
  type Resolution,
  ResolutionMetrics,
  type ResolutionSources,
  resolveThread,
  resolveThreadSync,
  ThreadResolutionError,
  ThreadRunRegistry,
} from '../../../../src/core';

const CANONICAL = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const BARE = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('expected a rejection'),
    (error: unknown) => error,
  );
}

/** A clock that moves on by one millisecond each time it is read. */
function tickingClock(): () => number {
  let now = 1000;
  return () => now++;
}

/** Values that misbehave in every way a source can. */
const hostile: readonly (() => unknown)[] = [
  () => {
    throw new Error('down');
  },
  () => {
    // oxlint-disable-next-line typescript/only-throw-error -- a source may throw anything
    throw 'text';
  },
  () => {
    // oxlint-disable-next-line typescript/only-throw-error -- a source may throw anything
    throw undefined;
  },
  () => {
    throw new Proxy(new Error('hidden'), {
      getPrototypeOf() {
        throw new Error('no prototype');
      },
    });
  },
  async () => Promise.reject(new Error('later')),
  () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- this is what is tested
    get then() {
      throw new Error('no then');
    },
  }),
  () => ({ toString: () => 'thread_x' }),
  () => Symbol('thread'),
  () => 17n,
  () => '   ',
  () => ['thread_a'],
];

describe('resolveThread', () => {
  it('traces each step with its input, outcome, reason and time', async () => {
    const registry = new ThreadRunRegistry();
    const resolution = await resolveThread(`  ${CANONICAL}\n`, { registry, orchestrator: {}, connectionManager: { connections: new Map() } }, { clock: tickingClock() });
    assert.deepEqual(
      resolution.steps.map((step) => [step.priority, step.name, step.outcome]),
      [
        [1, 'Registry', 'miss'],
        [2, 'Orchestrator', 'skipped'],
        [3, 'Connection manager', 'miss'],
        [4, 'Pattern extraction', 'hit'],
      ],
    );
    for (const step of resolution.steps) {
      assert.equal(step.input, CANONICAL);
      assert.match(step.reason, /\.$/);
      assert.equal(step.durationMs, 1);
    }
    assert.equal(resolution.runId, CANONICAL);
    assert.equal(resolution.pattern, '1.5');
    assert.equal(resolution.dialect, 'fix');
    assert.equal(resolution.durationMs, 9);
    assert.equal(resolution.steps[3]?.pattern, '1.5');
    assert.equal(resolution.steps[3]?.threadId, 'thread_13679e4dcc38403a');
  });

  it('says in the trace why each step did what it did', async () => {
    const reasons = async (runId: string, sources: ResolutionSources): Promise<string[]> =>
      (await resolveThread(runId, sources)).steps.map((step) => `${step.outcome}: ${step.reason}`);
    assert.deepEqual(await reasons('thread_abc', { registry: { getThread: () => 7, register: () => true }, orchestrator: { getThreadIdForRun: () => undefined }, connectionManager: {} }), [
      'invalid: The registry answered 7: expected a non-blank thread ID.',
      'miss: The orchestrator has no entry for this run ID.',
      'hit: It has the form of a thread ID, and the connection manager has no table that could say otherwise.',
    ]);
    assert.deepEqual(await reasons('run_abc_deadbeef', { connectionManager: { connections: new Map() } }), [
      'skipped: There is no registry.',
      'skipped: There is no orchestrator.',
      'miss: Only a valid thread ID is looked up among the connections, and this is none.',
      'hit: Pattern 1.6 of the dialect "fix" finds thread_abc.',
    ]);
    assert.equal((await reasons('thread_abc', { connectionManager: { connections: new Map([['thread_abc', {}]]) } })).at(-1), 'hit: A connection is held under this ID.');
    assert.deepEqual(await reasons('x', { registry: { getThread: () => 'thread_k', register: () => true } }), ['hit: The registry answered "thread_k".']);
    const none = resolveThreadSync('thread_abc', { orchestrator: { getThreadIdForRun: () => 5 }, connectionManager: { connections: new Map([['thread_abc', null]]) } });
    assert.deepEqual(none.steps.slice(1, 3).map((step) => step.reason), ['The orchestrator answered 5: expected a non-blank thread ID.', 'No connection is held under this ID.']);
    assert.equal('pattern' in resolveThreadSync('x', { registry: { getThread: () => 'thread_k', register: () => true } }), false);
  });

  it('says in one error what was tried, expected and received', async () => {
    const error = await rejection(resolveThread(BARE, {}));
    assert.ok(error instanceof ThreadResolutionError);
    assert.equal(error.reason, 'unresolved');
    assert.equal(error.resolution.priority, 5);
    assert.equal(error.resolution.steps.length, 4);
    assert.equal(error.message, error.resolution.error);
    for (const part of [BARE, 'There is no registry.', 'There is no orchestrator.', 'There is no connection manager.', '"fix"', 'thread_{id}_run_{ms}_{8 hex}']) {
      assert.ok(error.message.includes(part), part);
    }
  });

  it('refuses what is no string or blank before it asks anyone', async () => {
    let asked = 0;
    const sources: ResolutionSources = { registry: { getThread: () => asked++, register: () => asked++ } };
    for (const [value, reason, received] of [
      [undefined, 'not-a-string', 'undefined'],
      [null, 'not-a-string', 'null'],
      [17, 'not-a-string', '17'],
      [[], 'not-a-string', 'an array'],
      [{}, 'not-a-string', 'an object'],
      [Symbol('x'), 'not-a-string', 'a symbol'],
      [() => 1, 'not-a-string', 'a function'],
      [1n, 'not-a-string', '1n'],
      ['', 'blank', '""'],
      [' \u001c\u0085\t', 'blank', '" \\u001c\u0085\\t"'],
    ] as const) {
      const error = await rejection(resolveThread(value, sources));
      assert.ok(error instanceof InvalidRunIdError);
      assert.equal(error.reason, reason);
      assert.equal(error.expected, 'a non-blank string');
      assert.equal(error.received, received);
      assert.throws(() => resolveThreadSync(value, sources), InvalidRunIdError);
    }
    assert.equal(asked, 0);
  });

  it('uses the dialect it is told', async () => {
    assert.equal((await resolveThread(CANONICAL, {}, { dialect: 'before_fix' })).threadId, CANONICAL);
    assert.equal((await resolveThread(CANONICAL, {}, { dialect: 'unified' })).pattern, 'canonical');
    const error = await rejection(resolveThread('thread_a-b', {}, { dialect: '20250918' }));
    assert.ok(error instanceof ThreadResolutionError && error.message.includes('"20250918"'));
  });

  it('shows how one wrong extraction sticks', async () => {
    const registry = new ThreadRunRegistry();
    await resolveThread(CANONICAL, { registry }, { dialect: 'before_fix' });
    const later = await resolveThread(CANONICAL, { registry }, { dialect: 'fix' });
    assert.equal(later.source, 'thread_registry');
    assert.equal(later.threadId, CANONICAL);
  });

  it('stands although the write-back failed, and says so', async () => {
    for (const register of [() => false, async () => false, ...hostile.slice(0, 6)]) {
      const resolution = await resolveThread(CANONICAL, { registry: { getThread: () => undefined, register } });
      assert.equal(resolution.threadId, 'thread_13679e4dcc38403a');
      assert.equal(resolution.backfill?.registered, false);
    }
    const silent = await resolveThread(CANONICAL, { registry: { getThread: () => null, register: () => undefined } });
    assert.equal(silent.backfill?.registered, true);
    assert.deepEqual(silent.backfill?.metadata, { source: 'pattern_extraction' });
  });

  it('writes nothing back for what the registry or the connections knew', async () => {
    const known = await resolveThread(BARE, { registry: { getThread: () => 'thread_k', register: () => assert.fail() } });
    assert.equal(known.backfill, undefined);
    const direct = await resolveThread('thread_abc', { registry: { getThread: () => undefined, register: () => assert.fail() }, connectionManager: {} });
    assert.equal(direct.source, 'direct_format');
    assert.equal(direct.backfill, undefined);
  });

  it('survives sources that misbehave in every way', async () => {
    for (const misbehave of hostile) {
      const connections = Object.defineProperty({}, 'get', { get: misbehave });
      const resolution = await resolveThread(CANONICAL, {
        registry: { getThread: misbehave, register: misbehave },
        orchestrator: { getThreadIdForRun: misbehave },
        connectionManager: { connections },
      });
      assert.equal(resolution.priority, resolution.source === 'direct_format' ? 3 : 4);
      for (const step of resolution.steps.slice(0, 2)) assert.ok(step.outcome === 'failed' || step.outcome === 'invalid', step.outcome);
    }
  });

  it('tells a failed step by what it threw', async () => {
    const reasons = await Promise.all(
      hostile.slice(0, 5).map(async (getThread) => {
        const resolution = await resolveThread(CANONICAL, { registry: { getThread, register: () => true } });
        return resolution.steps[0]?.reason;
      }),
    );
    assert.deepEqual(reasons, ['It threw: down', 'It threw: text', 'It threw: undefined', 'It threw: an error that cannot be read', 'It threw: later']);
  });

  it('awaits sources that answer later, and takes a promise for a failure when it must not wait', async () => {
    const sources: ResolutionSources = {
      registry: { getThread: async () => Promise.resolve('thread_later'), register: () => true },
    };
    assert.equal((await resolveThread(BARE, sources)).threadId, 'thread_later');
    const resolution = resolveThreadSync(CANONICAL, sources);
    assert.equal(resolution.steps[0]?.outcome, 'failed');
    assert.equal(resolution.source, 'pattern_extraction');
  });

  it('never throws anything but its own errors, on any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('thread_', 'run_', CANONICAL)), async (runId) => {
        const outcome: Resolution | Error = await resolveThread(runId, {}).catch((error: unknown) => {
          assert.ok(error instanceof ThreadResolutionError || error instanceof InvalidRunIdError);
          return error;
        });
        assert.ok(outcome);
      }),
    );
  });
});

describe('ResolutionMetrics', () => {
  it('counts each resolution once, by source, with its failures', async () => {
    const clock = tickingClock();
    const metrics = new ResolutionMetrics({ clock });
    assert.equal(metrics.snapshot().successRate, 1);
    assert.equal(metrics.snapshot().averageMs, 0);
    const registry = new ThreadRunRegistry({ clock });
    await resolveThread(CANONICAL, { registry }, { metrics, clock });
    await resolveThread(CANONICAL, { registry }, { metrics, clock });
    await resolveThread(CANONICAL, { registry: { getThread: hostile[0] as () => unknown, register: () => false } }, { metrics, clock });
    await rejection(resolveThread(BARE, {}, { metrics, clock }));
    const snapshot = metrics.snapshot();
    assert.equal(snapshot.total, 4);
    assert.equal(snapshot.successful, 3);
    assert.equal(snapshot.failed, 1);
    assert.equal(snapshot.successRate, 0.75);
    assert.equal(snapshot.bySource.pattern_extraction?.count, 2);
    assert.equal(snapshot.bySource.pattern_extraction?.share, 0.5);
    assert.equal(snapshot.bySource.thread_registry?.count, 1);
    assert.equal(snapshot.bySource.orchestrator, undefined);
    // Each reading of the clock takes a millisecond.
    const total = snapshot.averageMs * snapshot.total;
    const { pattern_extraction: extracted, thread_registry: known } = snapshot.bySource;
    assert.equal(total, 33);
    assert.equal(extracted?.averageMs, 10);
    assert.equal(known?.averageMs, 4);
    assert.deepEqual(snapshot.failedSteps, { Registry: 1 });
    assert.equal(snapshot.failedBackfills, 1);
    assert.deepEqual(
      snapshot.recentFailures.map((failure) => [failure.runId, failure.step]),
      [
        [CANONICAL, 'Registry'],
        [BARE, 'none'],
      ],
    );
    assert.match(snapshot.recentFailures[1]?.error ?? '', /No thread is known/);
  });

  it('keeps a bounded number of failures, the newest', async () => {
    const metrics = new ResolutionMetrics();
    for (let i = 0; i < 120; i++) await rejection(resolveThread(`job${i}`, {}, { metrics }));
    const { recentFailures, failed } = metrics.snapshot();
    assert.equal(failed, 120);
    assert.equal(recentFailures.length, 50);
    assert.equal(recentFailures.at(-1)?.runId, 'job119');
  });
});
