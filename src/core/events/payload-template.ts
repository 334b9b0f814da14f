import { AGENT_EVENT_TYPES, type AgentEventType } from './agent-event';

/** By why an agent died, as `agent_death` events name it (DOMAIN 4). */
const DEATH_MESSAGES: Readonly<Record<string, string>> = {
  timeout: 'The agent took too long and was stopped. Please try again.',
  no_heartbeat: 'The agent stopped responding. Please refresh and try again.',
  silent_failure: 'The agent stopped without reporting an error. Please refresh and try again.',
  memory_limit: 'The agent ran out of memory. Please try a smaller request.',
  cancelled: 'The agent was cancelled.',
};

type Payload = Readonly<Record<string, unknown>>;

const FIELDS: Readonly<Record<AgentEventType, () => Payload>> = {
  agent_started: () => ({ status: 'started', context: {} }),
  agent_thinking: () => ({ reasoning: 'Looking at the request', step_number: 1, progress_percentage: 10, status: 'thinking' }),
  tool_executing: () => ({ tool_name: 'search', parameters: {}, status: 'executing' }),
  tool_completed: () => ({ tool_name: 'search', result: {}, execution_time_ms: 120, status: 'completed' }),
  agent_completed: () => ({ status: 'completed', result: {}, execution_time_ms: 1000 }),
  agent_error: () => ({ status: 'error', error_message: 'An error occurred', error_context: {} }),
  agent_death: () => ({ status: 'dead', death_cause: 'timeout', death_context: {}, recovery_action: 'refresh_required' }),
  progress_update: () => ({ status: 'progress', progress_data: {} }),
};

const MESSAGES: Partial<Readonly<Record<AgentEventType, (agent: string, payload: Payload) => string>>> = {
  agent_started: (agent) => `${agent} has started processing your request`,
  tool_executing: (agent, payload) => `${agent} is using ${String(payload['tool_name'])}`,
  tool_completed: (agent, payload) => `${agent} completed ${String(payload['tool_name'])}`,
  agent_completed: (agent) => `${agent} has completed processing your request`,
  agent_error: (agent) => `${agent} encountered an issue processing your request`,
  agent_death: (_agent, payload) => {
    const cause = String(payload['death_cause']);
    return Object.hasOwn(DEATH_MESSAGES, cause) ? String(DEATH_MESSAGES[cause]) : `The agent died: ${cause}.`;
  },
  progress_update: (agent) => `${agent} is making progress`,
};

/** Whether events of this type have a payload of their own (DOMAIN 4); any other type is custom. */
export function isAgentEventType(type: string): type is AgentEventType {
  return (AGENT_EVENT_TYPES as readonly string[]).includes(type);
}

/**
 * The payload an event of this type carries, filled with plain example values (DOMAIN 4, FIELD_GUIDE 5.1). `fields`
 * replaces values before the message is worded, so that "triage is using {tool}" names the tool that is meant.
 * A custom type has no template: its payload is `fields` as given.
 */
export function payloadTemplate(type: string, agentName = 'agent', fields: Payload = {}): Record<string, unknown> {
  if (!isAgentEventType(type)) return { ...fields };
  const payload: Record<string, unknown> = { ...FIELDS[type](), ...fields };
  const message = MESSAGES[type];
  if (message !== undefined && !Object.hasOwn(payload, 'message')) payload['message'] = message(agentName, payload);
  return payload;
}
