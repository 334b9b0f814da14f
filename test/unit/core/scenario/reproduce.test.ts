import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diagnose, type Diagnosis, isReproducible, parseScenario, reproduce } from '../../../../src/core';
import { FAULTS, type FaultId } from '../../../../src/core/diagnosis/catalogue';

const T = 'thread_13679e4dcc38403a';
const R = `${T}_run_1756919162904_9adf1f09`;

function first(text: string): Diagnosis {
  const [diagnosis] = diagnose(text);
  assert.ok(diagnosis);
  return diagnosis;
}

describe('reproducing a diagnosis', () => {
  it('makes the founding line the scenario of a run ID used as thread key, with its own IDs', () => {
    const scenario = reproduce(first(`No connections found for thread ${R}`));
    assert.ok(scenario);
    assert.equal(scenario.fault, 'composite-as-thread');
    assert.deepEqual(scenario.ids, { T, R });
    assert.deepEqual([scenario.variants?.fault?.router, scenario.variants?.fix?.router], [{ dialect: 'before_fix' }, { dialect: 'fix' }]);
    assert.deepEqual(scenario.evidence, [`No connections found for thread ${R}`]);
    assert.match(scenario.name, /^Run ID used as thread key: thread_13679e4dcc38403a_run_/);
  });

  it('waits as long as the log did before a late association, and begins at its time', () => {
    const lines = [
      '2025-09-03 10:26:02.000 | INFO     | m:f:1 - Enhanced WebSocket connected: conn_u7_0a1b2c3d for user u7 (protocol: fastapi)',
      `2025-09-03 10:26:02.932 | WARNING  | m:f:1 - No connections found for thread ${T}. Active connections: 1`,
      '2025-09-03 10:26:02.933 | DEBUG    | m:f:1 - Sample connection thread_ids: [None]',
      `2025-09-03 10:26:04.182 | INFO     | m:f:1 - Associated 1 connections for user u7 with thread ${T}`,
    ];
    const late = diagnose({ lines }).find(({ id }) => id === 'late-association');
    assert.ok(late);
    const scenario = reproduce(late);
    assert.ok(scenario);
    assert.ok(scenario.steps.some((step) => step.do === 'wait' && 'for' in step && step.for === 1_250));
    assert.equal(scenario.startsAt, new Date(late.evidence[0]!.time!).toISOString());
    assert.equal(scenario.ids?.['T'], T);
    assert.match(scenario.variants?.fault?.description ?? '', /joins 1250 ms after the first event/);
  });

  it('has the thread of the log for every fault of one, and registers a run that does not carry it', () => {
    const scenario = reproduce({ ...first(`No connections found for thread ${R}`), id: 'never-associated', catalogue: ['F2'], threadId: 'thread_user-1', runId: 'run_x', expected: 'x' });
    assert.deepEqual(scenario?.ids, { T: 'thread_user-1', R: 'run_x' });
    assert.ok(scenario.steps.some((step) => step.do === 'register'));
  });

  it('makes nothing of what is no routing fault, is noise, or names too little', () => {
    const diagnosis = first(`No connections found for thread ${R}`);
    for (const id of ['origin-rejected', 'jwt-rejected', 'serialization'] as const) {
      assert.equal(isReproducible({ id, noise: false }), false);
      assert.equal(reproduce({ ...diagnosis, id }), undefined);
    }
    assert.equal(reproduce({ ...diagnosis, noise: true }), undefined);
    const { threadId: _thread, runId: _run, expected: _expected, ...bare } = diagnosis;
    for (const id of ['composite-as-thread', 'unresolvable-run', 'never-associated', 'prefix-mismatch', 'doubled-prefix'] as const) assert.equal(reproduce({ ...bare, id }), undefined, id);
  });

  it('is a scenario that can be read, or nothing, whatever a log holds', () => {
    const text = fc.oneof(fc.constantFrom(T, R, 'thread_thread_x', 'run_1756919162904_9adf1f09', 'thread_user-1', '{T}', '{nobody}', 'u1', ''), fc.string({ maxLength: 1_200 }));
    const record = fc.record({
      id: fc.constantFrom(...(Object.keys(FAULTS) as FaultId[])),
      title: fc.string({ maxLength: 200 }), verdict: fc.string({ maxLength: 3_000 }), catalogue: fc.subarray(['F2', 'F4']),
      evidence: fc.array(fc.record({ text: fc.string({ maxLength: 3_000 }), offset: fc.constant(0), length: fc.constant(0), time: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }) }), { maxLength: 10 }),
      threadId: fc.option(text, { nil: undefined }), runId: fc.option(text, { nil: undefined }), userId: fc.option(text, { nil: undefined }),
      expected: fc.option(text, { nil: undefined }), received: fc.option(text, { nil: undefined }),
      nearMisses: fc.array(fc.record({ threadId: text, connections: fc.nat(), why: fc.string() }), { maxLength: 2 }),
    });
    fc.assert(fc.property(record, (fields) => {
      const diagnosis = { severity: 'error', confidence: 1, inferred: false, cause: '', count: 1, actions: [], noise: false, ...fields } as unknown as Diagnosis;
      const scenario = reproduce(diagnosis);
      if (scenario) assert.deepEqual(parseScenario(JSON.parse(JSON.stringify(scenario))).problems, []);
    }), { numRuns: 300 });
  });
});
