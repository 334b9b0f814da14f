import type { Diagnosis } from '../../diagnosis/diagnosis';
import { extractThreadId } from '../../ids/extract-thread-id';
import { THREAD_PREFIX } from '../../ids/thread-id';
import type { Expectations, ScenarioVariant } from '../scenario';
import { associates, Facts, RUN, WHOLE_RUN } from './facts';
import type { Made, Recipe, Recipes } from './recipe';

const LISTENER = { tab: { user: 'u1', thread: '{T}' } } as const;
const RECEIVES_NOTHING: Expectations = { clients: { tab: { receives: [] } } };
const RECEIVES_ALL: Expectations = { clients: { tab: { receives: WHOLE_RUN } } };

/** The founding error: the dialect before the fix takes the composite run ID for a thread. */
function compositeAsThread(diagnosis: Diagnosis): Made | undefined {
  const runId = diagnosis.runId ?? diagnosis.threadId;
  const threadId = diagnosis.expected ?? (runId === undefined ? undefined : extractThreadId(runId)?.threadId);
  if (runId === undefined || threadId === undefined || threadId === runId) return undefined;
  const facts = new Facts({ ...diagnosis, runId }, threadId);
  // An ID that the old patterns refuse came to the manager past them; a wrong mapping has the same effect.
  if (extractThreadId(runId, 'before_fix')?.threadId !== runId || !facts.runCarriesThread) return { ...wrongMapping(facts, '{R}'), shows: 'poisoned-registry' };
  return {
    facts,
    clients: { tab: { user: facts.user } },
    steps: [{ do: 'connect', client: 'tab' }, associates('tab'), RUN],
    fault: {
      description: 'Dialect before_fix: pattern 1 takes the run ID for a thread as it stands.',
      router: { dialect: 'before_fix' },
      expect: { clients: { tab: { receives: [], threads: ['{T}'] } }, receipts: [{ run: '{R}', thread: '{R}' }], registry: { '{R}': '{R}' } },
    },
    fix: {
      description: 'Dialect fix: pattern 1.5 takes the text between the prefix and the first _run_.',
      router: { dialect: 'fix' },
      expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } }, receipts: [{ run: '{R}', outcome: 'delivered', thread: '{T}', connections: 1 }], registry: { '{R}': '{T}' } },
    },
  };
}

/** The registry holds another thread for the run than the one that clients listen on. */
function wrongMapping(facts: Facts, wrong: string, moreIds: Made['moreIds'] = {}): Made {
  return {
    facts,
    moreIds,
    clients: { tab: { ...LISTENER.tab, user: facts.user } },
    steps: [
      { do: 'connect', client: 'tab' },
      { do: 'register', run: '{R}', thread: wrong, only: 'fault' },
      { do: 'register', run: '{R}', thread: '{T}', only: 'fix' },
      RUN,
    ],
    fault: { description: 'The registry answers first, with the wrong thread.', expect: { ...RECEIVES_NOTHING, receipts: [{ source: 'thread_registry', thread: wrong }], registry: { '{R}': wrong } } },
    fix: { description: 'The run is registered to its thread.', expect: { ...RECEIVES_ALL, registry: { '{R}': '{T}' } } },
  };
}

function poisonedRegistry(diagnosis: Diagnosis): Made | undefined {
  const { runId, threadId, expected } = diagnosis;
  if (runId === undefined || threadId === undefined || expected === undefined || threadId === expected) return undefined;
  const facts = new Facts(diagnosis, expected);
  return threadId === runId ? wrongMapping(facts, '{R}') : wrongMapping(facts, '{W}', { W: threadId });
}

function doubledPrefix(diagnosis: Diagnosis): Made | undefined {
  const doubled = diagnosis.threadId ?? diagnosis.received;
  const twice = THREAD_PREFIX + THREAD_PREFIX;
  if (doubled?.startsWith(twice) !== true || doubled === twice) return undefined;
  return wrongMapping(new Facts(diagnosis, doubled.slice(THREAD_PREFIX.length)), '{W}', { W: doubled });
}

function fallbackToRunId(diagnosis: Diagnosis): Made | undefined {
  const runId = diagnosis.runId ?? diagnosis.threadId;
  if (runId === undefined) return undefined;
  return wrongMapping(new Facts({ ...diagnosis, runId }, undefined), '{R}');
}

const REGISTERED: ScenarioVariant = {
  description: 'The run is registered to its thread before its first event.',
  expect: { ...RECEIVES_ALL, receipts: [{ run: '{R}', outcome: 'delivered', source: 'thread_registry' }] },
};

