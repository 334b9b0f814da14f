import assert from 'node:assert/strict';
import { diagnose } from '../../../../src/core/index';
import { userMessage } from './catalogue-rows';
import { T, wire } from './log-lines';

/** Messages of the protocol in a log. */
describe('diagnose: the wire', () => {
  it('knows that only what a client sends can be too large, and counts its bytes', () => {
    assert.deepEqual(diagnose({ lines: [wire({ type: 'thread_history', thread_id: T, messages: ['x'.repeat(9000)] })] }), []);
    const [first] = diagnose({ lines: [userMessage({ thread_id: T, content: 'ы'.repeat(5000) })] });
    assert.equal(first?.id, 'oversize-message');
    assert.match(first.verdict, /^A user_message of 100\d\d bytes is larger than the 8192 bytes/);
  });
});
