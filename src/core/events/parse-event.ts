import { isBlank } from '../ids/python-text';
import { isRecord } from '../is-record';
import { own } from '../own';
import type { AgentEvent } from './agent-event';
import { describeReceived } from './describe-received';
import { textDepthExceeds, valueDepthExceeds } from '../json/depth';

export type EventProblemReason =
  | 'too-large'
  | 'too-deep'
  | 'not-json'
  | 'not-an-object'
  | 'missing-type'
  | 'bad-type'
  | 'missing-run-id'
  | 'bad-run-id'
  | 'system-run-id'
  | 'bad-agent-name'
  | 'bad-payload';

/** Why a message is no agent event. */
export interface EventProblem {
  readonly reason: EventProblemReason;
  /** One sentence for people. */
  readonly message: string;
  readonly expected: string;
  /** What came instead, shortened and without its contents where they could be secret. */
  readonly received: string;
}

export type ParsedAgentEvent =
  | { readonly ok: true; readonly event: AgentEvent }
  | { readonly ok: false; readonly problem: EventProblem };

export interface EventLimits {
  /** Longest text, in UTF-16 units. */
  readonly maxLength: number;
  /** Deepest nesting of objects and arrays. */
  readonly maxDepth: number;
}

export const EVENT_LIMITS: EventLimits = { maxLength: 1_048_576, maxDepth: 64 };

const ENVELOPE = new Set(['type', 'run_id', 'agent_name', 'timestamp', 'payload', 'data', 'trace']);

type Fields = Readonly<Record<string, unknown>>;

function problem(reason: EventProblemReason, message: string, expected: string, received: string): ParsedAgentEvent {
  return { ok: false, problem: { reason, message, expected, received } };
}

function readRunIdField(fields: Fields): string | ParsedAgentEvent {
  const expected = 'a non-blank string in "run_id", such as "thread_13679e4dcc38403a_run_1756919162904_9adf1f09"';
  const runId = own(fields, 'run_id');
  if (runId === undefined || runId === null) {
    const received = runId === null ? 'null' : 'no "run_id"';
    return problem('missing-run-id', 'The event names no run, so nothing says which thread it belongs to.', expected, received);
  }
  if (typeof runId !== 'string') {
    return problem('bad-run-id', 'The run ID is not a string.', expected, describeReceived(runId));
  }
  // As the chain sees it: what it would refuse must not get past here.
  if (isBlank(runId)) return problem('bad-run-id', 'The run ID is blank.', expected, describeReceived(runId));
  if (runId === 'registry') {
    return problem(
      'system-run-id',
      'The run ID "registry" is a system context; system contexts cannot emit user events.',
      'the ID of a run',
      '"registry"',
    );
  }
  return runId;
}

/** The payload, wherever this version of the envelope keeps it: `payload`, then `data`, then the root (FIELD_GUIDE 5.2). */
function readPayload(fields: Fields): { readonly payload: Fields } | { readonly refused: ParsedAgentEvent } {
  for (const name of ['payload', 'data']) {
    const value = own(fields, name);
    if (value === undefined || value === null) continue;
    if (isRecord(value)) return { payload: value };
    const received = describeReceived(value);
    return { refused: problem('bad-payload', `"${name}" is not an object.`, `an object in "${name}"`, received) };
  }
  return { payload: Object.fromEntries(Object.entries(fields).filter(([name]) => !ENVELOPE.has(name))) };
}

function readFields(fields: Fields): ParsedAgentEvent {
  const type = own(fields, 'type');
  if (type === undefined || type === null) {
    return problem('missing-type', 'The message has no type.', 'a string in "type", such as "agent_started"', type === null ? 'null' : 'no "type"');
  }
  if (typeof type !== 'string' || type.trim() === '') {
    return problem('bad-type', 'The type is not a non-blank string.', 'a string in "type", such as "agent_started"', describeReceived(type));
  }
  const runId = readRunIdField(fields);
  if (typeof runId !== 'string') return runId;
  const agentName = own(fields, 'agent_name') ?? 'unknown';
  if (typeof agentName !== 'string') {
    return problem('bad-agent-name', 'The agent name is not a string.', 'a string in "agent_name"', describeReceived(agentName));
  }
  const read = readPayload(fields);
  if ('refused' in read) return read.refused;
  const timestamp = own(fields, 'timestamp');
  const trace = own(fields, 'trace');
  return {
    ok: true,
    event: {
      type,
      run_id: runId,
      agent_name: agentName,
      timestamp: typeof timestamp === 'string' || typeof timestamp === 'number' ? String(timestamp) : '',
      payload: read.payload,
      ...(trace === undefined ? {} : { trace }),
    },
  };
}

/**
 * Reads one agent event (DOMAIN 4) from JSON text or from a value already parsed, and says what is wrong when it is
 * none. Never throws. `agent_name` defaults to "unknown" as in the original; `timestamp` is empty when the event has
 * none; the payload may stand in `payload`, in `data` or at the root (FIELD_GUIDE 5.2).
 */
export function parseAgentEvent(input: unknown, limits: EventLimits = EVENT_LIMITS): ParsedAgentEvent {
  let value = input;
  if (typeof input === 'string') {
    if (input.length > limits.maxLength) {
      return problem(
        'too-large',
        'The event is too large.',
        `at most ${limits.maxLength} characters`,
        `${input.length} characters`,
      );
    }
    if (textDepthExceeds(input, limits.maxDepth)) return tooDeep(limits);
    try {
      value = JSON.parse(input);
    } catch {
      return problem('not-json', 'The event is not readable JSON.', 'one JSON object', describeReceived(input));
    }
  } else if (valueDepthExceeds(input, limits.maxDepth)) return tooDeep(limits);
  if (!isRecord(value)) {
    return problem('not-an-object', 'The event is not a JSON object.', 'one JSON object', describeReceived(value));
  }
  return readFields(value);
}

function tooDeep(limits: EventLimits): ParsedAgentEvent {
  return problem('too-deep', 'The event is nested too deeply.', `at most ${limits.maxDepth} levels`, `more than ${limits.maxDepth} levels`);
}
