import assert from 'node:assert/strict';
import { parseScenario, type Scenario, type ScenarioReport } from '../../../../src/core/index';
import { renderReport, renderVerdict } from '../../../../src/core/scenario/render-report';
import { ROUTER_PARTS } from '../../../../src/router/scenario/router-parts';
import { type RunOptions, type RunProgress, runScenario } from '../../../../src/router/scenario/run-scenario';

const T1 = 'thread_13679e4dcc38403a';
const R1 = `${T1}_run_1756919162904_9adf1f09`;

/** Reads and runs what a file could say. */
async function run(json: object, options: RunOptions = {}): Promise<ScenarioReport> {
  const { scenario, problems } = parseScenario({ version: 1, name: 'a test', ...json });
  assert.deepEqual(problems, []);
  return runScenario(scenario!, ROUTER_PARTS, options);
}

const tab = { tab: { user: 'u1', thread: T1 } };
const connect = { do: 'connect', client: 'tab' } as const;

describe('scenario runner', () => {
  it('tells what reached whom, over real sockets', async () => {
    const { variants: [one], passed } = await run({ clients: tab, steps: [connect, { do: 'run', run: R1, agent: 'triage' }] });
    assert.ok(passed);
    assert.deepEqual(one!.events.map(({ type, agent, receipt }) => [type, agent, receipt?.outcome, receipt?.threadId]), ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'].map((type) => [type, 'triage', 'delivered', T1]));
    const [client] = one!.clients;
    assert.deepEqual(client!.received.map(({ event }) => event), [1, 2, 3, 4, 5]);
    for (const { latencyMs } of client!.received) assert.ok(latencyMs! >= 0 && latencyMs! < 5_000);
    assert.match(client!.connectionIds[0]!, /^conn_u1_[0-9a-f]{8}$/);
    assert.deepEqual(client!.threads, [T1]);
    assert.deepEqual(one!.deliveries, { delivered: 5, queued: 0, undeliverable: 0, rejected: 0 });
    assert.deepEqual(one!.registry, { [R1]: T1 });
  });

  it('mints its IDs anew in each run, and takes literal ones', async () => {
    const scenario = { ids: { L: T1, T: 'thread_{hex16}', R: '{T}_run_{ms}_{hex8}', U: 'run_{uuid}' }, startsAt: '2025-09-03T16:52:42.904Z', steps: [] };
    const [first, second] = [await run(scenario), await run(scenario)].map(({ variants }) => variants[0]!.ids);
    assert.equal(first!['L'], T1);
    assert.match(first!['R']!, /^thread_[0-9a-f]{16}_run_17569183\d{5}_[0-9a-f]{8}$/);
    assert.ok(first!['R']!.startsWith(first!['T']!));
    assert.match(first!['U']!, /^run_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(first!['T'], second!['T']);
  });

  it('compares what was expected with what came, and fails when they differ', async () => {
    const { passed, variants: [one] } = await run({
      clients: tab,
      steps: [connect, { do: 'emit', type: 'agent_started', run: R1 }],
      expect: {
        clients: { tab: { receives: ['agent_completed'], never: ['agent_started'], atLeast: 2, atMost: 0, threads: [], open: false, closeCode: 1000, latency: [{ type: 'agent_started', atLeast: '9s' }, { type: 'agent_death' }], includes: ['agent_started', 'agent_started'] } },
        receipts: [{ type: 'agent_started', outcome: 'queued', thread: null, source: 'orchestrator', pattern: '4', connections: 3, reason: 'because', count: 2 }, { type: 'agent_started', pattern: '4' }, { type: 'agent_error' }],
        deliveries: { delivered: 2 },
        registry: { [R1]: 'thread_other' },
        diagnoses: { includes: ['dead-socket'], excludes: ['guess-not-fact'] },
      },
    });
    assert.equal(passed, false);
    assert.deepEqual(one!.assertions.filter((assertion) => assertion.passed), []);
    assert.equal(one!.assertions.length, 23);
    const receives = one!.assertions.find(({ path }) => path === 'clients.tab.receives');
    assert.deepEqual(receives, { path: 'clients.tab.receives', passed: false, expected: 'agent_completed', received: 'agent_started' });
  });

  it('keeps what agents do at once apart, each on a socket of its own', async () => {
    const lane = (agent: string): object[] => [{ do: 'emit', type: 'agent_thinking', run: R1, agent, repeat: 50 }];
    const { variants: [one] } = await run({ clients: tab, steps: [connect, { do: 'parallel', lanes: ['a', 'b', 'c'].map(lane) }] });
    assert.equal(one!.clients[0]!.received.length, 150);
    assert.deepEqual([...new Set(one!.events.map(({ agent }) => agent))].sort(), ['a', 'b', 'c']);
    assert.ok(one!.events.slice(0, 6).some(({ agent }, i, all) => i > 0 && agent !== all[0]!.agent), 'they take turns');
    assert.ok(one!.events.every(({ receipt }) => receipt?.outcome === 'delivered'));
  });

  it('lets the clock of the router keep the time that its speed saves', async () => {
    const began = performance.now();
    const { variants: [one] } = await run({ clients: tab, steps: [connect, { do: 'wait', for: '60s' }, { do: 'emit', type: 'agent_started', run: R1, at: '90s' }, { do: 'advance', by: '1h' }, { do: 'emit', type: 'agent_completed', run: R1 }] }, { speed: Infinity });
    assert.ok(performance.now() - began < 30_000);
    const [started, completed] = one!.events;
    assert.ok(started!.at >= 90_000 && started!.at < 120_000, String(started!.at));
    assert.ok(completed!.at >= 3_690_000 && completed!.at < 3_720_000, String(completed!.at));
  });

  it('lets clients drop, close, come back, stall and read again', async () => {
    const emit = (type: string): object => ({ do: 'emit', type, run: R1 });
    const { variants: [one] } = await run({
      clients: tab,
      steps: [connect, emit('first'), { do: 'drop', client: 'tab' }, emit('second'), { do: 'reconnect', client: 'tab' }, { do: 'stall', client: 'tab' }, emit('third'), { do: 'resume', client: 'tab' }, { do: 'wait', client: 'tab', type: 'third' }, { do: 'close', client: 'tab', code: 3001, reason: 'enough' }],
    });
    const [client] = one!.clients;
    assert.deepEqual(client!.received.map(({ type }) => type), ['first', 'second', 'third']);
    assert.equal(client!.connectionIds.length, 2);
    assert.deepEqual([client!.open, client!.closeCode, client!.closeReason], [false, 3001, 'enough']);
    assert.deepEqual(one!.moments.filter(({ what }) => what !== 'event').map(({ what }) => what), ['connected', 'associated', 'closed', 'connected', 'associated', 'stalled', 'resumed', 'closed']);
    assert.deepEqual(one!.deliveries, { delivered: 3, queued: 0, undeliverable: 0, rejected: 0 });
    assert.equal(one!.events[1]!.receipt!.outcome, 'queued');
    assert.equal(one!.events[1]!.final!.outcome, 'delivered');
  });

  it('says in the report what could not be done, and goes no further', async () => {
    const { passed, variants: [one] } = await run({ clients: tab, steps: [{ do: 'subscribe', client: 'tab', thread: T1 }, connect] });
    assert.equal(passed, false);
    assert.match(one!.problem!, /tab is not connected: expected a "connect" step before/);
    assert.deepEqual(one!.clients[0]!.connectionIds, []);
    const twice = await run({ clients: tab, steps: [connect, connect] });
    assert.match(twice.variants[0]!.problem!, /connected already/);
  });

  it('throws for a router that cannot be set up so', async () => {
    await assert.rejects(run({ router: { limits: { nonsense: 1 } }, steps: [] }), /router: expected one of connections, .*received "nonsense"/);
    await assert.rejects(run({ steps: [], variants: { fix: {} } }, { variant: 'fault' }), /variant: expected fix, received fault/);
  });

  it('is cancelled at once, and leaves nothing open', async () => {
    const controller = new AbortController();
    const began = performance.now();
    const report = run({ clients: tab, steps: [connect, { do: 'wait', for: '5m' }], variants: { fault: {}, fix: {} } }, { signal: controller.signal, onProgress: ({ step }) => step === 'wait' && controller.abort() });
    const { passed, variants } = await report;
    assert.ok(performance.now() - began < 30_000);
    assert.equal(passed, false);
    assert.deepEqual(variants.map(({ variant, problem }) => [variant, problem]), [['fault', 'The run was cancelled.']]);
  });

  it('reports progress step by step', async () => {
    const progress: RunProgress[] = [];
    await run({ clients: tab, steps: [connect, { do: 'parallel', lanes: [[{ do: 'stall', client: 'tab' }]] }], variants: { fix: {} } }, { onProgress: (one) => progress.push(one) });
    assert.deepEqual(progress, [
      { variant: 'fix', done: 0, total: 3, step: 'connect' },
      { variant: 'fix', done: 1, total: 3, step: 'parallel' },
      { variant: 'fix', done: 2, total: 3, step: 'stall' },
    ]);
  });
});

describe('scenario report', () => {
  it('shows the way of each event to each client, in text that no content can break', async () => {
    const evil: Scenario['clients'] = { tab: { user: '|](http://x)<b>`', thread: T1 } };
    const report = await run({ name: '# <script>', ids: { T: T1, R: R1 }, clients: evil, steps: [connect, { do: 'emit', type: 'agent_started', run: '{R}', agent: 'a', repeat: 5 }, { do: 'emit', type: 'x|y`z', run: 'run_nobody' }], expect: { clients: { tab: { receives: [] } } } });
    const text = renderReport(report);
    assert.match(text, /^# # \\<script>\n/);
    assert.match(text, /agent_started \{R\} ×4 +\| ✓ \+\d+ ms +\| delivered → \{T\}/);
    assert.match(text, /✓ \+\d+ ms/);
    assert.match(text, /\*\*Not as expected\.\*\*/);
    assert.match(text, /✗ +\| clients\.tab\.receives/);
    assert.doesNotMatch(text.replaceAll(/```log[^]*?```/g, ''), /(?<!\\)<b>|(?<!\\)\]\(http/);
    for (const line of text.split('\n').filter((one) => one.startsWith('| '))) assert.doesNotMatch(line.replaceAll('\\|', ''), /x\|y/);
    assert.match(renderVerdict(report), /^✗ # <script>: 1 of 1 expectations not met \(\d+ ms\)$/);
  });
});
