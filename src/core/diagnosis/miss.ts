import { extractThreadId } from '../ids/extract-thread-id';
import { THREAD_PREFIX } from '../ids/thread-id';
import { plural } from '../plural';
import type { Finding } from './findings';
import { isComposite, isDefinedThread, isNone, isRunId, isSelfTest, ownThread, withOnePrefix } from './id-facts';
import { type LiveThread, type NearMiss, nearMisses } from './near-misses';
import type { RoutingState } from './routing-state';

/** A message for a thread that nobody received. */
export interface Miss {
  readonly threadId: string;
  /** Connections of any thread at that moment, when the line says so. */
  readonly active: number | undefined;
  /** Threads of the first five connections, null for none, when a Sample line told them. */
  readonly sample: readonly (string | null)[] | undefined;
  /** Milliseconds since 1970. */
  readonly time: number | undefined;
}

/** Looks for live threads that were probably meant. */
export type NearMissFinder = (threadId: string, threads: Iterable<LiveThread | string>) => NearMiss[];

/** Threads without the usual prefix that are threads all the same (FIELD_GUIDE 1.4 T5, T6, T11). */
const BARE_THREAD = /^(?:session|default|demo_thread|ws_thread|legacy_thread)_/;

function found(id: Finding['id'], miss: Miss, rest: Omit<Finding, 'id' | 'key' | 'threadId'> & { readonly key?: string }): Finding {
  return { id, key: miss.threadId, threadId: miss.threadId, received: miss.threadId, ...rest };
}

/** Step 2 of the recipe: the key is a run ID. */
function runAsKey(miss: Miss, state: RoutingState, inferred: boolean, near: NearMissFinder): Finding {
  const key = miss.threadId;
  const own = ownThread(key, state.table);
  const about = { runId: key, nearMisses: near(key, state.threads()) };
  if (own === undefined) {
    return found('fallback-to-run-id', miss, {
      verdict: `The run ID ${key} itself was used as the thread key; it does not carry a thread, and nobody connects with a run ID.`,
      confidence: 0.9,
      also: ['F1'],
      expected: 'the ID of the thread this run was registered to',
      ...about,
    });
  }
  // The registry answers first, so the key is its answer; what is to be mended is the mapping (FIELD_GUIDE 6.3, step 2).
  if (state.answeredItself.has(key)) {
    return found('poisoned-registry', miss, {
      verdict: `The registry answered the run ID itself for ${key}, and the message was sent to that; nobody connects with a run ID.`,
      confidence: 0.95,
      expected: own,
      ...about,
    });
  }
  const listeners = state.listeners(own);
  // Where the live state is known, nobody listening is said as it is.
  const who = listeners === 0 ? (inferred && miss.active !== 0 ? 'connections listen' : 'clients would listen') : listeners === 1 ? '1 connection listens' : `${listeners} connections listen`;
  const what = isComposite(key) ? 'composite run ID' : 'run ID';
  return found('composite-as-thread', miss, {
    verdict: `A ${what} was used as the thread key; ${who} on ${own}, so nothing can match.`,
    confidence: 0.97,
    // The fault is certain; how many listen elsewhere is not read but put together.
    inferred: inferred && listeners > 0,
    expected: own,
    ...about,
  });
}

/** The other spelling of a key, with or without one prefix, that one of the live threads has. */
function otherSpelling(key: string, isLive: (thread: string) => boolean): string | undefined {
  const spellings = [THREAD_PREFIX + key, ...(key.startsWith(THREAD_PREFIX) ? [key.slice(THREAD_PREFIX.length)] : [])];
  return spellings.find((spelling) => spelling !== '' && isLive(spelling));
}

function prefixMismatch(miss: Miss, state: RoutingState, live: string | undefined, inferred: boolean): Finding {
  const received = miss.threadId;
  const expected = live ?? THREAD_PREFIX + received;
  return found('prefix-mismatch', miss, {
    verdict:
      live === undefined
        ? `${received} lacks the thread_ prefix; clients are associated with ${expected}.`
        : `The message was for ${received}, while connections listen on ${live}: the same thread with another spelling.`,
    confidence: live === undefined ? 0.6 : 0.95,
    inferred: inferred && live !== undefined,
    expected,
    // A Sample line names threads without saying how many listen: one at least.
    nearMisses: live === undefined ? [] : [{ threadId: live, connections: Math.max(1, state.listeners(live)), why: live.length < received.length ? 'without the thread_ prefix' : 'with the thread_ prefix' }],
  });
}

