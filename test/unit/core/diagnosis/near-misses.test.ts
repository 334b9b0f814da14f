import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { nearMisses } from '../../../../src/core/index';
import { editDistance } from '../../../../src/core/diagnosis/edit-distance';

const THREAD = 'thread_13679e4dcc38403a';
const whyOf = (asked: string, live: string): string | undefined => nearMisses(asked, [live])[0]?.why;

describe('nearMisses', () => {
  const cases: [string, string, string | undefined][] = [
    [`${THREAD}_run_1756919162904_9adf1f09`, THREAD, "this composite ID's own thread"],
    ['run_user_123_abc12345', 'thread_user_123', "this run ID's own thread"],
    ['run_user_123_abc12345', 'user_123', "this run ID's own thread"],
    ['thread_user123', 'user123', 'without the thread_ prefix'],
    ['user123', 'thread_user123', 'with the thread_ prefix'],
    ['thread_thread_abc', 'thread_abc', 'without the thread_ prefix'],
    ['thread_abc', 'thread_thread_abc', 'with a doubled thread_ prefix'],
    [THREAD, `${THREAD.slice(0, -1)}b`, '1 character away'],
    [THREAD, THREAD.slice(0, -1), '1 character away'],
    [THREAD, `${THREAD.slice(0, -2)}bb`, '2 characters away'],
    [THREAD, 'thread_13679e4dcc38430a', 'two neighbouring characters swapped'],
    ['thread_Abc', 'thread_abc', 'differs only in case'],
    ['thread_a-b', 'thread_a_b', 'differs only in hyphens and underscores'],
    ['thread_abc ', 'thread_abc', 'differs only in white space around it'],
    ['thread_abc', 'thread_abc_run_1_deadbeef', "a composite ID of this very thread, used as a thread's name"],
    ['thread_a_b_c_d_e', 'thread_a_b_c_d_e_f_g', 'begins with this ID, which looks cut short'],
    ['thread_a1', 'thread_b2', undefined],
    ['thread_u1', 'thread_u2', undefined],
    [THREAD, 'thread_374579bdba3c41b8', undefined],
    [THREAD, THREAD, undefined],
    ['', 'thread_', undefined],
  ];
  for (const [asked, live, why] of cases) {
    it(`${asked || '(empty)'} / ${live}: ${why ?? 'no near miss'}`, () => assert.equal(whyOf(asked, live), why));
  }

  it('puts the best explanation first, counts connections and keeps to its limit', () => {
    const live = [
      { id: `${THREAD}b`, connections: 9 },
      { id: THREAD, connections: 2 },
      ...Array.from({ length: 30 }, (_, n) => ({ id: `${THREAD}_run_17569191629${String(n).padStart(2, '0')}_9adf1f08`, connections: 1 })),
    ];
    const found = nearMisses(`${THREAD}_run_1756919162904_9adf1f09`, live);
    assert.equal(found.length, 5);
    assert.deepEqual(found[0], { threadId: THREAD, connections: 2, why: "this composite ID's own thread" });
    assert.equal(nearMisses(THREAD, [], {}).length, 0);
    assert.equal(nearMisses(`${THREAD}_run_1756919162904_9adf1f09`, live, { limit: 1 }).length, 1);
  });

  it('answers with 10,000 long threads that all look alike', () => {
    const live = Array.from({ length: 10_000 }, (_, n) => `thread_${'a'.repeat(200)}${String(n).padStart(5, '0')}`);
    assert.equal(nearMisses(`thread_${'a'.repeat(200)}99999`, live).length, 5);
  });
});

describe('editDistance', () => {
  function plain(a: string, b: string): number {
    let row = Array.from({ length: b.length + 1 }, (_, n) => n);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next.push(Math.min(row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), row[j]! + 1, next[j - 1]! + 1));
      }
      row = next;
    }
    return row[b.length]!;
  }

  it('agrees with the textbook up to its limit', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 9 });
    fc.assert(fc.property(text, text, fc.integer({ min: 0, max: 4 }), (a, b, limit) => {
      assert.equal(editDistance(a, b, limit), Math.min(plain(a, b), limit + 1));
    }), { numRuns: 3000 });
  });
});
