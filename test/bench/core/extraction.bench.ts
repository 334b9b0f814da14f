import { extractThreadId, parseRunId, resolveThreadSync, ThreadRunRegistry } from '../../../src/core';
import { type Report, timeInTurns } from '../report';

const IDS = 100_000;
const ROUNDS = 7;
/** The IDs are gone through so often a round, so that a round is long beside the grain of the clock. */
const PASSES = 5;
const CANONICAL = /^thread_(?<thread>.+?)_run_(?<ms>\d+)_(?<suffix>[0-9a-f]{8})$/;

/** Numbers that look random and are the same in every run. */
function hex(seed: number, digits: number): string {
  let text = '';
  let state = seed + 1;
  while (text.length < digits) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(16).padStart(8, '0');
  }
  return text.slice(0, digits);
}

/** IDs as they arrive: each a string of its own, not a view into a larger one. */
function flat(ids: readonly string[]): string[] {
  return ids.map((id) => Buffer.from(id, 'latin1').toString('latin1'));
}

/** DESIGN 6: extraction from canonical IDs costs at most one RegExp exec with named groups over the same IDs. */
export async function run(report: Report): Promise<void> {
  const canonical = flat(Array.from({ length: IDS }, (_, i) => `thread_${hex(i, 16)}_run_${1_756_919_162_904 + i}_${hex(i * 7, 8)}`));
  const legacy = flat(Array.from({ length: IDS }, (_, i) => `run_user_${i}_${hex(i, 8)}`));
  const bare = flat(Array.from({ length: IDS }, (_, i) => `run_${hex(i, 8)}-${hex(i, 4)}-4${hex(i, 3)}-a${hex(i, 3)}-${hex(i, 12)}`));
  let found = 0;
  const count = (value: unknown): void => {
    if (value !== undefined && value !== null) found++;
  };
  const all = (ids: readonly string[], read: (id: string) => unknown) => () => {
    for (let pass = 0; pass < PASSES; pass++) for (const id of ids) count(read(id));
  };
  const registry = new ThreadRunRegistry({ maxEntries: 2 * IDS });
  for (const id of canonical) registry.register(id, 'thread_x');
  const [regExp = NaN, ...ours] = timeInTurns(ROUNDS, [
    all(canonical, (id) => CANONICAL.exec(id)?.groups?.thread),
    all(canonical, (id) => extractThreadId(id)),
    all(canonical, (id) => extractThreadId(id, 'unified')),
    all(legacy, (id) => extractThreadId(id)),
    all(bare, (id) => extractThreadId(id)),
    all(canonical, (id) => parseRunId(id)),
    all(canonical, (id) => resolveThreadSync(id, { registry })),
  ]);
  const nanoseconds = (ms: number): number => (ms * 1e6) / (IDS * PASSES);
  report({ name: 'RegExp exec with named groups, canonical IDs', value: nanoseconds(regExp), unit: 'ns/ID' });
  const names = [
    'extractThreadId (fix), canonical IDs',
    'extractThreadId (unified), canonical IDs',
    'extractThreadId (fix), legacy IDs',
    'extractThreadId (fix), bare UUID runs: every pattern fails',
    'parseRunId, canonical IDs: every reading, warnings',
    'resolveThreadSync, registry hit of 100,000, with its trace',
  ];
  for (const [i, name] of names.entries()) {
    const time = ours[i] ?? NaN;
    const budget = i === 0 ? ' (budget: at most 1)' : '';
    report({ name, value: nanoseconds(time), unit: 'ns/ID', ratio: time / regExp, baseline: `cost of the RegExp${budget}` });
  }
  if (found === 0) throw new Error('nothing was extracted');
}
