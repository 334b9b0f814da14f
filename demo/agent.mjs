// Agents at work: runs over the threads of client.mjs, with every event type. Prints the router's receipts.
//
//   THREAD_LENS_TOKEN=<token> node agent.mjs
//
// The token is that of the running router; `npm start` passes it on.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { stayConnected } from './connection.mjs';

const hex = () => randomUUID().slice(0, 8);
const composite = (thread) => `${thread}_run_${Date.now()}_${hex()}`;
const legacy = (thread) => `run_${thread.replace('thread_', '')}_${hex()}`;

const STARTED = ['agent_started', { status: 'started', context: {}, message: 'Looking into it' }];
const THINKING = ['agent_thinking', { status: 'thinking', reasoning: 'The invoice and the order differ', step_number: 1, progress_percentage: 25 }];
const TOOL = [
  ['tool_executing', { status: 'executing', tool_name: 'order_search', parameters: { customer: 17 }, message: 'Searching orders' }],
  ['tool_completed', { status: 'completed', tool_name: 'order_search', result: { hits: 3 }, execution_time_ms: 412, message: 'Found 3 orders' }],
];
const PROGRESS = ['progress_update', { status: 'progress', progress_data: { done: 2, of: 3 }, message: 'Two of three checked' }];
const COMPLETED = ['agent_completed', { status: 'completed', result: { answer: 'The discount is missing' }, execution_time_ms: 2310, message: 'Done' }];
const ERROR = ['agent_error', { status: 'error', error_message: 'The report service answered 503', error_context: {}, message: 'Something went wrong' }];
const DEATH = ['agent_death', { status: 'dead', death_cause: 'timeout', death_context: {}, message: 'The agent was stopped', recovery_action: 'refresh_required' }];
const CUSTOM = ['report_ready', { url: '/reports/7', pages: 12 }];

const RUNS = [
  { agent: 'triage', runId: () => composite('thread_13679e4dcc38403a'), events: [STARTED, THINKING, ...TOOL, COMPLETED] },
  { agent: 'research', runId: () => legacy('thread_374579bdba3c41b8'), events: [STARTED, PROGRESS, CUSTOM, COMPLETED] },
  { agent: 'report', runId: () => composite('thread_b7d0c2f15a9e4d66'), events: [STARTED, THINKING, ERROR] },
  { agent: 'triage', runId: () => composite('thread_5f2e8c90ab134d7e'), events: [STARTED, THINKING, DEATH] }, // often nobody is there
  { agent: 'triage', runId: () => composite('thread_13679e4dcc38403b'), events: [STARTED] }, // b for a: nobody has that thread
  { agent: 'report', runId: () => `run_${randomUUID()}`, events: [STARTED] }, // its thread is not in the ID
];
const PACE_MS = 700;

/** Sends runs, one after the other, until the socket closes. */
async function work(socket, closed) {
  for (let count = 0; !closed.aborted; count += 1) {
    const { agent, runId: newRunId, events } = RUNS[count % RUNS.length];
    const runId = newRunId();
    for (const [type, payload] of events) {
      const event = { type, run_id: runId, agent_name: agent, timestamp: new Date().toISOString(), payload };
      socket.send(JSON.stringify({ ...event, request_id: randomUUID() }));
      await sleep(PACE_MS);
      if (closed.aborted) return;
    }
  }
}

const token = process.env.THREAD_LENS_TOKEN;
if (!token) throw new Error("expected the router's token in THREAD_LENS_TOKEN, received none");

await stayConnected('/agent', {
  protocols: [`token.${token}`],
  use(socket, closed) {
    socket.onmessage = ({ data }) => {
      const { outcome, run_id: runId, thread_id: thread, connections, reason } = JSON.parse(data);
      console.log(`${runId} -> ${outcome}${thread ? ` on ${thread}, ${connections} connections` : ''}${reason ? `: ${reason}` : ''}`);
    };
    void work(socket, closed);
  },
});
