import type { AgentEvent } from './agent-event';
import { payloadTemplate } from './payload-template';

export interface AgentEventParts {
  readonly runId: string;
  readonly agentName: string;
  /** Replaces fields of the type's template; the whole payload of a custom type. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly trace?: unknown;
  /** The clock: milliseconds since 1970. */
  readonly now: () => number;
}

/** Builds the envelope of DOMAIN 4 around a payload. Nothing is validated: a simulation may want a bad run ID. */
export function buildAgentEvent(type: string, parts: AgentEventParts): AgentEvent {
  return {
    type,
    run_id: parts.runId,
    agent_name: parts.agentName,
    timestamp: new Date(parts.now()).toISOString(),
    payload: payloadTemplate(type, parts.agentName, parts.payload),
    ...(parts.trace === undefined ? {} : { trace: parts.trace }),
  };
}
