import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  extractByIdManager,
  extractByRunIdGenerator,
  extractThreadId,
  generateRunId,
  InvalidRunIdError,
  InvalidThreadIdError,
  type InvalidThreadIdReason,
  isValidThreadId,
  migrateRunId,
  parseRunId,
  type RunIdFormat,
} from '../../../../src/core';

const now = (): number => 1756919162904.7;
const random = (): string => '9adf1f09';
const FORMATS: readonly RunIdFormat[] = ['run_id_generator', 'id_manager'];

const part = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'X', 'Y', 'Z', '0', '1', '8', '9'), minLength: 1, maxLength: 6 });
/** Every thread ID the bridge accepts, words that matter to the parsers among its parts. */
const threadId = fc
  .array(fc.oneof(part, fc.constantFrom('run', 'thread', 'session', 'test', '9adf1f09', '1756919162904')), { minLength: 1, maxLength: 5 })
  .map((parts) => `thread_${parts.join('_')}`);

function refusal(threadIdGiven: unknown, format?: RunIdFormat): InvalidThreadIdError {
  try {
    generateRunId(threadIdGiven as string, { format });
  } catch (error) {
    assert.ok(error instanceof InvalidThreadIdError);
    assert.ok(error.message.includes(error.expected) && error.message.includes(error.received));
    return error;
  }
  return assert.fail(`generated for ${String(threadIdGiven)}`);
}

describe('generateRunId', () => {
  it('writes both formats', () => {
    assert.equal(generateRunId('13679e4dcc38403a', { now, random }), 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09');
    assert.equal(generateRunId('thread_13679e4dcc38403a', { now, random }), 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09');
    assert.equal(generateRunId('thread_thread_x', { now, random }), 'thread_thread_x_run_1756919162904_9adf1f09');
    assert.equal(generateRunId('user_123', { format: 'id_manager', random }), 'run_user_123_9adf1f09');
    assert.equal(generateRunId('thread_x', { format: 'id_manager', random }), 'run_thread_x_9adf1f09');
  });

  it('takes time and suffix from the host when it is not given any', () => {
    const before = Date.now();
    const parsed = parseRunId(generateRunId('thread_abc'));
    assert.ok((parsed?.timestamp ?? 0) >= before && (parsed?.timestamp ?? 0) <= Date.now());
    const suffixes = new Set(Array.from({ length: 50 }, () => parseRunId(generateRunId('abc', { format: 'id_manager' }))?.suffix));
    assert.ok(suffixes.size > 45);
    for (const suffix of suffixes) assert.match(suffix ?? '', /^[0-9a-f]{8}$/);
  });

  it('refuses with a typed reason, naming what was expected and received', () => {
    const expected: [unknown, RunIdFormat | undefined, InvalidThreadIdReason, string][] = [
      ['', undefined, 'empty', 'an empty string'],
      ['', 'id_manager', 'empty', 'an empty string'],
      [undefined, undefined, 'not-a-string', 'undefined'],
      [17, 'id_manager', 'not-a-string', '17'],
      [{}, undefined, 'not-a-string', 'an object'],
      ['thread_', undefined, 'empty-after-prefix', '"thread_"'],
      ['a_run_b', undefined, 'reserved-sequence', '"a_run_b"'],
      ['thread_run_b', undefined, 'reserved-sequence', '"thread_run_b"'],
      ['_run_', undefined, 'reserved-sequence', '"_run_"'],
      ['thread_x_run', undefined, 'reserved-sequence', '"thread_x_run"'],
      ['run_x', undefined, 'reserved-sequence', '"run_x"'],
      ['_x', 'id_manager', 'illegal-characters', '"_x"'],
      ['a b', 'id_manager', 'illegal-characters', '"a b"'],
      ['a\n', 'id_manager', 'illegal-characters', '"a\\n"'],
    ];
    for (const [given, format, reason, received] of expected) {
      const error = refusal(given, format);
      assert.equal(error.reason, reason, String(given));
      assert.equal(error.received, received);
    }
  });

  it('generates what the original does although the bridge refuses the thread: the fault is to be reproduced', () => {
    assert.equal(generateRunId('user-1', { now, random }), 'thread_user-1_run_1756919162904_9adf1f09');
    assert.equal(generateRunId('user-1', { format: 'id_manager', random }), 'run_user-1_9adf1f09');
    assert.equal(extractThreadId('run_user-1_9adf1f09'), undefined);
  });

  it('comes back as the thread it was made for, for every legal thread ID', () => {
    fc.assert(
      fc.property(threadId, fc.constantFrom(...FORMATS), (thread, format) => {
        fc.pre(isValidThreadId(thread));
        let runId: string;
        try {
          runId = generateRunId(thread, { format });
        } catch (error) {
          // The one refusal of a legal thread ID: the separator would stand inside the thread part.
          assert.ok(error instanceof InvalidThreadIdError && error.reason === 'reserved-sequence');
          assert.ok(format === 'run_id_generator' && `${thread}_run_`.indexOf('_run_') !== thread.length);
          return;
        }
        assert.equal(extractThreadId(runId)?.threadId, thread);
        assert.ok((format === 'run_id_generator' ? extractByRunIdGenerator : extractByIdManager)(runId) !== undefined);
      }),
      { numRuns: 500 },
    );
  });
});

describe('migrateRunId', () => {
  const CANONICAL = 'thread_user_1_run_1756919162904_9adf1f09';

  it('keeps thread and suffix', () => {
    assert.equal(migrateRunId(CANONICAL, 'id_manager'), 'run_user_1_9adf1f09');
    assert.equal(migrateRunId(' run_user_1_9adf1f09\n', 'run_id_generator', { now }), CANONICAL);
    assert.equal(migrateRunId('run_thread_user_1_9adf1f09', 'run_id_generator', { now }), CANONICAL);
    assert.equal(migrateRunId(CANONICAL, 'run_id_generator'), CANONICAL);
    assert.equal(migrateRunId('run_user_1_9adf1f09', 'id_manager'), 'run_user_1_9adf1f09');
    assert.equal(migrateRunId('thread_thread_x_run_1_deadbeef', 'id_manager'), 'run_thread_thread_x_deadbeef');
  });

  it('refuses what it cannot read', () => {
    for (const runId of ['thread_abc', 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760', 'hello', '', 'run_user-1_9adf1f09', 'thread_x_run_hello']) {
      assert.throws(
        () => migrateRunId(runId, 'id_manager'),
        (error) => error instanceof InvalidRunIdError && error.reason === 'not-migratable' && error.received === JSON.stringify(runId),
        runId,
      );
    }
  });

  it('routes to the same thread there and back', () => {
    fc.assert(
      fc.property(threadId, fc.constantFrom(...FORMATS), fc.constantFrom(...FORMATS), (thread, from, to) => {
        let runId: string;
        let migrated: string;
        try {
          runId = generateRunId(thread, { format: from, random });
          migrated = migrateRunId(runId, to, { now });
        } catch (error) {
          assert.ok(error instanceof InvalidThreadIdError && error.reason === 'reserved-sequence');
          return;
        }
        assert.equal(extractThreadId(migrated)?.threadId, thread);
        assert.ok(migrated.endsWith('9adf1f09'));
        assert.equal(extractThreadId(migrateRunId(migrated, from, { now }))?.threadId, thread);
      }),
    );
  });
});
