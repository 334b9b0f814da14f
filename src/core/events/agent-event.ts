/** The event types of DOMAIN 4 that have a payload of their own. Any other type is custom and keeps its payload as given. */
export const AGENT_EVENT_TYPES = [
  'agent_started',
  'agent_thinking',
  'tool_executing',
  'tool_completed',
  'agent_completed',
  'agent_error',
  'agent_death',
  'progress_update',
] as const;

export type AgentEventType = (typeof AGENT_EVENT_TYPES)[number];

/** What an agent reports: the wire envelope of DOMAIN 4. */
export interface AgentEvent {
  readonly type: string;
  readonly run_id: string;
  readonly agent_name: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly trace?: unknown;
}
