import { profileOf, type Scenario, type ScenarioReport, type ScenarioStep, type SentEvent, type VariantName, type VariantReport } from '../../core/index';
import { messageOf } from '../../core/message-of';
import { assess } from '../../core/scenario/assess';
import { backendLog } from '../../core/scenario/backend-log';
import { diagnoseRun } from '../../core/scenario/diagnose-run';
import { runOf, type ScenarioRun, variantsOf } from '../../core/scenario/variant';
import { isRecord } from '../../core/is-record';
import type { DeliveryInfo } from '../../protocol/inspection';
import { DEFAULT_LIMITS } from '../limits';
import { playSteps, registryPath } from './play-steps';
import { CancelledError } from './polling';
import type { RunParts } from './run-parts';
import { Stage } from './stage';

/** How long a variant may take in real time, in milliseconds. */
const MOST_MS = 15 * 60_000;
const MOST_RUNS_ASKED = 500;

export interface RunOptions {
  /** Only this one; all without it. */
  readonly variant?: VariantName | undefined;
  /** How many times faster than written pauses are; the router's clock jumps over what is saved. Default 1; Infinity leaves pauses out. */
  readonly speed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

export interface RunProgress {
  readonly variant: VariantName | undefined;
  /** Steps of this variant that were begun, those in lanes too. */
  readonly done: number;
  readonly total: number;
  /** What is being done. */
  readonly step: ScenarioStep['do'];
}

/**
 * Runs a scenario: each variant against a real router of its own, with real sockets. What goes wrong within a run stands in the report.
 * @throws {ScenarioSetupError} when the router does not take what the scenario says of it.
 * @throws {RangeError} when the scenario has other variants than the one asked for; one without variants runs as it is.
 */
export async function runScenario(scenario: Scenario, parts: RunParts, options: RunOptions = {}): Promise<ScenarioReport> {
  const all = variantsOf(scenario);
  const variant = scenario.variants === undefined ? undefined : options.variant;
  if (variant !== undefined && !all.includes(variant)) throw new RangeError(`variant: expected ${all.map((one) => one ?? 'none').join(' or ')}, received ${variant}`);
  const startedAt = new Date();
  const began = performance.now();
  const variants: VariantReport[] = [];
  for (const one of variant === undefined ? all : [variant]) {
    if (options.signal?.aborted === true && variants.length > 0) break;
    variants.push(await runVariant(runOf(scenario, one), parts, options));
  }
  const { name, description, fault } = scenario;
  return {
    version: 1, name,
    ...(description === undefined ? {} : { description }),
    ...(fault === undefined ? {} : { fault }),
    passed: variants.every(({ passed }) => passed),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    variants,
  };
}

async function runVariant(run: ScenarioRun, parts: RunParts, options: RunOptions): Promise<VariantReport> {
  const began = performance.now();
  const signal = AbortSignal.any([AbortSignal.timeout(MOST_MS), ...(options.signal ? [options.signal] : [])]);
  const stage = await Stage.start(run, parts, signal);
  try {
    let problem: string | undefined;
    let registry: Readonly<Record<string, string | null>> = {};
    try {
      await play(stage, run, signal, options);
      registry = await registryOf(stage);
    } catch (error) {
      problem = error instanceof CancelledError && options.signal?.aborted !== true ? `It took longer than ${MOST_MS / 60_000} minutes.` : messageOf(error);
    }
    return report(stage, run, { problem, registry, durationMs: Math.round(performance.now() - began) });
  } finally {
    await stage.stop();
  }
}

async function play(stage: Stage, run: ScenarioRun, signal: AbortSignal, { speed = 1, onProgress }: RunOptions): Promise<void> {
  const total = countSteps(run.steps);
  let done = 0;
  const onStep = (step: ScenarioStep): void => onProgress?.({ variant: run.variant, done: done++, total, step: step.do });
  await playSteps(stage.fill(run.steps), stage, { speed, signal, onStep });
  for (const client of stage.clients.values()) await client.settle();
  await stage.settleClosed();
  stage.observeThreads();
}

function countSteps(steps: readonly ScenarioStep[]): number {
  return steps.reduce((count, step) => count + 1 + (step.do === 'parallel' ? step.lanes.reduce((sum, lane) => sum + countSteps(lane), 0) : 0), 0);
}

/** The thread of every run that was named. */
async function registryOf(stage: Stage): Promise<Record<string, string | null>> {
  const runs = new Set(stage.events.map(({ runId }) => runId));
  for (const moment of stage.moments) if (moment.what === 'registered') runs.add(moment.runId);
  for (const expect of stage.fill(stage.run.expect)) for (const runId of Object.keys(expect.registry ?? {})) runs.add(runId);
  const registry: Record<string, string | null> = {};
  for (const runId of [...runs].slice(0, MOST_RUNS_ASKED)) {
    const { json } = await stage.ask('GET', registryPath(runId));
    const threadId = isRecord(json) && json['expired'] !== true ? json['thread_id'] : undefined;
    registry[runId] = typeof threadId === 'string' ? threadId : null;
  }
  return registry;
}

/** The events with what became of each at the end: what waits, is held back or is tried again is settled after its receipt. */
function finalEvents({ events, router }: Stage): SentEvent[] {
  const { deliveries } = router.model;
  const keyOf = (runId: string | undefined, type: string): string => JSON.stringify([runId, type]);
  const bySort = new Map<string, DeliveryInfo[]>();
  for (let seq = deliveries.oldest; seq <= deliveries.newest; seq++) {
    const info = deliveries.info(seq);
    if (!info) continue;
    const key = keyOf(info.runId, info.type);
    const known = bySort.get(key);
    if (known) known.push(info);
    else bySort.set(key, [info]);
  }
  const taken = new Map<string, number>();
  return events.map((event) => {
    const key = keyOf(event.runId, event.type);
    const place = taken.get(key) ?? 0;
    taken.set(key, place + 1);
    const info = bySort.get(key)?.[place];
    if (!info || !event.receipt || (info.outcome === event.receipt.outcome && info.connections === event.receipt.connections)) return event;
    const { outcome, connections, reason } = info;
    return { ...event, final: { outcome, connections, ...(reason === undefined ? {} : { reason }) } };
  });
}

function report(stage: Stage, run: ScenarioRun, end: { readonly problem: string | undefined; readonly registry: Readonly<Record<string, string | null>>; readonly durationMs: number }): VariantReport {
  const { variant, description } = run;
  const profile = profileOf(stage.behaviours);
  // Copies: what ends at the stop is no part of the run.
  const events = finalEvents(stage);
  const moments = [...stage.moments];
  const clients = [...stage.clients.values()].map((client) => client.report());
  const deliveries = { delivered: 0, queued: 0, undeliverable: 0, rejected: 0 };
  for (const { receipt, final } of events) if (receipt) deliveries[(final ?? receipt).outcome]++;
  const log = backendLog({
    startsAt: stage.clock.startsAt, behaviours: stage.behaviours, registrationAge: run.router.limits?.['registrationAge'] ?? DEFAULT_LIMITS.registrationAge,
    moments, events, clients,
  });
  const diagnoses = diagnoseRun(log, [...stage.clients.values()].map(({ wire }) => wire));
  const observed = { clients, events, deliveries, registry: end.registry, diagnoses };
  const assertions = stage.fill(run.expect).flatMap((expect) => assess(expect, observed));
  return {
    ...(variant === undefined ? {} : { variant }),
    ...(description === undefined ? {} : { description }),
    passed: end.problem === undefined && assertions.every(({ passed }) => passed),
    ...(end.problem === undefined ? {} : { problem: end.problem }),
    durationMs: end.durationMs,
    router: { dialect: stage.router.info().dialect, ...(profile === undefined ? {} : { profile }), behaviours: [...stage.behaviours], faults: run.router.faults?.length ?? 0 },
    ids: Object.fromEntries(stage.ids),
    ...observed,
    moments,
    assertions,
    log,
  };
}
