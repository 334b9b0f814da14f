import { isRecord } from '../is-record';
import { BoundedMap } from '../bounded-map';
import { utf8Length } from '../utf8-length';
import type { Scene } from './detector';
import type { Evidence } from './diagnosis';
import { isNone } from './id-facts';

type Fields = Readonly<Record<string, unknown>>;

/** Bytes that the server takes from a client. */
const LARGEST_FRAME = 8192;
/** A UTF-16 unit is at most three bytes. */
const MOST_BYTES = 3;
const DUPLICATE_WITHIN_MS = 50;
const CLIENT_TYPES = new Set(['user_message', 'chat', 'start_agent', 'thread_message', 'agent_request', 'user_input']);
const AGENT_TYPES = /^(?:agent|tool)_(?:started|thinking|executing|completed|error|death)$/;

function asFields(value: unknown): Fields {
  return isRecord(value) ? { ...value } : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Messages of the WebSocket protocol, as a log, a recording or the live journal has them: one JSON object a line. */
export class WireDetector {
  private switchingTo: string | undefined;
  private pings = 0;
  private pongs = 0;
  private firstPing: Evidence | undefined;
  private acknowledged: Evidence | undefined;
  private agentEvents = 0;
  /** The last event of each type and run, to tell duplicates. */
  private readonly latest = new BoundedMap<string, { readonly text: string; readonly at: number }>(5000);

  constructor(private readonly scene: Scene) {}

  observe(message: Fields, evidence: Evidence): void {
    const type = asText(message['type']) ?? '';
    const payload = { ...asFields(message['data']), ...asFields(message['payload']) };
    const threadId = asText(payload['thread_id']) ?? asText(message['thread_id']);
    const { state, findings } = this.scene;
    const bytes = CLIENT_TYPES.has(type) && message['run_id'] === undefined && evidence.length > LARGEST_FRAME / MOST_BYTES ? utf8Length(JSON.stringify(message)) : 0;
    if (bytes > LARGEST_FRAME) {
      findings.add({ id: 'oversize-message', key: type, confidence: 0.7, verdict: `A message (${type}) of ${bytes} bytes is larger than the 8192 bytes the server takes; it is dropped without an answer.` }, evidence);
    }
    if (type === 'switch_thread') this.switchingTo = threadId;
    else if (type === 'ack') this.ack(message, evidence);
    else if (type === 'thread_created' && threadId !== undefined) state.announced.set(threadId, true);
    else if (type === 'ping') {
      this.pings++;
      this.firstPing ??= evidence;
    } else if (type === 'pong') this.pongs++;
    else if (type === 'system_message' && payload['status'] === 'acknowledged') this.acknowledged ??= evidence;
    else if (asText(message['run_id']) !== undefined) this.agentEvent(message, type, payload, threadId, evidence);
    else if (CLIENT_TYPES.has(type)) this.clientMessage(message, type, payload, threadId, evidence);
  }

  finish(): void {
    const { findings } = this.scene;
    if (this.pings >= 3 && this.pongs === 0) {
      findings.add({ id: 'heartbeat-lost', key: 'ping', confidence: 0.8, verdict: `${this.pings} pings and not one pong: the client does not answer the heartbeat.`, expected: 'a pong for each ping' }, this.firstPing);
    }
    if (this.acknowledged !== undefined && this.agentEvents === 0) {
      findings.add({ id: 'handler-precedence', key: '', confidence: 0.7, verdict: 'user_message was acknowledged, but no agent event followed: the first handler that fits only acknowledges.', expected: 'agent_started' }, this.acknowledged);
    }
  }

  private ack(message: Fields, evidence: Evidence): void {
    if (message['received_type'] !== 'switch_thread') return;
    const threadId = this.switchingTo;
    if (threadId !== undefined) this.scene.state.ignoredSwitches.set(threadId, true);
    this.scene.findings.add(
      { id: 'switch-thread-ignored', key: threadId ?? '', threadId, confidence: 0.95, verdict: `switch_thread${threadId === undefined ? '' : ` to ${threadId}`} was only acknowledged: the connection stays where it was.`, expected: 'an association with the new thread', received: 'ack' },
      evidence,
    );
  }

  private agentEvent(message: Fields, type: string, payload: Fields, threadId: string | undefined, evidence: Evidence): void {
    const { findings, state } = this.scene;
    const runId = asText(message['run_id']);
    this.agentEvents++;
    const about = { runId, threadId };
    const status = payload['status'];
    if (type === 'user_message' && (status === 'dead' || status === 'progress')) {
      const meant = status === 'dead' ? 'agent_death' : 'progress_update';
      findings.add({ id: 'type-rewritten', key: meant, ...about, confidence: 0.95, verdict: `${meant} reached the client as user_message.`, expected: meant, received: type, ...(status === 'dead' ? { severity: 'error' as const } : {}) }, evidence);
    }
    if (AGENT_TYPES.test(type) && message['payload'] === undefined) {
      findings.add({ id: 'payload-variant', key: 'data', ...about, confidence: 0.8, verdict: `${type} keeps its fields ${message['data'] === undefined ? 'at the root' : 'in data'}; a client that reads payload shows nothing.`, expected: 'payload', received: message['data'] === undefined ? 'root' : 'data' }, evidence);
    }
    const [announced] = state.announced.keys();
    if (threadId !== undefined && announced !== undefined && !state.announced.has(threadId) && !state.named.has(threadId)) {
      findings.add({ id: 'thread-created-other-id', key: threadId, ...about, confidence: 0.85, verdict: `The client was told of ${announced}, while events are sent to ${threadId}.`, expected: announced, received: threadId }, evidence);
    }
    if (AGENT_TYPES.test(type) && type !== 'agent_thinking') this.duplicate(message, type, runId, threadId, evidence);
  }

  private duplicate(message: Fields, type: string, runId: string | undefined, threadId: string | undefined, evidence: Evidence): void {
    const text = JSON.stringify({ ...message, timestamp: undefined });
    const at = Date.parse(asText(message['timestamp']) ?? '');
    const name = `${runId ?? ''} ${type}`;
    const before = this.latest.get(name);
    this.latest.set(name, { text, at });
    if (before?.text !== text || !(Math.abs(at - before.at) <= DUPLICATE_WITHIN_MS)) return;
    this.scene.findings.add({ id: 'duplicate-events', key: runId ?? '', runId, threadId, confidence: 0.9, verdict: `The same ${type} was sent twice within ${Math.abs(at - before.at)} ms.` }, evidence);
  }

  private clientMessage(message: Fields, type: string, payload: Fields, threadId: string | undefined, evidence: Evidence): void {
    const { findings, state } = this.scene;
    if (threadId !== undefined) state.named.set(threadId, true);
    const camel = asText(payload['threadId']) ?? asText(message['threadId']);
    const named = 'thread_id' in payload || 'thread_id' in message;
    const missing = threadId === undefined || isNone(threadId);
    if (missing && (named || type !== 'start_agent')) {
      findings.add(
        { id: 'client-without-thread', key: type, confidence: named ? 0.95 : 0.75, verdict: `The client sent ${type} ${named ? 'with thread_id null' : 'without a thread_id'}, so the connection cannot be associated.`, expected: 'thread_id', received: camel === undefined ? 'none' : 'threadId' },
        evidence,
      );
    }
    const content = asText(payload['content']);
    const other = ['text', 'message'].find((name) => asText(payload[name]) !== undefined);
    if (camel === undefined && (content !== undefined || other === undefined || type === 'start_agent')) return;
    findings.add(
      { id: 'payload-variant', key: camel === undefined ? String(other) : 'threadId', confidence: 0.75, verdict: camel === undefined ? `${type} carries its text in "${String(other)}"; some handlers read "content" only.` : `${type} spells its thread "threadId"; the server reads "thread_id".`, expected: camel === undefined ? 'content' : 'thread_id', received: camel === undefined ? String(other) : 'threadId' },
      evidence,
    );
  }
}
