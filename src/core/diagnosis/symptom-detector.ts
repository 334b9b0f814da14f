import type { FaultId } from './catalogue';
import type { Scene } from './detector';
import type { Evidence } from './diagnosis';
import type { Finding } from './findings';

/** A fault of transport, start-up or program that one line says outright (FIELD_GUIDE 6.2 and 4.9 below the table). */
interface Symptom {
  readonly id: FaultId;
  /** Plain texts that must occur; one of them is enough. */
  readonly texts: readonly string[];
  /** Must match besides, from the text on. */
  readonly pattern?: RegExp;
  readonly verdict: (found: RegExpExecArray | undefined) => string;
  /** What the diagnosis is grouped by. */
  readonly key?: (found: RegExpExecArray | undefined) => string;
}

function symptom(id: FaultId, texts: readonly string[], verdict: string | Symptom['verdict'], pattern?: RegExp): Symptom {
  return {
    id,
    texts,
    verdict: typeof verdict === 'string' ? () => verdict : verdict,
    ...(pattern === undefined ? {} : { pattern, key: (found) => found?.slice(1).join(' ') ?? '' }),
  };
}

const SYMPTOMS: readonly Symptom[] = [
  symptom('serialization', ['is not JSON serializable'], (found) => `A field of type ${found?.[1] ?? 'unknown'} in the payload cannot be turned into JSON; the send fails and the error path closes the socket with 1011.`, /Object of type (\S{1,80}) is not JSON serializable/),
  symptom('cross-user-leak', ['CROSS-USER CONTAMINATION'], "One user's events reached another user."),
  symptom('id-mismatch', ['Thread ID mismatch: run_id'], (found) => `The run ID ${found?.[1] ?? ''} and the thread ID${found?.[2] === undefined ? '' : ` ${found[2]}`} were minted apart and do not belong together.`, /Thread ID mismatch: run_id (?:contains )?'([^']{1,200})'(?:.{0,260}? but thread_id is '([^']{1,200})')?/),
  symptom('placeholder-id', ['contains forbidden placeholder', 'contains forbidden default placeholder'], (found) => `The field ${found?.[1] ?? ''} holds a placeholder instead of an ID.`, /Field '([^']{1,80})' contains forbidden/),
  symptom('strict-validation', ['Invalid user_id format', 'has invalid format. Expected', 'does not follow expected format'], (found) => `A strict check refuses the ${found?.[1] ?? 'ID'} ${found?.[2] ?? ''}, an ID that is in use.`, /(user_id|request_id|run_id)(?: format:)? '?([^\s',]{1,128})/),
  symptom('startup-race', ['RACE CONDITION DETECTED', 'Issue #449 protection'], 'A client connected before the application had its services.'),
  symptom('manager-fragmentation', ['Direct instantiation not allowed'], 'A connection manager was made besides the one of the factory; each knows only its own connections.'),
  symptom('handshake-refused', ['server rejected WebSocket connection: HTTP 403', 'Handshake status 403'], 'The server refused the handshake with 403.'),
  symptom('wrong-path', ['server rejected WebSocket connection: HTTP 404', 'Handshake status 404'], 'Nothing answers WebSockets at this address (404).'),
  symptom('coroutine-misuse', ["can't be used in 'await' expression", "'coroutine' object has no attribute", 'was never awaited'], 'A coroutine is used as a value, or a value is awaited.'),
  symptom('missing-method', ["' object has no attribute '"], (found) => `${found?.[1] ?? 'The object'} has no ${found?.[2] ?? 'such method'}; the call breaks.`, /'([A-Z]\w{0,80})' object has no attribute '(send_to_thread|is_connection_active|handle_message|register_handler|broadcasting|can_handle|configure|send_error|broadcast|broadcast_to_all|\w{1,60})'/),
  symptom('session-failed', ['404: Thread not found'], 'The database does not know the thread of the context.'),
  symptom('send-after-close', ["after sending 'websocket.close'", 'Cannot call "send" once a close message'], 'Something was sent on a socket that had just been closed.'),
  symptom('accept-race', ['Need to call "accept" first'], 'The socket was used before it was accepted, or after it was closed.'),
  symptom('manager-limit', ['has reached the maximum number of WebSocket managers'], 'The user has more connection managers than allowed; none is cleaned up.'),
  symptom('heartbeat-lost', ['WebSocket heartbeat timeout', 'code 1006', 'code=1006', '(1006:', ': 1006 - '], 'The connection died without a goodbye, or answers no ping.'),
  symptom('redis-not-ready', ['Redis readiness', 'Redis not ready', 'Redis connection failed', 'Waiting for Redis'], 'Redis was not ready when it was needed.'),
  symptom('origin-rejected', ['CORS validation error', 'Origin not allowed', 'origin not allowed', 'WebSocket connection rejected: origin'], "The page's origin is not allowed."),
  symptom('subprotocol-mismatch', ['Sec-WebSocket-Protocol', 'subprotocol'], 'Client and server did not agree on a subprotocol.', /((?:non-empty 'Sec-WebSocket-Protocol'|no subprotocol|Failed to decode (?:JWT |token from )subprotocol|subprotocol (?:mismatch|not (?:accepted|supported))))/i),
  symptom('jwt-rejected', ['JWT validation failed', 'JWT validation error', 'Invalid JWT', 'No JWT', 'Signature verification failed', '"AUTH_ERROR"', 'WebSocket authentication failed', 'WebSocket authentication error'], 'The client was refused because of its token.'),
  symptom('proxy-strips-headers', ['missing Upgrade header', 'Missing Upgrade header', 'Authorization header missing behind', 'headers stripped', 'stripped headers', 'strips headers', 'Cloud Armor', 'WAF blocked'], 'Headers that the connection needs did not reach the server.'),
  symptom('no-manager', ['No WebSocket bridge for', 'WebSocket bridge is uninitialized', 'bridge uninitialized'], 'The agent has no bridge or manager to report through.'),
  symptom('fallback-agent', ['FallbackAgentHandler CALLED', 'Agent processed your message'], 'A stand-in answered; no agent ran and routing was not exercised.'),
  symptom('oversize-message', ['message_too_large'], 'A message was dropped because it is larger than 8192 bytes.'),
  symptom('missing-critical-events', ['SILENT FAILURE DETECTED'], 'An agent stopped without reporting its end.'),
  symptom('swapped-arguments', ['user_id appears to be message text', 'user_id contains whitespace'], 'The text of a message stands where a user ID belongs.'),
  symptom('internal-error-close', ['1011 (internal error)', 'close code 1011', 'code=1011', 'code: 1011', ': 1011 - '], 'The socket was closed with 1011: an exception on the server; the error just before says which.'),
];

