import assert from 'node:assert/strict';
import {
  InvalidRunIdError,
  type OrchestratorSource,
  type RegistrySource,
  resolveThread,
  type ResolutionSources,
  type Resolution,
  resolveThreadSync,
  ThreadResolutionError,
  ThreadRunRegistry,
} from '../../../../src/core';
import { describeMismatches, readVectors } from '../ids/read-vectors';

interface RegistryVector {
  readonly kind: 'value' | 'map' | 'exception' | 'real';
  readonly value?: unknown;
  readonly map?: Readonly<Record<string, unknown>>;
  readonly register?: 'exception' | 'false';
  readonly message?: string;
  readonly ttl_hours?: number;
  readonly mappings?: readonly { readonly run_id: string; readonly thread_id: string; readonly age_hours: number }[];
}

interface ResolutionVector {
  readonly name: string;
  readonly registry: RegistryVector | null;
  readonly orchestrator: RegistryVector | { readonly kind: 'missing_method' } | null;
  readonly manager: { readonly kind: string; readonly keys?: readonly string[] } | null;
  readonly calls: readonly unknown[];
  readonly expected: readonly {
    readonly thread_id: string | null;
    readonly source: string | null;
    readonly priority: number | null;
    readonly error: { readonly type: string } | null;
    readonly backfill: unknown;
    readonly backfill_registered: boolean;
  }[];
}

const HOUR = 3_600_000;
const NOW = Date.UTC(2025, 8, 3, 12);

function realRegistry(vector: RegistryVector): ThreadRunRegistry {
  let now = NOW;
  const registry = new ThreadRunRegistry({ clock: () => now, ttlMs: (vector.ttl_hours ?? 24) * HOUR });
  for (const { run_id, thread_id, age_hours } of vector.mappings ?? []) {
    now = NOW - age_hours * HOUR;
    registry.register(run_id, thread_id);
  }
  now = NOW;
  return registry;
}

function fakeRegistry(vector: RegistryVector): RegistrySource {
  const map = new Map(Object.entries(vector.map ?? {}));
  return {
    getThread(runId) {
      if (vector.kind === 'exception') throw new Error(vector.message);
      return vector.kind === 'map' ? map.get(runId) : vector.value;
    },
    register(runId, threadId) {
      if (vector.register === 'exception') throw new Error('cannot register');
      if (vector.register === 'false') return false;
      if (vector.kind === 'map') map.set(runId, threadId);
      return true;
    },
  };
}

function orchestrator(vector: NonNullable<ResolutionVector['orchestrator']>): OrchestratorSource {
  if (vector.kind === 'missing_method') return {};
  return { getThreadIdForRun: (runId) => fakeRegistry(vector).getThread(runId) };
}

function manager(vector: NonNullable<ResolutionVector['manager']>): NonNullable<ResolutionSources['connectionManager']> {
  switch (vector.kind) {
    case 'connections':
      return { connections: new Map((vector.keys ?? []).map((key) => [key, {}])) };
    case 'connections_none_values':
      return { connections: new Map((vector.keys ?? []).map((key) => [key, null])) };
    case 'connections_without_get':
      return { connections: {} };
    case 'get_raises':
      return {
        connections: {
          get() {
            throw new Error('no table');
          },
        },
      };
    default:
      assert.equal(vector.kind, 'no_connections_attr');
      return {};
  }
}

function sources(vector: ResolutionVector): ResolutionSources {
  const registry = vector.registry && (vector.registry.kind === 'real' ? realRegistry(vector.registry) : fakeRegistry(vector.registry));
  return {
    ...(registry ? { registry } : {}),
    ...(vector.orchestrator ? { orchestrator: orchestrator(vector.orchestrator) } : {}),
    ...(vector.manager ? { connectionManager: manager(vector.manager) } : {}),
  };
}

type Answer = Pick<ResolutionVector['expected'][number], 'thread_id' | 'source' | 'priority' | 'backfill' | 'backfill_registered'> & { failed: boolean };

function toAnswer(resolution: Resolution): Answer {
  const { backfill } = resolution;
  return {
    thread_id: resolution.threadId ?? null,
    source: resolution.source ?? null,
    priority: resolution.priority ?? null,
    backfill: backfill ? { run_id: backfill.runId, thread_id: backfill.threadId, metadata: backfill.metadata } : null,
    backfill_registered: backfill?.registered ?? false,
    failed: resolution.error !== undefined,
  };
}

const REFUSED: Answer = { thread_id: null, source: null, priority: null, backfill: null, backfill_registered: false, failed: true };

function fromError(error: unknown): Answer {
  if (error instanceof ThreadResolutionError) return toAnswer(error.resolution);
  assert.ok(error instanceof InvalidRunIdError, String(error));
  return REFUSED;
}

async function answerLater(runId: unknown, from: ResolutionSources): Promise<Answer> {
  return resolveThread(runId, from, { clock: () => NOW }).then(toAnswer, fromError);
}

function answerNow(runId: unknown, from: ResolutionSources): Answer {
  try {
    return toAnswer(resolveThreadSync(runId, from, { clock: () => NOW }));
  } catch (error) {
    return fromError(error);
  }
}

describe('answers of the original: resolution', () => {
  const vectors = readVectors<ResolutionVector>('resolution');

  async function compare(ask: (runId: unknown, from: ResolutionSources) => Promise<Answer> | Answer): Promise<void> {
    assert.ok(vectors.length > 100);
    const mismatches: unknown[] = [];
    for (const vector of vectors) {
      const from = sources(vector);
      for (const [i, call] of vector.calls.entries()) {
        const expected = vector.expected[i];
        assert.ok(expected);
        const { error, ...rest } = expected;
        const actual = await ask(call, from);
        try {
          assert.deepEqual(actual, { ...rest, failed: error !== null });
        } catch {
          mismatches.push({ name: vector.name, call, actual, expected });
        }
      }
    }
    assert.equal(mismatches.length, 0, describeMismatches(mismatches));
  }

  it('resolves every scenario alike', async () => compare(answerLater));

  it('resolves every scenario alike at once', async () => compare(answerNow));
});
