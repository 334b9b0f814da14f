import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FrameInfo } from '../../../src/protocol/inspection';
import { FrameStore } from '../../../src/webview/frames/frame-store';
import { VisibleFrames } from '../../../src/webview/frames/visible-frames';
import { frame, seqs } from './frames';

const range = (from: number, to: number): FrameInfo[] => Array.from({ length: to - from + 1 }, (_, index) => frame(from + index));

describe('FrameStore', () => {
  it('keeps frames in order, each once, and finds them by number', () => {
    const store = new FrameStore(100);
    assert.deepEqual(seqs(store.add(range(1, 5))), [1, 2, 3, 4, 5]);
    assert.deepEqual(seqs(store.add(range(4, 7))), [6, 7]);
    store.add([frame(20)]);
    assert.deepEqual(seqs(store.all()), [1, 2, 3, 4, 5, 6, 7, 20]);
    assert.equal(store.get(6)?.seq, 6);
    assert.equal(store.get(8), undefined);
    assert.deepEqual(seqs(store.from(7)), [7, 20]);
  });

  it('holds no more than its capacity and keeps the newest', () => {
    const store = new FrameStore(100);
    for (let from = 1; from < 1000; from += 7) {
      store.add(range(from, from + 6));
      assert.ok(store.size <= 100);
    }
    assert.equal(store.newest?.seq, 1001);
    assert.ok(store.size >= 80);
  });
});

describe('VisibleFrames', () => {
  it('is after any steps what filtering all would give', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('filter' as const), modulo: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant('body' as const), seqs: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 130 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = new FrameStore(60);
        const inBody = new Set<number>();
        let modulo = 1;
        const accepts = ({ seq }: FrameInfo): boolean => seq % modulo === 0 || inBody.has(seq);
        const visible = new VisibleFrames(store, accepts);
        let next = 1;
        for (const each of steps) {
          if (each.kind === 'add') {
            const before = visible.length;
            const gone = visible.append(store.add(range(next, next + each.count - 1)));
            next += each.count;
            assert.ok(gone <= before + each.count);
          } else if (each.kind === 'filter') {
            ({ modulo } = each);
            visible.refilter(accepts);
          } else {
            for (const seq of each.seqs) inBody.add(seq);
            visible.recheck(each.seqs);
          }
          assert.deepEqual(seqs(visible.all()), seqs(store.all().filter(accepts)));
        }
      }),
    );
  });

  it('tells how many rows went away, so that a list can keep its place', () => {
    const store = new FrameStore(100);
    const visible = new VisibleFrames(store, ({ seq }) => seq % 2 === 0);
    assert.equal(visible.append(store.add(range(1, 100))), 0);
    const top = visible.at(20)?.seq;
    const gone = visible.append(store.add(range(101, 110)));
    assert.ok(gone > 0);
    assert.equal(visible.at(20 - gone)?.seq, top);
  });

  it('finds a frame, or where it would be', () => {
    const store = new FrameStore(100);
    const visible = new VisibleFrames(store, ({ seq }) => seq % 2 === 0);
    visible.append(store.add(range(1, 10)));
    assert.equal(visible.indexOf(4), 1);
    assert.equal(visible.indexOf(5), -1);
    assert.equal(visible.indexFrom(5), 2);
    assert.equal(visible.indexFrom(99), 5);
  });
});