/** Step 6: no connection at all. */
function nobody(miss: Miss, state: RoutingState, near: NearMissFinder): Finding {
  const key = miss.threadId;
  const expired = state.expiredAt(miss.time, key);
  const departure = state.departures.get(key);
  // Whoever left the thread explains more than the age of somebody else's connection.
  const closed = departure?.how === 'closed' && expired?.threads.includes(key) !== true;
  if (!closed && expired?.connectedAt !== undefined && miss.time !== undefined) {
    const seconds = Math.round((miss.time - expired.connectedAt) / 1000);
    return found('connection-expired', miss, {
      verdict: `${expired.id} connected ${seconds} s before and never closed, but the connection table forgets every entry after 180 s, so ${key} has no listener.`,
      confidence: 0.85,
      inferred: true,
      connectionId: expired.id,
      userId: expired.userId,
      expected: 'an entry that lives as long as its socket',
      received: 'an entry that was forgotten after 180 s',
    });
  }
  if (departure?.how === 'closed') {
    return found('client-disconnected', miss, {
      verdict: `${departure.connectionId}, the last connection on ${key}, had been closed before the message was sent.`,
      confidence: 0.85,
      inferred: true,
      connectionId: departure.connectionId,
      userId: departure.userId,
    });
  }
  return found('nobody-connected', miss, {
    verdict: `Nobody was connected when the message for ${key} was sent${state.sawConnections ? '' : ', and this log shows no client connecting'}.`,
    confidence: 0.8,
    expected: `a connection that listens on ${key}`,
    received: 'no connection',
    nearMisses: near(key, state.threads()),
  });
}

/** The live threads, then those that only a Sample line names. */
function* liveAndSampled(state: RoutingState, sampled: readonly string[]): Iterable<LiveThread | string> {
  yield* state.threads();
  for (const thread of new Set(sampled)) if (state.listeners(thread) === 0) yield thread;
}

/** Steps 9 to 11: connections exist, but none on this thread. */
function notAssociated(miss: Miss, state: RoutingState, inferred: boolean, others: readonly string[], near: NearMissFinder): Finding {
  const key = miss.threadId;
  const departure = state.departures.get(key);
  if (departure?.how === 'moved') {
    const moved = departure.connections === 1 ? 'the connection' : `all ${departure.connections} connections of this user`;
    return found('thread-stealing', miss, {
      verdict: `${departure.userId} listened on ${key} until the association with ${departure.to} moved ${moved}, so ${key} has no listener.`,
      confidence: 0.9,
      inferred: true,
      severity: 'error',
      userId: departure.userId,
      nearMisses: near(key, state.threads()),
    });
  }
  if (departure?.how === 'closed' && departure.userId !== undefined) {
    // A new connection has no thread; one that has was there before, such as another tab.
    const again = state.of(departure.userId).findLast(({ threads }) => threads.length === 0);
    if (again !== undefined) {
      return found('reconnect-lost-association', miss, {
        verdict: `${departure.userId} reconnected as ${again.id}, and nothing associated the new connection with ${key}, on which ${departure.connectionId} had listened.`,
        confidence: 0.9,
        inferred: true,
        connectionId: again.id,
        userId: departure.userId,
      });
    }
  }
  if (state.ignoredSwitches.has(key)) {
    return found('switch-thread-ignored', miss, {
      verdict: `The client asked to switch to ${key} and got an acknowledgement, but the server does not act on switch_thread, so nobody listens there.`,
      confidence: 0.9,
      inferred,
      nearMisses: near(key, state.threads()),
    });
  }
  const announced = [...state.announced.keys()].find((thread) => thread !== key && (state.listeners(thread) > 0 || others.includes(thread)));
  if (announced !== undefined && !state.announced.has(key) && !state.named.has(key)) {
    return found('thread-created-other-id', miss, {
      verdict: `The client was told of ${announced} and listens there, while events are sent to ${key}.`,
      confidence: 0.85,
      inferred,
      expected: announced,
      nearMisses: near(key, state.threads()),
    });
  }
  const close = near(key, liveAndSampled(state, miss.sample === undefined ? [] : others));
  const active = miss.active === undefined ? 'Connections may be open' : `${plural(miss.active, 'connection')} ${miss.active === 1 ? 'is' : 'are'} active`;
  const everyOneOnOthers = others.length > 0 && state.unassociated === 0 && !(miss.sample?.includes(null) ?? false);
  if (everyOneOnOthers) {
    const [first] = close;
    const together = others.length === 1 ? miss.sample !== undefined || state.listeners(others[0] ?? '') >= (miss.active ?? 0) : first === undefined;
    const listens = miss.active === 1 ? 'it listens' : together ? 'they listen' : 'one listens';
    const where = first === undefined ? others.slice(0, 3).join(', ') : `${first.threadId} (${first.why})`;
    return found('wrong-thread', miss, {
      verdict: `${active}, but none on ${key}: ${listens} on ${where}.`,
      confidence: first === undefined ? 0.7 : 0.85,
      inferred,
      also: ['F12', 'F13', 'F19'],
      expected: first?.threadId ?? key,
      nearMisses: close,
    });
  }
  const shadowed = state.refusedAssociations > 0;
  const sure = miss.sample !== undefined || shadowed || state.unassociated > 0;
  const why = shadowed
    ? 'the association was tried with a connection ID where a user ID belongs, and changed nothing'
    : sure
      ? 'no connection was ever associated with it'
      : 'none was associated with it, as far as this log tells';
  return found('never-associated', miss, {
    verdict: `${active}, but nobody listens on ${key}: ${why}.`,
    confidence: sure ? (inferred ? 0.85 : 0.95) : miss.active === undefined ? 0.4 : 0.55,
    inferred: inferred || miss.sample === undefined,
    ...(shadowed ? { also: ['F4'] } : {}),
    expected: `a connection associated with ${key}`,
    received: 'connections without it',
    nearMisses: close,
  });
}

