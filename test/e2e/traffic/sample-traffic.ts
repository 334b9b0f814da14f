import type { DeliveryOutcome } from '../../../src/protocol/delivery';
import type { ConnectionDetails, DeliveryInfo, FrameInfo } from '../../../src/protocol/inspection';
import type { FrameBody, HostToPage, PathFacts } from '../../../src/protocol/traffic-panel';
import type { PanelPage } from './panel-page';

const START = Date.UTC(2025, 8, 3, 17, 6, 2, 904);
const THREADS = ['thread_13679e4dcc38403a', 'thread_374579bdba3c41b8', 'thread_user_123', 'thread_demo_checkout', 'thread_9c1f2ab03344d1e7'];
const TYPES = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'progress_update', 'agent_completed'];

const CLIENT_URL = 'ws://127.0.0.1:8787/ws';

/** Traffic as a router with a few threads sees it, every frame different and every run of it the same. */
export function sampleFrames(count: number, stepMs = 180): FrameInfo[] {
  const frames: FrameInfo[] = [];
  let delivery = 0;
  let random = 7;
  const next = (below: number): number => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((random / 2_147_483_648) * below);
  };
  while (frames.length < count) {
    const at = START + frames.length * stepMs + next(stepMs);
    const seq = frames.length + 1;
    const dice = next(100);
    const threadId = THREADS[next(THREADS.length)] ?? '';
    if (dice < 18) {
      const connectionId = `conn_dev-temp-cc173c1d_${(next(0xffff) + 0x3052_0000).toString(16)}`;
      const type = ['ping', 'user_message', 'pong', 'heartbeat'][next(4)] ?? '';
      frames.push({ seq, at, direction: type === 'pong' ? 'out' : 'in', peer: 'client', connectionId, threadId, type, bytes: 24 + next(200) });
      continue;
    }
    const outcome: DeliveryOutcome = dice < 78 ? 'delivered' : dice < 90 ? 'queued' : dice < 97 ? 'undeliverable' : 'rejected';
    const deliverySeq = ++delivery;
    const runId = outcome === 'undeliverable' ? 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760' : `${threadId}_run_1756919162904_9adf1f09`;
    const event = {
      at,
      bytes: 180 + next(4000),
      outcome,
      deliverySeq,
      ...(outcome === 'rejected' ? {} : { runId, type: TYPES[next(TYPES.length)] ?? '' }),
      ...(outcome === 'delivered' || outcome === 'queued' ? { threadId } : {}),
    };
    frames.push({ ...event, seq, direction: 'in', peer: 'agent' });
    if (outcome === 'delivered') frames.push({ ...event, seq: seq + 1, direction: 'out', peer: 'client', recipients: 1 + next(3) });
    // Some of what waited was sent a little later.
    const answered = (deliverySeq: number | undefined): boolean => frames.some((frame) => frame.deliverySeq === deliverySeq && frame.direction === 'out');
    const waited = count > 1000 || next(3) > 0 ? undefined : frames.findLast((frame) => frame.outcome === 'queued' && !answered(frame.deliverySeq));
    if (waited) {
      frames.push({ ...waited, seq: frames.length + 1, at: at + 5, direction: 'out', peer: 'client', outcome: 'delivered', recipients: 2 });
    }
  }
  return frames.slice(0, count);
}

function sampleBody(frame: FrameInfo): FrameBody {
  if (frame.outcome === 'rejected') return { text: '{"type": "agent_started", "run_id": ' };
  return {
    text: JSON.stringify({
      type: frame.type,
      run_id: frame.runId,
      agent_name: 'triage',
      timestamp: new Date(frame.at).toISOString(),
      payload: {
        status: 'executing',
        tool_name: 'cost_analysis',
        parameters: { account: 'acme', months: [7, 8, 9], dry_run: false, limit: null, authorization: '[REDACTED]' },
        message: 'triage is using cost_analysis <img src=x onerror=alert(1)>',
      },
    }),
  };
}

