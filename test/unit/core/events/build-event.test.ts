import assert from 'node:assert/strict';
import { AGENT_EVENT_TYPES, buildAgentEvent, parseAgentEvent, payloadTemplate } from '../../../../src/core/index';

const RUN = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const parts = { runId: RUN, agentName: 'triage', now: () => 1_756_919_162_904 };

/** DOMAIN 4, second column. */
const FIELDS: Record<string, string[]> = {
  agent_started: ['status', 'context', 'message'],
  agent_thinking: ['reasoning', 'step_number', 'progress_percentage', 'status'],
  tool_executing: ['tool_name', 'parameters', 'status', 'message'],
  tool_completed: ['tool_name', 'result', 'execution_time_ms', 'status', 'message'],
  agent_completed: ['status', 'result', 'execution_time_ms', 'message'],
  agent_error: ['status', 'error_message', 'error_context', 'message'],
  agent_death: ['status', 'death_cause', 'death_context', 'message', 'recovery_action'],
  progress_update: ['status', 'progress_data', 'message'],
};

describe('agent events', () => {
  for (const type of AGENT_EVENT_TYPES) {
    it(`gives ${type} the payload of its type`, () => {
      const event = buildAgentEvent(type, parts);
      assert.deepEqual(Object.keys(event.payload).sort(), FIELDS[type]?.sort());
      assert.deepEqual(Object.keys(event), ['type', 'run_id', 'agent_name', 'timestamp', 'payload']);
      assert.equal(event.run_id, RUN);
      assert.equal(event.timestamp, '2025-09-03T17:06:02.904Z');
      assert.deepEqual(parseAgentEvent(JSON.stringify(event)), { ok: true, event });
    });
  }

  it('lets given fields replace those of the template, and words the message after them', () => {
    const event = buildAgentEvent('tool_executing', { ...parts, payload: { tool_name: 'sql' } });
    assert.equal(event.payload['message'], 'triage is using sql');
    assert.equal(event.payload['status'], 'executing');
    assert.equal(payloadTemplate('tool_executing', 'triage', { message: 'mine' })['message'], 'mine');
    assert.match(String(payloadTemplate('agent_death', 'triage', { death_cause: 'memory_limit' })['message']), /memory/);
    assert.match(String(payloadTemplate('agent_death', 'triage', { death_cause: 'constructor' })['message']), /constructor/);
  });

  it('takes the payload of a custom type as given, and the trace along', () => {
    const event = buildAgentEvent('my_type', { ...parts, payload: { a: 1 }, trace: { id: 't' } });
    assert.deepEqual(event.payload, { a: 1 });
    assert.deepEqual(event.trace, { id: 't' });
    assert.deepEqual(payloadTemplate('my_type'), {});
  });
});
