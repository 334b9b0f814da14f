import assert from 'node:assert/strict';
import { layoutTimeline, markAt } from '../../../src/webview/timeline/timeline-layout';
import { frame } from './frames';

const SPAN = { from: 1000, to: 2000, width: 1000 };

describe('layoutTimeline', () => {
  it('gives each thread a lane by name, what has none the last', () => {
    const { lanes, hidden } = layoutTimeline(
      [
        frame(1, { at: 1100, threadId: 'thread_b', outcome: 'queued', deliverySeq: 1 }),
        frame(2, { at: 1200, outcome: 'undeliverable', deliverySeq: 2 }),
        frame(3, { at: 1300, threadId: 'thread_a', peer: 'client', type: 'ping' }),
      ],
      SPAN,
    );
    assert.deepEqual(lanes.map(({ threadId }) => threadId), ['thread_a', 'thread_b', undefined]);
    assert.deepEqual(lanes.map(({ marks }) => marks.map(({ kind, x }) => [kind, x])), [[['client', 300]], [['queued', 100]], [['undeliverable', 200]]]);
    assert.equal(hidden, 0);
  });

  it('marks an event that was delivered at once where it went out, once', () => {
    const parts = { at: 1500, threadId: 'thread_a', outcome: 'delivered', deliverySeq: 4 } as const;
    const { lanes } = layoutTimeline([frame(1, parts), frame(2, { ...parts, direction: 'out', recipients: 3 })], SPAN);
    assert.deepEqual(lanes[0]?.marks, [{ x: 500, kind: 'delivered', seq: 2 }]);
    assert.equal(lanes[0]?.counts.delivered, 1);
  });

  it('draws a wait from the event to its delivery, to the edge while it lasts, from the edge when it began before', () => {
    const queued = (seq: number, at: number, deliverySeq: number) => frame(seq, { at, threadId: 'thread_a', outcome: 'queued', deliverySeq });
    const sent = (seq: number, at: number, deliverySeq: number) => frame(seq, { at, threadId: 'thread_a', outcome: 'delivered', direction: 'out', deliverySeq });
    const { lanes } = layoutTimeline([queued(1, 500, 1), queued(2, 600, 2), sent(3, 700, 2), sent(4, 1100, 1), queued(5, 1200, 3), sent(6, 1600, 3), queued(7, 1900, 4)], SPAN);
    assert.deepEqual(lanes[0]?.waits, [
      { from: 0, to: 100, open: false, seq: 1 },
      { from: 200, to: 600, open: false, seq: 5 },
      { from: 900, to: 1000, open: true, seq: 7 },
    ]);
  });

  it('draws waits that overlap as one, however many they are', () => {
    const frames = Array.from({ length: 10_000 }, (_, index) => frame(index, { at: 1000 + index / 20, threadId: 'thread_a', outcome: 'queued', deliverySeq: index }));
    const sent = Array.from({ length: 5000 }, (_, index) => frame(10_000 + index, { at: 1600, threadId: 'thread_a', outcome: 'delivered', direction: 'out', deliverySeq: index }));
    assert.deepEqual(layoutTimeline([...frames, ...sent], SPAN).lanes[0]?.waits, [
      { from: 0, to: 600, open: false, seq: 0 },
      { from: 250, to: 1000, open: true, seq: 5000 },
    ]);
  });

  it('shows nothing from outside the span', () => {
    const { lanes } = layoutTimeline([frame(1, { at: 900, threadId: 'thread_a' }), frame(2, { at: 2001, threadId: 'thread_b' })], SPAN);
    assert.deepEqual(lanes, []);
  });

  it('draws frames that fall together as one mark and counts them all', () => {
    const frames = Array.from({ length: 5000 }, (_, index) => frame(index, { at: 1000 + index / 5, threadId: 'thread_a', peer: 'client' }));
    const [lane] = layoutTimeline(frames, SPAN).lanes;
    assert.ok(lane && lane.marks.length <= 335);
    assert.equal(lane.counts.client, 5000);
  });

  it('bounds the lanes and says how many threads have none', () => {
    const frames = Array.from({ length: 80 }, (_, index) => frame(index, { at: 1500, threadId: `thread_${index}` }));
    const { lanes, hidden } = layoutTimeline(frames, SPAN);
    assert.equal(lanes.length, 50);
    assert.equal(hidden, 30);
  });
});

describe('markAt', () => {
  it('finds the nearest mark within reach, else the wait under the point', () => {
    const [lane] = layoutTimeline(
      [
        frame(1, { at: 1100, threadId: 'thread_a', outcome: 'queued', deliverySeq: 1 }),
        frame(2, { at: 1110, threadId: 'thread_a', peer: 'client' }),
        frame(3, { at: 1300, threadId: 'thread_a', outcome: 'delivered', direction: 'out', deliverySeq: 1 }),
      ],
      SPAN,
    ).lanes;
    assert.ok(lane);
    assert.equal(markAt(lane, 103, 6), 1);
    assert.equal(markAt(lane, 108, 6), 2);
    assert.equal(markAt(lane, 200, 6), 1);
    assert.equal(markAt(lane, 600, 6), undefined);
  });
});
