import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseAgentEvent, type EventProblemReason } from '../../../../src/core/index';
import { pythonStrip } from '../../../../src/core/ids/python-text';

const RUN = 'run_user_123_abc12345';
const good = { type: 'agent_started', run_id: RUN, agent_name: 'a', timestamp: '2025-09-03T10:26:02Z', payload: {} };

function refused(input: unknown): { reason: EventProblemReason; message: string; expected: string; received: string } {
  const parsed = parseAgentEvent(input);
  assert.ok(!parsed.ok, 'it was accepted');
  return parsed.problem;
}

describe('parseAgentEvent', () => {
  const cases: [string, unknown, EventProblemReason, RegExp][] = [
    ['unreadable JSON', '{"type": ', 'not-json', /\{\\"type\\"/],
    ['a JSON array', '[1]', 'not-an-object', /an array of 1/],
    ['a number', 7, 'not-an-object', /the number 7/],
    ['null', null, 'not-an-object', /null/],
    ['nothing', undefined, 'not-an-object', /nothing/],
    ['no type', { ...good, type: undefined }, 'missing-type', /no "type"/],
    ['a type that is no string', { ...good, type: 3 }, 'bad-type', /the number 3/],
    ['no run_id', { type: 'x' }, 'missing-run-id', /no "run_id"/],
    ['run_id null', { ...good, run_id: null }, 'missing-run-id', /null/],
    ['run_id a number', { ...good, run_id: 12 }, 'bad-run-id', /the number 12/],
    ['run_id blank', { ...good, run_id: ' \t' }, 'bad-run-id', /" \\t"/],
    ['run_id blank to Python', { ...good, run_id: '\u001c\u0085' }, 'bad-run-id', /\\u001c/],
    ['run_id registry', { ...good, run_id: 'registry' }, 'system-run-id', /registry/],
    ['agent_name a list', { ...good, agent_name: [] }, 'bad-agent-name', /an array of 0/],
    ['payload a string', { ...good, payload: 'x' }, 'bad-payload', /"x"/],
    ['data a list', { type: 't', run_id: RUN, data: [1] }, 'bad-payload', /an array of 1/],
    ['a run_id that is only inherited', '{"type":"x","__proto__":{"run_id":"r"}}', 'missing-run-id', /no "run_id"/],
  ];
  for (const [name, input, reason, received] of cases) {
    it(`refuses ${name}: ${reason}`, () => {
      const problem = refused(input);
      assert.equal(problem.reason, reason);
      assert.match(problem.received, received);
      assert.ok(problem.expected.length > 0 && problem.message.endsWith('.'));
    });
  }

  it('refuses what is too large or too deep, whether text or value', () => {
    const nested = (depth: number): string => `{"type":"x","run_id":"r","payload":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
    assert.equal(refused(nested(80)).reason, 'too-deep');
    assert.equal(refused(JSON.parse(nested(80))).reason, 'too-deep');
    assert.equal(refused('['.repeat(500_000)).reason, 'too-deep');
    assert.ok(parseAgentEvent(nested(60)).ok);
    assert.equal(refused(`{"type":"${'x'.repeat(1_048_576)}"}`).reason, 'too-large');
    const cyclic: Record<string, unknown> = { ...good };
    cyclic['payload'] = cyclic;
    assert.equal(refused(cyclic).reason, 'too-deep');
    const inner: Record<string, unknown> = {};
    const round = [inner];
    inner['round'] = round;
    assert.equal(refused({ ...good, payload: { round } }).reason, 'too-deep');
    let shared: unknown = 1;
    for (let n = 0; n < 60; n++) shared = [shared, shared];
    assert.ok(parseAgentEvent({ ...good, payload: { shared } }).ok, 'what is only shared is no cycle');
    assert.ok(parseAgentEvent(`{"type":"x","run_id":"r","text":"${'[{'.repeat(200)}"}`).ok, 'brackets within strings are no depth');
  });

  it('reads the payload where the envelope keeps it: payload, then data, then the root', () => {
    const payloadOf = (event: object): unknown => {
      const parsed = parseAgentEvent(event);
      assert.ok(parsed.ok);
      return parsed.event.payload;
    };
    assert.deepEqual(payloadOf({ type: 't', run_id: RUN, payload: { a: 1 }, data: { a: 2 }, a: 3 }), { a: 1 });
    assert.deepEqual(payloadOf({ type: 't', run_id: RUN, data: { a: 2 }, a: 3 }), { a: 2 });
    assert.deepEqual(payloadOf({ type: 't', run_id: RUN, a: 3 }), { a: 3 });
  });

  it('fills in what old envelopes lack', () => {
    const parsed = parseAgentEvent({ type: 't', run_id: RUN });
    assert.ok(parsed.ok);
    assert.equal(parsed.event.agent_name, 'unknown');
    assert.equal(parsed.event.timestamp, '');
  });

  it('keeps __proto__ an ordinary key', () => {
    const parsed = parseAgentEvent('{"type":"t","run_id":"r","__proto__":{"polluted":true},"payload":{"__proto__":{"polluted":true}}}');
    assert.ok(parsed.ok);
    assert.ok(!('polluted' in parsed.event) && !('polluted' in {}));
    assert.equal(Object.getPrototypeOf(parsed.event.payload), Object.prototype);
  });

  it('shows no secret in what it received', () => {
    const problem = refused({ ...good, run_id: RUN, payload: 'Authorization: Bearer abc.def.ghi' });
    assert.ok(!problem.received.includes('abc.def'));
  });

  it('never throws, and accepts exactly what names a type and a run', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (input) => {
      const parsed = parseAgentEvent(input);
      if (parsed.ok) assert.ok(parsed.event.type.trim() !== '' && pythonStrip(parsed.event.run_id) !== '');
      else assert.ok(parsed.problem.expected !== '' && parsed.problem.received !== '');
    }), { numRuns: 500 });
  });
});