/** Growing handler counts (F55) need a memory; the rest is said by single lines. */
export class SymptomDetector {
  private mostHandlers = 0;
  private growths = 0;
  private latestHandlers = 0;

  constructor(private readonly scene: Scene) {}

  /** Looks at the text of any line, recognised or not. */
  observe(line: string, evidence: (offset: number, length: number) => Evidence): void {
    for (const known of SYMPTOMS) {
      const text = known.texts.find((candidate) => line.includes(candidate));
      if (text === undefined) continue;
      const offset = line.indexOf(text);
      // A window around the text keeps the pattern's work bounded.
      const from = Math.max(0, offset - 300);
      const found = known.pattern === undefined ? undefined : (known.pattern.exec(line.slice(from, offset + 700)) ?? undefined);
      if (known.pattern !== undefined && found === undefined) continue;
      const key = known.key?.(found) ?? '';
      this.scene.findings.add(
        { id: known.id, key, confidence: 0.9, verdict: known.verdict(found), ...(known.id === 'missing-method' && found?.[2] === 'broadcasting' ? { also: ['F59'] } : {}) },
        evidence(offset, text.length),
      );
      return;
    }
  }

  /** A line that tells how many handlers there are. */
  handlers(count: number, evidence: Evidence): void {
    if (count > this.mostHandlers) {
      if (this.mostHandlers > 0) this.growths++;
      this.mostHandlers = count;
    }
    this.latestHandlers = count;
    if (this.growths >= 3 || count >= 100) this.scene.findings.add(this.accumulation(), evidence);
  }

  /** The number of the first line that was too much is not the one in the end. */
  finish(): void {
    const finding = this.accumulation();
    this.scene.findings.turn(finding.id, finding.key, finding);
  }

  private accumulation(): Finding {
    const most = this.mostHandlers;
    const verdict = this.latestHandlers === most ? `There are ${most} message handlers, and the number only grows.` : `There were up to ${most} message handlers, and the number grew again and again.`;
    return { id: 'handler-accumulation', key: '', confidence: 0.85, verdict, expected: 'one handler for each open connection' };
  }
}
