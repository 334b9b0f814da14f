import assert from 'node:assert/strict';
import { clip } from '../../../src/core/clip';

describe('clip', () => {
  it('never cuts a character in half', () => {
    assert.equal(clip('ab🚨', 4), 'ab🚨');
    assert.equal(clip('ab🚨c', 4), 'ab🚨…');
    assert.equal(clip('ab🚨c', 3), 'ab…');
    assert.equal(clip('abcd', 3), 'abc…');
  });
});
