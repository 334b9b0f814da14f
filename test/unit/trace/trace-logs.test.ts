import assert from 'node:assert/strict';
import { BytesSource } from '../../../src/workbench/trace/search/bytes-source';
import { renderTrace } from '../../../src/workbench/trace/render-trace';
import type { Trace, TraceEntry } from '../../../src/workbench/trace/trace-entry';
import { traceLogs } from '../../../src/workbench/trace/trace-logs';
import { IN_ENGLISH as api } from '../../workbench/fake/localisation';

const THREAD = 'thread_13679e4dcc38403a';
const RUN = `${THREAD}_run_1756919162904_9adf1f09`;
const OTHER_RUN = `${THREAD}_run_1756919199999_0badcafe`;

const source = (label: string, lines: readonly string[]): BytesSource => new BytesSource(`test:/${label}`, label, () => Promise.resolve(Buffer.from(`${lines.join('\n')}\n`)));

/** A line as the backend writes it, so many milliseconds after 10:00. */
function at(ms: number, message: string, level = 'INFO'): string {
  return `${new Date(Date.UTC(2025, 8, 3, 10) + ms).toISOString().slice(0, 23).replace('T', ' ')} | ${level.padEnd(8)} | backend:send:1 | ${message}`;
}

const places = ({ entries }: Trace): string[] => entries.map(({ origin, line }) => `${origin.label}:${line}`);

