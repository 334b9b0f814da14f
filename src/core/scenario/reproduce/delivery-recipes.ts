import type { Diagnosis } from '../../diagnosis/diagnosis';
import type { Expectations, ScenarioStep } from '../scenario';
import { associates, Facts, RUN, WHOLE_RUN } from './facts';
import type { Made, Recipe, Recipes } from './recipe';

const TAB = 'tab';
const NOTHING: Expectations = { clients: { tab: { receives: [] } } };
const ALL: Expectations = { clients: { tab: { receives: WHOLE_RUN } } };
const CONNECT: ScenarioStep = { do: 'connect', client: TAB };
const NO_QUEUE = { behaviours: { noQueue: true } } as const;

function onThread(make: (facts: Facts) => Omit<Made, 'facts'>): Recipe {
  return (diagnosis: Diagnosis) => {
    const { threadId } = diagnosis;
    if (threadId === undefined || threadId.trim() === '') return undefined;
    const facts = new Facts(diagnosis, threadId);
    return { facts, ...make(facts) };
  };
}

const neverAssociated = onThread((facts) => {
  const { user, diagnosis, registration } = facts;
  const clients = { tab: { user } };
  if (diagnosis.catalogue.includes('F4')) {
    const names: ScenarioStep = { do: 'send', client: TAB, message: { type: 'user_message', payload: { content: 'hello', thread_id: '{T}' } } };
    return {
      clients,
      steps: [CONNECT, names, ...registration, RUN],
      fault: { description: 'The association goes by connection ID where a user ID is expected.', router: { behaviours: { noQueue: true, shadowedAssociation: true } }, expect: { clients: { tab: { receives: [], threads: [] } } } },
      fix: { description: 'The association works.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
    };
  }
  return {
    clients,
    steps: [CONNECT, { ...associates(TAB), only: 'fix' }, ...registration, RUN],
    router: NO_QUEUE,
    fault: { description: 'The connection never names its thread.', expect: { clients: { tab: { receives: [], threads: [] } } } },
    fix: { description: 'The connection names its thread before the run begins.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
  };
});

/** The page sends before it knows its thread. */
const clientWithoutThread = onThread(({ user, registration }) => {
  const sends = (threadId: string | null, only: 'fault' | 'fix'): ScenarioStep => (
    { do: 'send', client: TAB, message: { type: 'user_message', payload: { content: 'hello', thread_id: threadId } }, only }
  );
  return {
    clients: { tab: { user } },
    steps: [CONNECT, sends(null, 'fault'), sends('{T}', 'fix'), ...registration, RUN],
    router: NO_QUEUE,
    fault: { description: 'The message names thread null.', expect: { clients: { tab: { receives: [], threads: [] } } } },
    fix: { description: 'The message names the thread.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
  };
});

/** The client joins as long after the first event as in the log. */
const lateAssociation = onThread((facts) => ({
  clients: { tab: { user: facts.user } },
  steps: [
    CONNECT, ...facts.registration, { do: 'emit', type: 'agent_started', run: '{R}' }, Facts.pause(facts.measuredMs), associates(TAB),
    { do: 'emit', type: 'agent_completed', run: '{R}' },
  ],
  fault: { description: `The connection joins ${facts.measuredMs} ms after the first event, which is lost.`, router: NO_QUEUE, expect: { clients: { tab: { receives: ['agent_completed'], threads: ['{T}'] } } } },
  fix: { description: 'Events wait until somebody listens.', expect: { clients: { tab: { receives: ['agent_started', 'agent_completed'], threads: ['{T}'] } } } },
}));

const threadStealing = onThread(({ user, registration }) => ({
  moreIds: { O: 'thread_{hex16}' },
  clients: { tab: { user }, other: { user } },
  steps: [CONNECT, associates(TAB), { do: 'connect', client: 'other' }, associates('other', '{O}'), ...registration, RUN],
  router: NO_QUEUE,
  fault: { description: 'The association goes by user: the second tab takes the first along.', router: { behaviours: { userWideAssociation: true } }, expect: { clients: { tab: { receives: [], threads: ['{O}'] } } } },
  fix: { description: 'Each connection has its own thread.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
}));

const reconnectLostAssociation = onThread(({ user, registration }) => ({
  clients: { tab: { user } },
  steps: [CONNECT, associates(TAB), { do: 'reconnect', client: TAB }, { ...associates(TAB), only: 'fix' }, ...registration, RUN],
  router: NO_QUEUE,
  fault: { description: 'The new connection starts without a thread.', expect: { clients: { tab: { receives: [], threads: [] } } } },
  fix: { description: 'The client names its thread again.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
}));

const switchThreadIgnored = onThread(({ user, registration }) => ({
  moreIds: { O: 'thread_{hex16}' },
  clients: { tab: { user } },
  steps: [CONNECT, associates(TAB, '{O}'), { do: 'switch', client: TAB, thread: '{T}' }, ...registration, RUN],
  router: NO_QUEUE,
  fault: { description: 'The server only acknowledges switch_thread.', router: { behaviours: { switchThreadIgnored: true } }, expect: { clients: { tab: { receives: [], threads: ['{O}'] } } } },
  fix: { description: 'The server acts on switch_thread.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
}));

const connectionExpired = onThread(({ user, registration }) => ({
  clients: { tab: { user } },
  steps: [CONNECT, associates(TAB), { do: 'advance', by: '180s' }, ...registration, RUN],
  router: NO_QUEUE,
  fault: { description: 'The connection table forgets every entry after 180 s.', router: { behaviours: { connectionExpiry: true } }, expect: { clients: { tab: { receives: [], open: true } } } },
  fix: { description: 'An entry lives as long as its socket.', expect: ALL },
}));

const clientGone = onThread(({ user, registration }) => ({
  clients: { tab: { user } },
  steps: [CONNECT, associates(TAB), { do: 'drop', client: TAB }, ...registration, RUN, CONNECT, associates(TAB)],
  fault: { description: 'Events for a thread that nobody is on are lost.', router: NO_QUEUE, expect: NOTHING },
  fix: { description: 'Events wait until the client is back.', expect: ALL },
}));

/** More than the system's buffers of a socket take. */
const FLOOD = { repeat: 24, fillBytes: 512 * 1024, unreadBytes: 64 * 1024 * 1024 } as const;

/** A reader that stalls: its socket is open, and nothing can be written to it any more. */
const deadSocket = onThread(({ user, registration }) => {
  const { repeat, fillBytes, unreadBytes } = FLOOD;
  const timeOut: readonly ScenarioStep[] = [{ do: 'advance', by: '3s' }, { do: 'wait', for: '100ms' }];
  return {
    clients: { tab: { user } },
    steps: [
      CONNECT, associates(TAB), ...registration, { do: 'stall', client: TAB },
      { do: 'emit', type: 'progress_update', run: '{R}', repeat, fillBytes }, ...timeOut, ...timeOut, ...timeOut,
      { do: 'resume', client: TAB }, { do: 'wait', for: '100ms' }, { do: 'emit', type: 'agent_completed', run: '{R}' },
      { do: 'wait', client: TAB, type: 'agent_completed', only: 'fix' },
    ],
    fault: {
      description: 'Sends to it time out; it counts as unhealthy from then on, even when it reads again.',
      router: { behaviours: { sendRetries: true, noQueue: true }, limits: { hardBufferBytes: unreadBytes } },
      expect: { clients: { tab: { never: ['agent_completed'], open: true } }, receipts: [{ type: 'agent_completed', outcome: 'undeliverable' }] },
    },
    fix: {
      description: 'What is not read yet waits, and arrives when the client reads again.',
      router: { limits: { softBufferBytes: unreadBytes, hardBufferBytes: unreadBytes } },
      expect: { clients: { tab: { includes: ['agent_completed'], open: true } } },
    },
  };
});

const nobodyConnected = onThread(({ user, registration }) => ({
  clients: { tab: { user } },
  steps: [...registration, RUN, CONNECT, associates(TAB)],
  fault: { description: 'The run is over before a client connects.', router: NO_QUEUE, expect: NOTHING },
  fix: { description: 'Events wait until somebody listens.', expect: ALL },
}));

const wrongThread = onThread(({ user, diagnosis, registration }) => {
  const other = diagnosis.nearMisses.find(({ threadId }) => threadId !== diagnosis.threadId)?.threadId ?? 'thread_{hex16}';
  return {
    moreIds: { O: other },
    clients: { tab: { user } },
    steps: [CONNECT, associates(TAB, '{O}'), { ...associates(TAB), only: 'fix' }, ...registration, RUN],
    router: NO_QUEUE,
    fault: { description: 'The client stays on the other thread.', expect: { clients: { tab: { receives: [], threads: ['{O}'] } } } },
    fix: { description: 'The client names the thread that events are sent to.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
  };
});

/** One conversation under two keys: events are sent to the one, clients listen on the other. */
function prefixMismatch(diagnosis: Diagnosis): Made | undefined {
  const { threadId, expected } = diagnosis;
  if (threadId === undefined || expected === undefined || expected === threadId) return undefined;
  const facts = new Facts(diagnosis, threadId);
  return {
    facts,
    moreIds: { O: expected },
    clients: { tab: { user: facts.user } },
    steps: [
      CONNECT, { ...associates(TAB, '{O}'), only: 'fault' }, { ...associates(TAB), only: 'fix' }, { do: 'register', run: '{R}', thread: '{T}' }, RUN,
    ],
    router: NO_QUEUE,
    fault: { description: 'Events are sent to one spelling, the client listens on the other.', expect: { clients: { tab: { receives: [], threads: ['{O}'] } } } },
    fix: { description: 'Both sides spell the thread alike.', expect: { clients: { tab: { receives: WHOLE_RUN, threads: ['{T}'] } } } },
  };
}

const phantomSuccess = onThread(({ registration }) => ({
  clients: {},
  steps: [...registration, { do: 'emit', type: 'agent_started', run: '{R}' }],
  fault: { description: 'Success is reported with nobody there.', router: { behaviours: { successWithoutSending: true } }, expect: { receipts: [{ outcome: 'delivered', connections: 0 }] } },
  fix: { description: 'The receipt says that the event waits.', expect: { receipts: [{ outcome: 'queued', connections: 0 }] } },
}));

function typeRewritten(diagnosis: Diagnosis): Made {
  const facts = new Facts(diagnosis, diagnosis.threadId);
  return {
    facts,
    clients: { tab: { user: facts.user, thread: '{T}' } },
    steps: [CONNECT, ...facts.registration, { do: 'emit', type: 'agent_death', run: '{R}' }],
    fault: { description: 'The server rewrites types it does not know.', router: { behaviours: { typeRewriting: true } }, expect: { clients: { tab: { receives: ['user_message'] } } } },
    fix: { description: 'Types pass as they are.', expect: { clients: { tab: { receives: ['agent_death'] } } } },
  };
}

function closesAllTabs(diagnosis: Diagnosis): Made {
  const facts = new Facts(diagnosis, diagnosis.threadId);
  const { user } = facts;
  return {
    facts,
    clients: { tab: { user, thread: '{T}' }, other: { user, thread: '{T}' } },
    steps: [CONNECT, { do: 'connect', client: 'other' }, ...facts.registration, { do: 'close', client: 'other' }, RUN],
    router: NO_QUEUE,
    fault: { description: 'Disconnecting goes by user.', router: { behaviours: { closeAllTabs: true } }, expect: { clients: { tab: { receives: [], open: false } } } },
    fix: { description: 'Disconnecting goes by connection.', expect: { clients: { tab: { receives: WHOLE_RUN, open: true } } } },
  };
}

function duplicateEvents(diagnosis: Diagnosis): Made {
  const facts = new Facts(diagnosis, diagnosis.threadId);
  return {
    facts,
    clients: { tab: { user: facts.user, thread: '{T}' } },
    steps: [CONNECT, ...facts.registration, RUN],
    fault: { description: 'The end of the run is sent twice.', router: { faults: [{ kind: 'duplicate', type: 'agent_completed' }] }, expect: { clients: { tab: { receives: [...WHOLE_RUN, 'agent_completed'] } } } },
    fix: { description: 'Each event is sent once.', expect: ALL },
  };
}

/** Faults on the way from a thread to its connections. */
export const DELIVERY_RECIPES: Recipes = {
  'never-associated': neverAssociated,
  'client-without-thread': clientWithoutThread,
  'late-association': lateAssociation,
  'thread-stealing': threadStealing,
  'reconnect-lost-association': reconnectLostAssociation,
  'switch-thread-ignored': switchThreadIgnored,
  'connection-expired': connectionExpired,
  'client-disconnected': clientGone,
  'dead-socket': deadSocket,
  'nobody-connected': nobodyConnected,
  'wrong-thread': wrongThread,
  'prefix-mismatch': prefixMismatch,
  'phantom-success': phantomSuccess,
  'type-rewritten': typeRewritten,
  'disconnect-closes-all-tabs': closesAllTabs,
  'duplicate-events': duplicateEvents,
};
