import assert from 'node:assert/strict';
import { recogniseLogMessage } from '../../../../src/core/index';

/** FIELD_GUIDE 4.9: number, message, kind, and the noise flag. */
const LINES: readonly (readonly [number: number, line: string, id: string, noise?: true])[] = [
  [1, 'No connections found for thread thread_13679e4dcc38403a_run_1756919162904_9adf1f09. Active connections: 1', 'no-connections-for-thread'],
  [2, 'No connections found for thread thread_374579bdba3c41b8. Active connections: 1', 'no-connections-for-thread'],
  [3, 'No connections found for thread thread_x. Active connections: 0', 'no-connections-for-thread'],
  [4, 'Sample connection thread_ids: [None]', 'sample-threads'],
  [5, "Sample connection thread_ids: ['thread_13679e4dcc38403a']", 'sample-threads'],
  [6, 'No active connections found for thread T - attempting user-based fallback', 'user-fallback'],
  [7, 'Attempting fallback send to user u1 for thread T', 'fallback-send'],
  [8, 'CRITICAL: Cannot deliver message for thread T - no connections and no fallback available', 'undeliverable'],
  [9, 'Testing environment - accepting message for thread T with no connections', 'testing-accepted'],
  [10, 'No healthy connections for thread T - attempting user-based fallback', 'no-healthy-connections'],
  [11, 'CRITICAL: No healthy connections for thread T and no fallback available', 'no-healthy-connections'],
  [12, "Unexpected error in send_to_thread for T: 'NoneType' object has no attribute 'get'", 'send-to-thread-error'],
  [13, 'No active connections found for thread thread_dev-temp-cc173c1d', 'no-active-connections'],
  [14, 'No connections found for user run_9f5d282b-ac2c-4745-ab6c-1b8418427760', 'no-connections-for-user'],
  [15, 'No connections found for run ID run_9f5d282b (expected behavior)', 'run-as-user-hushed'],
  [16, 'No connections found for user conn_u1_00000001 when updating thread', 'association-refused'],
  [17, 'Associated 2 connections for user u1 with thread thread_b2', 'associated'],
  [18, 'Updated connection conn_u1_00000001 with thread_id thread_a1', 'connection-associated'],
  [19, 'Cannot update thread for non-existent connection: conn_u1_00000001', 'association-unknown-connection'],
  [20, 'Failed to update thread for connection=conn_u1_00000001', 'association-failed'],
  [21, 'No WebSocket connections found for user=u1 - agent events may not be delivered', 'association-too-early'],
  [22, 'Enhanced WebSocket connected: conn_u1_00000001 for user u1 (protocol: fastapi)', 'connected'],
  [23, 'Enhanced WebSocket closed for conn_u1_00000001 (fastapi): 1001 - Health check failed', 'closed'],
  [24, 'Disconnected user u1 with 2 connections', 'user-disconnected'],
  [25, 'Connection conn_u1_00000001 disconnected before send', 'disconnected-before-send'],
  [26, 'WebSocket send timeout for conn_u1_00000001, attempt 1/2', 'send-timeout'],
  [27, 'Failed to send to conn_u1_00000001 after 2 attempts', 'send-gave-up'],
  [28, 'Failed to send to connection conn_u1_00000001: send boom', 'send-failed'],
  [29, 'Error sending to connection conn_dev-temp-cc173c1d_3052f606: Object of type DeepAgentState is not JSON serializable', 'send-failed'],
  [30, 'WebSocket heartbeat timeout', 'heartbeat-timeout'],
  [31, '✅ PRIORITY 1 SUCCESS: run_id=R → thread_id=T via ThreadRunRegistry (0.2ms)', 'priority-1-success'],
  [32, '✅ PRIORITY 2 SUCCESS: run_id=R → thread_id=T via Orchestrator (0.3ms)', 'priority-2-success'],
  [33, '✅ PRIORITY 3 SUCCESS: run_id=R is valid thread_id with active WebSocket connection (0.1ms)', 'priority-3-success'],
  [34, '✅ PRIORITY 3 SUCCESS: run_id=R is valid thread_id format (0.1ms)', 'priority-3-success'],
  [35, '✅ PRIORITY 4 SUCCESS: run_id=R → thread_id=T via pattern extraction (0.2ms)', 'priority-4-success'],
  [36, '⚠️ PRIORITY 1 SKIP: ThreadRunRegistry not available for run_id=R', 'priority-skipped'],
  [37, '⚠️ PRIORITY 2 SKIP: Orchestrator missing get_thread_id_for_run method', 'priority-skipped'],
  [38, '⚠️ PRIORITY 2 SKIP: Orchestrator not available for run_id=R', 'priority-skipped'],
  [39, '⚠️ PRIORITY 3 SKIP: WebSocketManager not available for run_id=R', 'priority-skipped'],
  [40, "⚠️ PRIORITY 1 INVALID: ThreadRunRegistry returned invalid thread_id: '' for run_id=R", 'priority-invalid'],
  [41, '⚠️ PRIORITY 1 EXCEPTION: ThreadRunRegistry lookup failed for run_id=R: redis down', 'priority-exception'],
  [41, '⚠️ PRIORITY 4 EXCEPTION: Pattern extraction failed for run_id=R: boom', 'priority-exception'],
  [42, '⚠️ PRIORITY 4 NO MATCH: No valid thread pattern found in run_id=R', 'priority-4-no-match'],
  [43, '🚨 PRIORITY 5 RESOLUTION FAILURE: Unable to resolve thread_id for run_id=R after trying all 5 priorities', 'unresolved'],
  [44, "🚨 RESOLUTION CONTEXT: {'run_id': 'R', 'resolution_time_ms': 0.31, 'thread_registry_available': True}", 'resolution-context'],
  [45, '🚨 BUSINESS IMPACT: User will not receive WebSocket notifications for run_id=R - this breaks core chat functionality', 'business-impact'],
  [46, "🚨 RESOLUTION FAILED: Invalid run_id input type or empty: None (type: <class 'NoneType'>)", 'bad-run-id-input'],
  [46, '🚨 RESOLUTION FAILED: Empty run_id after stripping whitespace', 'bad-run-id-input'],
  [47, '🔍 PATTERN 1.5 MATCH: run_id=R → extracted thread_id=T (run_id_generator format)', 'pattern-match'],
  [47, '⚠️ PATTERN 2 INVALID: extracted \'thread_a-b\' from run_id=R failed validation', 'pattern-invalid'],
  [48, '📝 BACKFILL: Registered pattern-extracted mapping run_id=R → thread_id=T', 'backfill'],
  [49, "✅ REGISTERED: run_id=R → thread_id=T (metadata: {'source': 'pattern_extraction'})", 'registered'],
  [50, '🔍 LOOKUP MISS: run_id=R not found', 'lookup-miss'],
  [50, '🔍 LOOKUP EXPIRED: run_id=R mapping expired', 'lookup-expired'],
  [50, '✅ LOOKUP SUCCESS: run_id=R → thread_id=T', 'lookup-success'],
  [51, '✅ MAPPING REGISTERED: run_id=R → thread_id=T (metadata: None)', 'mapping-registered'],
  [51, 'Registered run-thread mapping: run_id=R -> thread_id=T', 'mapping-registered'],
  [52, '🗑️ UNREGISTERED: run_id=R from thread_id=T', 'unregistered'],
  [52, '🧹 CLEANUP COMPLETED: Removed 3 expired mappings', 'registry-cleanup'],
  [53, '✅ EMISSION SUCCESS: agent_started → thread=T (run_id=R, agent=triage)', 'emission-success'],
  [53, '✅ EMISSION SUCCESS: agent_thinking → user=u1 (run_id=R, agent=triage) [tracked: 17]', 'emission-success'],
  [53, '✅ SSOT EMISSION SUCCESS: agent_started → thread=T (run_id=R)', 'emission-success'],
  [54, '⚠️ EMISSION SUCCESS: agent_error → thread=T (run_id=R, agent=triage)', 'emission-success'],
  [55, '🚨 EMISSION FAILED: tool_executing send failed (run_id=R, tool=search)', 'emission-failed'],
  [56, '🚨 EMISSION BLOCKED: WebSocket manager unavailable for agent_started (run_id=R, agent=triage)', 'emission-blocked'],
  [57, '🚨 EMISSION EXCEPTION: notify_agent_started failed (run_id=R, agent=triage): Thread resolution failed for run_id=R: All 5 priority sources failed. Business impact: none', 'emission-exception'],
  [58, '💀 AGENT DEATH NOTIFIED: triage died due to timeout (run_id=R, thread=T)', 'agent-death'],
  [58, '🚨💀 FAILED to notify agent death: triage died due to timeout (run_id=R)', 'agent-death'],
  [58, '🚨💀 CRITICAL EXCEPTION: notify_agent_death failed (run_id=R, agent=triage): boom', 'agent-death'],
  [59, '🚨 CONTEXT VALIDATION FAILED: run_id is None for agent_started (agent=triage). This would cause event misrouting!', 'context-failed'],
  [59, "🚨 CONTEXT VALIDATION FAILED: run_id='registry' for agent_started (agent=triage). System context cannot emit user events!", 'context-failed'],
  [59, "🚨 CONTEXT VALIDATION FAILED: Invalid run_id ' ' for agent_started (agent=triage). run_id must be non-empty string!", 'context-failed'],
  [60, "⚠️ CONTEXT VALIDATION WARNING: Suspicious run_id pattern 'thread_374579bdba3c41b8_run_1756907956810_40a39203' for agent_started (agent=data). Event will be sent but flagged for monitoring.", 'suspicious-run-id', true],
];

