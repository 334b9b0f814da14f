import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fieldOf, type LogMessage, recogniseLogMessage } from '../../../../src/core/index';
import { logShapes } from '../../../../src/core/diagnosis/log-shapes';
import { CONTAINERS, filled, sampleLines, SHAPE_FACTS, wording } from './shape-fixtures';

const TIME = Date.UTC(2025, 8, 3, 10, 26, 2, 904);

function recognised(line: string): LogMessage {
  const message = recogniseLogMessage(line);
  assert.ok(message !== undefined, `not recognised: ${line}`);
  return message;
}

describe('log shapes', () => {
  it('are those of the vectors, with their levels and categories, and none is lost in packing', () => {
    const known = new Map(logShapes().map((shape) => [shape.text, shape]));
    assert.equal(SHAPE_FACTS.length, 574);
    for (const fact of SHAPE_FACTS) {
      const shape = known.get(fact.shape);
      assert.ok(shape !== undefined, fact.shape);
      assert.deepEqual([...shape.levels], [...fact.levels]);
      assert.equal(shape.category, fact.category);
    }
  });
});

describe('recogniseLogMessage', () => {
  for (const [name, container] of Object.entries(CONTAINERS)) {
    it(`recognises all 574 shapes: ${name}`, () => {
      for (const fact of SHAPE_FACTS) {
        const { message, values } = filled(fact.shape);
        const line = container.wrap(message);
        const found = recognised(line);
        assert.equal(wording(found.shape), wording(fact.shape), line);
        assert.deepEqual(found.fields.map((field) => field.value), values, line);
        assert.equal(found.complete, true);
        assert.equal(found.text, message);
        for (const field of container.escapes ? [] : found.fields) {
          assert.equal(line.slice(field.offset, field.offset + field.length), field.value, line);
        }
        if (container.time) assert.equal(found.time, TIME, line);
        else assert.equal(found.time, undefined, line);
        if (container.level) assert.equal(found.level, 'WARNING', line);
        else assert.ok(fact.levels.includes(found.level) || wording(found.shape) !== found.shape, line);
      }
    });
  }

  it('reads every arrow', () => {
    for (const arrow of ['->', '→', '?', '\uFFFD']) {
      const line = `✅ PRIORITY 4 SUCCESS: run_id=run_a_deadbeef ${arrow} thread_id=thread_a via pattern extraction (0.2ms)`;
      const found = recognised(line);
      assert.equal(found.id, 'priority-4-success');
      assert.equal(found.runId?.value, 'run_a_deadbeef');
      assert.equal(found.threadId?.value, 'thread_a');
      assert.equal(line.slice(found.threadId?.offset, (found.threadId?.offset ?? 0) + 8), 'thread_a');
    }
  });

  it('gives offsets in the line even through JSON escapes', () => {
    const line = JSON.stringify({ level: 'ERROR', message: 'é"\t🚨 Error sending to connection conn_a_0a1b2c3d: "x"' });
    const found = recognised(line);
    const id = found.connectionId;
    assert.equal(id?.value, 'conn_a_0a1b2c3d');
    assert.equal(line.slice(id.offset, id.offset + id.length), 'conn_a_0a1b2c3d');
  });

  it('tells the time of the event from the stamps together', () => {
    const zone = recognised('2025-09-03T10:26:03.100Z 2025-09-03 12:26:02.904 | INFO | WebSocket heartbeat timeout');
    assert.equal(zone.time, TIME, 'the container tells that the program writes UTC+2');
    assert.equal(recognised('2025-09-03T12:26:02.904+02:00 WebSocket heartbeat timeout').time, TIME);
    assert.equal(recognised('{"level":"INFO","ts":1756895162.904,"msg":"WebSocket heartbeat timeout"}').time, TIME);
    assert.equal(recognised('{"level":"INFO","time":1756895162904,"msg":"WebSocket heartbeat timeout"}').time, TIME);
    // loguru with serialize=True
    const record = { time: { repr: '2025-09-03 12:26:02.904000+02:00', timestamp: 1756895162.904 }, level: { name: 'WARNING', no: 30 }, message: 'WebSocket heartbeat timeout' };
    assert.equal(recognised(JSON.stringify({ text: 'WebSocket heartbeat timeout', record })).time, TIME);
  });

  it('keeps the place in the program', () => {
    const found = recognised(sampleLines('healthy.log')[3] ?? '');
    assert.deepEqual(found.source, { module: 'netra_backend.app.websocket_core.manager', function: 'connect_user', line: 729 });
  });

  it('recognises a message in running text, and where it ends', () => {
    const quoted = recognised('We saw `No connections found for thread thread_x_run_1_deadbeef. Active connections: 1` all day.');
    assert.equal(quoted.threadId?.value, 'thread_x_run_1_deadbeef');
    assert.equal(fieldOf(quoted, 'n')?.value, '1');
    const bare = recognised('- today: No connections found for thread thread_x_run_1_deadbeef again and again');
    assert.equal(bare.threadId?.value, 'thread_x_run_1_deadbeef');
    assert.equal(bare.text, 'No connections found for thread thread_x_run_1_deadbeef');
  });

  it('recognises the founding error, cut off as it is', () => {
    const line = 'No connections found for thread thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
    const found = recognised(line);
    assert.equal(found.id, 'no-connections-for-thread');
    assert.equal(found.threadId?.value, 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09');
    assert.equal(found.threadId.offset, line.indexOf('thread_13679'));
    assert.equal(found.noise, false);
    assert.match(found.meaning ?? '', /\.$/);
  });

  it('names noise noise', () => {
    assert.equal(recognised(sampleLines('healthy.log')[8] ?? '').noise, true);
    assert.equal(recognised('CRITICAL: Cannot deliver message for thread startup_test_12345 - no connections and no fallback available').noise, true);
    assert.equal(recognised('CRITICAL: Cannot deliver message for thread thread_12345 - no connections and no fallback available').noise, false);
  });

  it('takes IDs with blanks, dots and colons', () => {
    const found = recognised('No connections found for thread thread_a b.c: d. Active connections: 2');
    assert.equal(found.threadId?.value, 'thread_a b.c: d');
    const blank = recognised("⚠️ PRIORITY 1 INVALID: ThreadRunRegistry returned invalid thread_id: '' for run_id=r");
    assert.equal(fieldOf(blank, 'thread_id')?.value, '');
  });

  it('recognises what it should of the samples, and leaves the rest alone', () => {
    const counts = Object.fromEntries(
      ['field_excerpts.log', 'healthy.log', 'seed_bug_before_fix_info_level.log'].map((name) => {
        const lines = sampleLines(name).filter((line) => line !== '');
        return [name, `${lines.filter((line) => recogniseLogMessage(line) !== undefined).length} of ${lines.length}`];
      }),
    );
    assert.deepEqual(counts, { 'field_excerpts.log': '43 of 61', 'healthy.log': '31 of 32', 'seed_bug_before_fix_info_level.log': '30 of 30' });
  });

  it('does not take the code that writes a message for the message', () => {
    for (const line of ['    logger.warning(f"No connections found for thread {thread_id}. Active connections: {n}")', 'logger.info("Associated %d connections for user %s with thread %s", n, u, t)', '* `No connections found for thread <thread_id>`']) {
      assert.equal(recogniseLogMessage(line), undefined, line);
    }
  });

  it('does not take other lines for messages', () => {
    for (const line of ['', ' ', 'hello', '[FAIL] WS_CONNECT | main', 'def user_id(): return 1', '{"type":"agent_started","message":"WebSocket heartbeat timeout"}', 'Error', 'WebSocket', '2025-09-03 10:26:02.904 | INFO | a:b:1 | GET /ws 101']) {
      assert.equal(recogniseLogMessage(line), undefined, line);
    }
  });

  it('keeps to the shape whatever the fields hold', () => {
    // Braces in a value are those of source code, which is no log line.
    const address = fc.emailAddress().filter((text) => !text.includes('{'));
    const value = fc.oneof(fc.uuid(), address, fc.constantFrom("{'a': 'b'}", 'None', 'a|b', '"quoted"', 'C:\\temp', 'thread_a b', '日本', '[1, 2]', 'x'.repeat(10_000)));
    fc.assert(fc.property(fc.constantFrom(...SHAPE_FACTS), fc.constantFrom(...Object.values(CONTAINERS)), fc.array(value, { minLength: 8, maxLength: 8 }), ({ shape }, { wrap }, values) => {
      let next = 0;
      const found = recogniseLogMessage(wrap(shape.replace(/<\w+>/g, () => values[next++ % 8] ?? '')));
      // An odd field can make a message that another shape, with more literal text, has as well.
      assert.ok(found !== undefined && wording(found.shape).length >= wording(shape).length - 2, `${shape} taken for ${found?.shape}`);
    }), { numRuns: 1500 });
  });

  it('recognises nothing in what is no text', () => {
    for (const value of [undefined, null, 7, {}, []]) assert.equal(recogniseLogMessage(value as never), undefined);
  });

  it('never throws, and keeps fields within the line', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom(...SHAPE_FACTS.map((fact) => fact.shape), '"message": "', '{"message":"', '\\u00', '[32m', '<red>', '→', ' | INFO | ', '2025-09-03 10:26:02.904'));
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const line = pieces.join('');
      const found = recogniseLogMessage(line);
      for (const field of found?.fields ?? []) {
        assert.ok(field.offset >= 0 && field.length >= 0 && field.offset + field.length <= line.length, `${field.name} of ${JSON.stringify(line)}`);
      }
    }), { numRuns: 2000 });
  });

  it('takes time in proportion to the length, on the worst lines', function () {
    this.timeout(60_000);
    const worst = ['WebSocket connected: ', 'EMISSION SUCCESS: agent_started -> thread=', '\u001b[32m', '[32m', '→', '{"message":"', '\\', '"', '{', '  ', ' ? ', '[BACKEND] ', 'a:b:1 | ', '2025-09-03 10:26:02 ', '🚨', 'WARNING | ', 'ALERT: '];
    for (const piece of worst) {
      for (const front of ['', '{"message":"', 'x ', 'EMISSION SUCCESS: ']) recogniseLogMessage(front + piece.repeat(1_000_000 / piece.length));
    }
  });
});
