import { describeReceived } from '../../core/events/describe-received';
import { isRecord } from '../../core/is-record';
import { own } from '../../core/own';
import { labelProblem } from '../model/label-problem';

/** What a client may ask the router itself; everything else belongs to the application and is acknowledged. */
export const ROUTER_TYPES = ['subscribe', 'unsubscribe', 'switch_thread', 'ping'] as const;

/** Types that clients of the system under debug send (DOMAIN 4, FIELD_GUIDE 5.3). */
const APPLICATION_TYPES: ReadonlySet<string> = new Set([
  'user_message', 'chat', 'start_agent', 'stop_agent', 'thread_message', 'thread_update', 'pong', 'heartbeat', 'heartbeat_ack',
  'typing_started', 'typing_stopped', 'connect', 'disconnect', 'user_input', 'agent_request', 'agent_task', 'create_thread',
  'delete_thread', 'rename_thread', 'list_threads', 'get_thread_history', 'get_conversation_history', 'session_restore', 'page_unload',
]);

export interface ClientMessage {
  readonly type: string;
  /** The thread it names, at the top or in its payload. */
  readonly threadId: string | undefined;
  /** Returned in the answer, when the client sent one. */
  readonly id: string | number | undefined;
  readonly knownType: boolean;
}

/** Why a frame from a client is not understood. */
export interface ClientFault {
  readonly reason: 'binary' | 'not_json' | 'not_an_object' | 'missing_type' | 'bad_type' | 'bad_thread_id';
  readonly message: string;
  readonly expected: string;
  readonly received: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads one text frame of a client. Never throws. @param longestLabel characters that its type and its thread ID may have */
export function readClientMessage(text: string, longestLabel: number): ClientMessage | ClientFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'not_json', message: 'The frame is not readable JSON.', expected: 'one JSON object with a "type"', received: quoted(text) };
  }
  if (!isRecord(value)) {
    return { reason: 'not_an_object', message: 'The frame is not a JSON object.', expected: 'one JSON object with a "type"', received: quoted(text) };
  }
  const type = own(value, 'type');
  if (typeof type !== 'string' || type.trim() === '') {
    return {
      reason: 'missing_type',
      message: 'The message has no type.',
      expected: `a string in "type": ${ROUTER_TYPES.join(', ')}, or one of your application`,
      received: type === undefined ? 'no "type"' : describeReceived(type),
    };
  }
  if (type.length > longestLabel) return { reason: 'bad_type', message: 'The type is too long.', expected: `at most ${longestLabel} characters`, received: `${type.length} characters` };
  const threadId = namedThread(value);
  if (threadId !== undefined && typeof threadId !== 'string') {
    return { reason: 'bad_thread_id', message: 'The thread ID is not a string.', expected: 'a string in "thread_id"', received: describeReceived(threadId) };
  }
  const problem = threadId === undefined ? undefined : labelProblem(threadId, longestLabel);
  if (problem) return { reason: 'bad_thread_id', message: 'The thread ID cannot be used.', ...problem };
  const id = own(value, 'id');
  const isRouterType = (ROUTER_TYPES as readonly string[]).includes(type);
  return {
    type,
    threadId,
    id: typeof id === 'string' || typeof id === 'number' ? id : undefined,
    knownType: isRouterType || APPLICATION_TYPES.has(type),
  };
}

export function isFault(read: ClientMessage | ClientFault): read is ClientFault {
  return 'reason' in read;
}

/** `thread_id` at the top, then in the payload; null counts as none, as clients send it before a thread exists. */
function namedThread(message: Fields): unknown {
  const top = own(message, 'thread_id');
  if (top !== undefined && top !== null) return top;
  const inner = own(own(message, 'payload'), 'thread_id');
  return inner === null ? undefined : inner;
}

function quoted(text: string): string {
  return text.length > 100 ? `${JSON.stringify(text.slice(0, 100))}… (${text.length} characters)` : JSON.stringify(text);
}
