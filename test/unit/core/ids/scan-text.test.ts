import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { defineFormat, FormatTable, generateRunId, parseRunId, readRunId, scanText, type ScanOptions } from '../../../../src/core';

const CANONICAL = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const UUID_RUN = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';
const found = (text: string, options?: ScanOptions): string[] => [...scanText(text, options)].map((id) => id.text);

describe('scanText', () => {
  it('finds IDs in prose, quotes, JSON, URLs, after = and between colours', () => {
    for (const [text, ids] of [
      [`No connections found for thread ${CANONICAL}`, [CANONICAL]],
      [`run_id=${CANONICAL}, thread_id=thread_a1.`, [CANONICAL, 'thread_a1']],
      [`{"thread_id":"thread_a1","run_id":"${UUID_RUN}"}`, ['thread_a1', UUID_RUN]],
      ["Sample: ['thread_a1', 'thread_b2']", ['thread_a1', 'thread_b2']],
      ['ws://127.0.0.1:1/ws?thread_id=thread_a1&user=x', ['thread_a1']],
      ['/threads/thread_a1/runs/run_abc_deadbeef?x', ['thread_a1', 'run_abc_deadbeef']],
      ['\u001b[33mthread_a1\u001b[0m \\u001b[1;31mthread_b2 [0mthread_c3', ['thread_a1', 'thread_b2', 'thread_c3']],
      ['"a\\nthread_a1\\tthread_b2\\r"', ['thread_a1', 'thread_b2']],
      ['x%3Dthread_a1', ['thread_a1']],
      ['run_abc_deadbeef->thread_a1→thread_b2', ['run_abc_deadbeef', 'thread_a1', 'thread_b2']],
      ['<red>thread_a1</red>', ['thread_a1']],
      ['🚨thread_a1🚨', ['thread_a1']],
      // Halves of characters, where a text was cut.
      [`${'🚨'.slice(1)}thread_a1${'🚨'.slice(1)} ${'🚨'.slice(0, 1)}thread_b2${'🚨'.slice(0, 1)}`, ['thread_a1', 'thread_b2']],
      ['conn_dev-temp-cc173c1d_3052f606: closed', ['conn_dev-temp-cc173c1d_3052f606']],
      ['key-thread_a1', ['thread_a1']],
      ['run_1756919162.904. run_1756919162. run_1756919162.x', ['run_1756919162.904']],
      ['thread_1756919162. thread_1756919162.5', ['thread_1756919162', 'thread_1756919162.5']],
      ['user_123_thread_456_run_789 admin_tool_thread_789_execution', ['user_123_thread_456_run_789', 'admin_tool_thread_789_execution']],
      ['websocket_factory_1757372478799,session_80980_00d4a888;main_0a1b2c3d', ['websocket_factory_1757372478799', 'session_80980_00d4a888', 'main_0a1b2c3d']],
    ] as const) {
      assert.deepEqual(found(text), ids, text);
    }
  });

  it('leaves out what is part of a longer word', () => {
    for (const text of ['mythread_4242', 'éthread_a1', 'thread_a1é', '漢thread_a1', 'xrun_abc_deadbeef', 'thread_a1𝒳', '𝒳thread_a1', 'thread_', 'run_', '_', '___', 'conn_']) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it('leaves out names of programs', () => {
    for (const text of [
      'thread_id', 'run_id', 'thread_pool_size', 'conn_id', 'def run_tests(3)', 'thread_alice=1', 'self.thread_alice', '{"thread_alice": 1}', "{'thread_alice': 1}", 'thread_alice(', 'send_to_thread(x)', 'websocket_core.manager:send_to_thread:300', 'run_triage',
    ]) {
      assert.deepEqual(found(text), [], text);
    }
    assert.deepEqual(found('for thread thread_alice.'), ['thread_alice']);
    assert.deepEqual(found('["thread_alice", "thread_bob"]'), ['thread_alice', 'thread_bob']);
    assert.deepEqual(found('{"thread_a1": 1}'), ['thread_a1']);
  });

  it('tells offset, length and readings', () => {
    const text = `  ✓ "${CANONICAL}"; `;
    const [id] = scanText(text);
    assert.equal(id?.offset, text.indexOf(CANONICAL));
    assert.equal(id?.length, CANONICAL.length);
    assert.deepEqual(id?.readings, readRunId(CANONICAL));
    assert.equal(id?.readings, id?.readings);
    assert.equal(id?.parsed?.threadId, 'thread_13679e4dcc38403a');
  });

  it('looks for the kinds it is told', () => {
    const text = `${CANONICAL} conn_u1_0a1b2c3d req_0a1b2c3d thread_a1 trace_x_1757357912444_24_73708c2b`;
    assert.deepEqual(found(text), [CANONICAL, 'conn_u1_0a1b2c3d', 'thread_a1']);
    assert.deepEqual(found(text, { kinds: ['connection'] }), ['conn_u1_0a1b2c3d']);
    assert.deepEqual(found(text, { kinds: ['thread'] }), ['thread_a1']);
    assert.deepEqual(found(text, { kinds: ['request', 'other'] }), ['req_0a1b2c3d', 'trace_x_1757357912444_24_73708c2b']);
    assert.deepEqual(found(text, { kinds: [] }), []);
  });

  it('is as picky as it is told', () => {
    assert.deepEqual(found('thread_a1 thread_374579bdba3c41b8 run_abc123', { minConfidence: 0.8 }), ['thread_374579bdba3c41b8']);
    assert.deepEqual(found('thread_id run_triage_u1 mythread_4242', { minConfidence: 0 }), ['thread_id', 'run_triage_u1', 'mythread_4242']);
  });

  it('can be read again, and only as far as is wanted', () => {
    const ids = scanText('thread_a1 thread_b2');
    assert.equal([...ids].length, 2);
    assert.equal([...ids].length, 2);
    for (const id of scanText(`thread_a1 ${'x'.repeat(10)}`)) {
      assert.equal(id.text, 'thread_a1');
      break;
    }
  });

  it('finds user-defined IDs, which win over built-in ones', () => {
    const table = FormatTable.builtIn.with([
      defineFormat({ name: 'order', template: 'order-{thread}-{hex8}' }),
      defineFormat({ name: 'job', template: 'job:{tenant:slug}/{thread:word}' }),
      defineFormat({ name: 'task', template: 'tsk_{thread}_{n}' }),
      defineFormat({ name: 'hash', pattern: 'h#(?<thread>\\w+)' }, { trusted: true }),
    ]);
    const text = 'order-a-deadbeef, job:acme/thread_a1. "tsk_x_7" h#77 xorder-a-deadbeef order-a-deadbee thread_b2;order-b_-cafecafe. job:acme/ order-é';
    assert.deepEqual(found(text, { table }), ['order-a-deadbeef', 'job:acme/thread_a1', 'tsk_x_7', 'h#77', 'thread_b2', 'order-b_-cafecafe']);
    assert.deepEqual([...scanText(text, { table })].map((id) => id.parsed?.format), ['order', 'job', 'task', 'hash', 'thread', 'order']);
    assert.deepEqual(found('thread_a1 order-a-deadbeef thread_b2', { table }), ['thread_a1', 'order-a-deadbeef', 'thread_b2']);
    assert.deepEqual(found('order-a-deadbeef', { table, minConfidence: 1 }), []);
    assert.deepEqual(found('order-a-deadbeef', { table, minConfidence: 0.99 }), ['order-a-deadbeef']);
    assert.deepEqual(found('job:a/b: job:a/b// job:a/b/, (job:x/y)', { table }), ['job:a/b', 'job:a/b', 'job:a/b', 'job:x/y']);
    assert.deepEqual(found('job:job:a/b /job:a/b', { table }), ['job:a/b']);
  });

  it('never reports user-defined IDs inside each other', () => {
    const table = FormatTable.builtIn.with([defineFormat({ name: 'pair', template: 'x/{any}#{n}' }), defineFormat({ name: 'hash', template: '#{n}' })]);
    assert.deepEqual(found('x/-#2 #3 x/-#4,#5', { table }), ['x/-#2', '#3', 'x/-#4', '#5']);
    assert.deepEqual(found('#1#2', { table }), []);
    assert.deepEqual(found('x/-#z #3', { table }), ['#3']);
  });

  it('finds the real IDs of the sample logs where they stand', () => {
    const samples = join(__dirname, '../../../fixtures/samples');
    let total = 0;
    for (const file of readdirSync(samples)) {
      const text = readFileSync(join(samples, file), 'utf8');
      let last = 0;
      for (const id of scanText(text)) {
        assert.ok(id.offset >= last);
        assert.equal(text.slice(id.offset, id.offset + id.length), id.text);
        assert.ok(id.parsed && id.parsed.confidence >= 0.25, id.text);
        last = id.offset + id.length;
        total++;
      }
    }
    assert.ok(total > 300);
  });

  it('finds what parse accepts, exactly, wherever it stands', () => {
    const examples = FormatTable.builtIn.formats.filter((format) => format.scanned).flatMap((format) => format.examples);
    const generated = fc.stringMatching(/^[a-z0-9]{1,12}(_[a-z0-9]{1,8}){0,2}$/).filter((thread) => !/(?:^|_)run(?:_|$)/.test(thread)).map((thread) => generateRunId(thread));
    const delimiters = fc.constantFrom(' ', '"', "'", '\n', '\t', '[', ']', '=', ':', '/', '?', '&', '(', ')', ',', ';', '→', '🔥', '<', '>', '|', '. ', '…');
    fc.assert(
      fc.property(fc.array(fc.tuple(delimiters, fc.oneof(fc.constantFrom(...examples), generated)), { minLength: 1, maxLength: 5 }), delimiters, (pairs, end) => {
        // Names in programs are judged by what stands around them, so IDs without a digit are left to the tests above.
        const usable = pairs.filter(([, id]) => /\d/.test(id));
        const text = usable.map(([delimiter, id]) => ` ${delimiter}${id}`).join('') + end;
        const accepted = usable.map(([, id]) => id).filter((id) => ['run', 'thread', 'connection'].includes(parseRunId(id)?.kind ?? '') && (parseRunId(id)?.confidence ?? 0) >= 0.25);
        assert.deepEqual(found(text), accepted);
      }),
      { numRuns: 300 },
    );
  });

  it('finds only what parse accepts, on any text', () => {
    const piece = fc.constantFrom('thread_', 'run_', 'conn_', '_run_', '_', '-', '.', ' ', '9adf1f09', '1756919162904', 'a', 'é', '"', '=', 'main_', 'session_', '\u001b[31m', '\\n', '%3D', '(', 'id');
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.array(piece, { maxLength: 20 }).map((list) => list.join('')));
    fc.assert(
      fc.property(text, (given) => {
        let last = 0;
        for (const id of scanText(given)) {
          assert.ok(id.offset >= last && id.length > 0);
          last = id.offset + id.length;
          const best = parseRunId(id.text);
          assert.ok(best && best.confidence >= 0.25, `${id.text} ${best?.confidence}`);
          assert.equal(best.text, id.text);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('reads a text a bounded number of times, whatever stands in it', () => {
    const worst = ['_', 'thread_', 'run_', 'a_', '-', 'thread_-', '-_thread_', 'thread_a-', 'x_thread_', 'run_thread_run_', '[1;', '[0mthread_', '1', '.1', 'thread_1.', 'é_', 'thread_é', '1234567890.', 'conn__', 'thread_a1é'];
    for (const unit of worst) {
      const steps = [1000, 2000, 4000].map((size) => countReads(unit.repeat(size / unit.length)));
      // Doubling the text at most doubles the work, give or take a constant.
      const [first = 0, second = 0, third = 0] = steps;
      assert.ok(second <= first * 2.1 + 200 && third <= second * 2.1 + 200, `${unit}: ${steps.join(', ')}`);
      assert.ok(third <= 4000 * 20, `${unit}: ${third}`);
    }
  });
});

/** Runs a scan over a text that counts how many characters are looked at. */
function countReads(text: string): number {
  let reads = 0;
  const counting = {
    length: text.length,
    charCodeAt: (at: number) => (reads++, text.charCodeAt(at)),
    codePointAt: (at: number) => (reads++, text.codePointAt(at)),
    charAt: (at: number) => (reads++, text.charAt(at)),
    slice: (start: number, end?: number) => {
      const part = text.slice(start, end);
      reads += part.length;
      return part;
    },
    startsWith: (word: string, at: number) => ((reads += word.length), text.startsWith(word, at)),
    indexOf: (needle: string, from = 0) => {
      const at = text.indexOf(needle, from);
      reads += (at === -1 ? text.length : at) - from + 1;
      return at;
    },
  };
  for (const id of scanText(counting as unknown as string)) reads += id.length;
  return reads;
}
