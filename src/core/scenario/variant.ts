import type { Expectations, RouterSetup, Scenario, ScenarioClient, ScenarioIds, ScenarioStep, VariantName } from './scenario';

/** One run of a scenario with everything its variant changes put in place. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  /** Undefined when the scenario has no variants. */
  readonly variant: VariantName | undefined;
  readonly description: string | undefined;
  readonly router: RouterSetup;
  readonly ids: ScenarioIds;
  readonly clients: Readonly<Record<string, ScenarioClient>>;
  readonly steps: readonly ScenarioStep[];
  /** Those of the scenario, then those of the variant. */
  readonly expect: readonly Expectations[];
}

/** The variants that a scenario has, the fault first; `[undefined]` for one without. */
export function variantsOf(scenario: Scenario): readonly (VariantName | undefined)[] {
  const { variants = {} } = scenario;
  const names = (['fault', 'fix'] as const).filter((name) => variants[name] !== undefined);
  return names.length > 0 ? names : [undefined];
}

/** The run that a variant of a scenario describes. */
export function runOf(scenario: Scenario, variant: VariantName | undefined): ScenarioRun {
  const change = variant === undefined ? undefined : scenario.variants?.[variant];
  return {
    scenario,
    variant,
    description: change?.description,
    router: {
      ...scenario.router,
      ...change?.router,
      behaviours: { ...scenario.router?.behaviours, ...change?.router?.behaviours },
      limits: { ...scenario.router?.limits, ...change?.router?.limits },
    },
    ids: { ...scenario.ids, ...change?.ids },
    clients: mergeClients(scenario.clients ?? {}, change?.clients ?? {}),
    steps: stepsOf(scenario.steps, variant),
    expect: [scenario.expect, change?.expect].filter((expect) => expect !== undefined),
  };
}

function mergeClients(base: Readonly<Record<string, ScenarioClient>>, change: Readonly<Record<string, ScenarioClient>>): Record<string, ScenarioClient> {
  const merged: Record<string, ScenarioClient> = { ...base };
  for (const [name, client] of Object.entries(change)) merged[name] = { ...base[name], ...client };
  return merged;
}

function stepsOf(steps: readonly ScenarioStep[], variant: VariantName | undefined): readonly ScenarioStep[] {
  return steps
    .filter(({ only }) => only === undefined || only === variant)
    .map((step) => (step.do === 'parallel' ? { ...step, lanes: step.lanes.map((lane) => stepsOf(lane, variant)) } : step));
}
