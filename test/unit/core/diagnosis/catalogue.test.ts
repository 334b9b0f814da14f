import assert from 'node:assert/strict';
import { diagnose, type Diagnosis } from '../../../../src/core/index';
import { ACKNOWLEDGED, EVENT, NAMED, RECOGNISED, reconnects, type Row, ROWS, userMessage } from './catalogue-rows';
import { at, T, wire } from './log-lines';

function check(row: Row): void {
  const found = diagnose({ lines: row.shows });
  const diagnosis = row.leads === false ? found.find((one) => one.id === row.id) : found[0];
  assert.equal(diagnosis?.id, row.id, found.map((one) => `${one.id}: ${one.verdict}`).join('\n'));
  if (row.row !== '') assert.ok(diagnosis.catalogue.includes(row.row), `${diagnosis.catalogue.join()} has no ${row.row}`);
  assert.match(diagnosis.verdict, row.verdict);
  assert.match(diagnosis.verdict, /^[^\n]+\.$/, 'one sentence');
  if (row.inferred !== undefined) assert.equal(diagnosis.inferred, row.inferred);
  assert.ok(diagnosis.evidence.length > 0);
  for (const { line, text, offset, length } of diagnosis.evidence) {
    assert.equal(text, row.shows[(line ?? 0) - 1], 'the evidence is the line');
    assert.ok(offset >= 0 && length > 0 && offset + length <= text.length);
  }
  assert.ok(diagnosis.actions.length > 0 && diagnosis.cause.endsWith('.'));
  const clean = diagnose({ lines: row.clean });
  const wrong = clean.find((one) => one.id === row.id && (row.row === '' || one.catalogue.includes(row.row)) && row.verdict.test(one.verdict));
  assert.equal(wrong, undefined, `also in the clean log: ${wrong?.verdict}`);
}

function title(row: Row): string {
  return `${row.row} ${row.id}: ${row.shows.at(-1)?.slice(-70)}`;
}

describe('failure catalogue', () => {
  for (const row of ROWS) it(title(row), () => check(row));
  for (const row of NAMED) it(title(row), () => check(row));

  it('has a test for every row from F1 to F35', () => {
    const tested = new Set(ROWS.map((row) => row.row));
    for (let n = 1; n <= 35; n++) assert.ok(tested.has(`F${n}`), `F${n}`);
  });

  for (const [row, id, line] of RECOGNISED) {
    it(`${row} ${id}: ${line.slice(-60)}`, () => {
      const [first] = diagnose({ lines: [line] });
      assert.equal(first?.id, id);
      assert.ok(first.catalogue.includes(row), first.catalogue.join());
      assert.equal(first.evidence[0]?.line, 1);
    });
  }

  it('F54: acknowledged, but no agent started', () => {
    assert.equal(diagnose({ lines: [ACKNOWLEDGED] })[0]?.id, 'handler-precedence');
    assert.deepEqual(diagnose({ lines: [ACKNOWLEDGED, wire(EVENT)] }), []);
  });

  it('F57: a message that is too large', () => {
    const large = (length: number): Diagnosis | undefined => diagnose({ lines: [userMessage({ thread_id: T, content: 'x'.repeat(length) })] })[0];
    assert.equal(large(9000)?.id, 'oversize-message');
    assert.equal(large(8000), undefined);
  });

  it('F58: reconnect storm', () => {
    assert.equal(diagnose({ lines: reconnects(0.1) })[0]?.id, 'reconnect-storm');
    assert.deepEqual(diagnose({ lines: reconnects(10) }), []);
  });

  it('F50: pings that nobody answers', () => {
    const ping = wire({ type: 'ping', timestamp: 1 });
    assert.equal(diagnose({ lines: [ping, ping, ping] })[0]?.id, 'heartbeat-lost');
    assert.deepEqual(diagnose({ lines: [ping, wire({ type: 'pong' }), ping, ping] }), []);
  });

  it('F55: handlers that only grow, told from those that stay', () => {
    const lines = (counts: number[]): string[] => counts.map((n) => at(1, `Total handlers after registration: ${n}`));
    assert.equal(diagnose({ lines: lines([5, 6, 7, 8]) })[0]?.id, 'handler-accumulation');
    assert.deepEqual(diagnose({ lines: lines([5, 5, 6, 5]) }), []);
  });
});
