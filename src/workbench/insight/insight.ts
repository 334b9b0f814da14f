/**
 * What is loaded only when it is first needed: everything that knows the failure catalogue and reads whole logs. It is
 * bundled into a file of its own so that activation stays cheap. Import values from here only through `LazyInsight`.
 */
export { explainRouting } from './explain-routing';
export { LogDoctor } from '../doctor/log-doctor';
export { excerptFor, traceCommand } from '../trace/trace-command';
export { TraceDocuments } from '../trace/trace-documents';
export { hoverOnLine } from './hover-on-line';
export { registerMapping } from './register-mapping';
export { startSourceDiagnostics } from '../source/source-diagnostics';
export { readContractFile } from '../formats/contract-file';
export { generateRunIdCommand } from '../ids/generate-run-id-command';
export { parseFormats } from '../../core/index';
