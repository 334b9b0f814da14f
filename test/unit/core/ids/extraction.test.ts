import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compareDialects,
  DIALECTS,
  extractThreadId,
  isSuspiciousRunId20250918,
  isSuspiciousThreadId,
  isValidIdFormat,
  isValidThreadId,
  parseByG4,
  parseU1,
  parseU2,
} from '../../../../src/core';
import { pythonInt, pythonIsDigit, pythonLength, pythonStrip, withoutFinalNewline } from '../../../../src/core/ids/python-text';

const words = fc.constantFrom(
  'thread', 'run', 'session', 'execution', 'step', 'task', 'timestamp', 'test', 'no', 'a', 'abc', '', '12345', '123456', '1756919162904', 'deadbeef', '9ADF1F09', 'x-y', 'é', '²²²²²²', '\n',
);
const idLike = fc.array(words, { maxLength: 10 }).map((list) => list.join('_'));
const anyText = fc.oneof(idLike, fc.string({ unit: 'binary' }));

describe('extractThreadId', () => {
  it('never throws, and finds the same in what it found', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...DIALECTS), (text, dialect) => {
        const found = extractThreadId(text, dialect);
        if (!found) return;
        assert.ok(isValidThreadId(found.threadId) || dialect === 'before_fix');
        // A thread ID is its own thread, but for composites, and for the final newline that Python's `$` lets through.
        if (!found.threadId.includes('_run_') && !found.threadId.endsWith('\n')) assert.equal(extractThreadId(found.threadId, dialect)?.threadId, found.threadId);
      }),
      { numRuns: 1000 },
    );
  });

  it('cuts at the first separator of the whole text, and only there', () => {
    const piece = fc.constantFrom('_', 'run', 'r', 'u', 'n', '_run_', '_rux_', '_xun_', '_rxn_', '_runx', 'a', '7', 'Z', '\n', '-', '\u0080', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const runId = pythonStrip(`thread_${pieces.join('')}`);
        const separator = runId.indexOf('_run_');
        const thread = separator === -1 ? runId : runId.slice(0, Math.max(separator, 0));
        const found = extractThreadId(runId);
        if (isValidThreadId(thread)) assert.deepEqual(found, { threadId: thread, pattern: separator === -1 ? '1' : '1.5' });
        else assert.ok(found === undefined || !found.pattern.startsWith('1'), found?.pattern);
      }),
      { numRuns: 3000 },
    );
    assert.deepEqual(extractThreadId('thread_a\n_run_1'), { threadId: 'thread_a\n', pattern: '1.5' });
    assert.equal(extractThreadId('thread_\n_run_1'), undefined);
    assert.equal(extractThreadId('thread_a\nb'), undefined);
    assert.equal(extractThreadId('thread_a\n_rum_1'), undefined);
  });

  it('strips as Python does', () => {
    for (const dialect of DIALECTS) {
      assert.equal(extractThreadId('\u0085\u001f thread_abc\u3000', dialect)?.threadId, 'thread_abc');
      assert.equal(extractThreadId('\ufeffthread_abc', dialect)?.threadId, dialect === 'before_fix' || dialect === 'fix' ? 'thread_abc' : undefined);
    }
  });

  it('answers nothing for what is no string', () => {
    for (const value of [undefined, null, 5, {}, []] as unknown as string[]) assert.equal(extractThreadId(value), undefined);
  });

  it('takes very long IDs', () => {
    const long = 'a'.repeat(100_000);
    assert.equal(extractThreadId(`thread_${long}_run_1_deadbeef`)?.threadId, `thread_${long}`);
    assert.equal(extractThreadId(`run_${long}_deadbeef`)?.threadId, `thread_${long}`);
    assert.equal(extractThreadId('thread_'.repeat(20_000))?.threadId, 'thread_thread_thread_thread_thread_thread');
    assert.equal(extractThreadId('_'.repeat(100_000), 'unified'), undefined);
  });

  it('names the rule of the later bridges', () => {
    assert.equal(extractThreadId('agent_7', '20250918')?.pattern, 'prefixed');
    assert.equal(extractThreadId('agent_7', '20250918')?.threadId, 'thread_agent_7');
    assert.equal(extractThreadId('run_abc_1_deadbeef', '20250918')?.pattern, 'middle');
    assert.equal(extractThreadId('custom_run_12345', '20250918')?.pattern, 'unchanged');
    assert.equal(extractThreadId('run_abc_deadbeef', 'unified')?.pattern, 'id_manager');
    assert.equal(extractThreadId('thread_abc', 'unified')?.pattern, '1');
  });
});

