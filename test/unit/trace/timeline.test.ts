import assert from 'node:assert/strict';
import fc from 'fast-check';
import { connectionSpans } from '../../../src/workbench/trace/timeline/connection-spans';
import { GAP_FACTOR, LEAST_GAP_MS, markEntries } from '../../../src/workbench/trace/timeline/mark-entries';
import { mergeEntries } from '../../../src/workbench/trace/timeline/merge-entries';
import { missingEvents } from '../../../src/workbench/trace/timeline/missing-events';
import { pruneBystanders } from '../../../src/workbench/trace/timeline/prune-bystanders';
import type { TraceEntry } from '../../../src/workbench/trace/trace-entry';
import { IN_ENGLISH } from '../../workbench/fake/localisation';

const T0 = Date.UTC(2025, 8, 3, 10, 26);

function entry(part: Partial<TraceEntry> = {}): TraceEntry {
  return { time: T0, hasOwnTime: part.time !== undefined, origin: { uri: 'file:///a.log', label: 'a.log', kind: 'text' }, line: 1, relation: 'direct', kind: 'line', what: '', text: '', marks: [], ...part };
}

const times = fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }), { maxLength: 12 });
const sources = fc.array(times, { maxLength: 5 }).map((lists) =>
  lists.map((list, source) =>
    list.map((time, i) => entry({ time: time === undefined ? undefined : T0 + time, line: i + 1, text: `${source}:${i}`, origin: { uri: `file:///${source}`, label: `${source}`, kind: 'text' } })),
  ),
);

describe('merging', () => {
  it('loses nothing and adds nothing', () => {
    fc.assert(fc.property(sources, (lists) => assert.deepEqual(mergeEntries(lists).map(({ text }) => text).sort(), lists.flat().map(({ text }) => text).sort())));
  });

  it('puts times in order', () => {
    fc.assert(
      fc.property(sources, (lists) => {
        const known = mergeEntries(lists).flatMap(({ time }) => (time === undefined ? [] : [time]));
        assert.deepEqual(known, known.toSorted((a, b) => a - b));
      }),
    );
  });

  it('keeps the order of a source whose clock does not go back, also of its lines without a time', () => {
    fc.assert(
      fc.property(sources, (lists) => {
        const merged = mergeEntries(lists);
        for (const [source, list] of lists.entries()) {
          const known = list.flatMap(({ time }) => (time === undefined ? [] : [time]));
          if (known.some((time, i) => time < (known[i - 1] ?? -Infinity))) continue;
          assert.deepEqual(merged.filter(({ origin }) => origin.label === `${source}`).map(({ line }) => line), list.map(({ line }) => line));
        }
      }),
    );
  });

  it('does not depend on what other sources there are', () => {
    fc.assert(
      fc.property(sources, (lists) => {
        const merged = mergeEntries(lists);
        for (const [source, list] of lists.entries()) {
          const alone = mergeEntries([list]).map(({ text }) => text);
          assert.deepEqual(merged.filter(({ origin }) => origin.label === `${source}`).map(({ text }) => text), alone);
        }
      }),
    );
  });
});

