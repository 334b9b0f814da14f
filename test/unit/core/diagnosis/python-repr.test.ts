import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parsePythonRepr } from '../../../../src/core/index';

describe('parsePythonRepr', () => {
  it('reads the context of a failed resolution', () => {
    const context = parsePythonRepr(
      "{'run_id': 'run_9f5d282b', 'resolution_time_ms': 0.21, 'thread_registry_available': True, 'orchestrator_available': False, 'run_id_format': 'unknown', 'extra': None}",
    );
    assert.ok(context instanceof Map);
    assert.deepEqual(Object.fromEntries(context), {
      run_id: 'run_9f5d282b',
      resolution_time_ms: 0.21,
      thread_registry_available: true,
      orchestrator_available: false,
      run_id_format: 'unknown',
      extra: null,
    });
  });

  it('reads lists, tuples, numbers and escapes', () => {
    assert.deepEqual(parsePythonRepr("[None, 'thread_a', \"it's\"]"), [null, 'thread_a', "it's"]);
    assert.deepEqual(parsePythonRepr("(1, -2.5, 1e-05,)"), [1, -2.5, 0.00001]);
    assert.deepEqual(parsePythonRepr("['a\\'b', '\\n', '\\x41\\u00e9\\U0001f6a8', '\\\\']"), ["a'b", '\n', 'Aé🚨', '\\']);
    assert.deepEqual(parsePythonRepr('[]'), []);
    assert.deepEqual(parsePythonRepr('None'), null);
  });

  it('refuses everything else', () => {
    for (const text of ['', '[', "['a'", "['a' 'b']", '{1}', "{'a'}", '<class x>', 'foo', '[1] x', "'\\", '['.repeat(100), `'${'x'.repeat(70_000)}'`]) {
      assert.equal(parsePythonRepr(text), undefined, text.slice(0, 40));
    }
  });

  it('keeps __proto__ an ordinary key', () => {
    const value = parsePythonRepr("{'__proto__': {'a': 1}}");
    assert.ok(value instanceof Map && value.has('__proto__'));
  });

  it('never throws, and reads back what it wrote', () => {
    fc.assert(fc.property(fc.string(), (text) => void parsePythonRepr(text)));
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (strings) => {
      const repr = `[${strings.map((text) => `'${text.replace(/[\\']/g, '\\$&')}'`).join(', ')}]`;
      assert.deepEqual(parsePythonRepr(repr), strings);
    }));
  });
});