describe('parsers beyond the recorded answers', () => {
  it('tells U1 and U2 apart where separators lead', () => {
    assert.equal(parseU1('run___deadbeef')?.threadId, '_');
    assert.equal(parseU2('run___deadbeef')?.threadId, '');
    assert.equal(parseU1('run__a_deadbeef')?.threadId, '_a');
    assert.equal(parseU2('run__a_deadbeef')?.threadId, 'a');
    assert.equal(parseU2('run__a__b_deadbeef')?.threadId, 'a__b');
    for (const parse of [parseU1, parseU2]) {
      assert.equal(parse('run__deadbeef'), undefined);
      assert.equal(parse('run_a_deadbee\n')?.suffix, 'deadbee\n');
      assert.equal(parse('run_ab_deadbeef\n'), undefined);
      assert.equal(parse('thread_a_run_1_deadbeef\n')?.suffix, 'deadbeef');
      assert.equal(parse('thread_a\nb_run_1_deadbeef'), undefined);
      assert.equal(parse('thread__run_1_deadbeef'), undefined);
      assert.equal(parse('thread_a_run_²_deadbeef'), undefined);
      assert.equal(parse('thread_a_run_٣٤_deadbeef')?.timestamp, 34);
      assert.equal(parse('thread_a_run__deadbeef'), undefined);
      assert.equal(parse('thread_a_rux_1_deadbeef'), undefined);
      assert.equal(parse('deadbeef'), undefined);
      assert.equal(parse('thread_deadbeef'), undefined);
    }
  });

  it('reads numbers as Python does', () => {
    assert.deepEqual(parseByG4('1_2_3'), { prefix: '1', timestamp: 1, counter: 2, random: '' });
    assert.deepEqual(parseByG4('a_ +1 _-2_z'), { prefix: 'a', timestamp: 1, counter: -2, random: 'z' });
    for (const id of ['', 'a', '1_2', 'a_b_1_c', 'a_1_b_c', 'a_1.5_2_c', 'a_²_2_c']) assert.equal(parseByG4(id), undefined, id);
  });

  it('accepts every family of the catalogue and nothing near it', () => {
    for (const id of [
      'pending_auth', 'temp_auth_é1', 'awaiting_auth', 'awaiting_auth_x', 'user_123', 'test_user_٣', 'test-user-12', 'a-b-c1', 'test-connection-٣', 'test-session-a-b',
      'mock-user-a_b', 'ssot-x-y', 'non_existent_x', 'invalid_é', 'fake_1', 'dummy_x', 'sample_x', 'e2e-a_b-c', 'e2e-a_b-v1.2', 'user-1-ff', 'thread-1', 'thread-1-z',
      '123456789012345', '123456789012345678901', '7c5e1032-ed21-4aea-b12a-aeddf3622bec', '{7c5e1032ed214aeab12aaeddf3622bec}', 'urn:uuid:7c5e1032ed214aeab12aaeddf3622bec',
      'req_1_deadbeef', 'web_session_²_DEADBEEF', 'x_websocket_factory_1_deadbeef', 'test_a_1_deadbeef', 'user_123\n', 'mywebsocket_factory_1_deadbeef', 'xagent_executor_a_1_deadbeef', '{{7c5e1032ed214aeab12aaeddf3622bec}}',
    ]) {
      assert.equal(isValidIdFormat(id), true, id);
    }
    for (const id of [
      '', ' ', 'pending_auth_x', 'xpending_auth', 'temp_auth_', 'awaiting_auth_', 'user_', 'a_b_c_1', 'a-b', 'a1-b-c', 'test-session-_', 'mock-1-a', 'invalid_', 'e2e-',
      'e2e-a_b-vx.', 'user-1-g', 'thread-x', 'thread-1-', '12345678901234', '1234567890123456789012', '7c5e1032', '_1_deadbeef', 'x_1_deadbeef', 'req_x_deadbeef', 'req_1_deadbee',
      'req_1_deadbeefx', 'session_deadbeef', 'xsessionx_1_deadbeef', 'user_123 ', 'user_123\n\n', '7c5e1032ed21{4aeab12aaeddf3622bec', '7c5e1032ed21}4aeab12aaeddf3622bec', 'x_1_1_deadbeef',
    ]) {
      assert.equal(isValidIdFormat(id), false, id);
    }
    assert.equal(isValidIdFormat(5 as unknown as string), false);
  });

  it('flags system prefixes and short run IDs from 2025-09-18 on', () => {
    for (const runId of ['sys_op', 'SYSTEM_x', 'a_test', 'test-a', 'x_dev', 'ab', ' ab ', '', 'null\n']) assert.equal(isSuspiciousRunId20250918(runId), true, runId);
    for (const runId of ['op_sys', 'latest', 'contest_1', 'system1', 'abc']) assert.equal(isSuspiciousRunId20250918(runId), false, runId);
  });

  it('judges what is no string', () => {
    assert.equal(isValidThreadId(undefined), false);
    assert.equal(isSuspiciousThreadId(undefined), true);
    assert.equal(isSuspiciousThreadId(''), true);
    assert.equal(isSuspiciousThreadId('thread_ab'), true);
    assert.equal(isSuspiciousThreadId('thread_abc'), false);
    assert.equal(isSuspiciousThreadId('thread_𝟘𝟘'), true);
  });
});

