/** The intentions of the original system's own suite, by name, with what its code does where its tests said otherwise. */
import assert from 'node:assert/strict';
import {
  AGENT_EVENT_TYPES,
  extractThreadId,
  generateRunId,
  parseRunId,
  resolveThread,
  type RunIdFormat,
  ThreadRunRegistry,
} from '../../../../src/core';

const now = (): number => 1756919162904;
const random = (): string => '9adf1f09';

describe('intentions of the original suite', () => {
  it('run_id_generator format', () => {
    for (const [runId, threadId] of [
      ['thread_13679e4dcc38403a_run_1756919162904_9adf1f09', 'thread_13679e4dcc38403a'],
      ['thread_user_123_run_1693430400000_a1b2c3d4', 'thread_user_123'],
      ['thread_session_456_run_1693430400000_xyz', 'thread_session_456'],
    ] as const) {
      assert.equal(extractThreadId(runId)?.threadId, threadId);
    }
  });

  it('IDManager format', () => {
    for (const [runId, threadId] of [
      ['run_user_123_abc12345', 'thread_user_123'],
      ['run_session_456_def67890', 'thread_session_456'],
      ['run_thread_789_a1b2c3d4', 'thread_789'],
    ] as const) {
      assert.equal(extractThreadId(runId)?.threadId, threadId);
    }
  });

  it('round trip', () => {
    for (const threadId of ['user_123', 'session_456', 'thread_already_prefixed']) {
      const expected = threadId.startsWith('thread_') ? threadId : `thread_${threadId}`;
      for (const format of ['run_id_generator', 'id_manager'] as const) {
        assert.equal(extractThreadId(generateRunId(threadId, { format }))?.threadId, expected);
      }
    }
  });

  it('event uses the right thread', async () => {
    const run = generateRunId('thread_user123', { now, random });
    const { threadId } = await resolveThread(run, { registry: new ThreadRunRegistry(), connectionManager: { connections: new Map() } });
    assert.equal(threadId, 'thread_user123');
    assert.notEqual(threadId, run);
  });

  it('priority chain', async () => {
    const registry = new ThreadRunRegistry();
    const orchestrator = { getThreadIdForRun: () => 'thread_orchestrated' };
    const connectionManager = { connections: new Map([['thread_live', {}]]) };
    registry.register('thread_live', 'thread_registered');
    const bySource = async (sources: Parameters<typeof resolveThread>[1]): Promise<string | undefined> =>
      (await resolveThread('thread_live', sources)).source;
    assert.equal(await bySource({ registry, orchestrator, connectionManager }), 'thread_registry');
    assert.equal(await bySource({ orchestrator, connectionManager }), 'orchestrator');
    assert.equal(await bySource({ connectionManager }), 'websocket_manager');
    assert.equal(await bySource({}), 'pattern_extraction');
    await assert.rejects(resolveThread('custom', {}), { name: 'ThreadResolutionError', reason: 'unresolved' });
  });

  it('registry hit first', async () => {
    const registry = new ThreadRunRegistry();
    registry.register('custom_run_format_12345', 'thread_from_registry');
    const resolution = await resolveThread('custom_run_format_12345', { registry });
    assert.equal(resolution.threadId, 'thread_from_registry');
    assert.equal(resolution.priority, 1);
    assert.equal(resolution.steps.length, 1);
  });

  it('all event types use the right thread', async () => {
    const registry = new ThreadRunRegistry();
    const run = generateRunId('thread_events', { now, random });
    for (const type of [...AGENT_EVENT_TYPES, 'custom_event']) {
      const event = { type, run_id: run };
      assert.equal((await resolveThread(event.run_id, { registry })).threadId, 'thread_events', type);
    }
    assert.equal(registry.size, 1);
  });

  it('both formats supported', () => {
    const expected: Readonly<Record<RunIdFormat, string>> = {
      run_id_generator: 'thread_user_123_run_1756919162904_9adf1f09',
      id_manager: 'run_user_123_9adf1f09',
    };
    for (const format of ['run_id_generator', 'id_manager'] as const) {
      const run = generateRunId('user_123', { format, now, random });
      assert.equal(run, expected[format]);
      const parsed = parseRunId(run);
      assert.equal(parsed?.format, format);
      assert.equal(parsed?.threadId, 'thread_user_123');
    }
  });
});
