/**
 * What is loaded only when it is first needed: everything that knows the failure catalogue, reads whole logs, or answers
 * a command at length. It is bundled into a file of its own so that activation stays cheap. Import values from here only
 * through `LazyInsight`, and test no error of the other bundle with `instanceof`: each has its own classes.
 */
export { explainRouting } from './explain-routing';
export { renderConnection } from '../documents/connection-details';
export { attachCommand, detachCommand } from '../attach/attach-command';
export { LogDoctor } from '../doctor/log-doctor';
export { excerptFor, traceCommand } from '../trace/trace-command';
export { TraceDocuments } from '../trace/trace-documents';
export { hoverOnLine } from './hover-on-line';
export { askSimulation } from '../simulate/ask-simulation';
export { recordingCommands } from '../recording/recording-commands';
export { TrafficSession } from '../traffic/traffic-session';
export { trafficHtml } from '../traffic/traffic-html';
export { registerMapping } from './register-mapping';
export { chooseBehaviours } from '../router/choose-behaviours';
export { startSourceDiagnostics } from '../source/source-diagnostics';
export { readContractFile } from '../formats/contract-file';
export { generateRunIdCommand } from '../ids/generate-run-id-command';
export { RouterActions } from '../router/router-actions';
export { TapDesk } from '../tap/tap-desk';
export { parseFormats } from '../../core/index';
export { ScenarioBench } from '../scenarios/scenario-bench';
export { reproduceLocally } from '../scenarios/reproduce-locally';
