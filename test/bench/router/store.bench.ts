import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/router/store/open-store';
import type { RegistrationRow, Store, StoredEvent } from '../../../src/router/store/store';
import { median, type Report } from '../report';

const MEASURE_MS = 400;
const ROUNDS = 5;
const EVENTS_AT_OPENING = 20_000;

const payload = Buffer.alloc(256, 0x61);

function event(seq: number): StoredEvent {
  return {
    seq,
    state: 'waiting',
    at: 1_756_919_162_904,
    type: 'agent_thinking',
    runId: `thread_${seq % 1000}_run_1756919162904_9adf1f09`,
    threadId: `thread_${seq % 1000}`,
    reason: 'Nobody is connected to the thread; the event waits.',
    payload,
  };
}

function registration(n: number): RegistrationRow {
  return { runId: `run_${n}`, threadId: `thread_${n % 1000}`, createdAt: 1_756_919_162_904 + n, lastAccessedAt: 0, accessCount: 0, metadata: { source: 'api' } };
}

/**
 * How many operations in a second, when every `group` of them share one commit. Each number is kept and, when `keep`
 * more have come, removed again, so that the file stays as a router's: bounded.
 */
function rate(group: number, put: (n: number) => void, remove: (n: number) => void, commit: () => void): number {
  const keep = 5000;
  let n = 0;
  const begin = performance.now();
  let elapsed = 0;
  while (elapsed < MEASURE_MS) {
    for (let i = 0; i < group; i += 1) {
      n += 1;
      put(n);
      if (n > keep) remove(n - keep);
    }
    commit();
    elapsed = performance.now() - begin;
  }
  return (n / elapsed) * 1000;
}

function withStore<T>(work: (store: Store, file: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'thread-lens-bench-'));
  const file = join(directory, 'router.db');
  const store = openStore(file, (_level, message) => {
    throw new Error(message);
  });
  if (store.kind !== 'sqlite') throw new Error(`expected a store in a file, received ${store.kind}`);
  try {
    return work(store, file);
  } finally {
    store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const MAP = 'a plain Map';

const VARIANTS: ReadonlyMap<string, { readonly events: () => number; readonly registrations: () => number }> = new Map([
  [
    MAP,
    {
      events: () => {
        const map = new Map<number, StoredEvent>();
        return rate(1000, (n) => map.set(n, event(n)), (n) => map.delete(n), () => undefined);
      },
      registrations: () => {
        const map = new Map<string, RegistrationRow>();
        return rate(1000, (n) => map.set(`run_${n}`, registration(n)), (n) => map.delete(`run_${n}`), () => undefined);
      },
    },
  ],
  ...[1, 10, 100, 1000].map(
    (group) =>
      [
        group === 1 ? 'a commit each' : `${group} in a commit`,
        {
          events: () => withStore((store) => rate(group, (n) => store.putEvent(event(n)), (n) => store.removeEvents([n]), () => store.commit())),
          registrations: () =>
            withStore((store) => rate(group, (n) => store.putRegistration(registration(n)), (n) => store.removeRegistration(`run_${n}`), () => store.commit())),
        },
      ] as const,
  ),
]);

/** Delivered before the next commit: such events never reach the disk. */
function passingThrough(): number {
  return withStore((store) => {
    let seq = 0;
    const begin = performance.now();
    let elapsed = 0;
    while (elapsed < MEASURE_MS) {
      for (let i = 0; i < 100; i += 1) {
        seq += 1;
        store.putEvent(event(seq));
        store.removeEvents([seq]);
      }
      store.commit();
      elapsed = performance.now() - begin;
    }
    return (seq / elapsed) * 1000;
  });
}

/** Milliseconds from the file to what a router begins with. */
function opening(): number {
  return withStore((store, file) => {
    for (let n = 1; n <= EVENTS_AT_OPENING; n += 1) store.putEvent(event(n));
    for (let n = 1; n <= 10_000; n += 1) store.putRegistration(registration(n));
    store.close();
    const begin = performance.now();
    const again = openStore(file, () => undefined);
    const { events } = again.load();
    const took = performance.now() - begin;
    again.close();
    if (events.length !== EVENTS_AT_OPENING) throw new Error(`expected ${EVENTS_AT_OPENING} events, received ${events.length}`);
    return took;
  });
}

/** Compares what a store on disk takes in a second with one commit for many changes, with a commit each, and with a Map. */
export async function run(report: Report): Promise<void> {
  for (const kind of ['events', 'registrations'] as const) {
    const rates = new Map<string, number[]>([...VARIANTS.keys()].map((name) => [name, []]));
    // Round by round, so that a slow moment of the machine meets all of them.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, variant] of VARIANTS) rates.get(name)?.push(variant[kind]());
    }
    const each = median(rates.get('a commit each') ?? []);
    for (const [name, values] of rates) {
      const value = median(values);
      report({ name: `${kind}, ${name}`, value, unit: '/s', ratio: value / each, baseline: 'a commit each' });
    }
    if (kind === 'events') {
      const value = median(Array.from({ length: ROUNDS }, passingThrough));
      report({ name: 'events that go before the commit, 100 in a commit', value, unit: '/s', ratio: value / each, baseline: 'a commit each' });
    }
  }
  report({ name: `opening with ${EVENTS_AT_OPENING} events and 10000 registrations`, value: median([opening(), opening(), opening()]), unit: 'ms' });
}
