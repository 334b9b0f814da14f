import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, type RouterCommand, startRouter } from './router-command';

/** More than the usual rounds by `THREAD_LENS_KILL_ROUNDS=100 npm run test:unit`. */
const ROUNDS = Number(process.env['THREAD_LENS_KILL_ROUNDS'] ?? 9);
/** Few enough that no bound of queue or dead letters is met in a round, so that nothing may go by itself. */
const EVENTS_A_ROUND = 400;
const THREADS = ['thread_13679e4dcc38403a', 'thread_374579bdba3c41b8', 'thread_0a1b2c3d4e5f6071'];

/** What the router said over all its lives. */
class Witness {
  /** Acknowledged as waiting, by run ID; every event has a run of its own. */
  readonly queued = new Set<string>();
  /** How often each event came. */
  readonly received = new Map<string, number>();
  readonly registered = new Map<string, string>();
  readonly deadLetters = new Set<string>();
  rejected = 0;
  private minted = 0;

  mint(): { readonly runId: string; readonly threadId: string } {
    this.minted += 1;
    const threadId = THREADS[this.minted % THREADS.length] ?? '';
    return { threadId, runId: `${threadId}_run_1756919162904_${this.minted.toString(16).padStart(8, '0')}` };
  }

  receive(text: string): void {
    const message = JSON.parse(text) as { type: string; run_id?: string };
    if (message.type === 'agent_thinking' && message.run_id !== undefined) this.received.set(message.run_id, (this.received.get(message.run_id) ?? 0) + 1);
  }

  acknowledge(text: string): void {
    const receipt = JSON.parse(text) as { outcome: string; run_id: string };
    if (receipt.outcome === 'queued') this.queued.add(receipt.run_id);
    else if (receipt.outcome !== 'delivered') this.rejected += 1;
  }
}

/** A life of a router: works it and kills it. */
type Life = (router: RouterCommand, witness: Witness, round: number) => Promise<void>;

/** Different lives, because in a busy one each commit soon makes good what another forgot. */
const LIVES: readonly Life[] = [
  async function busy(router, witness, round) {
    const work = Promise.all([sendEvents(router, witness, EVENTS_A_ROUND), comeAndGo(router, witness), registerRuns(router, witness, round)]);
    await delay(100 + Math.random() * 200);
    await kill(router, work);
  },
  async function killedRightAfterReceipts(router, witness) {
    const enough = witness.queued.size + 20;
    const work = sendEvents(router, witness, 20);
    await eventually('20 receipts', async () => witness.queued.size >= enough);
    await kill(router, work);
  },
  async function killedWhileHandingOver(router, witness) {
    const enough = witness.queued.size + 100;
    const sending = sendEvents(router, witness, 100);
    await eventually('100 receipts', async () => witness.queued.size >= enough);
    const received = witness.received.size;
    const coming = comeAndGo(router, witness);
    await eventually('an event that arrives', async () => witness.received.size > received);
    await kill(router, Promise.all([sending, coming]));
  },
];

async function kill(router: RouterCommand, work: Promise<unknown>): Promise<void> {
  assert.equal(await router.end('SIGKILL'), 'SIGKILL');
  await work;
}

describe('a router that is killed while it works', () => {
  let directory = '';
  let router: RouterCommand | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'thread-lens-kill-'));
  });
  afterEach(async () => {
    await router?.end('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  it(`loses nothing that it acknowledged and delivers nothing twice, ${ROUNDS} lives long`, async function () {
    this.timeout(20_000 + ROUNDS * 5000);
    const store = join(directory, 'router.db');
    const witness = new Witness();
    for (let round = 0; round < ROUNDS; round += 1) {
      router = await startRouter('--store', store);
      assert.equal(router.complaints(), '');
      await checkRegistrations(router, witness);
      // In every life, because the router keeps a bounded number of them.
      await collectDeadLetters(router, witness);
      await LIVES[round % LIVES.length]?.(router, witness, round);
    }

    router = await startRouter('--store', store);
    await checkRegistrations(router, witness);
    await collectDeadLetters(router, witness);
    await collectWaiting(router, witness);
    const twice = [...witness.received].filter(([, times]) => times > 1);
    assert.deepEqual(twice, [], 'delivered more than once');
    const lost = [...witness.queued].filter((runId) => !witness.received.has(runId) && !witness.deadLetters.has(runId));
    assert.deepEqual(lost, [], 'acknowledged as queued, and neither delivered nor a dead letter');
    assert.equal(witness.rejected, 0);
    assert.ok(witness.queued.size > 20 * ROUNDS && witness.received.size > 20 * ROUNDS, `too little happened to prove anything: ${witness.queued.size} queued, ${witness.received.size} received`);
    assert.ok(witness.registered.size > ROUNDS / LIVES.length, `too little happened to prove anything: ${witness.registered.size} registered`);
  });
});