/**
 * Why nobody received a message for a thread: the decision tree of FIELD_GUIDE 6.3, in its order. `inferred` says that
 * the state was put together from other lines of a log.
 */
export function explainMiss(miss: Miss, state: RoutingState, inferred: boolean, near: NearMissFinder = nearMisses): Finding {
  const key = miss.threadId;
  if (isNone(key)) {
    return found('none-thread', miss, {
      verdict: `The message was for no thread (${key === '' ? 'an empty ID' : key}): it reaches every connection without a thread, or nobody.`,
      confidence: 0.95,
      expected: 'a thread ID',
    });
  }
  if (isSelfTest(key)) {
    return found('startup-self-test', miss, { key: '', verdict: `Noise: ${key} belongs to the start-up self test, which sends to a thread that never exists.`, confidence: 0.98 });
  }
  if (isRunId(key, state.table) && !key.startsWith(`${THREAD_PREFIX}${THREAD_PREFIX}run_`)) return runAsKey(miss, state, inferred, near);
  const sample = miss.sample?.flatMap((thread) => thread ?? []);
  const others = sample === undefined ? state.someThreads(20) : [...new Set(sample)];
  const isLive = (thread: string): boolean => state.listeners(thread) > 0 || others.includes(thread);
  if (key.startsWith(THREAD_PREFIX + THREAD_PREFIX)) {
    const single = withOnePrefix(key);
    return found('doubled-prefix', miss, {
      verdict: `The thread key ${key} carries the prefix twice; ${isLive(single) ? 'connections listen' : 'clients are associated'} with one, on ${single}.`,
      confidence: 0.95,
      expected: single,
      nearMisses: near(key, state.threads()),
    });
  }
  const spelling = otherSpelling(key, isLive);
  if (!key.startsWith(THREAD_PREFIX) && !BARE_THREAD.test(key) && !isDefinedThread(key, state.table)) return prefixMismatch(miss, state, spelling, inferred && miss.sample === undefined);
  if (miss.active === 0) return nobody(miss, state, near);
  if (sample?.includes(key) === true) return deadSocket(miss, state, false);
  if (spelling !== undefined) return prefixMismatch(miss, state, spelling, inferred && miss.sample === undefined);
  const stateTells = miss.sample === undefined || miss.sample.length === 0;
  if (stateTells && state.unhealthyOn(key) !== undefined) return deadSocket(miss, state, true);
  if (stateTells && state.listeners(key) > 0) {
    const expired = state.expiredAt(miss.time, key);
    return expired?.threads.includes(key) === true ? nobody(miss, state, near) : deadSocket(miss, state, true);
  }
  if (miss.active === undefined && !state.sawConnections && extractThreadId(key) === undefined && !key.startsWith(THREAD_PREFIX)) return nobody(miss, state, near);
  return notAssociated(miss, state, inferred && miss.sample === undefined, others, near);
}

function deadSocket(miss: Miss, state: RoutingState, inferred: boolean): Finding {
  const key = miss.threadId;
  const connection = state.unhealthyOn(key);
  return found('dead-socket', miss, {
    verdict: `${connection?.id ?? 'A connection'} is on ${key}, but it is closed or unhealthy, so the message could not be written to it.`,
    confidence: connection === undefined ? 0.8 : 0.95,
    inferred,
    connectionId: connection?.id,
    userId: connection?.userId,
  });
}
