import { compareDialects } from '../ids/compare-dialects';
import type { FormatTable } from '../ids/formats/format-table';
import { extractThreadId } from '../ids/extract-thread-id';
import { isBlank, pythonStrip } from '../ids/python-text';
import { THREAD_PREFIX } from '../ids/thread-id';
import { plural } from '../plural';
import type { Diagnosis } from './diagnosis';
import { Findings } from './findings';
import { falseExtraction, isBareRun, isComposite, isNone, isRunId, isSelfTest, isTimestampThread, ownThread } from './id-facts';
import type { LiveState } from './live-state';
import { explainMiss } from './miss';
import { nearMisses } from './near-misses';
import { RoutingState } from './routing-state';
import { explainUnresolved } from './unresolved';

/** What an event of this run, or for this thread, would meet: from the ID alone, and from the live state when there is one. */
export function diagnoseId(text: string, live?: LiveState, table?: FormatTable): Diagnosis[] {
  const findings = new Findings();
  const id = pythonStrip(text);
  const state = live === undefined ? new RoutingState(table) : RoutingState.fromLive(live, table);
  if (isBlank(text) || isNone(id) || id === 'registry') {
    findings.add(explainUnresolved(id));
    return findings.diagnoses();
  }
  if (isSelfTest(id)) findings.add(explainUnresolved(id));
  if (PLACEHOLDER.test(id)) {
    findings.add({ id: 'placeholder-id', key: id, confidence: 0.6, verdict: `"${id}" looks like a placeholder that was passed on instead of an ID.`, received: id });
  }
  if (OTHER_ID.test(id)) {
    judgeConnection(id, live, state, findings);
    return findings.diagnoses();
  }
  const mapping = live?.lookup?.(id);
  const extracted = extractThreadId(id)?.threadId;
  const known = mapping !== undefined && mapping.expired !== true ? mapping.threadId : undefined;
  if (mapping?.expired === true) findings.add(explainUnresolved(id, { expired: true, table }));
  if (known !== undefined && isComposite(known)) {
    findings.add({
      id: 'poisoned-registry',
      key: id,
      runId: id,
      threadId: known,
      confidence: 0.97,
      verdict: `The registry answers ${known === id ? 'the run ID itself' : known} for ${id}: a wrong extraction was stored, and it stays wrong until the mapping is removed.`,
      expected: ownThread(known) ?? known,
      received: known,
    });
  }
  if (known === undefined && extracted === undefined && isRunLike(id, table)) findings.add(explainUnresolved(id, { table }));
  if (known === undefined && extracted !== undefined) judgeExtraction(id, extracted, findings);
  const thread = known ?? extracted;
  if (thread !== undefined) {
    if (thread.startsWith(THREAD_PREFIX + THREAD_PREFIX)) {
      findings.add(explainMiss({ threadId: thread, active: undefined, sample: undefined, time: undefined }, state, false));
    }
    // A composite answer is diagnosed as such above; that nobody listens on it explains nothing more.
    if (live !== undefined && !isComposite(thread)) judgeThread(thread, id, state, findings);
  } else if (live !== undefined && !isRunId(id, table) && !isSelfTest(id)) judgeThread(id, id, state, findings);
  const dialects = compareDialects(id);
  if (!dialects.agree && isRunId(id, table)) {
    findings.add({ id: 'dialects-disagree', key: id, runId: id, confidence: 0.95, verdict: `Versions disagree about ${id}: ${dialects.diagnosis}` });
  }
  return findings.diagnoses();
}

/** IDs of connections, requests and messages: no thread and no run. */
const OTHER_ID = /^(?:conn|ws_conn|main|req|msg)_/;
const PLACEHOLDER = /^(?:default|placeholder|unknown|temp|temporary|dummy|mock|example|test|n\/a)$/i;

/** What keeps a connection from receiving anything. */
function judgeConnection(id: string, live: LiveState | undefined, state: RoutingState, findings: Findings): void {
  const connection = live === undefined ? undefined : state.connections.get(id);
  if (connection === undefined) return;
  const about = { key: id, connectionId: id, userId: connection.userId, confidence: 0.97 };
  const [thread] = connection.threads;
  if (!connection.healthy) {
    findings.add({ id: 'dead-socket', ...about, threadId: thread, verdict: `${id}${thread === undefined ? '' : `, which listens on ${thread},`} is closed or unhealthy and cannot be written to.` });
  }
  if (thread === undefined) {
    findings.add({ id: 'never-associated', ...about, verdict: `${id} listens on no thread, so it receives no agent event.`, expected: 'an association with a thread' });
  }
}

/** IDs for which somebody expects a thread: everything but bare thread names. */
function isRunLike(id: string, table: FormatTable | undefined): boolean {
  return isRunId(id, table) || isBareRun(id) || id.includes(THREAD_PREFIX);
}

function judgeExtraction(id: string, extracted: string, findings: Findings): void {
  const about = { key: id, runId: id, threadId: extracted, received: extracted };
  if (isTimestampThread(extracted) && id.startsWith('run_')) {
    findings.add({ id: 'timestamp-as-thread', ...about, confidence: 0.9, verdict: `${id} reads as a run of ${extracted}, but that is the time at which it was made, not a thread.` });
    return;
  }
  const why = falseExtraction(id, extracted);
  if (why !== undefined) {
    findings.add({ id: 'false-extraction', ...about, confidence: 0.8, verdict: `A pattern cuts ${extracted} out of ${id}, and ${why}: events would go to the wrong thread.` });
  }
}

/** Whether an event for the thread would arrive now. */
function judgeThread(thread: string, id: string, state: RoutingState, findings: Findings): void {
  const listeners = state.listeners(thread);
  const users = state.usersOn(thread);
  if (users.size > 1) {
    findings.add({ id: 'users-share-thread', key: thread, threadId: thread, confidence: 0.97, verdict: `${users.size} users listen on ${thread} (${[...users].slice(0, 3).join(', ')}): each sees the events of the others.` });
  }
  if (isComposite(id) && thread !== id && state.listeners(id) > 0) {
    findings.add({ id: 'composite-as-thread', key: id, runId: id, threadId: id, confidence: 0.97, verdict: `${plural(state.listeners(id), 'connection')} ${state.listeners(id) === 1 ? 'listens' : 'listen'} on the run ID ${id} itself, while its events go to ${thread}.`, expected: thread, received: id, nearMisses: nearMisses(id, state.threads()) });
  }
  if (listeners > 0) return;
  // As the original counts: whoever is in the table, healthy or not.
  const active = state.connections.size || state.someThreads(1).length;
  const finding = explainMiss({ threadId: thread, active, sample: undefined, time: undefined }, state, false);
  // There is no message yet, and no log.
  const verdict = finding.id === 'nobody-connected' ? `Nobody is connected, so an event for ${thread} would reach no one.` : finding.verdict;
  findings.add({ ...finding, verdict, ...(id === thread ? {} : { runId: id }), inferred: false });
}