/** Resolves when the socket is open, or is closed before that. */
function settled(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['open', 'close', 'error']) socket.addEventListener(event, () => resolve());
  });
}

/** Resolves when nothing more will come. Some versions of Node report a lost connection as an error only. */
function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['close', 'error']) socket.addEventListener(event, () => resolve());
  });
}

/** An agent that sends its events in bursts, each with a receipt. Ends with the router. */
async function sendEvents(router: RouterCommand, witness: Witness, count: number): Promise<void> {
  const agent = new WebSocket(router.socketUrl('/agent'), [`token.${router.token}`]);
  const end = closed(agent);
  agent.addEventListener('message', ({ data }) => witness.acknowledge(String(data)));
  await settled(agent);
  for (let sent = 0; sent < count && agent.readyState === WebSocket.OPEN; ) {
    for (let burst = 1 + Math.floor(Math.random() * 8); burst > 0 && sent < count; burst -= 1) {
      const { runId } = witness.mint();
      agent.send(JSON.stringify({ type: 'agent_thinking', run_id: runId, agent_name: 'triage', timestamp: '2026-01-02T03:04:05.678Z', payload: {}, request_id: runId }));
      sent += 1;
    }
    await delay(1);
  }
  await end;
}

/** Clients that come to a thread, stay for some milliseconds and go. Ends with the router. */
async function comeAndGo(router: RouterCommand, witness: Witness): Promise<void> {
  for (;;) {
    const threadId = THREADS[Math.floor(Math.random() * THREADS.length)] ?? '';
    const client = new WebSocket(router.socketUrl(`/ws?thread_id=${threadId}`));
    const end = closed(client);
    let answered = false;
    const answer = new Promise<void>((resolve) => {
      client.addEventListener('message', ({ data }) => {
        const text = String(data);
        witness.receive(text);
        if (!text.includes('"pong"')) return;
        answered = true;
        resolve();
      });
    });
    await settled(client);
    // A closing WebSocket throws away what still comes; what waited has come before the answer.
    if (client.readyState === WebSocket.OPEN) client.send('{"type":"ping"}');
    await Promise.race([answer, end]);
    await Promise.race([delay(Math.random() * 15), end]);
    client.close();
    await end;
    if (!answered) return;
    await delay(Math.random() * 10);
  }
}

/** Registers runs one after the other. Ends with the router. */
async function registerRuns(router: RouterCommand, witness: Witness, round: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const runId = `run_${round}_${n}`;
    const threadId = `thread_${round}_${n}`;
    try {
      const { status } = await router.ask(`/registry/runs/${runId}`, { method: 'PUT', body: { thread_id: threadId } });
      assert.equal(status, 201);
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
    witness.registered.set(runId, threadId);
  }
}

async function checkRegistrations(router: RouterCommand, witness: Witness): Promise<void> {
  const newest = [...witness.registered].slice(-50);
  for (const [runId, threadId] of newest) {
    const { status, body } = await router.ask(`/registry/runs/${runId}`);
    assert.equal(status, 200, `${runId} was acknowledged as registered`);
    assert.equal(body['thread_id'], threadId);
  }
}

async function collectDeadLetters(router: RouterCommand, witness: Witness): Promise<void> {
  for (let after: unknown = 0; after !== null; ) {
    const { body } = await router.ask(`/debug/deliveries?limit=100&after=${JSON.stringify(after)}`);
    for (const delivery of body['deliveries'] as { run_id: string; outcome: string; reason: string }[]) {
      if (delivery.outcome !== 'undeliverable') continue;
      witness.deadLetters.add(delivery.run_id);
      assert.match(delivery.reason, /it may have arrived/);
    }
    after = body['next'];
  }
}

/** Comes for everything that waits. */
async function collectWaiting(router: RouterCommand, witness: Witness): Promise<void> {
  for (const threadId of THREADS) {
    const client = new WebSocket(router.socketUrl(`/ws?thread_id=${threadId}`));
    const done = new Promise<void>((resolve) => {
      client.addEventListener('message', ({ data }) => {
        const text = String(data);
        witness.receive(text);
        if (text.includes('"pong"')) resolve();
      });
    });
    await settled(client);
    // What waits is sent before anything that is asked afterwards is answered.
    client.send('{"type":"ping"}');
    await done;
    const end = closed(client);
    client.close();
    await end;
  }
}