/** The run is registered in the fix alone. */
function unregistered(facts: Facts, fault: ScenarioVariant, moreIds: Made['moreIds'] = {}): Made {
  return {
    facts,
    moreIds,
    clients: { tab: { ...LISTENER.tab, user: facts.user } },
    steps: [{ do: 'connect', client: 'tab' }, { do: 'register', run: '{R}', thread: '{T}', only: 'fix' }, RUN],
    fault,
    fix: REGISTERED,
  };
}

/** A wrong thread was guessed from the text; the clients listen on another. */
function wrongGuess(diagnosis: Diagnosis): Made | undefined {
  const { runId } = diagnosis;
  const guess = runId === undefined ? undefined : extractThreadId(runId)?.threadId;
  if (runId === undefined || guess === undefined) return undefined;
  return unregistered(
    new Facts(diagnosis, undefined),
    { description: 'Nobody registered the run, so its thread is guessed from the text.', expect: { ...RECEIVES_NOTHING, receipts: [{ run: '{R}', thread: '{W}' }] } },
    { W: guess },
  );
}

/** Nothing tells the thread. */
function unknownRun(threadOf: (diagnosis: Diagnosis) => string | undefined): Recipe {
  return (diagnosis) => {
    const { runId } = diagnosis;
    if (runId === undefined || extractThreadId(runId) !== undefined) return undefined;
    return unregistered(
      new Facts(diagnosis, threadOf(diagnosis)),
      { description: 'The run is not registered.', expect: { ...RECEIVES_NOTHING, receipts: [{ run: '{R}', outcome: 'undeliverable', thread: null }] } },
    );
  };
}

function registryExpired(diagnosis: Diagnosis): Made | undefined {
  const { runId } = diagnosis;
  if (runId === undefined || extractThreadId(runId) !== undefined) return undefined;
  const facts = new Facts(diagnosis, undefined);
  return {
    facts,
    clients: { tab: { ...LISTENER.tab, user: facts.user } },
    steps: [
      { do: 'connect', client: 'tab' },
      { do: 'register', run: '{R}', thread: '{T}' },
      { do: 'emit', type: 'agent_started', run: '{R}' },
      { do: 'advance', by: '24h' },
      { do: 'register', run: '{R}', thread: '{T}', only: 'fix' },
      { do: 'emit', type: 'agent_completed', run: '{R}' },
    ],
    fault: { description: 'The run completes a day after it was registered.', expect: { clients: { tab: { receives: ['agent_started'] } }, receipts: [{ type: 'agent_completed', outcome: 'undeliverable' }] } },
    fix: { description: 'The run is registered again before the day is over.', expect: { clients: { tab: { receives: ['agent_started', 'agent_completed'] } } } },
  };
}

function lateEvent(diagnosis: Diagnosis): Made | undefined {
  const { runId, threadId } = diagnosis;
  if (runId === undefined || extractThreadId(runId) !== undefined) return undefined;
  const facts = new Facts(diagnosis, threadId);
  return {
    facts,
    clients: { tab: { ...LISTENER.tab, user: facts.user } },
    steps: [
      { do: 'connect', client: 'tab' },
      { do: 'register', run: '{R}', thread: '{T}' },
      { do: 'emit', type: 'agent_started', run: '{R}' },
      { do: 'unregister', run: '{R}', only: 'fault' },
      { do: 'emit', type: 'agent_completed', run: '{R}' },
      { do: 'unregister', run: '{R}', only: 'fix' },
    ],
    fault: { description: 'The cleanup removes the mapping before the last event.', expect: { clients: { tab: { receives: ['agent_started'] } } } },
    fix: { description: 'The mapping stays until the last event.', expect: { clients: { tab: { receives: ['agent_started', 'agent_completed'] } } } },
  };
}

const namedThread = ({ threadId }: Diagnosis): string | undefined => threadId;

/** Faults on the way from a run ID to a thread. */
export const RESOLUTION_RECIPES: Recipes = {
  'composite-as-thread': compositeAsThread,
  'poisoned-registry': poisonedRegistry,
  'doubled-prefix': doubledPrefix,
  'fallback-to-run-id': fallbackToRunId,
  'timestamp-as-thread': wrongGuess,
  'false-extraction': wrongGuess,
  'unresolvable-run': unknownRun(() => undefined),
  'sub-agent-lost': unknownRun(() => undefined),
  'validator-mismatch': unknownRun(namedThread),
  'word-blacklist': unknownRun(namedThread),
  'registry-expired': registryExpired,
  'late-event': lateEvent,
};
