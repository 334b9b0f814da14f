import assert from 'node:assert/strict';
import { ThreadRunRegistry } from '../../../../src/core';
import { readVectors } from '../ids/read-vectors';

interface Step {
  readonly op: readonly [name: string, ...rest: unknown[]];
  readonly result: unknown;
}
interface RegistryVector {
  readonly name: string;
  readonly ttl_hours: number;
  readonly steps: readonly Step[];
}

const HOUR = 3_600_000;

/**
 * Where ours must differ from the original, by scenario and step, with the reason. Everything else is alike.
 * `undefined` stands for a result that ours does not have.
 */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, { readonly ours: unknown; readonly why: string }>>>> = {
  're-register to another thread leaves a stale reverse entry': {
    '3': { ours: [], why: 'the run belongs to t2 now, so t1 has none' },
    '5': {
      ours: { total_mappings: 1, thread_to_runs_count: { t2: 1 }, mappings: { r1: { thread_id: 't2', access_count: 1, state: 'active', metadata: {}, is_expired: false } } },
      why: 'the reverse index follows the change',
    },
    '9': { ours: { total_mappings: 0, thread_to_runs_count: {}, mappings: {} }, why: 'no entry is left behind' },
  },
};

/** Ages one run: all others are registered as much later as it will be aged, and the clock moves on for all. */
class Adapter {
  #now = Date.UTC(2025, 8, 3);
  readonly registry: ThreadRunRegistry;

  constructor(
    readonly vector: RegistryVector,
    ttlHours: number,
    staleReverseEntry: boolean,
  ) {
    this.registry = new ThreadRunRegistry({ clock: () => this.#now, ttlMs: ttlHours * HOUR, staleReverseEntry });
  }

  #agesOfOthers(runId: string): number {
    return this.vector.steps
      .filter(({ op }) => op[0] === 'age' && op[1] !== runId)
      .reduce((sum, { op }) => sum + Number(op[2]), 0);
  }

  run([name, ...rest]: Step['op']): unknown {
    const [first, second, third] = rest as [string, string, Record<string, unknown> | undefined];
    // In the original some time passes between any two calls.
    this.#now += 1;
    switch (name) {
      case 'register': {
        const later = this.#agesOfOthers(first) * HOUR;
        this.#now += later;
        const done = this.registry.register(first, second, third);
        this.#now -= later;
        return done;
      }
      case 'get':
        return this.registry.getThread(first) ?? null;
      case 'runs':
        return this.registry.getRuns(first).sort();
      case 'unregister':
        return this.registry.unregister(first);
      case 'cleanup':
        return this.registry.sweep();
      case 'age':
        this.#now += Number(second) * HOUR;
        return null;
      case 'list':
        return this.#list();
      case 'metrics':
        return this.#metrics();
      default:
        return assert.fail(`unknown operation ${name}`);
    }
  }

  #list(): unknown {
    const mappings = [...this.registry.mappings()];
    return {
      total_mappings: mappings.length,
      thread_to_runs_count: Object.fromEntries(this.registry.threadCounts()),
      mappings: Object.fromEntries(
        mappings.map(({ runId, threadId, accessCount, metadata, expired }) => [
          runId,
          { thread_id: threadId, access_count: accessCount, state: 'active', metadata, is_expired: expired },
        ]),
      ),
    };
  }

  /** `registry_healthy` and `cleanup_interval_minutes` tell of a loop that ours leaves to its owner. */
  #metrics(): unknown {
    const metrics = this.registry.metrics();
    return {
      active_mappings: metrics.activeMappings,
      total_registrations: metrics.totalRegistrations,
      successful_lookups: metrics.successfulLookups,
      failed_lookups: metrics.failedLookups,
      expired_mappings_cleaned: metrics.expiredCleaned,
      lookup_success_rate: metrics.lookupSuccessRate,
      registry_healthy: true,
      mapping_ttl_hours: metrics.ttlMs / HOUR,
      cleanup_interval_minutes: 30,
      max_mappings: metrics.maxEntries,
      memory_usage_percentage: metrics.usage * 100,
    };
  }
}

describe('answers of the original: registry', () => {
  const vectors = readVectors<RegistryVector>('registry');

  for (const vector of vectors) {
    // The status report and the shutdown belong to the loop that sweeps; here the owner sweeps.
    const steps = vector.steps.filter(({ op }) => op[0] !== 'status');
    const shutdown = steps.findIndex(({ op }) => op[0] === 'shutdown');
    const comparable = shutdown === -1 ? steps : steps.slice(0, shutdown);
    const differences = DIFFERENCES[vector.name] ?? {};

    it(`${vector.name}, with the original's behaviour`, () => {
      const adapter = new Adapter(vector, vector.ttl_hours, true);
      for (const [i, step] of comparable.entries()) assert.deepEqual(adapter.run(step.op), step.result, `step ${i}: ${JSON.stringify(step.op)}`);
    });

    it(`${vector.name}${Object.keys(differences).length > 0 ? ' (ours must not)' : ''}`, () => {
      const adapter = new Adapter(vector, vector.ttl_hours, false);
      assert.ok(comparable.length > 0);
      for (const [i, step] of comparable.entries()) {
        const difference = differences[String(i)];
        const expected = difference ? difference.ours : step.result;
        if (difference) assert.notDeepEqual(difference.ours, step.result, 'a difference that is none');
        assert.deepEqual(adapter.run(step.op), expected, `step ${i}: ${JSON.stringify(step.op)}`);
      }
    });
  }
});

describe('stale reverse entries', () => {
  const moved = (options: { maxEntries?: number } = {}): ThreadRunRegistry => {
    const registry = new ThreadRunRegistry({ staleReverseEntry: true, ...options });
    for (const thread of ['t1', 't2', 't3']) registry.register('r', thread);
    return registry;
  };

  it('go when the behaviour is turned off, and the true one stays', () => {
    const registry = moved();
    assert.deepEqual(['t1', 't2', 't3'].map((thread) => registry.getRuns(thread)), [['r'], ['r'], ['r']]);
    registry.staleReverseEntry = false;
    assert.deepEqual(['t1', 't2', 't3'].map((thread) => registry.getRuns(thread)), [[], [], ['r']]);
  });

  it('stay true for a thread to which the run came back', () => {
    const registry = moved();
    registry.register('r', 't1');
    registry.staleReverseEntry = false;
    assert.deepEqual([...registry.threadCounts()], [['t1', 1]]);
  });

  it('are bounded by the number of mappings, the oldest go', () => {
    const registry = moved({ maxEntries: 1 });
    assert.deepEqual([...registry.threadCounts()], [['t2', 1], ['t3', 1]]);
  });
});
