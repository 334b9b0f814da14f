import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FormatTable, parseRunId, type ParsedRunId, readMintTime, readRunId } from '../../../../src/core';

const NOW = Date.UTC(2025, 8, 18);
const clock = (): number => NOW;
const read = (text: string): ParsedRunId[] => readRunId(text, { clock });
const codes = (reading: ParsedRunId | undefined): string[] => reading?.warnings.map((warning) => warning.code) ?? [];
const readings = (text: string): [format: string, threadId: string | undefined][] => read(text).map((reading) => [reading.format, reading.threadId]);
const UUID = '7c5e1032-ed21-4aea-b12a-aeddf3622bec';

describe('readRunId', () => {
  it('reads the canonical ID', () => {
    const [best, ...others] = read('thread_13679e4dcc38403a_run_1756919162904_9adf1f09');
    assert.deepEqual(best, {
      text: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09',
      format: 'run_id_generator',
      label: 'Composite run ID',
      kind: 'run',
      era: '2025-09-01..2025-09-07',
      threadId: 'thread_13679e4dcc38403a',
      timestamp: 1756919162904,
      suffix: '9adf1f09',
      fields: { thread: '13679e4dcc38403a', ms: '1756919162904', hex8: '9adf1f09' },
      confidence: 0.98,
      warnings: [],
    });
    assert.deepEqual(others, []);
  });

  it('ignores white space around an ID, as the resolver does', () => {
    assert.deepEqual(read(' \u001cthread_374579bdba3c41b8\n'), read('thread_374579bdba3c41b8'));
    assert.equal(read('thread_374579bdba3c41b8')[0]?.kind, 'thread');
  });

  it('is empty when nothing fits', () => {
    for (const text of ['', '  ', 'hello', 'thread_', 'run_', 'user_123', '_', 'thread_run_x']) assert.deepEqual(read(text), [], text);
    assert.deepEqual(readRunId(undefined as unknown as string), []);
    assert.equal(parseRunId('hello'), undefined);
    assert.equal(parseRunId('run_user_123_abc12345')?.format, 'id_manager');
  });

  it('gives every reading of an ambiguous ID, best first (FIELD_GUIDE 1.7)', () => {
    const first = (text: string, count: number): unknown => readings(text).slice(0, count);
    assert.deepEqual(first('run_thread_abc_44444_deadbeef', 2), [
      ['id_manager', 'thread_abc_44444'],
      ['u4_run', 'thread_abc'],
    ]);
    assert.deepEqual(first('run_session_80980_00d4a888_80980_298195f6', 2), [
      ['u4_run', 'thread_session_80980_00d4a888'],
      ['id_manager', 'thread_session_80980_00d4a888_80980'],
    ]);
    assert.deepEqual(first('run_1756919162904_9adf1f09', 3), [
      ['id_manager', 'thread_1756919162904'],
      ['legacy_ms', undefined],
      ['u4_short', undefined],
    ]);
    assert.deepEqual(first('run_abc_deadbeef', 2), [
      ['id_manager', 'thread_abc'],
      ['u4_short', undefined],
    ]);
    assert.deepEqual(readings('run_chat_1757826886250_1084_b4c0bd77'), [
      ['gen_run', undefined],
      ['id_manager', 'thread_chat_1757826886250_1084'],
      ['gen_run_short', undefined],
      ['u4_run', 'thread_chat_1757826886250'],
    ]);
    assert.deepEqual(readings('thread_a_run_b_run_1_deadbeef'), [
      ['run_id_generator', 'thread_a'],
      ['unified_canonical', 'thread_a_run_b'],
    ]);
    assert.deepEqual(readings('thread_thread_x_run_1_deadbeef'), [
      ['run_id_generator', 'thread_thread_x'],
      ['double_prefix', 'thread_x'],
    ]);
    assert.deepEqual(first(`thread_switch_${UUID}`, 2), [
      ['thread_op_run', undefined],
      ['thread', `thread_switch_${UUID}`],
    ]);
    assert.deepEqual(readings('thread_user_123'), [
      ['thread', 'thread_user_123'],
      ['user_thread', 'thread_user_123'],
    ]);
    assert.deepEqual(first('run_abc_9ADF1F09', 1), [['unified_legacy', 'thread_abc']]);
  });

  it('orders readings by confidence, between 0 and 1', () => {
    for (const format of FormatTable.builtIn.formats) {
      for (const example of format.examples) {
        const confidences = read(example).map((reading) => reading.confidence);
        assert.deepEqual(confidences, [...confidences].sort((a, b) => b - a));
        for (const confidence of confidences) assert.ok(confidence > 0 && confidence <= 1);
      }
    }
  });

  it('tells the time an ID was minted by its digits', () => {
    const at = (text: string): number | undefined => read(text)[0]?.timestamp;
    assert.equal(at('thread_a1b2_run_1756919162_deadbeef'), 1756919162000);
    assert.equal(at('thread_a1b2_run_1756919162904_deadbeef'), 1756919162904);
    assert.equal(at('thread_a1b2_run_1756919162904123_deadbeef'), 1756919162904);
    assert.equal(at('thread_a1b2_run_1756919162904123456_deadbeef'), 1756919162904);
    assert.equal(at('thread_a1b2_run_62904_deadbeef'), undefined);
    assert.equal(at('run_1756919162.904'), 1756919162904);
    assert.equal(at('req_1756919162'), 1756919162000);
    assert.deepEqual(readMintTime('62904'), { unit: 'ms-mod-100000', timestamp: undefined });
    assert.deepEqual(['1756919162', '1756919162904', '1756919162904123', '1756919162904123456', '1756919162.5'].map((digits) => readMintTime(digits)?.unit), ['s', 'ms', 'us', 'ns', 'float-s']);
    for (const text of ['', 'x1756919162904', '1756919162904x', '123456', '20250903', '1.5', '-1756919162', '11756919162.5', '1756919162.5x']) assert.equal(readMintTime(text), undefined, text);
  });

  it('warns of every trap (DOMAIN 1)', () => {
    const best = (text: string): string[] => codes(read(text)[0]);
    assert.deepEqual(best('thread_thread_abc_run_1756919162904_deadbeef'), ['doubled-prefix']);
    assert.ok(best('thread_abc_run_b_run_1756919162904_deadbeef').includes('run-separator-inside'));
    assert.deepEqual(best('run_abc_run_d_deadbeef'), ['run-separator-inside']);
    assert.deepEqual(best('run_1756919162904_9adf1f09'), ['timestamp-as-thread']);
    assert.deepEqual(best('thread_user_123_run_20250903_e5f6g7h8'), ['non-hex-suffix']);
    assert.deepEqual(best('thread_user-123_run_1756919162904_deadbeef'), ['hyphen']);
    assert.deepEqual(best('thread_a.b@c_run_1756919162904_deadbeef'), ['illegal-characters']);
    assert.deepEqual(best('thread_abc__d_run_1756919162904_deadbeef'), ['misplaced-underscore']);
    assert.deepEqual(best('thread_abc_'), ['misplaced-underscore']);
    assert.deepEqual(best('thread_test_run_1756919162904_deadbeef'), ['placeholder']);
    assert.deepEqual(best('thread_v7V4csRdbIxIM9bpPRkYEVK1'), ['foreign-system']);
    assert.deepEqual(best('run_hGPAzC48Jp1oDdXK9kYwWVrQ'), ['foreign-system']);
    assert.deepEqual(best('thread_abc123'), ['foreign-system']);
    assert.deepEqual(best('run_abc123'), ['foreign-system']);
    assert.deepEqual(best(UUID), ['foreign-system']);
    assert.deepEqual(best('thread_abc_run_1756919162904_9ADF1F09'), ['upper-case-suffix']);
    assert.deepEqual(best('thread_abc_run_1700000000000_deadbeef'), ['time-out-of-range']);
    assert.deepEqual(best('thread_abc_run_1758326400001_deadbeef'), ['time-out-of-range']);
    assert.deepEqual(best('thread_abc_run_1758240000000_deadbeef'), []);
    assert.deepEqual(best('run_chat_1757826886250_1084_b4c0bd77'), ['operation-is-no-thread']);
    assert.deepEqual(best('websocket_factory_1757372478799'), ['minted-apart']);
    assert.deepEqual(best('admin_tool_thread_789_execution'), ['embedded']);
  });

  it('says what was probably meant, and when an impossible time was', () => {
    const message = (text: string, code: string): string | undefined => read(text)[0]?.warnings.find((warning) => warning.code === code)?.message;
    assert.equal(message('thread_thread_abc_run_1756919162904_deadbeef', 'doubled-prefix'), 'The prefix is doubled: thread_abc was probably meant.');
    assert.equal(message('thread_abc_run_1700000000000_deadbeef', 'time-out-of-range'), 'The time in the ID is 2023-11-14T22:13:20.000Z, which is before any of these systems ran.');
    assert.equal(message('thread_abc_run_1767225600000_deadbeef', 'time-out-of-range'), 'The time in the ID is 2026-01-01T00:00:00.000Z, which is in the future.');
    assert.equal(message('thread_abc_run_1735689600000_deadbeef', 'time-out-of-range'), undefined);
    assert.equal(message('run_1756919162904_9adf1f09', 'timestamp-as-thread'), 'The thread thread_1756919162904 is a time: the ID was probably made without a thread.');
    assert.deepEqual(Object.keys(read('run_abc123')[0] ?? {}).filter((key) => key === 'timestamp' || key === 'suffix'), []);
  });

  it('says each warning once, in a sentence', () => {
    for (const format of FormatTable.builtIn.formats) {
      for (const example of format.examples) {
        for (const reading of read(example)) {
          assert.equal(new Set(codes(reading)).size, reading.warnings.length);
          for (const { message } of reading.warnings) assert.match(message, /^[A-Z].*\.$/);
        }
      }
    }
  });

  it('is less sure of what only has the prefix', () => {
    const confidence = (text: string): number => read(text)[0]?.confidence ?? 0;
    assert.ok(confidence('thread_374579bdba3c41b8') > confidence('thread_user_123'));
    assert.ok(confidence('thread_user_123') > confidence('thread_alice'));
    assert.ok(confidence('thread_alice') > confidence('thread_id'));
    assert.ok(confidence('run_abc123') < 0.5);
    assert.ok(confidence('run_abc') < 0.2);
  });

  it('never throws and never changes the ID, on any string', () => {
    const pieces = fc.constantFrom('thread_', 'run_', '_run_', '_', 'conn_', '9adf1f09', '1756919162904', '-', 'a', '\n', '²', 'é', '.', 'session', UUID);
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.array(pieces, { maxLength: 8 }).map((list) => list.join('')));
    fc.assert(
      fc.property(anything, (text) => {
        for (const reading of read(text)) {
          assert.ok(text.includes(reading.text));
          // What was read is read the same again.
          assert.deepEqual(read(reading.text), read(text));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the format table', () => {
  const { formats } = FormatTable.builtIn;

  it('holds an example for every format, and reads it by that format', () => {
    for (const format of formats) {
      assert.ok(format.examples.length > 0, format.name);
      for (const example of format.examples) {
        assert.ok(format.read(example), `${format.grammar} does not read ${example}`);
        assert.ok(read(example).some((reading) => reading.format === format.name), `${format.name}: ${example}`);
        assert.ok(example.startsWith(format.prefix));
      }
    }
  });

  it('builds what it reads', () => {
    let built = 0;
    for (const format of formats) {
      for (const example of format.examples) {
        const match = format.read(example);
        if (!match || !format.build) continue;
        assert.equal(format.build(match.fields), example);
        built++;
      }
    }
    assert.ok(built > 50);
  });

  it('knows every format the field guide names', () => {
    const names = new Set(formats.map((format) => format.name));
    for (const name of [
      'run_id_generator', 'double_prefix', 'unified_canonical', 'uuid_run', 'id_manager', 'unified_legacy', 'u4_run', 'u4_short', 'gen_run', 'gen_run_short',
      'legacy_ms', 'counter_run', 'bare_run', 'factory_run', 'thread_op_run', 'demo_run', 'admin_tool', 'execution', 'run_user_ms', 'run_agent_user',
      'execution_registry', 'embedded', 'system_word', 'thread', 'factory_thread', 'generated_thread', 'user_time_thread', 'user_thread', 'bare_thread',
      'foreign', 'opaque_run', 'uuid', 'connection', 'request', 'message', 'context', 'counted', 'agent', 'tool', 'session', 'error', 'trace', 'span', 'audit',
    ]) {
      assert.ok(names.has(name), name);
    }
  });

  it('reads the real IDs of the field guide as what they are', () => {
    const kindAndFormat = (text: string): string => `${read(text)[0]?.kind} ${read(text)[0]?.format}`;
    for (const [text, expected] of [
      ['run_9f5d282b-ac2c-4745-ab6c-1b8418427760', 'run bare_run'],
      ['run_0a1b2c3d4e5f', 'run bare_run'],
      ['run_1756919162904', 'run bare_run'],
      ['websocket_factory_1757372478799', 'run factory_run'],
      ['thread_websocket_factory_1757372478799_528_584ef8a5', 'thread factory_thread'],
      ['demo_run_1757719525043_353_4b15eea4', 'run demo_run'],
      ['demo_thread_1757719525043_353_4b15eea4', 'thread bare_thread'],
      ['thread_test-use_thread_n_chat_1757826886249_1083_5b059ee4', 'thread generated_thread'],
      ['session_1756919162904_9adf1f09', 'thread bare_thread'],
      ['startup_test_b0323e22-afd6-4443-b1d8-c727c9f28705', 'thread bare_thread'],
      ['conn_dev-temp-cc173c1d_3052f606', 'connection connection'],
      ['conn_1756919162904_k3j5h2g8d', 'connection connection'],
      ['main_0a1b2c3d', 'connection connection'],
      ['ws_conn_10594514_1757372478799_3_a1b2c3d4', 'connection connection'],
      ['req_1757357912444_24_73708c2b', 'request request'],
      ['exec_0a1b2c3d4e5f_1756919162', 'run execution'],
      ['run_triage_u1', 'run run_agent_user'],
      ['run_u1_1756919162904', 'run run_user_ms'],
      ['ctx_thread_abc_0a1b2c3d', 'other context'],
      ['web_session_2_5e5c7cac', 'other counted'],
    ] as const) {
      assert.equal(kindAndFormat(text), expected, text);
    }
  });

  it('cuts the user of a connection ID before its last part', () => {
    assert.deepEqual(read('conn_a_b_0a1b2c3d')[0]?.fields, { user: 'a_b', hex8: '0a1b2c3d' });
  });
});
