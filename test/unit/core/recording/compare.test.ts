import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareRecordings, type Comparison, RecordedStreams, type RecordingEntry, type RecordingHeader, Reminter, renderComparison } from '../../../../src/core/index';
import { entry, frame, HEADER } from './entries';

const T1 = 'thread_13679e4dcc38403a';
const T2 = 'thread_374579bdba3c41b8';
const R1 = `${T1}_run_1756919162904_9adf1f09`;

function streams(entries: readonly RecordingEntry[], withRouting: boolean, header: RecordingHeader): RecordedStreams {
  const made = new RecordedStreams(header, withRouting);
  for (const one of entries) made.learn(one);
  for (const one of entries) made.take(one);
  return made;
}

function compare(a: readonly RecordingEntry[], b: readonly RecordingEntry[], withRouting = true): Comparison {
  return compareRecordings(streams(a, withRouting, HEADER), streams(b, withRouting, HEADER), withRouting);
}

function event(seq: number, type: string, payload: object = {}, run = R1): RecordingEntry {
  return frame(seq, { peer: 'agent', run, thread: T1, type, outcome: 'delivered', delivery: seq, body: { type, run_id: run, agent_name: 'a', timestamp: new Date(1756919162904 + seq).toISOString(), payload } });
}

/** Two clients on one thread, a run of three events that both get, one on another thread. */
const RUN: readonly RecordingEntry[] = [
  { kind: 'connection_opened', t: 0, connection: 'conn_dev_3052f606', user: 'dev', threads: [T1] },
  { kind: 'association', t: 0, connection: 'conn_dev_3052f606', thread: T1, what: 'associated', how: 'url' },
  { kind: 'connection_opened', t: 5, connection: 'main_11223344', threads: [] },
  frame(1, { connection: 'main_11223344', type: 'subscribe', thread: T1, body: { type: 'subscribe', thread_id: T1 } }),
  { kind: 'association', t: 10, connection: 'main_11223344', thread: T1, what: 'associated', how: 'subscribe' },
  ...['agent_started', 'agent_thinking', 'agent_completed'].flatMap((type, at) => [
    event(2 + 2 * at, type, { step: at }),
    frame(3 + 2 * at, { direction: 'out', run: R1, thread: T1, type, recipients: 2, body: { type, run_id: R1, payload: { step: at } } }),
  ]),
  frame(8, { direction: 'out', connection: 'main_11223344', type: 'pong', body: { type: 'pong', timestamp: '2025-09-03T16:52:43.000Z' } }),
  { kind: 'connection_closed', t: 90, connection: 'main_11223344', code: 1000 },
];

function changed(change: (entries: RecordingEntry[]) => void): RecordingEntry[] {
  const copy = structuredClone(RUN) as RecordingEntry[];
  change(copy);
  return copy;
}