describe('the lines that must be recognised (FIELD_GUIDE 4.9)', () => {
  for (const [number, line, id, noise] of LINES) {
    it(`${number} ${id}: ${line.slice(0, 60)}`, () => {
      const message = recogniseLogMessage(line);
      assert.equal(message?.id, id);
      assert.match(message.meaning ?? '', /^[A-Z].+\.$/);
      assert.equal(message.noise, noise ?? false);
      if (/run_id=R\b/.test(line)) assert.equal(message.runId?.value, 'R');
      if (/thread(?:_id)?[= ]T\b/.test(line)) assert.equal(message.threadId?.value, 'T');
    });
  }

  it('are sixty', () => {
    assert.deepEqual([...new Set(LINES.map(([number]) => number))], Array.from({ length: 60 }, (_, n) => n + 1));
  });

  const also: readonly (readonly [line: string, id: string])[] = [
    ["Thread ID mismatch: run_id 'x' extracted to 'y' but thread_id is 'z'. This may indicate inconsistent ID generation.", 'id-mismatch'],
    ["Thread ID mismatch: run_id contains 'websocket_factory_1757372478799' but thread_id is 'thread_websocket_factory_1757372478799_528_584ef8a5'", 'id-mismatch'],
    ["run_id 'startup-run' does not follow expected format. Consider using UnifiedIDManager.generate_run_id() for consistency.", 'id-format-refused'],
    ["request_id 'x' has invalid format. Expected UUID or UnifiedIDManager structured format.", 'id-format-refused'],
    ["[ERROR] VALIDATION FAILURE: Field 'thread_id' contains forbidden placeholder value. Value: 'default'", 'placeholder-refused'],
    ['CRITICAL ERROR: No WebSocket connections found for user thread_x', 'user-has-no-connections'],
    ['❌ No WebSocket bridge for agent_started event - agent=a, bridge=None, run_id=R', 'no-bridge'],
    ['SILENT FAILURE DETECTED in thread thread_x', 'silent-failure'],
    ['Failed to create request-scoped database session req_1: 404: Thread not found', 'session-failed'],
    ['Invalid user_id format: e2e-staging_pipeline', 'id-format-refused'],
    ['Exiting message handling loop for connection: conn_a_00000001 | Duration: 285.5s | Messages processed: 9 | Errors: 0 | User: a', 'closed'],
    ['Direct instantiation not allowed. Use get_websocket_manager() factory function.', 'direct-instantiation'],
  ];
  for (const [line, id] of also) it(`also ${id}: ${line.slice(0, 60)}`, () => assert.equal(recogniseLogMessage(line)?.id, id));
});
