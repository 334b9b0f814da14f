/**
 * What is loaded only when a scenario is run: it knows the whole failure catalogue, which the router itself does without. It is bundled into a
 * file of its own, `dist/scenarios.js`; import values from here only through `loadScenarios`, and test no error of it with `instanceof`.
 */
export { parseScenarioText } from '../../core/scenario/parse-scenario';
export { renderReport, renderVerdict } from '../../core/scenario/render-report';
export { runScenario } from './run-scenario';