describe('comparing recordings', () => {
  it('finds a recording equal to itself with all IDs minted anew and all times moved', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), fc.string(), (extra, seed) => {
        const entries = [...RUN, ...extra];
        const mint = new Reminter({ seed, shiftMs: 9_000_000 });
        for (const one of entries) mint.learn(one);
        const made = entries.map((one) => ({ ...mint.entry(one), t: one.t * 2 }));
        const result = compare(entries, made);
        assert.deepEqual(result.differences, []);
        assert.ok(result.equal);
      }),
      { numRuns: 60 },
    );
  });

  it('counts each frame for each who got it, and says how the times differ', () => {
    const result = compare(RUN, RUN.map((one) => ({ ...one, t: one.t * 3 })));
    // 2 lives of 2 and 3 moments, 1 sent, 3 events, 3 events for each of two, 1 pong.
    assert.equal(result.counts.equal, 5 + 1 + 3 + 6 + 1);
    assert.equal(result.renamedIds, 0);
    assert.equal(result.timing.frames, 8);
    assert.ok(result.timing.mostMs > 0);
  });

  it('names what is missing and what is extra', () => {
    const result = compare(RUN, changed((entries) => entries.splice(10, 1)));
    assert.deepEqual(result.counts, { equal: 14, missing: 2, extra: 0, reordered: 0, changed: 0 });
    assert.deepEqual(result.differences.map(({ kind, lane, type, a }) => [kind, lane, type, a?.seq]), Array.from({ length: 2 }, () => ['missing', 'received', 'agent_completed', 7]));
    assert.equal(compare(changed((entries) => entries.splice(10, 1)), RUN).counts.extra, 2);
  });

  it('names the fields that changed, by path, and nothing that is a time or an ID', () => {
    const result = compare(RUN, changed((entries) => {
      entries[5] = event(2, 'agent_started', { step: 'other', more: [1] });
    }));
    assert.equal(result.counts.changed, 1);
    assert.deepEqual(result.differences[0]?.fields, [{ path: 'payload.step', a: '0', b: 'other' }, { path: 'payload.more', b: '[1]' }]);
  });

  it('sees the last digit of a number of 64 bits, and tells a number from a text', () => {
    const order = (text: string): RecordingEntry[] => changed((entries) => {
      const frame = event(2, 'agent_started', { order: 0 }) as Extract<RecordingEntry, { kind: 'frame' }>;
      entries[5] = { ...frame, text: frame.text!.replace('"order":0', `"order":${text}`) };
    });
    const fields = (a: string, b: string): unknown => compare(order(a), order(b)).differences[0]?.fields;
    assert.deepEqual(fields('12345678901234567890', '12345678901234567891'), [{ path: 'payload.order', a: '12345678901234567890', b: '12345678901234567891' }]);
    assert.deepEqual(fields('[12345678901234567890]', '7'), [{ path: 'payload.order', a: '[12345678901234567890]', b: '7' }]);
    assert.deepEqual(fields('12345678901234567890', '"12345678901234567890"'), [{ path: 'payload.order', a: '12345678901234567890', b: '"12345678901234567890"' }]);
    assert.deepEqual(fields('1', '"1"'), [{ path: 'payload.order', a: '1', b: '"1"' }]);
    assert.equal(fields('12345678901234567890', '12345678901234567890'), undefined);
  });

  it('tells another order from something missing', () => {
    const result = compare(RUN, changed((entries) => {
      [entries[5], entries[7]] = [entries[7]!, entries[5]!];
    }));
    assert.deepEqual([result.counts.reordered, result.counts.missing, result.counts.extra, result.counts.changed], [1, 0, 0, 0]);
  });

  it('sees that an outcome or a close code is another, and an ID that stands for two', () => {
    const outcome = compare(RUN, changed((entries) => {
      entries[5] = { ...entries[5], outcome: 'queued' } as RecordingEntry;
    }));
    assert.deepEqual(outcome.differences[0]?.fields, [{ path: 'outcome', a: 'delivered', b: 'queued' }]);
    const closed = compare(RUN, changed((entries) => {
      entries[12] = { ...entries[12], code: 1011 } as RecordingEntry;
    }));
    assert.equal(closed.equal, false);
    const clash = compare(RUN, changed((entries) => {
      const other = R1.replace(T1, T2);
      entries[7] = { ...event(4, 'agent_thinking', { step: 1 }, other), run: R1 } as RecordingEntry;
    }));
    assert.deepEqual(clash.differences[0]?.fields[0]?.path, 'ID');
  });

  it('does not mind in which order independent runs came', () => {
    const R2 = `${T1}_run_1756919162905_00000002`;
    const two = (order: readonly string[]): RecordingEntry[] => order.map((run, at) => event(at + 1, 'agent_started', { of: run === R1 ? 1 : 2 }, run));
    assert.ok(compare(two([R1, R2]), two([R2, R1])).equal);
  });

  it('knows what a tap took out and what the workbench sent itself', () => {
    const tapped = changed((entries) => {
      entries[11] = { ...entries[11], discarded: true } as RecordingEntry;
      entries.splice(12, 0, frame(9, { direction: 'out', connection: 'main_11223344', type: 'notice', injected: true, body: { type: 'notice' } }));
    });
    const result = compare(RUN, tapped);
    assert.deepEqual(result.differences.map(({ kind, type }) => [kind, type]), [['missing', 'pong']]);
  });

  it('leaves routing out when one side did not see it', () => {
    const seenByClient = RUN.filter(({ kind }) => kind !== 'association').map((one): RecordingEntry => (one.kind === 'frame' && one.peer === 'agent' ? { ...one, outcome: 'queued' } : one));
    const result = compare(RUN, seenByClient, false);
    assert.deepEqual(result.differences.map(({ lane, type }) => [lane, type]).filter(([lane]) => lane !== 'received'), []);
  });

  it('is told in Markdown whose values cannot be anything but text', () => {
    const evil = '`</code><img src=x>|';
    const text = renderComparison(compare(RUN, changed((entries) => {
      entries[5] = event(2, 'agent_started', { step: evil });
    })), { a: 'before.threadlens-rec.jsonl', b: evil });
    assert.match(text, /\*\*Different\*\*: 1 changed; 15 are the same/);
    assert.match(text, /- \*\*Changed\*\*: `agent_started`, sent by agents for run `thread_1.*` \(A frame 2 at 0\.020 s, B frame 2 at 0\.020 s\)/);
    assert.match(text, /`payload\.step`: `0` → `` `<\/code><img src=x>∣ ``/);
    const equal = renderComparison(compare(RUN, RUN), { a: 'a', b: 'b' });
    assert.match(equal, /\*\*Equal\*\* except for IDs and times: all 16 messages are the same/);
    const bars = equal.split('\n').filter((line) => line.startsWith('|')).map((line) => line.indexOf('|', 1));
    assert.equal(new Set(bars).size, 1, 'the columns begin at the same place');
    const one = [event(1, 'agent_started')];
    assert.match(renderComparison(compare(one, one), { a: 'a', b: 'b' }), /except for IDs and times: the only message is the same\./);
  });

  it('manages long streams without a common part', () => {
    const long = (word: string): RecordingEntry[] => Array.from({ length: 5000 }, (_, at) => event(at + 1, 'progress_update', { [word]: at }));
    const result = compare(long('a'), long('b'));
    assert.equal(result.counts.equal, 0);
    assert.equal(result.counts.changed + result.counts.missing + result.counts.extra, result.counts.changed + 2 * result.counts.missing);
  });
});
