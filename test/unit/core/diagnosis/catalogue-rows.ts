import type { FaultId } from '../../../../src/core/index';
import { associate, at, close, connect, fromRegistry, guessed, miss, R, register, sample, success, T, T2, unresolved, UUID_RUN, wire } from './log-lines';

/** A row of the catalogue (FIELD_GUIDE 6.1), shown by a small log. */
export interface Row {
  readonly row: string;
  readonly id: FaultId;
  /** A log that shows the fault … */
  readonly shows: readonly string[];
  /** … and one much like it that must not. */
  readonly clean: readonly string[];
  readonly verdict: RegExp;
  /** Whether it leads the diagnoses; otherwise it is among them. */
  readonly leads?: false;
  readonly inferred?: boolean;
}

export const EVENT = { type: 'agent_started', run_id: R, thread_id: T, agent_name: 'a', timestamp: '2025-09-03T10:26:03.000Z', payload: {} };
export const userMessage = (payload: object): string => wire({ type: 'user_message', payload });

export const ROWS: readonly Row[] = [
  { row: 'F1', id: 'composite-as-thread', shows: [connect(0), associate(1), miss(2, R)], clean: [connect(0), associate(1), register(1, R, T), success(2, 'agent_started')], verdict: /composite run ID was used as the thread key; 1 connection listens on thread_13679e4dcc38403a, so nothing can match\.$/, inferred: true },
  { row: 'F2', id: 'never-associated', shows: [miss(2), sample(2, '[None]')], clean: [miss(2), sample(2, `['${T}']`)], verdict: /nobody listens on thread_13679e4dcc38403a: no connection was ever associated/, inferred: false },
  { row: 'F2', id: 'never-associated', shows: [connect(0), miss(2)], clean: [connect(0), associate(1), success(2, 'agent_started')], verdict: /no connection was ever associated/, inferred: true },
  { row: 'F3', id: 'reconnect-lost-association', shows: [connect(0), associate(1), close(2), connect(3, 'u1', 2), miss(4)], clean: [connect(0), associate(1), close(2), connect(3, 'u1', 2), associate(3), success(4, 'agent_started')], verdict: /u1 reconnected as conn_u1_00000002/, inferred: true },
  { row: 'F4', id: 'never-associated', shows: [connect(0), at(1, 'No connections found for user conn_u1_00000001 when updating thread', 'WARNING'), miss(2)], clean: [connect(0), at(1, 'No connections found for user u7 when updating thread', 'WARNING')], verdict: /connection ID where a user ID belongs/ },
  { row: 'F5', id: 'late-association', shows: [connect(0), miss(1), at(1, `🚨 EMISSION FAILED: agent_started send failed (run_id=${R}, agent=triage)`, 'ERROR'), associate(2), success(3, 'agent_thinking')], clean: [connect(0), associate(1), success(2, 'agent_started')], verdict: /only after events for it had been sent/ },
  { row: 'F6', id: 'poisoned-registry', shows: [fromRegistry(1, R, R)], clean: [fromRegistry(1, R, T)], verdict: /registry answers the run ID itself/ },
  { row: 'F7', id: 'unresolvable-run', shows: [unresolved(1, UUID_RUN)], clean: [register(0, UUID_RUN, T), fromRegistry(1, UUID_RUN, T)], verdict: /does not carry its thread/ },
  { row: 'F8', id: 'validator-mismatch', shows: [unresolved(1, 'thread_user-1_run_1756919162904_9adf1f09')], clean: [unresolved(1, UUID_RUN)], verdict: /that thread ID is refused by the bridge's validator because it has a hyphen/ },
  { row: 'F9', id: 'doubled-prefix', shows: [connect(0), associate(1), miss(2, `thread_${T}`)], clean: [connect(0), miss(2, T)], verdict: /carries the prefix twice/ },
  { row: 'F10', id: 'prefix-mismatch', shows: [miss(2, 'thread_user123'), sample(2, "['user123']")], clean: [miss(2, 'thread_user123'), sample(2, "['user999']")], verdict: /connections listen on user123/, inferred: false },
  { row: 'F10', id: 'prefix-mismatch', shows: [connect(0), associate(1, 'user123'), miss(2, 'thread_user123')], clean: [connect(0), associate(1, 'thread_user123'), success(2, 'agent_started', 'run_user123_deadbeef', 'thread_user123')], verdict: /another spelling/, inferred: true },
  { row: 'F11', id: 'id-mismatch', shows: [at(1, "Thread ID mismatch: run_id 'run_chat_1_2_b4c0bd77' extracted to 'chat_1' but thread_id is 'thread_x'. This may indicate inconsistent ID generation.", 'WARNING')], clean: [register(1, R, T)], verdict: /minted apart/ },
  { row: 'F12', id: 'thread-stealing', shows: [connect(0), connect(0, 'u1', 2), associate(1, T, 'u1', 2), associate(2, T2, 'u1', 2), miss(3, T)], clean: [connect(0), associate(1, T), connect(1, 'u2'), associate(2, T2, 'u2'), success(3, 'agent_started')], verdict: /u1 listened on thread_13679e4dcc38403a until .* moved all 2 connections/, inferred: true },
  { row: 'F13', id: 'switch-thread-ignored', shows: [wire({ type: 'switch_thread', payload: { thread_id: T2 } }), wire({ type: 'ack', received_type: 'switch_thread', user_id: 'u1' })], clean: [wire({ type: 'switch_thread', payload: { thread_id: T2 } }), wire({ type: 'ack', received_type: 'list_threads' })], verdict: /only acknowledged/ },
  { row: 'F13', id: 'switch-thread-ignored', shows: [at(1, "Sending ack for unknown message type 'switch_thread' from u1")], clean: [at(1, "Sending ack for unknown message type 'page_unload' from u1")], verdict: /does not know switch_thread/ },
  { row: 'F14', id: 'users-share-thread', shows: [connect(0), connect(0, 'u2'), associate(1), associate(2, T, 'u2')], clean: [connect(0), connect(0, 'u2'), associate(1), associate(2, T2, 'u2')], verdict: /2 users listen on thread_13679e4dcc38403a/ },
  { row: 'F15', id: 'none-thread', shows: [miss(1, 'None')], clean: [miss(1, 'thread_None1')], verdict: /for no thread/ },
  { row: 'F15', id: 'bad-context', shows: [at(1, '🚨 CONTEXT VALIDATION FAILED: run_id is None for agent_started (agent=triage). This would cause event misrouting!', 'ERROR')], clean: [at(1, `CONTEXT VALIDATION PASSED: run_id=${R} for agent_started is valid`, 'DEBUG')], verdict: /run ID is None/ },
  { row: 'F16', id: 'connection-expired', shows: [connect(0), associate(1), miss(181, T, 0)], clean: [connect(0), associate(1), close(100), miss(181, T, 0)], verdict: /connected 181 s before and never closed/, inferred: true },
  { row: 'F17', id: 'disconnect-closes-all-tabs', shows: [at(1, 'Disconnected user u1 with 2 connections')], clean: [at(1, 'Disconnected user u1 with 1 connections')], verdict: /closed all 2 connections/ },
  { row: 'F18', id: 'user-fallback-never-fires', leads: false, shows: [miss(1), at(1, `No active connections found for thread ${T} - attempting user-based fallback`, 'WARNING'), at(1, `CRITICAL: Cannot deliver message for thread ${T} - no connections and no fallback available`, 'ERROR')], clean: [miss(1), at(1, `No active connections found for thread ${T} - attempting user-based fallback`, 'WARNING'), at(1, `Attempting fallback send to user u1 for thread ${T}`)], verdict: /carry no user ID/ },
  { row: 'F19', id: 'thread-created-other-id', shows: [wire({ type: 'thread_created', payload: { thread_id: 'thread_u1' } }), wire(EVENT)], clean: [wire({ type: 'thread_created', payload: { thread_id: T } }), wire(EVENT)], verdict: /was told of thread_u1/ },
  { row: 'F20', id: 'payload-variant', shows: [wire({ type: 'agent_started', run_id: R, thread_id: T, data: { status: 'started' } })], clean: [wire(EVENT)], verdict: /keeps its fields in data/ },
  { row: 'F20', id: 'payload-variant', shows: [userMessage({ text: 'hi', thread_id: T })], clean: [userMessage({ content: 'hi', thread_id: T })], verdict: /"text"/ },
  { row: 'F21', id: 'type-rewritten', shows: [wire({ ...EVENT, type: 'user_message', payload: { status: 'dead' } })], clean: [wire({ ...EVENT, type: 'agent_error', payload: { status: 'error' } })], verdict: /agent_death reached the client as user_message/ },
  { row: 'F21', id: 'type-rewritten', shows: [at(1, `💀 AGENT DEATH NOTIFIED: triage died due to timeout (run_id=${R}, thread=${T})`, 'CRITICAL')], clean: [success(1, 'agent_completed')], verdict: /agent_death is not on the server's list/ },
  { row: 'F21', id: 'type-rewritten', shows: [success(1, 'custom(my_type)', R, T, 'agent=triage', 'DEBUG')], clean: [success(1, 'custom(final_report)', R, T, 'agent=triage', 'DEBUG')], verdict: /my_type/ },
  { row: 'F22', id: 'duplicate-events', shows: [success(1, 'agent_started'), success(1.004, 'agent_started')], clean: [success(1, 'agent_started'), success(3, 'agent_started')], verdict: /sent twice within 4 ms/ },
  { row: 'F22', id: 'duplicate-events', shows: [wire(EVENT), wire({ ...EVENT, timestamp: '2025-09-03T10:26:03.010Z' })], clean: [wire(EVENT), wire({ ...EVENT, run_id: `${T}_run_1756919162999_9adf1f09` })], verdict: /sent twice within 10 ms/ },
  { row: 'F23', id: 'missing-critical-events', shows: [success(1, 'agent_started'), connect(70)], clean: [success(1, 'agent_started'), success(2, 'agent_completed'), connect(70)], verdict: /neither agent_completed nor agent_error/ },
  { row: 'F23', id: 'missing-critical-events', shows: [success(1, 'tool_completed', R, T, 'tool=search', 'DEBUG')], clean: [success(1, 'tool_executing', R, T, 'tool=search', 'DEBUG'), success(2, 'tool_completed', R, T, 'tool=search', 'DEBUG')], verdict: /without a tool_executing/ },
  { row: 'F24', id: 'phantom-success', leads: false, shows: [at(1, `CRITICAL ERROR: No WebSocket connections found for user ${T}. User will not receive message: agent_started`, 'CRITICAL'), success(1.01, 'agent_started')], clean: [at(1, `CRITICAL ERROR: No WebSocket connections found for user ${T}. User will not receive message: agent_started`, 'CRITICAL'), success(9, 'agent_started')], verdict: /nothing was sent/ },
  { row: 'F25', id: 'testing-masks-loss', shows: [at(1, `Testing environment - accepting message for thread ${T} with no connections`, 'DEBUG')], clean: [success(1, 'agent_started')], verdict: /TESTING=1/ },
  { row: 'F26', id: 'guess-not-fact', shows: [guessed(1, R, T)], clean: [register(0, R, T), fromRegistry(1, R, T)], verdict: /never registered/ },
  { row: 'F27', id: 'timestamp-as-thread', shows: [guessed(1, 'run_1756919162904_9adf1f09', 'thread_1756919162904')], clean: [guessed(1, 'run_user_123_abc12345', 'thread_user_123')], verdict: /the time at which the run was made/ },
  { row: 'F27', id: 'false-extraction', shows: [guessed(1, 'x_thread_a_b_c_d_e_f_g', 'thread_a_b_c_d_e')], clean: [guessed(1, 'user_123_thread_456_run_789', 'thread_456')], verdict: /cut off after five parts/ },
  { row: 'F27', id: 'false-extraction', shows: [guessed(1, 'mythread_4242', 'thread_4242')], clean: [guessed(1, 'my_thread_4242', 'thread_4242')], verdict: /in the middle of a word/ },
  { row: 'F28', id: 'suspicious-run-id-noise', shows: [at(1, `⚠️ CONTEXT VALIDATION WARNING: Suspicious run_id pattern '${R}' for agent_started (agent=triage). Event will be sent but flagged for monitoring.`, 'WARNING')], clean: [at(1, `CONTEXT VALIDATION PASSED: run_id=${R} for agent_started is valid`, 'DEBUG')], verdict: /^Noise/ },
  { row: 'F29', id: 'startup-self-test', shows: [at(1, 'CRITICAL: Cannot deliver message for thread startup_test_12345 - no connections and no fallback available', 'ERROR')], clean: [at(1, `CRITICAL: Cannot deliver message for thread ${T} - no connections and no fallback available`, 'ERROR')], verdict: /^Noise/ },
  { row: 'F30', id: 'sub-agent-lost', shows: [unresolved(1, 'run_triage_u1')], clean: [unresolved(1, UUID_RUN)], verdict: /sub-agent/ },
  { row: 'F31', id: 'run-as-user', shows: [at(1, `No connections found for user ${UUID_RUN}`, 'WARNING')], clean: [at(1, 'No connections found for user u1', 'WARNING')], verdict: /run ID was passed where a user ID belongs/ },
  { row: 'F32', id: 'client-without-thread', shows: [userMessage({ content: 'hi', thread_id: null })], clean: [userMessage({ content: 'hi', thread_id: T })], verdict: /thread_id null/ },
  { row: 'F33', id: 'placeholder-id', shows: [at(1, "[ERROR] VALIDATION FAILURE: Field 'thread_id' contains forbidden placeholder value. Value: 'default', User: default_..., This prevents proper request isolation and indicates improper context initialization.", 'ERROR')], clean: [at(1, `Created UserExecutionContext for user u1, run ${R}`)], verdict: /thread_id holds a placeholder/ },
  { row: 'F33', id: 'bad-context', shows: [at(1, "🚨 CONTEXT VALIDATION FAILED: run_id='registry' for agent_started (agent=triage). System context cannot emit user events!", 'ERROR')], clean: [success(1, 'agent_started')], verdict: /system context/ },
  { row: 'F34', id: 'strict-validation', shows: [at(1, 'Invalid user_id format: e2e-staging_pipeline', 'ERROR')], clean: [at(1, 'WebSocket authenticated: e2e-staging_pipeline')], verdict: /user_id e2e-staging_pipeline/ },
  { row: 'F35', id: 'late-event', shows: [register(0, UUID_RUN, T), at(1, `🗑️ UNREGISTERED: run_id=${UUID_RUN} from thread_id=${T}`), unresolved(2, UUID_RUN)], clean: [register(0, UUID_RUN, T), unresolved(2, UUID_RUN)], verdict: /had been unregistered from thread_13679e4dcc38403a/ },
];

/** Faults of DOMAIN 5 that have no row of their own. */
export const NAMED: readonly Row[] = [
  { row: '', id: 'dead-socket', shows: [connect(0), associate(1), at(2, 'Connection conn_u1_00000001 disconnected before send', 'WARNING')], clean: [connect(0), associate(1), close(2)], verdict: /conn_u1_00000001, which listens on thread_13679e4dcc38403a/ },
  { row: '', id: 'dead-socket', shows: [miss(1), sample(1, `['${T}']`)], clean: [miss(1), sample(1, `['${T2}']`)], verdict: /closed or unhealthy/, inferred: false },
  { row: '', id: 'dead-socket', shows: [at(1, 'WebSocket send timeout for conn_u1_00000001, attempt 1/2', 'WARNING')], clean: [connect(1)], verdict: /in time/ },
  { row: '', id: 'registry-expired', shows: [at(1, `🔍 LOOKUP EXPIRED: run_id=${UUID_RUN} mapping expired`, 'DEBUG'), unresolved(1, UUID_RUN)], clean: [at(1, `🔍 LOOKUP MISS: run_id=${UUID_RUN} not found`, 'DEBUG'), unresolved(1, UUID_RUN)], verdict: /older than its time to live/ },
  { row: '', id: 'fallback-to-run-id', shows: [guessed(1, 'custom_run_12345', 'thread_custom_run_12345')], clean: [guessed(1, 'run_user_123_abc12345', 'thread_user_123')], verdict: /the run ID itself/ },
  { row: '', id: 'fallback-to-run-id', shows: [miss(1, UUID_RUN)], clean: [miss(1, T)], verdict: /itself was used as the thread key/ },
  { row: '', id: 'word-blacklist', shows: [at(1, "⚠️ PATTERN 4 INVALID: extracted 'thread_test' from run_id=mythread_test failed validation or is suspicious", 'DEBUG'), unresolved(1, 'mythread_test')], clean: [unresolved(1, UUID_RUN)], verdict: /"test" for a placeholder/ },
  { row: '', id: 'validator-mismatch', shows: [at(1, "⚠️ PATTERN 2 INVALID: extracted 'thread_x__y' from run_id=thread_x__y_run_1_deadbeef failed validation", 'DEBUG')], clean: [guessed(1, R, T)], verdict: /two underscores in a row/ },
  { row: 'F49', id: 'no-manager', shows: [at(1, `🚨 EMISSION BLOCKED: WebSocket manager unavailable for agent_started (run_id=${R}, agent=triage)`, 'WARNING')], clean: [success(1, 'agent_started')], verdict: /could not send agent_started/ },
  { row: 'F47', id: 'serialization', shows: [at(1, 'Error sending to connection conn_dev-temp-cc173c1d_3052f606: Object of type DeepAgentState is not JSON serializable', 'ERROR')], clean: [at(1, 'WebSocket closed for connection conn_dev-temp-cc173c1d_3052f606: 1000 - bye')], verdict: /type DeepAgentState/ },
  { row: '', id: 'phantom-success', leads: false, shows: [miss(1), success(1.1, 'agent_started')], clean: [miss(1), associate(1.05), success(1.1, 'agent_started')], verdict: /right after the same message found no connection/ },
  { row: '', id: 'client-disconnected', shows: [connect(0), associate(1), close(2), miss(3, T, 0)], clean: [connect(0), associate(1), miss(3, T, 1)], verdict: /had been closed before/, inferred: true },
  { row: '', id: 'nobody-connected', shows: [miss(1, T, 0)], clean: [miss(1, T, 1)], verdict: /Nobody was connected/ },
  { row: '', id: 'wrong-thread', shows: [miss(1, T), sample(1, `['${T.slice(0, -1)}b']`)], clean: [miss(1, T), sample(1, '[None]')], verdict: /1 character away/ },
  { row: '', id: 'source-failed', shows: [at(1, `⚠️ PRIORITY 1 EXCEPTION: ThreadRunRegistry lookup failed for run_id=${R}: redis down`, 'WARNING')], clean: [at(1, `⚠️ PRIORITY 1 SKIP: ThreadRunRegistry not available for run_id=${R}`, 'DEBUG')], verdict: /^ThreadRunRegistry failed when it was asked/ },
  { row: '', id: 'association-failed', shows: [at(1, 'No WebSocket connections found for user=u1 - agent events may not be delivered', 'WARNING')], clean: [at(1, `Thread association confirmed for user=u1, thread=${T}`)], verdict: /association of u1/ },
  { row: '', id: 'null-data', shows: [at(1, `Unexpected error in send_to_thread for ${T}: 'NoneType' object has no attribute 'get'`, 'ERROR')], clean: [success(1, 'agent_started')], verdict: /"data" is null/ },
  { row: '', id: 'composite-as-thread', leads: false, shows: [guessed(1, R, R)], clean: [guessed(1, R, T)], verdict: /kept the whole composite run ID/ },
  { row: '', id: 'composite-as-thread', shows: [at(1, `✅ PRIORITY 3 SUCCESS: run_id=${R} is valid thread_id format (0.1ms)`)], clean: [at(1, `✅ PRIORITY 3 SUCCESS: run_id=${T} is valid thread_id format (0.1ms)`)], verdict: /Priority 3/ },
];

/** F36 to F62: recognised by what single lines say. */
export const RECOGNISED: readonly [row: string, id: FaultId, line: string][] = [
  ['F36', 'internal-error-close', 'websockets.exceptions.ConnectionClosedError: received 1011 (internal error) Internal error; then sent 1011 (internal error)'],
  ['F37', 'cross-user-leak', at(1, 'CROSS-USER CONTAMINATION DETECTED: u1 received an event of u2', 'CRITICAL')],
  ['F38', 'origin-rejected', at(1, 'CORS validation error: origin http://localhost:3001 not in list', 'ERROR')],
  ['F39', 'wrong-path', 'websockets.exceptions.InvalidStatus: server rejected WebSocket connection: HTTP 404'],
  ['F40', 'subprotocol-mismatch', at(1, 'Failed to decode JWT subprotocol: bad padding', 'WARNING')],
  ['F41', 'jwt-rejected', at(1, 'JWT validation failed: Signature verification failed', 'ERROR')],
  ['F42', 'startup-race', `"message": "? RACE CONDITION DETECTED: Startup phase 'no_app_state' did not reach 'services' within 2.8s"`],
  ['F43', 'manager-fragmentation', 'RuntimeError: Direct instantiation not allowed. Use get_websocket_manager() factory function.'],
  ['F44', 'handshake-refused', 'websockets.exceptions.InvalidStatus: server rejected WebSocket connection: HTTP 403'],
  ['F45', 'coroutine-misuse', "TypeError: object WebSocketManager can't be used in 'await' expression"],
  ['F45', 'coroutine-misuse', "AttributeError: 'coroutine' object has no attribute 'send_to_thread'"],
  ['F46', 'proxy-strips-headers', at(1, 'Authorization header missing behind load balancer', 'ERROR')],
  ['F47', 'serialization', 'TypeError: Object of type datetime is not JSON serializable'],
  ['F48', 'manager-limit', at(1, 'User u1 has reached the maximum number of WebSocket managers (5)', 'ERROR')],
  ['F49', 'no-manager', at(1, '❌ No WebSocket bridge for agent_started event - agent=triage, bridge=None, run_id=r', 'ERROR')],
  ['F50', 'heartbeat-lost', at(1, 'WebSocket heartbeat timeout', 'WARNING')],
  ['F51', 'accept-race', 'RuntimeError: WebSocket is not connected. Need to call "accept" first.'],
  ['F52', 'redis-not-ready', at(1, 'Redis not ready after 5 attempts', 'WARNING')],
  ['F53', 'missing-method', "AttributeError: 'MessageRouter' object has no attribute 'register_handler'"],
  ['F55', 'handler-accumulation', at(1, 'Total handlers after registration: 580')],
  ['F56', 'fallback-agent', at(1, '🤖 FallbackAgentHandler CALLED! Processing CHAT from u1 - payload: {}')],
  ['F57', 'oversize-message', at(1, 'Security violation - message_too_large: conn_u1_00000001', 'WARNING')],
  ['F59', 'missing-method', at(1, "Error handling user_message for u1: 'WebSocketManager' object has no attribute 'broadcasting'", 'ERROR')],
  ['F60', 'session-failed', at(1, 'Failed to create request-scoped database session req_1: 404: Thread not found', 'ERROR')],
  ['F61', 'swapped-arguments', at(1, 'user_id appears to be message text: hello there', 'ERROR')],
  ['F62', 'send-after-close', "RuntimeError: Unexpected ASGI message 'websocket.send', after sending 'websocket.close'"],
];

/** The client was only told that its message came (F54). */
export const ACKNOWLEDGED = wire({ type: 'system_message', data: { content: 'Message received', status: 'acknowledged' } });

/** Ten connections of one user (F58), so many seconds apart. */
export const reconnects = (step: number): string[] => Array.from({ length: 10 }, (_, n) => connect(n * step, 'u1', n));
