import { type Clock, systemClock } from '../clock';
import { describeValue, InvalidRunIdError, ThreadResolutionError } from '../errors';
import { pythonStrip } from '../ids/python-text';
import type { Backfill, Dialect, Resolution, ResolutionStep } from './resolution';
import type { ResolutionMetrics } from './resolution-metrics';
import type { ResolutionSources } from './sources';
import { CHAIN, failedStep, type ChainStep, type StepInput, type StepResult } from './steps';

export interface ResolveOptions {
  /** Which bridge's pattern extraction step 4 uses. Default `fix`. */
  readonly dialect?: Dialect | undefined;
  readonly clock?: Clock | undefined;
  /** Counts this resolution. */
  readonly metrics?: ResolutionMetrics | undefined;
}

const EXPECTED_IN_WORDS = 'thread_{id}_run_{ms}_{8 hex}, run_{thread}_{8 hex} or thread_{id}';

/** The chain, written once: it yields whatever a source answered and is resumed with it settled. */
type Chain = Generator<unknown, Resolution, unknown>;

function checkRunId(runId: unknown): string {
  if (typeof runId !== 'string') throw new InvalidRunIdError('not-a-string', 'a non-blank string', describeValue(runId));
  const stripped = pythonStrip(runId);
  if (stripped === '') throw new InvalidRunIdError('blank', 'a non-blank string', describeValue(runId));
  return stripped;
}

function* runStep(step: ChainStep, input: StepInput): Generator<unknown, StepResult, unknown> {
  try {
    return yield* step.run(input);
  } catch (error) {
    return failedStep(error);
  }
}

/** Writes a resolution back. Whatever the registry does, the resolution stands. */
function* writeBack(input: StepInput, threadId: string, source: Backfill['metadata']['source']): Generator<unknown, Backfill | undefined, unknown> {
  const { registry } = input.sources;
  if (!registry) return undefined;
  const metadata = { source };
  let registered: boolean;
  try {
    registered = (yield registry.register(input.runId, threadId, metadata)) !== false;
  } catch {
    registered = false;
  }
  return { runId: input.runId, threadId, metadata, registered };
}

function failure(runId: string, steps: readonly ResolutionStep[]): string {
  const tried = steps.map((step) => `${step.name}: ${step.reason}`).join(' ');
  return `No thread is known for run ID ${describeValue(runId)}. ${tried} Expected a registered run, or an ID like ${EXPECTED_IN_WORDS}.`;
}

function* chain(runId: string, sources: ResolutionSources, dialect: Dialect, clock: Clock): Chain {
  const startedAt = clock();
  const input: StepInput = { runId, sources, dialect };
  const steps: ResolutionStep[] = [];
  for (const step of CHAIN) {
    const stepStartedAt = clock();
    const { source, backfill: backfillSource, ...result } = yield* runStep(step, input);
    steps.push({ priority: step.priority, name: step.name, input: runId, ...result, durationMs: clock() - stepStartedAt });
    if (result.threadId === undefined || source === undefined) continue;
    const backfill = backfillSource && (yield* writeBack(input, result.threadId, backfillSource));
    return {
      runId,
      threadId: result.threadId,
      source,
      priority: step.priority,
      ...(result.pattern === undefined ? {} : { pattern: result.pattern }),
      dialect,
      steps,
      ...(backfill ? { backfill } : {}),
      durationMs: clock() - startedAt,
    };
  }
  return { runId, priority: 5, dialect, error: failure(runId, steps), steps, durationMs: clock() - startedAt };
}

function start(runId: unknown, sources: ResolutionSources, options: ResolveOptions): Chain {
  return chain(checkRunId(runId), sources, options.dialect ?? 'fix', options.clock ?? systemClock);
}

function finish(resolution: Resolution, options: ResolveOptions): Resolution {
  options.metrics?.record(resolution);
  if (resolution.threadId === undefined) throw new ThreadResolutionError(resolution);
  return resolution;
}

/**
 * Finds the thread of a run by the 5-priority chain (DOMAIN 3): registry, orchestrator, connection manager, pattern
 * extraction, error. Finds by steps 2 and 4 are written back to the registry; a write-back that fails changes nothing.
 * Rejects with {@link InvalidRunIdError} when the ID is no string or blank, and with {@link ThreadResolutionError}, whose
 * `resolution` holds the trace, when no step finds a thread. A source that never settles holds the resolution up.
 */
export async function resolveThread(runId: unknown, sources: ResolutionSources, options: ResolveOptions = {}): Promise<Resolution> {
  const running = start(runId, sources, options);
  let turn = running.next();
  while (!turn.done) {
    let settled: unknown;
    try {
      settled = await turn.value;
    } catch (error) {
      turn = running.throw(error);
      continue;
    }
    turn = running.next(settled);
  }
  return finish(turn.value, options);
}

/** What `await` does, for answers that are there already. */
function settleNow(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function') {
    throw new TypeError('expected an answer, received a promise');
  }
  return value;
}

/**
 * {@link resolveThread} at once, for sources that answer at once; an answer that is a promise counts as a failed step.
 * @throws {InvalidRunIdError} when the ID is no string or blank.
 * @throws {ThreadResolutionError} when no step finds a thread.
 */
export function resolveThreadSync(runId: unknown, sources: ResolutionSources, options: ResolveOptions = {}): Resolution {
  const running = start(runId, sources, options);
  let turn = running.next();
  while (!turn.done) {
    let settled: unknown;
    try {
      settled = settleNow(turn.value);
    } catch (error) {
      turn = running.throw(error);
      continue;
    }
    turn = running.next(settled);
  }
  return finish(turn.value, options);
}
