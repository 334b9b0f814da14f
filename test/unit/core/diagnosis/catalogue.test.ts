import assert from 'node:assert/strict';
import { diagnose, type Diagnosis, type FaultId } from '../../../../src/core/index';
import { EVENT, type Row, ROWS, userMessage } from './catalogue-rows';
import { associate, at, close, connect, guessed, miss, R, sample, success, T, T2, unresolved, UUID_RUN, wire } from './log-lines';

/** Faults of DOMAIN 5 that have no row of their own. */
const NAMED: readonly Row[] = [
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
const RECOGNISED: readonly [row: string, id: FaultId, line: string][] = [
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

function check(row: Row): void {
  const found = diagnose({ lines: row.shows });
  const diagnosis = row.leads === false ? found.find((one) => one.id === row.id) : found[0];
  assert.equal(diagnosis?.id, row.id, found.map((one) => `${one.id}: ${one.verdict}`).join('\n'));
  if (row.row !== '') assert.ok(diagnosis.catalogue.includes(row.row), `${diagnosis.catalogue.join()} has no ${row.row}`);
  assert.match(diagnosis.verdict, row.verdict);
  assert.match(diagnosis.verdict, /^[^\n]+\.$/, 'one sentence');
  if (row.inferred !== undefined) assert.equal(diagnosis.inferred, row.inferred);
  assert.ok(diagnosis.evidence.length > 0);
  for (const { line, text, offset, length } of diagnosis.evidence) {
    assert.equal(text, row.shows[(line ?? 0) - 1], 'the evidence is the line');
    assert.ok(offset >= 0 && length > 0 && offset + length <= text.length);
  }
  assert.ok(diagnosis.actions.length > 0 && diagnosis.cause.endsWith('.'));
  const clean = diagnose({ lines: row.clean });
  const wrong = clean.find((one) => one.id === row.id && (row.row === '' || one.catalogue.includes(row.row)) && row.verdict.test(one.verdict));
  assert.equal(wrong, undefined, `also in the clean log: ${wrong?.verdict}`);
}

function title(row: Row): string {
  return `${row.row} ${row.id}: ${row.shows.at(-1)?.slice(-70)}`;
}

describe('failure catalogue', () => {
  for (const row of ROWS) it(title(row), () => check(row));
  for (const row of NAMED) it(title(row), () => check(row));

  it('has a test for every row from F1 to F35', () => {
    const tested = new Set(ROWS.map((row) => row.row));
    for (let n = 1; n <= 35; n++) assert.ok(tested.has(`F${n}`), `F${n}`);
  });

  for (const [row, id, line] of RECOGNISED) {
    it(`${row} ${id}: ${line.slice(-60)}`, () => {
      const [first] = diagnose({ lines: [line] });
      assert.equal(first?.id, id);
      assert.ok(first.catalogue.includes(row), first.catalogue.join());
      assert.equal(first.evidence[0]?.line, 1);
    });
  }

  it('F54: acknowledged, but no agent started', () => {
    const ack = wire({ type: 'system_message', data: { content: 'Message received', status: 'acknowledged' } });
    assert.equal(diagnose({ lines: [ack] })[0]?.id, 'handler-precedence');
    assert.deepEqual(diagnose({ lines: [ack, wire(EVENT)] }), []);
  });

  it('F57: a message that is too large', () => {
    const large = (length: number): Diagnosis | undefined => diagnose({ lines: [userMessage({ thread_id: T, content: 'x'.repeat(length) })] })[0];
    assert.equal(large(9000)?.id, 'oversize-message');
    assert.equal(large(8000), undefined);
  });

  it('F58: reconnect storm', () => {
    const connects = (step: number): string[] => Array.from({ length: 10 }, (_, n) => connect(n * step, 'u1', n));
    assert.equal(diagnose({ lines: connects(0.1) })[0]?.id, 'reconnect-storm');
    assert.deepEqual(diagnose({ lines: connects(10) }), []);
  });

  it('F50: pings that nobody answers', () => {
    const ping = wire({ type: 'ping', timestamp: 1 });
    assert.equal(diagnose({ lines: [ping, ping, ping] })[0]?.id, 'heartbeat-lost');
    assert.deepEqual(diagnose({ lines: [ping, wire({ type: 'pong' }), ping, ping] }), []);
  });

  it('F55: handlers that only grow, told from those that stay', () => {
    const lines = (counts: number[]): string[] => counts.map((n) => at(1, `Total handlers after registration: ${n}`));
    assert.equal(diagnose({ lines: lines([5, 6, 7, 8]) })[0]?.id, 'handler-accumulation');
    assert.deepEqual(diagnose({ lines: lines([5, 5, 6, 5]) }), []);
  });
});
