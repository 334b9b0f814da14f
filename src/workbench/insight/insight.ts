/**
 * What is loaded only when it is first needed: everything that knows the failure catalogue and reads whole logs. It is
 * bundled into a file of its own so that activation stays cheap. Import values from here only through `LazyInsight`.
 */
export { explainRouting } from './explain-routing';
export { hoverOnLine } from './hover-on-line';
export { analyseSource, MAX_SOURCE } from './source/analyse-source';
