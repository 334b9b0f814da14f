import { member, type ShapeReport } from '../json/json-shape';
import { mintedLength, placeholdersIn } from './fill-ids';
import type { Expectations, Scenario, ScenarioIds, ScenarioStep, VariantName } from './scenario';
import { SCENARIO_LIMITS as LIMITS } from './scenario-limits';
import { runOf, variantsOf } from './variant';

interface Names {
  readonly ids: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
  readonly agents: Set<string>;
  readonly variant: VariantName | undefined;
  steps: number;
  events: number;
  filledBytes: number;
}

/** Looks at what the shapes of single members cannot tell: that every name used is declared, and that the whole stays within its bounds. */
export function checkReferences(scenario: Scenario, report: ShapeReport): void {
  const lengths = checkIds(scenario.ids ?? {}, new Map(), 'ids', report);
  for (const variant of variantsOf(scenario)) {
    const run = runOf(scenario, variant);
    const prefix = variant === undefined ? '' : `variants.${variant}`;
    if (variant !== undefined) checkIds(scenario.variants?.[variant]?.ids ?? {}, lengths, member(prefix, 'ids'), report);
    const names: Names = { ids: new Set(Object.keys(run.ids)), clients: new Set(Object.keys(run.clients)), agents: new Set(), variant, steps: 0, events: 0, filledBytes: 0 };
    for (const [name, { user, thread }] of Object.entries(run.clients)) {
      checkText(user, member(member('clients', name), 'user'), names, report);
      checkText(thread, member(member('clients', name), 'thread'), names, report);
    }
    checkSteps(scenario.steps, 'steps', names, 0, report);
    if (names.steps > LIMITS.steps) report.add('steps', `at most ${LIMITS.steps} steps in all lanes`, names.steps);
    if (names.events > LIMITS.events) report.add('steps', `at most ${LIMITS.events} events`, names.events);
    if (names.filledBytes > LIMITS.filledBytes) report.add('steps', `at most ${LIMITS.filledBytes} filled bytes`, names.filledBytes);
    if (names.agents.size > LIMITS.agents) report.add('steps', `at most ${LIMITS.agents} agents`, names.agents.size);
    if (scenario.expect) checkExpectations(scenario.expect, 'expect', names, report);
    const own = variant === undefined ? undefined : scenario.variants?.[variant]?.expect;
    if (own) checkExpectations(own, member(prefix, 'expect'), names, report);
  }
}

/** @param before how long the IDs before these are; answers that with these. */
function checkIds(ids: ScenarioIds, before: ReadonlyMap<string, number>, path: string, report: ShapeReport): ReadonlyMap<string, number> {
  const lengths = new Map(before);
  for (const [name, template] of Object.entries(ids)) {
    if (mintedLength(name) !== undefined) report.add(member(path, name), 'a name other than ms, hex8, hex16, uuid', name);
    let length = template.length;
    for (const used of placeholdersIn(template)) {
      const filled = lengths.get(used) ?? mintedLength(used);
      if (filled === undefined) report.add(member(path, name), 'an ID that stands before it, or ms, hex8, hex16, uuid', `{${used}}`);
      else length += filled - `{${used}}`.length;
    }
    // An ID twice in the next, and that twice in the one after it, would fill any memory.
    if (length > LIMITS.idLength) report.add(member(path, name), `at most ${LIMITS.idLength} characters with the IDs in it`, length);
    lengths.set(name, Math.min(length, LIMITS.idLength));
  }
  return lengths;
}

function checkSteps(steps: readonly ScenarioStep[], path: string, names: Names, depth: number, report: ShapeReport): void {
  for (const [i, step] of steps.entries()) {
    // The paths are those of the file, so those of the other variant are passed over here and not filtered out before.
    if (names.variant !== undefined && step.only !== undefined && step.only !== names.variant) continue;
    const at = `${path}[${i}]`;
    names.steps++;
    if (step.only !== undefined && names.variant === undefined) report.add(member(at, 'only'), 'a scenario with "variants"', step.only);
    if ('client' in step && !names.clients.has(step.client)) report.add(member(at, 'client'), `one of the clients (${list(names.clients)})`, step.client);
    if ('thread' in step) checkText(step.thread, member(at, 'thread'), names, report);
    if ('run' in step) checkText(step.run, member(at, 'run'), names, report);
    if (step.do === 'emit' || step.do === 'run') names.agents.add(step.agent ?? 'agent');
    if (step.do === 'emit') {
      names.events += step.repeat ?? 1;
      names.filledBytes += (step.repeat ?? 1) * (step.fillBytes ?? 0);
    }
    if (step.do === 'run') names.events += 2 + (step.thinking ?? 1) + 2 * (step.tools?.length ?? 1) + (step.progress ?? 0);
    if (step.do !== 'parallel') continue;
    if (depth >= LIMITS.laneDepth) report.add(at, `lanes at most ${LIMITS.laneDepth} deep`, depth + 1);
    else step.lanes.forEach((lane, n) => checkSteps(lane, `${member(at, 'lanes')}[${n}]`, names, depth + 1, report));
  }
}

function checkExpectations(expect: Expectations, path: string, names: Names, report: ShapeReport): void {
  for (const [client, { threads = [] }] of Object.entries(expect.clients ?? {})) {
    const at = member(member(path, 'clients'), client);
    if (!names.clients.has(client)) report.add(at, `one of the clients (${list(names.clients)})`, client);
    threads.forEach((thread, i) => checkText(thread, `${member(at, 'threads')}[${i}]`, names, report));
  }
  (expect.receipts ?? []).forEach(({ run, thread }, i) => {
    const at = `${member(path, 'receipts')}[${i}]`;
    checkText(run, member(at, 'run'), names, report);
    checkText(thread ?? undefined, member(at, 'thread'), names, report);
  });
  for (const [run, thread] of Object.entries(expect.registry ?? {})) {
    checkText(run, member(path, 'registry'), names, report);
    checkText(thread ?? undefined, member(member(path, 'registry'), run), names, report);
  }
}

function checkText(text: string | undefined, path: string, names: Names, report: ShapeReport): void {
  for (const used of placeholdersIn(text ?? '')) {
    if (!names.ids.has(used)) report.add(path, `one of the IDs (${list(names.ids)})`, `{${used}}`);
  }
}

function list(names: ReadonlySet<string>): string {
  return names.size === 0 ? 'none is declared' : Array.from(names).slice(0, 20).join(', ');
}
