import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EVENT_LIMITS, parseAgentEvent } from '../../../src/core/index';
import { EventScanner } from '../../../src/router/delivery/event-scanner';

const scanners = [new EventScanner(), new EventScanner(false)];
const limits = { ...EVENT_LIMITS, maxLength: Infinity };

/** The scanner must take exactly what `parseAgentEvent` takes, and find the same fields. */
function agree(text: string): void {
  // Large events are checked by other means than small ones; blanks behind it make an event large.
  for (const scanner of scanners) for (const given of [text, `${text}${' '.repeat(600)}`]) agrees(scanner, given);
}

function agrees(scanner: EventScanner, text: string): void {
  const parsed = parseAgentEvent(text, limits);
  const accepted = scanner.scan(Buffer.from(text));
  assert.equal(accepted, parsed.ok, text.slice(0, 300));
  if (!parsed.ok) return;
  assert.equal(scanner.type, parsed.event.type);
  assert.equal(scanner.runId, parsed.event.run_id);
  assert.equal(scanner.agentName ?? 'unknown', parsed.event.agent_name);
  const { request_id: requestId, ...rest } = JSON.parse(text) as Record<string, unknown>;
  assert.deepEqual(scanner.requestId === undefined ? undefined : JSON.parse(scanner.requestId), requestId);
  assert.deepEqual(JSON.parse(scanner.payload.toString()), rest);
  if (scanner.requestId === undefined) assert.equal(scanner.payload.toString(), text);
}

const key = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('type', 'run_id', 'agent_name', 'payload', 'data', 'request_id', 'timestamp', 'thread_id', '__proto__') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);
const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null));

/** JSON text with blanks, escapes and repeated members as they may stand on the wire. */
const jsonText = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar.chain(written), tie('object'), fc.array(tie('value'), { maxLength: 4 }).chain((items) => blanks.map((gap) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`))),
  object: fc.array(fc.tuple(key.chain(written), tie('value')), { maxLength: 7 }).chain((members) =>
    blanks.map((gap) => `{${gap}${members.map(([name, value]) => `${name}${gap}:${gap}${value}`).join(`${gap},${gap}`)}${gap}}`)),
}));
const blanks = fc.constantFrom('', '', ' ', '\n', '\t \r');

function written(value: unknown): fc.Arbitrary<string> {
  const plain = JSON.stringify(value);
  if (typeof value !== 'string') return fc.constant(plain);
  const escaped = `"${Array.from(value, (char) => (char.length === 1 ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char)).join('')}"`;
  return fc.constantFrom(plain, plain, plain, escaped);
}

const envelope = fc.record({ type: scalar, run_id: scalar, agent_name: fc.option(scalar, { nil: undefined }), payload: fc.option(fc.oneof(scalar, fc.object()), { nil: undefined }) }, { requiredKeys: [] });

describe('EventScanner', () => {
  it('agrees with parseAgentEvent on generated JSON', () => {
    fc.assert(fc.property(jsonText.object, agree), { numRuns: 3_000 });
  });

  it('agrees with parseAgentEvent on envelopes of any field types', () => {
    fc.assert(fc.property(envelope, (fields) => agree(JSON.stringify(fields))), { numRuns: 2_000 });
  });

  it('agrees with parseAgentEvent on valid events with one byte changed, removed or added', () => {
    const event = '{"type":"tool_completed","run_id":"run_1","agent_name":"a","payload":{"n":[-0.5e+10,true,null,{"s":"\\u00e9 \\"q\\" é"}]},"request_id":7}';
    const chars = fc.constantFrom(...'{}[]",:\\tfn0-+.eE \n\u0001ué'.split(''));
    fc.assert(
      fc.property(fc.nat(event.length - 1), chars, fc.constantFrom('replace', 'remove', 'insert'), (at, char, what) => {
        agree(event.slice(0, at) + (what === 'remove' ? '' : char) + event.slice(what === 'insert' ? at : at + 1));
      }),
      { numRuns: 5_000 },
    );
  });

  it('agrees with parseAgentEvent on long texts, where it reads four bytes at a time', () => {
    const filler = fc.string({ unit: 'binary', minLength: 0, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(filler, { minLength: 30, maxLength: 60 }), fc.nat(3), (strings, shift) => {
        const text = JSON.stringify({ type: 'a', run_id: 'r', payload: { strings, ['k'.repeat(shift)]: 'x'.repeat(600) } });
        agree(text);
        agree(text.replace('xxxx', 'xx\u0007x'));
        agree(text.replace('xxxx', 'xx\\qx'));
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with parseAgentEvent on every text of a few JSON characters', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('{', '}', '[', ']', '"type"', '"run_id"', ':', ',', '"x"', '1', 'null', ' '), { maxLength: 14 }), (parts) => agree(parts.join(''))), { numRuns: 5_000 });
  });

  for (const text of [
    '', ' ', '{}', '[]', '{"type":"a","run_id":"r"}', ' {"type":"a","run_id":"r"} \n', '{"type":"a","run_id":"r"}x', '{"type":"a","run_id":"r",}', '{"type":"a","type":7,"run_id":"r"}',
    '{"type":7,"type":"a","run_id":"r"}', '{"\\u0074ype":"a","run_\\u0069d":"r"}', '{"type":"\\ud800","run_id":"r"}', '{"type":"a","run_id":"registry"}', '{"type":"a","run_id":"  "}', '{"type":"a","run_id":"r","payload":null,"data":[]}',
    '{"type":"a","run_id":"r","payload":{},"data":[]}', '{"type":"a","run_id":"r","n":01}', '{"type":"a","run_id":"r","n":1.}', '{"type":"a","run_id":"r","n":-}', '{"type":"a","run_id":"r","n":1e}', '{"type":"a","run_id":"r","n":+1}',
    '{"type":"a","run_id":"r","request_id":"x","request_id":null}', '{"request_id":{"a":[1]},"type":"a","run_id":"r"}', `{"type":"a","run_id":"r","payload":${'{"a":'.repeat(62)}1${'}'.repeat(62)}}`,
    `{"type":"a","run_id":"r","payload":${'{"a":'.repeat(63)}1${'}'.repeat(63)}}`, `{"type":"a","run_id":"r","payload":${'{"a":'.repeat(64)}1${'}'.repeat(64)}}`, '\ufeff{"type":"a","run_id":"r"}', '{"type":"a","run_id":"r","x":nul}', '{"type":"a","run_id":"r","x":nulll}',
    '{"type":"a","run_id":"r","x":"\t"}', '{"type":"a","run_id":"r"', '{"type":"a","run_id":"r}', '{"type":"a" "run_id":"r"}', '{"type":"a",,"run_id":"r"}', '{type:"a"}',
  ]) {
    it(`agrees with parseAgentEvent on ${JSON.stringify(text.slice(0, 90))}`, () => agree(text));
  }
});
