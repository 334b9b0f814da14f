import assert from 'node:assert/strict';
import { diagnose } from '../../../../src/core/index';
import { EVENT, userMessage } from './catalogue-rows';
import { T, wire } from './log-lines';

/** Messages of the protocol in a log. */
describe('diagnose: the wire', () => {
  it('knows that only what a client sends can be too large, and counts its bytes', () => {
    assert.deepEqual(diagnose({ lines: [wire({ type: 'thread_history', thread_id: T, messages: ['x'.repeat(9000)] })] }), []);
    const [first] = diagnose({ lines: [userMessage({ thread_id: T, content: 'ы'.repeat(5000) })] });
    assert.equal(first?.id, 'oversize-message');
    assert.match(first.verdict, /^A message \(user_message\) of 100\d\d bytes is larger than the 8192 bytes/);
    assert.match(diagnose({ lines: [wire({ type: 'agent_request', thread_id: T, content: 'x'.repeat(9000) })] })[0]?.verdict ?? '', /^A message \(agent_request\) of/);
  });

  it('lets a client that was told of one thread go on with another that it names', () => {
    const created = wire({ type: 'thread_created', payload: { thread_id: 'thread_u1' } });
    const started = wire({ type: 'start_agent', payload: { user_request: 'x', thread_id: T } });
    assert.deepEqual(diagnose({ lines: [created, started, wire(EVENT)] }), []);
    assert.equal(diagnose({ lines: [created, wire(EVENT)] })[0]?.id, 'thread-created-other-id');
  });
});