function sampleDelivery(frame: FrameInfo): DeliveryInfo {
  const { outcome = 'delivered' } = frame;
  return {
    seq: frame.deliverySeq ?? 0,
    at: frame.at,
    type: frame.type ?? '',
    agentName: 'triage',
    outcome,
    connections: frame.recipients ?? 1,
    bytes: frame.bytes,
    resolution: { source: 'pattern_extraction', priority: 4, pattern: '1.5', dialect: 'fix' },
    ...(outcome === 'delivered'
      ? {}
      : {
          reason: 'Nobody is connected to the thread; the event waits.',
          expected: 'a connection on thread_13679e4dcc38403a',
          received: 'no connection',
          nearMisses: [{ thread_id: 'thread_13679e4dcc38403b', connections: 1, why: '1 character away' }],
        }),
  };
}

const CONNECTION: ConnectionDetails = {
  id: 'conn_dev-temp-cc173c1d_3052f606',
  userId: 'dev-temp-cc173c1d',
  threads: ['thread_13679e4dcc38403a'],
  connectedAt: START - 9000,
  lastActivityAt: START,
  remoteAddress: '127.0.0.1:51742',
  origin: 'http://localhost:3000',
  messagesSent: 42,
  messagesReceived: 7,
  bytesSent: 48_112,
  bytesReceived: 812,
  bufferedBytes: 0,
  dropped: 0,
  latencyMs: 3,
  open: true,
  handshake: { host: '127.0.0.1:8787', 'sec-websocket-protocol': 'token.[REDACTED]', 'user-agent': 'Mozilla/5.0' },
  timeline: [
    { at: START - 9000, what: 'connected', detail: 'connected as dev-temp-cc173c1d' },
    { at: START - 8000, what: 'associated', detail: 'joined thread_13679e4dcc38403a', threadId: 'thread_13679e4dcc38403a' },
    { at: START - 7000, what: 'first_delivery', detail: 'first event: agent_started' },
  ],
  raceWindowMs: 120,
};

/** Answers a page as the host does, from frames that are all there already. */
export function playHost(panel: PanelPage, frames: readonly FrameInfo[], state: Extract<HostToPage, { type: 'router' }>['state'] = { kind: 'running', url: 'http://127.0.0.1:8787', clientUrl: CLIENT_URL }): void {
  let sent = 0;
  let batch = 0;
  const find = (seq: number): FrameInfo => frames.find((frame) => frame.seq === seq) ?? { seq, at: 0, direction: 'in', peer: 'agent', bytes: 0 };
  const sendBatch = (): void => {
    if (sent >= frames.length) return;
    const part = frames.slice(sent, sent + 1000);
    sent += part.length;
    void panel.send({ type: 'frames', batch: ++batch, frames: part, skipped: 0, behind: frames.length - sent });
  };
  panel.onPosted = (message) => {
    switch (message.type) {
      case 'ready':
        sent = message.after ?? 0;
        void panel.send({ type: 'router', state }, { type: 'saved', events: [] });
        if (state.kind === 'running' || frames.length > 0) void panel.send({ type: 'reset', journal: 'sample' });
        return sendBatch();
      case 'ack':
        return sendBatch();
      case 'body':
        return void panel.send({ type: 'body', seq: message.seq, body: sampleBody(find(message.seq)) });
      case 'path': {
        const frame = find(message.seq);
        const facts: PathFacts = { delivery: sampleDelivery(frame), connections: [CONNECTION], connectionCount: 1 };
        return void panel.send({ type: 'path', seq: message.seq, facts });
      }
      case 'connection':
        return void panel.send({ type: 'connection', connectionId: message.connectionId, details: { ...CONNECTION, id: message.connectionId } });
      case 'targets':
        return void panel.send({
          type: 'targets',
          threads: THREADS.map((id) => ({ id, connections: 1 })),
          runs: [],
          examples: [{ eventType: 'agent_started', payload: { status: 'started', context: {}, message: 'the agent has started processing your request' } }],
        });
      case 'inject':
        return void panel.send({
          type: 'injected',
          request: message.request,
          receipt: { type: 'delivery_receipt', outcome: 'delivered', connections: 2, thread_id: 'thread_13679e4dcc38403a', run_id: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09' },
        });
      case 'search':
        return void panel.send({ type: 'matches', search: message.search, seqs: frames.filter((frame) => frame.seq % 10 === 0).map(({ seq }) => seq), upTo: frames.length });
      default:
        return undefined;
    }
  };
}