describe('tracing logs', () => {
  it('goes back for connections and users that it learns of later, across files', async () => {
    const early = source('app.log.1', [
      at(0, 'Enhanced WebSocket connected: conn_u1_00000001 for user u1 (protocol: fastapi)'),
      at(1, 'Enhanced WebSocket connected: conn_u2_00000002 for user u2 (protocol: fastapi)'),
      at(2, 'Connection pool ready'),
    ]);
    const late = source('app.log', [
      at(1000, `Associated 1 connections for user u1 with thread ${THREAD}`),
      at(2000, 'Connection conn_u1_00000001 disconnected before send', 'WARNING'),
      at(2001, 'Connection conn_u2_00000002 disconnected before send', 'WARNING'),
      at(2002, `No connections found for thread ${THREAD}. Active connections: 1`, 'WARNING'),
    ]);
    const trace = await traceLogs({ api, id: RUN, sources: [late, early] });
    assert.deepEqual(places(trace), ['app.log.1:1', 'app.log:1', 'app.log:2', 'app.log:4']);
    assert.equal(trace.broke?.diagnosis?.id, 'dead-socket');
    assert.deepEqual(trace.connections.map(({ connectionId, end }) => [connectionId, end]), [['conn_u1_00000001', 'found dead when sending']]);
  });

  it('learns the thread of a run that does not carry it', async () => {
    const run = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';
    const log = source('app.log', [
      at(0, 'Updated connection conn_u1_00000001 with thread_id thread_abc123def456', 'DEBUG'),
      at(5, `✅ MAPPING REGISTERED: run_id=${run} → thread_id=thread_abc123def456 (metadata: {})`),
      at(9, 'No connections found for thread thread_abc123def456. Active connections: 1', 'WARNING'),
      at(10, 'No connections found for thread thread_fedcba654321. Active connections: 1', 'WARNING'),
    ]);
    const trace = await traceLogs({ api, id: run, sources: [log] });
    assert.deepEqual(trace.threadIds, ['thread_abc123def456']);
    assert.deepEqual(places(trace), ['app.log:1', 'app.log:2', 'app.log:3']);
  });

  it('follows one run without its siblings, and a thread with all of them', async () => {
    const log = source('app.log', [
      at(0, `✅ EMISSION SUCCESS: agent_started → thread=${THREAD} (run_id=${RUN}, agent=triage)`),
      at(10, `✅ EMISSION SUCCESS: agent_started → thread=${THREAD} (run_id=${OTHER_RUN}, agent=triage)`),
      at(20, `✅ EMISSION SUCCESS: agent_completed → thread=${THREAD} (run_id=${OTHER_RUN}, agent=triage)`),
      at(30, `Associated 1 connections for user u1 with thread ${THREAD}`),
    ]);
    const run = await traceLogs({ api, id: RUN, sources: [log] });
    assert.deepEqual(places(run), ['app.log:1', 'app.log:4']);
    assert.match(run.verdict, /^Incomplete at 10:00:00\.000 \(app\.log:1\): agent_started, and no agent_completed or agent_error after it\.$/);
    assert.deepEqual(places(await traceLogs({ api, id: THREAD, sources: [log] })), ['app.log:1', 'app.log:2', 'app.log:3', 'app.log:4']);
  });

  it('does not take IDs that only begin alike', async () => {
    const log = source('app.log', [
      at(0, 'No connections found for thread thread_user_12. Active connections: 1', 'WARNING'),
      at(1, 'No connections found for thread thread_user_123. Active connections: 1', 'WARNING'),
      at(2, 'No connections found for thread thread_user_12_run_1756919162904_9adf1f09. Active connections: 1', 'WARNING'),
    ]);
    assert.deepEqual(places(await traceLogs({ api, id: 'thread_user_12', sources: [log] })), ['app.log:1', 'app.log:3']);
  });

  it('takes the explaining line after a miss, and the time before a line without one', async () => {
    const log = source('app.log', [
      `\uFEFF${at(0, `No connections found for thread ${THREAD}. Active connections: 1`, 'WARNING')}`,
      at(1, 'Sample connection thread_ids: [None]', 'DEBUG'),
      at(7, 'Traceback (most recent call last):', 'ERROR'),
      '  File "bridge.py", line 7, in send',
      `ValueError: ${THREAD}`,
    ]);
    const trace = await traceLogs({ api, id: THREAD, sources: [log] });
    assert.deepEqual(places(trace), ['app.log:1', 'app.log:2', 'app.log:5']);
    assert.equal(trace.broke?.diagnosis?.id, 'never-associated');
    assert.deepEqual(trace.entries.map(({ time, hasOwnTime }) => [(time ?? 0) % 1000, hasOwnTime]), [[0, true], [1, true], [7, false]]);
  });

  it('compares with who else was connected when a message reached nobody', async () => {
    const log = source('app.log', [
      at(0, 'Enhanced WebSocket connected: conn_u7_00000007 for user u7 (protocol: fastapi)'),
      at(1, 'Associated 1 connections for user u7 with thread thread_13679e4dcc38403b'),
      at(9, `No connections found for thread ${THREAD}. Active connections: 1`, 'WARNING'),
    ]);
    const trace = await traceLogs({ api, id: THREAD, sources: [log] });
    assert.deepEqual(places(trace), ['app.log:3']);
    assert.deepEqual(trace.broke?.diagnosis?.nearMisses.map(({ threadId }) => threadId), ['thread_13679e4dcc38403b']);
    assert.match(renderTrace(api, trace).text, /^Closest: thread_13679e4dcc38403b \(/m);
  });

  it('takes the same line in two logs for one event', async () => {
    const lines = [at(0, `✅ EMISSION SUCCESS: agent_started → thread=${THREAD} (run_id=${RUN}, agent=triage)`), at(10, `✅ EMISSION SUCCESS: agent_completed → thread=${THREAD} (run_id=${RUN}, agent=triage)`)];
    const trace = await traceLogs({ api, id: RUN, sources: [source('console.log', lines), source('file.log', lines)] });
    assert.equal(trace.entries.length, 4);
    assert.equal(trace.entries.filter(({ marks }) => marks.some(({ kind }) => kind === 'duplicate')).length, 2);
    assert.deepEqual(trace.diagnoses.filter(({ id }) => id === 'duplicate-events'), []);
  });

  it('answers what it has when it is cancelled', async () => {
    const abort = new AbortController();
    const filler = Array.from({ length: 40_000 }, (_, i) => at(i, 'nothing of interest '.repeat(5)));
    const log = source('app.log', [at(0, `Associated 1 connections for user u1 with thread ${THREAD}`), ...filler, at(99_999, `No connections found for thread ${THREAD}. Active connections: 1`, 'WARNING')]);
    const trace = await traceLogs({ api, id: THREAD, sources: [log], signal: abort.signal, onProgress: () => abort.abort() });
    assert.equal(trace.cancelled, true);
    assert.deepEqual(places(trace), ['app.log:1']);
    assert.deepEqual(trace.notes.map(({ reason }) => reason), ['cancelled']);
  });

  it('keeps its memory bounded and says what it left out', async () => {
    const lines = Array.from({ length: 600 }, (_, i) => at(i, `step ${i} of ${THREAD}`));
    const trace = await traceLogs({ api, id: THREAD, sources: [source('app.log', lines)], maxLines: 500 });
    assert.equal(trace.entries.length, 500);
    assert.match(trace.notes[0]?.message ?? '', /expected at most 500 lines, received 600/);
    const long = Array.from({ length: 50_000 }, (_, i) => trace.entries[i % 500] as TraceEntry);
    const { text, links } = renderTrace(api, { ...trace, entries: long });
    assert.match(text, /… 30,000 lines are not shown …/);
    assert.equal(links.length, 20_000);
  });

  it('links exactly the places that it names', async () => {
    const trace = await traceLogs({ api, id: THREAD, sources: [source('app.log', [at(0, `No connections found for thread ${THREAD}. Active connections: 0`, 'WARNING')])] });
    const { text, links } = renderTrace(api, trace);
    const lines = text.split('\n');
    assert.deepEqual(links.map(({ line, start, end }) => lines[line]?.slice(start, end)), ['app.log:1', 'app.log:1']);
  });
});
