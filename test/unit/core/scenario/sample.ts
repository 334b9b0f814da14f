import type { Scenario } from '../../../../src/core/index';

/** Uses every step and every member of the format. */
export const EVERYTHING: Scenario = {
  $schema: './scenario.schema.json',
  version: 1,
  name: 'Everything',
  description: 'Every step and every member.',
  fault: 'composite-as-thread',
  evidence: ['No connections found for thread thread_a_run_1_aaaaaaaa'],
  startsAt: '2025-09-03T16:52:42.904Z',
  router: { dialect: 'fix', profile: 'strict', behaviours: { noQueue: true }, limits: { waitingPerThread: 3 }, faults: [{ kind: 'delay', ms: 20, type: 'agent_started', threadId: '{T}', runId: '{R}', everyNth: 2, count: 3 }] },
  ids: { T: 'thread_{hex16}', R: '{T}_run_{ms}_{hex8}', U: 'run_{uuid}' },
  clients: { tab: { user: 'u1', thread: '{T}', reads: true }, other: {} },
  steps: [
    { do: 'connect', client: 'tab', thread: '{T}', at: 0 },
    { do: 'reconnect', client: 'tab', after: '10ms' },
    { do: 'subscribe', client: 'other', thread: '{T}' },
    { do: 'unsubscribe', client: 'other', thread: '{T}', only: 'fault' },
    { do: 'switch', client: 'other', thread: '{T}' },
    { do: 'send', client: 'tab', message: { type: 'start_agent', payload: { thread_id: '{T}' } } },
    { do: 'send', client: 'tab', message: 'no json' },
    { do: 'stall', client: 'tab' },
    { do: 'resume', client: 'tab' },
    { do: 'drop', client: 'tab' },
    { do: 'close', client: 'other', code: 3000, reason: 'done' },
    { do: 'register', run: '{R}', thread: '{T}' },
    { do: 'unregister', run: '{R}' },
    { do: 'emit', type: 'agent_started', run: '{R}', agent: 'triage', payload: { status: 'started' }, repeat: 2, every: 5, fillBytes: 10 },
    { do: 'run', run: '{U}', agent: 'data', thinking: 2, tools: ['search'], progress: 1, end: 'error', every: '1ms' },
    { do: 'advance', by: '24h' },
    { do: 'wait', for: '5ms' },
    { do: 'wait', client: 'tab', type: 'agent_started', count: 1 },
    { do: 'parallel', lanes: [[{ do: 'emit', type: 'custom', run: '{R}' }], [{ do: 'wait', for: 1 }]] },
  ],
  expect: {
    clients: {
      tab: { receives: ['agent_started'], includes: ['agent_started'], never: ['agent_death'], atLeast: 1, atMost: 9, latency: [{ type: 'agent_started', atLeast: 0, atMost: '1s' }], threads: ['{T}'], open: true, closeCode: 1000 },
    },
    receipts: [{ type: 'agent_started', run: '{R}', count: 1, outcome: 'delivered', thread: '{T}', source: 'pattern_extraction', pattern: '1.5', connections: 1, reason: 'part' }, { thread: null }],
    deliveries: { delivered: 1, queued: 0, undeliverable: 0, rejected: 0 },
    registry: { '{R}': '{T}', '{U}': null },
    diagnoses: { includes: ['composite-as-thread'], excludes: ['dead-socket'] },
  },
  variants: {
    fault: { description: 'shows it', router: { dialect: 'before_fix' }, ids: { V: 'x{T}' }, clients: { tab: { thread: '{V}' } }, expect: { deliveries: { delivered: 0 } } },
    fix: { expect: {} },
  },
};
