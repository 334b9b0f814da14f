import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { handshake, OPCODE, RawClient } from './raw-client';
import { eventually, type RouterCommand, startRouter } from './router-command';

/** One after the other is taken until the system's buffers for a peer that does not read are full. */
const THREADS = [1, 2, 3, 4, 5, 6].map((n) => `thread_13679e4dcc38403${n}`);
/** Events of each, together just below what may wait for a thread. */
const RUNS = [1, 2, 3, 4];
const BYTES = 1_000_000;

function runsOf(threadId: string): string[] {
  return RUNS.map((n) => `${threadId}_run_1756919162904_0000000${n}`);
}

describe('a client that takes a thread and reads nothing of what waited for it', () => {
  let directory = '';
  let store = '';
  /** The thread whose events did not fit any more, and all that were taken. */
  let last = '';
  let taken: string[] = [];
  let router: RouterCommand | undefined;
  let client: RawClient | undefined;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'thread-lens-stalled-'));
    store = join(directory, 'router.db');
    router = await startRouter('--store', store);
    client = await RawClient.connect(router.port);
    client.socket.pause();
    client.write(Buffer.from(handshake(router.port, '/ws?user_id=sleeper').request));
    last = '';
    taken = [];
    for (const threadId of THREADS) {
      for (const runId of runsOf(threadId)) await queue(router, runId);
      client.send({ opcode: OPCODE.text, payload: JSON.stringify({ type: 'subscribe', thread_id: threadId }) });
      taken.push(threadId);
      last = threadId;
      await eventually('its subscription', async () => (await sleeper()).threads.includes(threadId));
      if ((await buffered()) > 0) break;
    }
    // Longer than changes that nobody was promised stay off the disk.
    await delay(150);
  });

  async function sleeper(): Promise<{ readonly buffered_bytes: number; readonly threads: readonly string[] }> {
    const { connections } = (await ask('/debug/connections?user_id=sleeper')) as { connections: { buffered_bytes: number; threads: string[] }[] };
    return connections[0] ?? { buffered_bytes: 0, threads: [] };
  }

  /** What stays in the router's hands: the system takes some more after a while, as long as it has room. */
  async function buffered(): Promise<number> {
    let before = -1;
    let now = (await sleeper()).buffered_bytes;
    while (now !== before) {
      await delay(200);
      before = now;
      now = (await sleeper()).buffered_bytes;
    }
    return now;
  }

  async function queue(to: RouterCommand, runId: string): Promise<void> {
    const { body } = await to.ask('/agent/events', {
      method: 'POST',
      body: { type: 'agent_thinking', run_id: runId, agent_name: 'triage', timestamp: '2026-01-02T03:04:05.678Z', payload: { text: 'x'.repeat(BYTES) }, request_id: runId },
    });
    assert.equal(body['outcome'], 'queued', JSON.stringify(body));
  }

  afterEach(async () => {
    client?.destroy();
    await router?.end('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  async function ask(path: string): Promise<Readonly<Record<string, unknown>>> {
    if (router === undefined) throw new Error('expected a router');
    return (await router.ask(path)).body;
  }

  async function deadLetters(): Promise<Map<string, string>> {
    const { deliveries } = (await ask('/debug/deliveries?limit=100')) as { deliveries: { run_id: string; dead_letter?: boolean; reason: string }[] };
    return new Map(deliveries.filter((delivery) => delivery.dead_letter === true).map((delivery) => [delivery.run_id, delivery.reason]));
  }

  it('costs no event when the router is killed: they are dead letters that may have arrived', async () => {
    await router?.end('SIGKILL');
    router = await startRouter('--store', store);
    const letters = await deadLetters();
    assert.deepEqual([...letters.keys()], runsOf(last));
    for (const reason of letters.values()) assert.match(reason, /may have arrived/);
  });

  it('costs no event when it goes: they are dead letters that may have arrived', async () => {
    client?.socket.resetAndDestroy();
    await eventually('dead letters', async () => (await deadLetters()).size === RUNS.length);
    for (const reason of (await deadLetters()).values()) assert.match(reason, /may have arrived/);
  });

  it('has them once it reads, and nothing is kept', async () => {
    client?.socket.resume();
    assert.equal((await client?.response())?.status, 101);
    const runs = taken.flatMap(runsOf);
    while (runs.length > 0) {
      const message = await client?.json();
      if (message?.['type'] === 'agent_thinking') assert.equal(message['run_id'], runs.shift());
    }
    await delay(150);
    await router?.end('SIGKILL');
    router = await startRouter('--store', store);
    assert.equal((await deadLetters()).size, 0);
  });
});
