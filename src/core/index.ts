/** The one public entry of core (DESIGN 4.1). */
export {
  type Behaviour,
  BEHAVIOUR_NAMES,
  type BehaviourInfo,
  type BehaviourOverrides,
  BEHAVIOURS,
  type BehaviourSet,
  behavioursOf,
  isBehaviour,
  isProfile,
  type Profile,
  PROFILE_NAMES,
  profileOf,
  PROFILES,
} from './behaviour/behaviour';
export { FAULT_KINDS, FAULT_LIMITS, type FaultKind, type FaultRule, FaultRuleError, isFaultRule, parseFaultRule, parseFaultRules } from './behaviour/fault-rule';
export { BoundedMap } from './bounded-map';
export { type Clock, systemClock } from './clock';
export {
  describeThrown,
  describeValue,
  InvalidRunIdError,
  type InvalidRunIdReason,
  InvalidThreadIdError,
  type InvalidThreadIdReason,
  ThreadResolutionError,
  UnknownOptionError,
} from './errors';
export { compareDialects, type DialectAnswer, type DialectComparison, type DisagreementCode } from './ids/compare-dialects';
export { extractByIdManager, extractByRunIdGenerator } from './ids/early-parsers';
export { DIALECTS, extractThreadId, type ThreadExtraction } from './ids/extract-thread-id';
export { generateRunId, type GenerateOptions, type RunIdFormat } from './ids/generate';
export { FormatTable } from './ids/formats/format-table';
export {
  type Contract,
  CONTRACT_VERSION,
  type ContractProblem,
  parseContract,
  parseFormats,
} from './ids/formats/contract';
export { defineFormat, FormatError, type FormatErrorReason, type FormatSpec } from './ids/formats/define-format';
export { SEGMENT_KIND_NAMES } from './ids/formats/segment-kinds';
export type { FormatMatch, IdFormat } from './ids/formats/id-format';
export { type G4Reading, parseByG4 } from './ids/g4-parser';
export { isValidIdFormat } from './ids/id-format-catalogue';
export { migrateRunId } from './ids/migrate';
export { looksLikeTimestamp, type MintTime, readMintTime, type TimeUnit } from './ids/mint-time';
export { isBlank } from './ids/python-text';
export { parseRunId, readDefined, type ReadOptions, readRunId } from './ids/read-run-id';
export type { Confidence, IdKind, IdWarning, ParsedRunId } from './ids/reading';
export { FoundId } from './ids/scan/found-id';
export { scanText, type ScanOptions } from './ids/scan/scan-text';
export { isSuspiciousRunId, isSuspiciousRunId20250918, isSuspiciousThreadId } from './ids/suspicion';
export { isValidThreadId } from './ids/thread-id';
export { extractByU4, isValidByU4, parseByU4, type U4Extraction, type U4Parts } from './ids/u4-parser';
export { parseU1, parseU2, type UnifiedReading } from './ids/unified-parsers';
export { OldestFirst } from './oldest-first';
export type { RegistryPort, RunRecord } from './registry/registry-port';
export { mappingNotes, type MappingNote, type RunMapping } from './registry/run-mapping';
export {
  DEFAULT_MAX_ENTRIES,
  DEFAULT_TTL_MS,
  type RegistryMetrics,
  type RegistryOptions,
  type RegistryProblem,
  type RunMove,
  ThreadRunRegistry,
} from './registry/thread-run-registry';
export { resolveThread, resolveThreadSync, type ResolveOptions } from './resolution/resolve-thread';
export type { Backfill, Dialect, Priority, Resolution, ResolutionSource, ResolutionStep, StepOutcome } from './resolution/resolution';
export { type ResolutionFailure, ResolutionMetrics, type ResolutionMetricsSnapshot, type SourceMetrics } from './resolution/resolution-metrics';
export type { ConnectionManagerSource, OrchestratorSource, RegistrySource, ResolutionSources } from './resolution/sources';
export { AGENT_EVENT_TYPES, type AgentEvent, type AgentEventType } from './events/agent-event';
export { buildAgentEvent, type AgentEventParts } from './events/build-event';
export { isAgentEventType, payloadTemplate } from './events/payload-template';
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
export { recogniseLogMessage } from './diagnosis/recognise-log-message';
export { unwrapLine, type UnwrappedLine } from './diagnosis/log-container';
export { fieldOf, numberOf, type LogCategory, type LogField, type LogLevel, type LogMessage, type LogSource } from './diagnosis/log-message';
export { diagnose, type DiagnoseInput } from './diagnosis/diagnose';
export { LogAnalyser } from './diagnosis/log-analyser';
export type { ActionCode, Diagnosis, DiagnosisAction, Evidence, Severity } from './diagnosis/diagnosis';
export type { FaultId } from './diagnosis/catalogue';
export type { LiveConnection, LiveMapping, LiveState } from './diagnosis/live-state';
export { parsePythonRepr, type PythonValue } from './diagnosis/python-repr';
export type {
  ClientExpectation,
  Duration,
  EmitStep,
  Expectations,
  Outcome,
  ReceiptExpectation,
  RouterSetup,
  RunStep,
  Scenario,
  ScenarioClient,
  ScenarioIds,
  ScenarioStep,
  ScenarioVariant,
  VariantName,
} from './scenario/scenario';
export { isReproducible, reproduce } from './scenario/reproduce/reproduce';
export { SCENARIO_TEMPLATE } from './scenario/scenario-template';
export { parseScenario, parseScenarioText, type ParsedScenario, SCENARIO_VERSION } from './scenario/parse-scenario';
export type {
  Arrival,
  Assertion,
  ClientReport,
  FoundFault,
  Moment,
  ReceiptReport,
  ScenarioReport,
  SentEvent,
  VariantReport,
} from './scenario/report';
export type { ShapeProblem } from './json/json-shape';
export { redactBody } from './events/redact-body';
export { type JsonPart, rewriteJson } from './json/rewrite-json';
export {
  type Association,
  type ConnectionClosed,
  type ConnectionOpened,
  type RecordedFrame,
  type RecordingEndReason,
  type RecordingEntry,
  type RecordingHeader,
  type RecordingSource,
  RECORDING_EXTENSION,
  RECORDING_VERSION,
  recordingLine,
} from './recording/recording';
export { RecordedMembership } from './recording/recorded-membership';
export { RecordingError } from './recording/recording-error';
export { RecordingReader } from './recording/recording-reader';
export { Reminter, type RemintOptions } from './recording/remint/reminter';
export type { Comparison, Difference, DifferenceKind } from './recording/compare/comparison';
export { compareRecordings } from './recording/compare/compare-recordings';
export { renderComparison } from './recording/compare/render-comparison';
export { RecordedStreams } from './recording/compare/streams';
export { HarExport, harFrame } from './har/export-har';
export { type HarEntry, HarError, type HarMessage } from './har/har';
export { type ImportedHar, importHar } from './har/import-har';
export { DEFAULT_FIELD_PATHS, FieldPathError, type FieldPaths, readFieldPaths, TRAFFIC_FIELDS, type TrafficField } from './traffic/field-paths';
export { type EventVerdict, judgeEvent, type Misrouting } from './traffic/judge-event';
export { RunThreads } from './traffic/run-threads';
export { readTrafficIds, type TrafficIds } from './traffic/traffic-ids';
export { moveByClient, moveByServer, type ThreadMove } from './traffic/thread-moves';
export { maskForEditing, MaskError, restoreMasked, type MaskedText } from './events/restore-masked';
