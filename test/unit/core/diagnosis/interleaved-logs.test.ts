import assert from 'node:assert/strict';
import { diagnose } from '../../../../src/core/index';
import { associate, at, close, connect, miss, R, success, T, T2, unresolved, UUID_RUN } from './log-lines';

/** Logs in which several threads and users meet. */
describe('diagnose: what is interleaved', () => {
  it('tells that the client of the thread left, although the table has forgotten somebody else', () => {
    const [first] = diagnose({ lines: [connect(0), connect(200, 'u2', 2), associate(201, T, 'u2'), close(210, 'u2', 2), miss(220, T, 0)] });
    assert.equal(first?.id, 'client-disconnected');
    assert.equal(first.connectionId, 'conn_u2_00000002');
  });

  it('counts each loss once, whatever order the lines of two losses come in', () => {
    const told = (thread: string): string[] => [
      miss(1, thread),
      at(1, `No active connections found for thread ${thread} - attempting user-based fallback`, 'WARNING'),
      at(1, `CRITICAL: Cannot deliver message for thread ${thread} - no connections and no fallback available`, 'ERROR'),
    ];
    const [a, b] = [told(T), told(T2)];
    const found = diagnose({ lines: a.flatMap((line, n) => [line, b[n] ?? '']) });
    assert.deepEqual(found.map(({ id, threadId, count }) => [id, threadId, count]), [
      ['never-associated', T, 1], ['never-associated', T2, 1], ['user-fallback-never-fires', T, 2],
    ]);
  });

  it('lets one tool run twice at once', () => {
    const tool = (seconds: number, type: string): string => success(seconds, type, R, T, 'tool=search', 'DEBUG');
    const twice = [tool(1, 'tool_executing'), tool(2, 'tool_executing'), tool(3, 'tool_completed'), tool(4, 'tool_completed')];
    assert.deepEqual(diagnose({ lines: twice }), []);
    assert.equal(diagnose({ lines: [...twice, tool(5, 'tool_completed')] })[0]?.id, 'missing-critical-events');
  });

  it('does not take another tab for the one that reconnected', () => {
    const tabs = [connect(0), associate(1), connect(2, 'u1', 2), at(3, `Updated connection conn_u1_00000002 with thread_id ${T2}`, 'DEBUG'), close(4)];
    assert.equal(diagnose({ lines: [...tabs, miss(5)] })[0]?.id, 'wrong-thread');
    const [back] = diagnose({ lines: [...tabs, connect(5, 'u1', 3), miss(6, T, 2)] });
    assert.equal(back?.id, 'reconnect-lost-association');
    assert.equal(back.connectionId, 'conn_u1_00000003');
  });

  it('says how many connections an association took along, not that all of them had listened', () => {
    const [first] = diagnose({ lines: [connect(0), associate(1), connect(2, 'u1', 2), associate(3, T2, 'u1', 2), miss(4, T, 2)] });
    assert.equal(first?.id, 'thread-stealing');
    assert.equal(first.verdict, `u1 listened on ${T} until the association with ${T2} moved all 2 connections of this user, so ${T} has no listener.`);
    const [alone] = diagnose({ lines: [connect(0), associate(1), associate(2, T2), miss(3, T)] });
    assert.match(alone?.verdict ?? '', /^u1 listened on \w+ until the association with \w+ moved the connection, so/);
  });

  it('counts each failed resolution once, whatever order the lines of two come in', () => {
    const other = UUID_RUN.replace('9f5d', '9f5e');
    const failed = (run: string): string[] => [
      unresolved(1, run),
      at(1, `🚨 RESOLUTION CONTEXT: {'run_id': '${run}', 'resolution_time_ms': 0.31}`, 'ERROR'),
      at(1, `🚨 BUSINESS IMPACT: User will not receive WebSocket notifications for run_id=${run} - this breaks core chat functionality`, 'ERROR'),
      at(1, `🚨 EMISSION EXCEPTION: notify_agent_started failed (run_id=${run}, agent=triage): Thread resolution failed for run_id=${run}: All 5 priority sources failed.`, 'ERROR'),
    ];
    const [a, b] = [failed(UUID_RUN), failed(other)];
    const counts = (lines: string[]): unknown => diagnose({ lines }).map(({ id, runId, count }) => [id, runId, count]);
    assert.deepEqual(counts(a.flatMap((line, n) => [line, b[n] ?? ''])), [['unresolvable-run', UUID_RUN, 1], ['unresolvable-run', other, 1]]);
    // Only the last line of each is there.
    assert.deepEqual(counts([3, 3, 3].map((n) => a[n] ?? '')), [['unresolvable-run', UUID_RUN, 3]]);
  });

  it('does not take the start of another agent in the same run for a duplicate', () => {
    const started = (seconds: number, agent: string): string => success(seconds, 'agent_started', R, T, `agent=${agent}`);
    const completed = success(2, 'agent_completed');
    assert.deepEqual(diagnose({ lines: [started(1, 'triage'), started(1.01, 'data'), completed] }), []);
    assert.equal(diagnose({ lines: [started(1, 'triage'), started(1.01, 'data'), started(1.02, 'triage'), completed] })[0]?.id, 'duplicate-events');
  });
});
