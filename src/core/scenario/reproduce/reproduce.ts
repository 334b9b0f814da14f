import type { Diagnosis } from '../../diagnosis/diagnosis';
import { parseScenario, SCENARIO_VERSION } from '../parse-scenario';
import type { Expectations, Scenario, ScenarioVariant } from '../scenario';
import { SCENARIO_LIMITS } from '../scenario-limits';
import { DELIVERY_RECIPES } from './delivery-recipes';
import type { Made, Recipe } from './recipe';
import { RESOLUTION_RECIPES } from './resolution-recipes';

const RECIPES: Readonly<Record<string, Recipe>> = { ...RESOLUTION_RECIPES, ...DELIVERY_RECIPES };

/** Characters of the name and lines of evidence in a scenario. */
const MOST_NAME = 120;
const MOST_EVIDENCE = 8;

/** Whether a scenario can be made of such a diagnosis, as far as its fault tells. */
export function isReproducible({ id, noise }: Pick<Diagnosis, 'id' | 'noise'>): boolean {
  return !noise && Object.hasOwn(RECIPES, id);
}

/**
 * The scenario that shows in a local router what a diagnosis says of a log: with the IDs of the log, at its time, and with the pauses measured
 * in it. Its variant `fault` shows the fault, `fix` the cure. Undefined when the fault is none of routing, or the diagnosis names too little.
 */
export function reproduce(diagnosis: Diagnosis): Scenario | undefined {
  const recipe = isReproducible(diagnosis) ? RECIPES[diagnosis.id] : undefined;
  const made = recipe?.(diagnosis);
  // An ID of a log can hold anything; what a scenario file could not say is not made.
  return made && parseScenario(assemble(diagnosis, made)).scenario;
}

function assemble(diagnosis: Diagnosis, { facts, shows = diagnosis.id, moreIds, router, clients, steps, expect, fault, fix }: Made): Scenario {
  const { startsAt } = facts;
  const evidence = diagnosis.evidence.slice(0, MOST_EVIDENCE).map(({ text }) => text.slice(0, SCENARIO_LIMITS.text)).filter((text) => text.trim() !== '');
  return {
    version: SCENARIO_VERSION,
    name: `${diagnosis.title}: ${diagnosis.threadId ?? diagnosis.runId ?? facts.user}`.slice(0, MOST_NAME),
    description: diagnosis.verdict.slice(0, SCENARIO_LIMITS.text),
    fault: shows,
    ...(evidence.length === 0 ? {} : { evidence }),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(router === undefined ? {} : { router }),
    ids: { ...facts.ids, ...moreIds },
    ...(clients === undefined ? {} : { clients }),
    steps,
    ...(expect === undefined ? {} : { expect }),
    variants: {
      fault: withDiagnosis(fault, { includes: [shows] }),
      fix: withDiagnosis(fix, { excludes: [shows] }),
    },
  };
}

function withDiagnosis(variant: ScenarioVariant, diagnoses: Expectations['diagnoses'] & object): ScenarioVariant {
  return { ...variant, expect: { ...variant.expect, diagnoses } };
}
