/** FIELD_GUIDE 5.4, step 1: types that pass as they are. */
const PASSED: ReadonlySet<unknown> = new Set([
  'agent_started', 'agent_thinking', 'agent_completed', 'agent_fallback', 'agent_failed', 'agent_error', 'tool_executing', 'tool_completed',
  'tool_started', 'partial_result', 'final_report', 'stream_chunk', 'agent_registered', 'agent_unregistered', 'agent_cancelled',
  'agent_status_changed', 'agent_metrics_updated', 'agent_manager_shutdown', 'agent_stopped', 'agent_log',
]);

/** Step 2: names of earlier clients. */
const EARLIER: ReadonlyMap<unknown, string> = new Map([
  ['user_input', 'user_message'],
  ['error', 'error_message'],
  ['system', 'system_message'],
]);

/** Step 3: the types that the original enumerates. */
const ENUMERATED: ReadonlySet<unknown> = new Set([
  'connect', 'disconnect', 'heartbeat', 'heartbeat_ack', 'ping', 'pong', 'user_message', 'chat', 'system_message', 'error_message',
  'user_typing', 'agent_typing', 'typing_started', 'typing_stopped', 'start_agent', 'agent_request', 'agent_task', 'agent_task_ack',
  'agent_response', 'agent_response_chunk', 'agent_response_complete', 'agent_status_request', 'agent_status_update', 'agent_progress',
  'thread_update', 'thread_message', 'broadcast', 'broadcast_test', 'direct_message', 'room_message', 'jsonrpc_request', 'jsonrpc_response',
  'jsonrpc_notification', 'resilience_test', 'recovery_test',
]);

/** Step 4: names that the frontend expects. */
const FOR_FRONTEND: ReadonlyMap<string, string> = new Map([
  ['agent_response', 'agent_completed'],
  ['agent_progress', 'agent_update'],
  ['thread_update', 'thread_updated'],
  ['error_message', 'error'],
]);

/**
 * The type under which the original sends a message (FIELD_GUIDE 5.4). What it does not know becomes `user_message`. Not
 * idempotent: `agent_progress` becomes `agent_update`, and that becomes `user_message`.
 */
export function frontendType(type: unknown): string {
  if (typeof type === 'string' && PASSED.has(type)) return type;
  const earlier = EARLIER.get(type);
  const known = earlier ?? (typeof type === 'string' && ENUMERATED.has(type) ? type : 'user_message');
  return FOR_FRONTEND.get(known) ?? known;
}
