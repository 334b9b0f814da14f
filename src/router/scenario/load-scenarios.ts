import { createRequire } from 'node:module';
import type * as scenarios from './scenarios';

export type Scenarios = typeof scenarios;

/** Loads the bundle of scenarios that lies beside the router's. @throws when it is not there. */
export function loadScenarios(): Scenarios {
  return createRequire(__filename)('./scenarios.js') as Scenarios;
}