describe('marks', () => {
  it('gives the time since the entry before, and marks exactly the pauses that are gaps', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 5, 7, 900, 1001, 4000, 60_000), { maxLength: 30 }), (pauses) => {
        let time = T0;
        const marked = markEntries(IN_ENGLISH, [entry({ time }), ...pauses.map((pause, i) => entry({ time: (time += pause), line: i + 2, text: `${i}` }))]);
        const usual = pauses.filter((pause) => pause > 0).toSorted((a, b) => a - b);
        const middle = usual[Math.floor(usual.length / 2)] ?? 0;
        pauses.forEach((pause, i) => {
          assert.equal(marked[i + 1]?.deltaMs, pause);
          assert.equal(marked[i + 1]?.marks.some(({ kind }) => kind === 'gap'), pause > LEAST_GAP_MS && pause > GAP_FACTOR * middle);
        });
      }),
    );
  });

  it('marks the same message within 50 ms, with the place of the first', () => {
    const [first, again, later] = markEntries(IN_ENGLISH, [entry({ time: T0, text: 'x' }), entry({ time: T0 + 50, line: 2, text: 'x' }), entry({ time: T0 + 101, line: 3, text: 'x' })]);
    assert.deepEqual(first?.marks, []);
    assert.deepEqual(again?.marks, [{ kind: 'duplicate', text: 'The same message as a.log:1, 50 ms later.' }]);
    assert.deepEqual(later?.marks, []);
  });

  it('marks a line whose clock is behind that of a line above it in its log', () => {
    const merged = mergeEntries([[entry({ time: T0 + 5000, line: 1 }), entry({ time: T0 + 3800, line: 2, text: 'b' }), entry({ time: T0 + 6000, line: 3, text: 'c' })]]);
    assert.deepEqual(merged.map(({ line }) => line), [2, 1, 3]);
    const [late] = markEntries(IN_ENGLISH, merged);
    assert.deepEqual(late?.marks, [{ kind: 'clock', text: 'Its time is 1.2 s before that of a.log:1, which stands above it in the same log.' }]);
  });
});

describe('missing events', () => {
  const event = (name: string, runId = 'r', delivered = true): TraceEntry => entry({ event: name, runId, delivered });

  it('tells of a start without an end, of an end without a start, of a tool that never came back', () => {
    const told = missingEvents(IN_ENGLISH, [event('agent_started', 'a'), event('agent_completed', 'b'), event('agent_started', 'c'), event('tool_executing', 'c'), event('agent_error', 'c')]);
    assert.deepEqual(told.map(({ index }) => index), [0, 1, 3]);
  });

  it('takes an event that failed for one that was there, and a line that only names one for none', () => {
    assert.deepEqual(missingEvents(IN_ENGLISH, [event('agent_started'), event('agent_completed', 'r', false)]), []);
    assert.deepEqual(missingEvents(IN_ENGLISH, [entry({ event: 'agent_started', kind: 'suspicious-run-id' })]), []);
  });
});

describe('connections of a thread', () => {
  const threads = new Set(['thread_a']);
  const at = (time: number, part: Partial<TraceEntry>): TraceEntry => entry({ time: T0 + time, ...part });

  it('follows connect, association by user, theft by another thread, and close', () => {
    const spans = connectionSpans(
      IN_ENGLISH,
      [
        at(0, { kind: 'connected', connectionId: 'conn_1', userId: 'u1' }),
        at(1, { kind: 'connected', connectionId: 'conn_2', userId: 'u1' }),
        at(2, { kind: 'associated', userId: 'u1', threadId: 'thread_a' }),
        at(3, { kind: 'closed', connectionId: 'conn_2' }),
        at(4, { kind: 'associated', userId: 'u1', threadId: 'thread_b' }),
      ],
      threads,
    );
    assert.deepEqual(spans, [
      { connectionId: 'conn_1', userId: 'u1', connectedAt: T0, from: T0 + 2, to: T0 + 4, end: 'moved to thread_b' },
      { connectionId: 'conn_2', userId: 'u1', connectedAt: T0 + 1, from: T0 + 2, to: T0 + 3, end: 'closed' },
    ]);
  });

  it('leaves out connections that were gone before, and what came long after', () => {
    const kept = pruneBystanders([
      at(-9000, { kind: 'connected', relation: 'user', connectionId: 'conn_0', userId: 'u1' }),
      at(-8000, { kind: 'closed', relation: 'user', connectionId: 'conn_0', userId: 'u1' }),
      at(-7000, { kind: 'connected', relation: 'user', connectionId: 'conn_1', userId: 'u1' }),
      at(0, { kind: 'associated' }),
      at(30_000, { kind: 'closed', relation: 'connection', connectionId: 'conn_1' }),
      at(3_000_000, { kind: 'connected', relation: 'user', connectionId: 'conn_9', userId: 'u1' }),
    ]);
    assert.deepEqual(kept.map(({ kind, connectionId }) => `${kind} ${connectionId ?? ''}`), ['connected conn_1', 'associated ', 'closed conn_1']);
  });
});