describe('Python text', () => {
  it('strips what Python takes for white space and nothing else', () => {
    for (const space of '\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000') {
      assert.equal(pythonStrip(`${space}${space}a${space}b${space}`), `a${space}b`, JSON.stringify(space));
    }
    for (const kept of '\u0008\u000e\u001b!\u0084\u0086\u009f\u00a1\u180e\u1681\u1fff\u200b\u2027\u202a\u202e\u2030\u205e\u2060\u2fff\u3001\ufeff') {
      assert.equal(pythonStrip(kept), kept, JSON.stringify(kept));
    }
    assert.equal(pythonStrip(' \n'), '');
  });

  it('knows digits of every script, and superscripts, but no fractions or numerals', () => {
    for (const digits of ['0', '123', '²', '①', '٣', '１２', '𝟘', '❿'.replace('❿', '❾'), '🄀', '፩']) assert.equal(pythonIsDigit(digits), true, digits);
    for (const other of ['', 'a', '1a', ' 1', '½', '一', 'Ⅷ', '-1', '1.0', '❿']) assert.equal(pythonIsDigit(other), false, other);
  });

  it('counts code points', () => {
    assert.equal(pythonLength('a🔥b'), 3);
    assert.equal(pythonLength('🔥🔥'), 2);
    assert.equal(pythonLength('\ud83d'), 1);
    assert.equal(pythonLength('\ud83da\udd25'), 3);
    assert.equal(pythonLength('\udd25\ud83d'), 2);
    assert.equal(pythonLength(''), 0);
  });

  it('reads integers as int() does', () => {
    for (const [text, value] of [['12', 12], [' 12\n', 12], ['+1_000', 1000], ['-5', -5], ['٣٤', 34], ['𝟘𝟡', 9], ['𝟙𝟚', 12]] as const) assert.equal(pythonInt(text), value, text);
    for (const text of ['', ' ', '+', '1__0', '_1', '1_', '1.0', '²', 'ten', '1 2']) assert.equal(pythonInt(text), undefined, text);
  });

  it('lets one final newline go', () => {
    assert.equal(withoutFinalNewline('a\n'), 'a');
    assert.equal(withoutFinalNewline('a\n\n'), 'a\n');
    assert.equal(withoutFinalNewline('a\r'), 'a\r');
  });
});

describe('compareDialects', () => {
  it('finds no thread in what is no text, in any dialect', () => {
    for (const value of [undefined, null, 7, {}, []]) {
      const { answers, agree } = compareDialects(value as never);
      assert.ok(agree && answers.every(({ threadId }) => threadId === undefined));
    }
  });

  it('names the founding failure', () => {
    const comparison = compareDialects(' thread_13679e4dcc38403a_run_1756919162904_9adf1f09 ');
    assert.equal(comparison.runId, 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09');
    assert.equal(comparison.agree, false);
    assert.equal(comparison.code, 'composite-as-thread');
    assert.deepEqual(comparison.dissenting, ['before_fix', '20250918']);
    assert.equal(
      comparison.diagnosis,
      'before_fix and 20250918 keep the whole composite ID as the thread key; fix and unified route to thread_13679e4dcc38403a: this is the founding failure.',
    );
    assert.deepEqual(comparison.answers.map((answer) => [answer.dialect, answer.pattern]), [
      ['before_fix', '1'],
      ['fix', '1.5'],
      ['unified', 'canonical'],
      ['20250918', 'unchanged'],
    ]);
  });

  it('tells agreement from silence', () => {
    assert.deepEqual(compareDialects('thread_abc').diagnosis, 'All dialects route to thread_abc.');
    assert.equal(compareDialects('thread_abc').agree, true);
    assert.equal(compareDialects('thread_abc').code, undefined);
    assert.equal(
      compareDialects('run_9f5d282b-ac2c-4745-ab6c-1b8418427760').diagnosis,
      'No dialect finds a thread in this ID: only a registry can know it.',
    );
  });

  it('tells builds that refuse from builds that route elsewhere', () => {
    const refused = compareDialects('run_user_123_abc12345');
    assert.equal(refused.code, 'refused-by-some');
    assert.equal(
      refused.diagnosis,
      'before_fix finds no thread; fix and unified route to thread_user_123; 20250918 routes to thread_user: an event that reaches its thread on one build is undeliverable on another.',
    );
    const elsewhere = compareDialects('run_thread_abc_44444_deadbeef');
    assert.equal(elsewhere.code, 'different-threads');
    assert.match(elsewhere.diagnosis, /the same event goes to different threads on different builds\.$/);
    assert.match(compareDialects('x_thread_abc').diagnosis, /^before_fix and fix route to thread_abc; unified finds no thread; 20250918 routes to thread_x_thread_abc: /);
    assert.match(compareDialects('x_thread_a-b_thread_c_').diagnosis, /^No dialect/);
    assert.match(compareDialects('custom_run_1').diagnosis, /^before_fix, fix and unified find no thread; 20250918 routes to thread_custom_run_1: /);
  });

  it('never throws', () => {
    fc.assert(fc.property(anyText, (text) => compareDialects(text).answers.length === DIALECTS.length));
  });
});
