import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { BEHAVIOUR_NAMES, FAULT_KINDS, parseScenario, parseScenarioText } from '../../../../src/core/index';
import { FAULTS } from '../../../../src/core/diagnosis/catalogue';
import { EVERYTHING } from './sample';

const repository = path.resolve(__dirname, '../../../..');
const schema = JSON.parse(readFileSync(path.join(repository, 'media/scenario.schema.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Every place in a JSON value. */
function placesIn(value: Json, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value);
  return [at, ...entries.flatMap(([name, item]) => placesIn(item, [...at, name]))];
}

function withChange(value: Json, at: readonly (string | number)[], change: (old: Json) => Json | undefined): Json {
  const copy = structuredClone(value);
  if (at.length === 0) return change(copy) ?? null;
  let holder = copy as Record<string | number, Json>;
  for (const name of at.slice(0, -1)) holder = holder[name] as Record<string | number, Json>;
  const last = at.at(-1)!;
  const changed = change(holder[last]!);
  if (changed !== undefined) holder[last] = changed;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy;
}

/** Problems that a schema cannot see: names that are declared nowhere, and sums over the whole file. */
const ACROSS = /^one of the (?:clients|IDs)|^an ID that stands before it|^a name other than|^a scenario with|^at most \d+ (?:steps|events|filled|agents|characters with)/;

describe('scenario format', () => {
  it('takes every step and every member, in the parser and in the schema', () => {
    assert.deepEqual(parseScenario(EVERYTHING).problems, []);
    assert.ok(validate(EVERYTHING), JSON.stringify(validate.errors));
  });

  it('looks in lanes, too, only at the steps of the variant', () => {
    const { problems } = parseScenario({
      version: 1, name: 'lanes', clients: { tab: {} },
      steps: [{ do: 'parallel', lanes: [[{ do: 'connect', client: 'tab' }, { do: 'connect', client: 'other', only: 'fix' }, { do: 'connect', client: 'nobody' }]] }],
      variants: { fault: {}, fix: { clients: { other: {} } } },
    });
    assert.deepEqual(problems.map(({ path: at }) => at), ['steps[0].lanes[0][2].client', 'steps[0].lanes[0][2].client']);
  });

  it('may name every fault, behaviour and kind of fault in the schema', () => {
    const text = JSON.stringify(schema);
    for (const names of [Object.keys(FAULTS), BEHAVIOUR_NAMES, FAULT_KINDS]) assert.deepEqual(names.filter((name) => !text.includes(`"${name}"`)), []);
  });

  it('is refused by parser and schema alike when one place in it is spoiled', () => {
    const places = placesIn(EVERYTHING as unknown as Json);
    const spoiled = fc.oneof(
      fc.constantFrom<Json>(null, true, -1, 0.5, 1e15, '', 'x', '{T}', '5 minutes', [], {}, { do: 'nothing' }, 'a'.repeat(3000)),
      fc.constant('remove' as const),
      fc.constant('add' as const),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), spoiled, (at, how) => {
        const changed = withChange(EVERYTHING as unknown as Json, at, (old) => {
          if (how === 'remove') return undefined;
          if (how === 'add') return typeof old === 'object' && old !== null && !Array.isArray(old) ? { ...old, nonsense: 1 } : old;
          return how;
        });
        const { problems } = parseScenario(changed);
        const ofShape = problems.filter(({ expected }) => !ACROSS.test(expected));
        assert.equal(validate(changed), ofShape.length === 0, `${JSON.stringify(at)} ${JSON.stringify(how)}: parser ${JSON.stringify(ofShape)}, schema ${JSON.stringify(validate.errors?.slice(0, 3))}`);
      }),
      { numRuns: 1_500 },
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { scenario, problems } = parseScenario(value);
        assert.ok((scenario === undefined) === problems.length > 0);
      }),
    );
    assert.equal(parseScenarioText('{').problems[0]?.expected, 'JSON');
    const deep = `${'{"steps":['.repeat(5_000)}${']}'.repeat(5_000)}`;
    assert.match(String(parseScenarioText(deep).problems[0]?.expected), /levels/);
    assert.match(String(parseScenarioText(`"${'x'.repeat(600_000)}"`).problems[0]?.expected), /characters/);
  });

  const problem = (change: object): unknown => parseScenario({ ...EVERYTHING, ...change }).problems[0];

  it('says where, what was expected and what came', () => {
    assert.deepEqual(problem({ version: 2 }), { path: 'version', expected: '1', received: '2' });
    assert.deepEqual(problem({ steps: [{ do: 'connect', client: 'nobody' }] }), { path: 'steps[0].client', expected: 'one of the clients (tab, other)', received: '"nobody"' });
    assert.deepEqual(problem({ steps: [{ do: 'unregister', run: '{Q}' }] }), { path: 'steps[0].run', expected: 'one of the IDs (T, R, U, V)', received: '"{Q}"' });
    assert.deepEqual(problem({ ids: { R: '{T}_run', T: 'x' } }), { path: 'ids.R', expected: 'an ID that stands before it, or ms, hex8, hex16, uuid', received: '"{T}"' });
    const doubling = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`T${at}`, at === 0 ? 'x'.repeat(300) : `{T${at - 1}}{T${at - 1}}`]));
    assert.deepEqual(problem({ ids: { ...EVERYTHING.ids, ...doubling } }), { path: 'ids.T2', expected: 'at most 1024 characters with the IDs in it', received: '1200' });
    const lanes = { do: 'parallel', lanes: [[], [{ do: 'stall', client: 'gone' }]] };
    assert.equal((problem({ steps: [lanes] }) as { path: string }).path, 'steps[0].lanes[1][0].client');
    assert.match(JSON.stringify(problem({ steps: [{ do: 'wait', for: '5 minutes' }] })), /steps\[0\]\.for.*180s.*5 minutes/);
  });

  it('reads a file with a byte order mark', () => {
    assert.deepEqual(parseScenarioText(`\uFEFF${JSON.stringify(EVERYTHING)}`).problems, []);
  });

  it('refuses a step of one variant in a scenario without variants', () => {
    const { problems } = parseScenario({ version: 1, name: 'x', clients: { a: {} }, steps: [{ do: 'connect', client: 'a', only: 'fix' }] });
    assert.deepEqual(problems, [{ path: 'steps[0].only', expected: 'a scenario with "variants"', received: '"fix"' }]);
  });

  it('bounds what the steps add up to', () => {
    const emit = { do: 'emit', type: 'x', run: '{R}', repeat: 10_000, fillBytes: 1_000 };
    assert.match((problem({ steps: [emit, emit, emit] }) as { expected: string }).expected, /events/);
    const big = { ...emit, repeat: 1_000, fillBytes: 500_000 };
    assert.match((problem({ steps: [big] }) as { expected: string }).expected, /filled bytes/);
  });
});
