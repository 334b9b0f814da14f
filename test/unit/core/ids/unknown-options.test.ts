import assert from 'node:assert/strict';
import { extractThreadId, generateRunId, UnknownOptionError, type Dialect } from '../../../../src/core/index';

describe('an option that does not exist', () => {
  for (const name of ['nope', '__proto__', 'toString', '']) {
    it(`is refused by name: ${JSON.stringify(name)}`, () => {
      assert.throws(() => extractThreadId('thread_a', name as Dialect), (error) => error instanceof UnknownOptionError && error.option === 'dialect' && error.expected.includes('before_fix'));
      assert.throws(() => generateRunId('thread_a', { format: name as 'id_manager' }), (error) => error instanceof UnknownOptionError && error.option === 'format' && error.message.includes(JSON.stringify(name)));
    });
  }
});
