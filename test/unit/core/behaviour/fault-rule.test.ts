import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FAULT_KINDS, FAULT_LIMITS, FaultRuleError, isFaultRule, parseFaultRule, parseFaultRules } from '../../../../src/core';

describe('fault rules', () => {
  it('are read as they come when they are right', () => {
    const rules = [
      { kind: 'drop' },
      { kind: 'duplicate', type: 'agent_started', everyNth: 2 },
      { kind: 'reorder', threadId: 'thread_a', count: 1 },
      { kind: 'delay', runId: 'run_a', ms: 100 },
    ];
    assert.deepEqual(parseFaultRules(rules), rules);
  });

  it('say where they are wrong', () => {
    for (const [value, message] of [
      ['drop', 'faults: expected a list of at most 32 rules, received "drop"'],
      [Array.from({ length: 33 }, () => ({ kind: 'drop' })), 'faults: expected a list of at most 32 rules, received 33 rules'],
      [[1], 'faults[0]: expected an object with "kind", received 1'],
      [[{ kind: 'lose' }], 'faults[0].kind: expected one of drop, duplicate, reorder, delay, received "lose"'],
      [[{ kind: 'drop', thread: 'a' }], 'faults[0].thread: expected one of kind, type, threadId, runId, everyNth, ms, count, received "thread"'],
      [[{ kind: 'drop', type: '' }], 'faults[0].type: expected text of 1 to 1000 characters, received ""'],
      [[{ kind: 'drop', everyNth: 0 }], 'faults[0].everyNth: expected an integer from 1 to 1000000, received 0'],
      [[{ kind: 'drop', count: 1.5 }], 'faults[0].count: expected an integer from 1 to 1000000, received 1.5'],
      [[{ kind: 'delay', ms: 60_001 }], 'faults[0].ms: expected an integer from 1 to 60000, received 60001'],
      [[{ kind: 'drop' }, { kind: 'delay' }], 'faults[1].ms: expected the milliseconds to hold the event, received undefined'],
      [[{ kind: 'drop', ms: 5 }], 'faults[0].ms: expected no "ms" with drop, received 5'],
    ] as const) {
      assert.throws(() => parseFaultRules(value), (error) => error instanceof FaultRuleError && error.message === message, message);
    }
  });

  it('are a rule or an error, never anything else', () => {
    const members = fc.record({
      kind: fc.oneof(fc.constantFrom(...FAULT_KINDS), fc.string(), fc.integer()),
      type: fc.anything(), threadId: fc.string(), runId: fc.anything(), everyNth: fc.anything(), ms: fc.oneof(fc.integer(), fc.double()), count: fc.integer(),
    }, { requiredKeys: [] });
    fc.assert(fc.property(fc.oneof(members, fc.anything()), (value) => {
      if (!isFaultRule(value)) return;
      const rule = parseFaultRule(value);
      assert.ok(FAULT_KINDS.includes(rule.kind));
      assert.equal(rule.ms !== undefined, rule.kind === 'delay');
      for (const [number, most] of [[rule.everyNth, FAULT_LIMITS.everyNth], [rule.ms, FAULT_LIMITS.ms], [rule.count, FAULT_LIMITS.count]] as const) {
        assert.ok(number === undefined || (Number.isInteger(number) && number >= 1 && number <= most));
      }
    }));
  });
});
