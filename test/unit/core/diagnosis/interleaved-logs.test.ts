import assert from 'node:assert/strict';
import { diagnose } from '../../../../src/core/index';
import { associate, close, connect, miss, T } from './log-lines';

/** Logs in which several threads and users meet. */
describe('diagnose: what is interleaved', () => {
  it('tells that the client of the thread left, although the table has forgotten somebody else', () => {
    const [first] = diagnose({ lines: [connect(0), connect(200, 'u2', 2), associate(201, T, 'u2'), close(210, 'u2', 2), miss(220, T, 0)] });
    assert.equal(first?.id, 'client-disconnected');
    assert.equal(first.connectionId, 'conn_u2_00000002');
  });
});
