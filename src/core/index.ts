/** The one public entry of core (DESIGN 4.1). */
export type { Confidence, IdKind, IdWarning, ParsedRunId } from './ids/reading';
export type {
  Backfill,
  Dialect,
  Priority,
  Resolution,
  ResolutionSource,
  ResolutionStep,
  StepOutcome,
} from './resolution/resolution';
export { AGENT_EVENT_TYPES, type AgentEvent, type AgentEventType } from './events/agent-event';
