import { ThreadRunRegistry } from '../../../src/core';
import { median, type Report, threadCpuMs } from '../report';

const ENTRIES = 1_000_000;
const ROUNDS = 3;

interface Entry {
  readonly threadId: string;
  readonly createdAt: number;
  accessCount: number;
}

type Times = Record<'register' | 'lookup' | 'bound' | 'unregister', number>;

function time(job: () => void): number {
  const begin = threadCpuMs();
  job();
  return threadCpuMs() - begin;
}

/** What a registry is at the least: a Map with an entry per run. No reverse index, no bound, no counters. */
function runMap(runs: readonly string[], more: readonly string[]): Times {
  const map = new Map<string, Entry>();
  let found = 0;
  const register = time(() => {
    for (const run of runs) map.set(run, { threadId: `thread_${run.length}`, createdAt: Date.now(), accessCount: 0 });
  });
  const lookup = time(() => {
    for (const run of runs) {
      const entry = map.get(run);
      if (entry && Date.now() - entry.createdAt < 86_400_000) found++;
    }
  });
  const bound = time(() => {
    for (const run of more) map.set(run, { threadId: `thread_${run.length}`, createdAt: Date.now(), accessCount: 0 });
  });
  const unregister = time(() => {
    for (const run of more) map.delete(run);
  });
  if (found !== runs.length) throw new Error(`expected ${runs.length} hits, found ${found}`);
  return { register, lookup, bound, unregister };
}

function runRegistry(runs: readonly string[], more: readonly string[], threads: readonly string[]): Times & { runsOf: number; sweep: number } {
  let now = 0;
  const registry = new ThreadRunRegistry({ maxEntries: ENTRIES, clock: () => now });
  let found = 0;
  const register = time(() => {
    for (const [i, run] of runs.entries()) registry.register(run, threads[i % threads.length] ?? '');
  });
  const lookup = time(() => {
    for (const run of runs) if (registry.getThread(run) !== undefined) found++;
  });
  const runsOf = time(() => {
    for (let i = 0; i < 100_000; i++) registry.getRuns(threads[i % threads.length] ?? '');
  });
  // The registry is full: each of these drops the oldest.
  const bound = time(() => {
    for (const [i, run] of more.entries()) registry.register(run, threads[i % threads.length] ?? '');
  });
  const unregister = time(() => {
    for (const run of more) registry.unregister(run);
  });
  now = 2 * 86_400_000;
  const left = registry.size;
  let swept = 0;
  const sweep = time(() => {
    swept = registry.sweep();
  });
  if (found !== runs.length || swept !== left || registry.size !== 0) throw new Error('the registry lost count');
  return { register, lookup, bound, unregister, runsOf, sweep };
}

/** The registry at 1,000,000 entries against a plain Map. */
export async function run(report: Report): Promise<void> {
  const ids = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => Buffer.from(`thread_${(from + i).toString(16).padStart(16, '0')}_run_${1_756_919_162_904 + i}_9adf1f09`, 'latin1').toString('latin1'));
  const runs = ids(0, ENTRIES);
  const more = ids(ENTRIES, ENTRIES / 10);
  const threads = Array.from({ length: ENTRIES / 10 }, (_, i) => `thread_${i}`);
  const maps: Times[] = [];
  const ours: ReturnType<typeof runRegistry>[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    maps.push(runMap(runs, more));
    ours.push(runRegistry(runs, more, threads));
  }
  const mid = <T>(rounds: readonly T[], pick: (times: T) => number): number => median(rounds.slice(1).map(pick));
  const perSecond = (ms: number, count: number): number => count / ms / 1000;
  for (const [operation, name, count] of [
    ['register', 'register, up to 1,000,000, 10 runs a thread', ENTRIES],
    ['lookup', 'getThread at 1,000,000', ENTRIES],
    ['bound', 'register at the bound: each drops the oldest', ENTRIES / 10],
    ['unregister', 'unregister at 1,000,000', ENTRIES / 10],
  ] as const) {
    const map = mid(maps, (times) => times[operation]);
    const registry = mid(ours, (times) => times[operation]);
    report({ name: `Map: ${operation}`, value: perSecond(map, count), unit: 'M/s' });
    report({ name: `registry: ${name}`, value: perSecond(registry, count), unit: 'M/s', ratio: registry / map, baseline: 'cost of the plain Map' });
  }
  report({ name: 'registry: getRuns, 10 runs each', value: perSecond(mid(ours, (times) => times.runsOf), 100_000), unit: 'M/s' });
  report({ name: 'registry: sweep of 900,000 expired', value: mid(ours, (times) => times.sweep), unit: 'CPU ms' });
}
