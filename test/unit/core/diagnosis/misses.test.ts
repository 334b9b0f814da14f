import assert from 'node:assert/strict';
import { diagnose, type Diagnosis } from '../../../../src/core/index';
import { associate, connect, miss, T } from './log-lines';

const first = (...lines: string[]): Diagnosis => {
  const [found] = diagnose({ lines });
  assert.ok(found);
  return found;
};

/** What a message that reached nobody is said to have met. */
describe('diagnose: a miss', () => {
  it('strips only the prefixes at the beginning of a doubled one', () => {
    const { id, expected, verdict } = first(connect(0), associate(1, 'thread_my_thread_55'), miss(2, 'thread_thread_my_thread_55'));
    assert.deepEqual([id, expected], ['doubled-prefix', 'thread_my_thread_55']);
    assert.match(verdict, /connections listen with one, on thread_my_thread_55\.$/);
    assert.equal(first(miss(1, `thread_thread_${T}`)).expected, T);
  });
});
