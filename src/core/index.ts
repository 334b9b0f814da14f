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
export { buildAgentEvent, type AgentEventParts } from './events/build-event';
export { DEATH_CAUSES, isAgentEventType, payloadTemplate } from './events/payload-template';
export {
  EVENT_LIMITS,
  parseAgentEvent,
  type EventLimits,
  type EventProblem,
  type EventProblemReason,
  type ParsedAgentEvent,
} from './events/parse-event';
export { redact, redactHeaders } from './events/redact';
export { REDACTED, redactProtocols, redactText } from './events/redact-text';
export { isSecretKey } from './events/secret-keys';
export { nearMisses, type LiveThread, type NearMiss, type NearMissOptions } from './diagnosis/near-misses';
