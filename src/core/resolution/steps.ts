/** The steps of the 5-priority chain, in order (DOMAIN 3, FIELD_GUIDE 2.2). The fifth, the error, is what is left. */
import { describeThrown, describeValue } from '../errors';
import { extractThreadId } from '../ids/extract-thread-id';
import { isBlank } from '../ids/python-text';
import { isValidThreadId, THREAD_PREFIX } from '../ids/thread-id';
import type { Backfill, Dialect, Priority, ResolutionSource, StepOutcome } from './resolution';
import type { ResolutionSources } from './sources';

export interface StepInput {
  /** Stripped and not empty. */
  readonly runId: string;
  readonly sources: ResolutionSources;
  readonly dialect: Dialect;
}

export interface StepResult {
  readonly outcome: StepOutcome;
  readonly reason: string;
  readonly threadId?: string;
  readonly source?: ResolutionSource;
  readonly pattern?: string;
  /** Set when the answer is to be written back to the registry. */
  readonly backfill?: Backfill['metadata']['source'];
}

/** A step yields what a source answered and gets it back settled; a rejected promise comes back as a throw. */
export type StepRun = Generator<unknown, StepResult, unknown>;

export interface ChainStep {
  readonly priority: Priority;
  readonly name: string;
  run(input: StepInput): StepRun;
}

/** The three-way test of the original: a non-blank string wins as it is, nothing is a miss, anything else is invalid. */
function judge(answer: unknown, who: string, source: ResolutionSource): StepResult {
  if (answer === undefined || answer === null) return { outcome: 'miss', reason: `${who} has no entry for this run ID.` };
  if (typeof answer === 'string' && !isBlank(answer)) {
    return { outcome: 'hit', reason: `${who} answered ${describeValue(answer)}.`, threadId: answer, source };
  }
  return { outcome: 'invalid', reason: `${who} answered ${describeValue(answer)}: expected a non-blank thread ID.` };
}

const registryStep: ChainStep = {
  priority: 1,
  name: 'Registry',
  *run({ runId, sources }) {
    if (!sources.registry) return { outcome: 'skipped', reason: 'There is no registry.' };
    return judge(yield sources.registry.getThread(runId), 'The registry', 'thread_registry');
  },
};

const orchestratorStep: ChainStep = {
  priority: 2,
  name: 'Orchestrator',
  *run({ runId, sources }) {
    const { orchestrator } = sources;
    if (!orchestrator) return { outcome: 'skipped', reason: 'There is no orchestrator.' };
    if (typeof orchestrator.getThreadIdForRun !== 'function') {
      return { outcome: 'skipped', reason: 'The orchestrator cannot answer: it has no method for it.' };
    }
    const result = judge(yield orchestrator.getThreadIdForRun(runId), 'The orchestrator', 'orchestrator');
    return result.outcome === 'hit' ? { ...result, backfill: 'orchestrator_backfill' } : result;
  },
};

const connectionManagerStep: ChainStep = {
  priority: 3,
  name: 'Connection manager',
  *run({ runId, sources }) {
    const manager = sources.connectionManager;
    if (!manager) return { outcome: 'skipped', reason: 'There is no connection manager.' };
    if (!runId.startsWith(THREAD_PREFIX) || !isValidThreadId(runId)) {
      return { outcome: 'miss', reason: 'Only a valid thread ID is looked up among the connections, and this is none.' };
    }
    const table = manager.connections;
    if (!table || typeof table.get !== 'function') {
      return {
        outcome: 'hit',
        reason: 'It has the form of a thread ID, and the connection manager has no table that could say otherwise.',
        threadId: runId,
        source: 'direct_format',
      };
    }
    const connection = yield table.get(runId);
    if (connection === undefined || connection === null) return { outcome: 'miss', reason: 'No connection is held under this ID.' };
    return { outcome: 'hit', reason: 'A connection is held under this ID.', threadId: runId, source: 'websocket_manager' };
  },
};

const patternStep: ChainStep = {
  priority: 4,
  name: 'Pattern extraction',
  // oxlint-disable-next-line eslint/require-yield -- the one step that asks nobody
  *run({ runId, dialect }) {
    const extraction = extractThreadId(runId, dialect);
    if (!extraction) return { outcome: 'miss', reason: `No pattern of the dialect "${dialect}" finds a thread in it.` };
    return {
      outcome: 'hit',
      reason: `Pattern ${extraction.pattern} of the dialect "${dialect}" finds ${extraction.threadId}.`,
      threadId: extraction.threadId,
      pattern: extraction.pattern,
      source: 'pattern_extraction',
      backfill: 'pattern_extraction',
    };
  },
};

export const CHAIN: readonly ChainStep[] = [registryStep, orchestratorStep, connectionManagerStep, patternStep];

/** A step that threw, as the trace shows it. */
export function failedStep(thrown: unknown): StepResult {
  return { outcome: 'failed', reason: `It threw: ${describeThrown(thrown)}` };
}
