import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import type { WorkerToHost } from '../../../src/protocol/worker-control';
import { BuiltRouter } from './built-router';
import { event, Peer, R1, T1, TOKEN, until } from './harness';

describe('router: command', () => {
  const built = new BuiltRouter();
  before(async function () {
    this.timeout(30_000);
    await built.build();
  });
  after(() => built.remove());

  it('prints url, port, token and pid as the first line with --json, serves, and ends cleanly at SIGTERM', async () => {
    const { url, port, token, pid, process: running } = await built.start();
    assert.deepEqual(Object.keys(JSON.parse(running.out().split('\n')[0]!) as object), ['url', 'port', 'token', 'pid']);
    assert.equal(url, `http://127.0.0.1:${port}`);
    assert.equal(pid, running.child.pid);
    const peer = new Peer(new WebSocket(`ws://127.0.0.1:${port}/ws`));
    await peer.next();
    assert.equal((await fetch(`${url}/debug/health`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
    running.child.kill('SIGTERM');
    assert.deepEqual(await running.exited, { code: 0, signal: null });
    await peer.closing();
    assert.equal(peer.closed?.code, 1001);
    assert.equal(running.err(), '');
  });

  it('ends at SIGINT as well, and takes the name of the command', async () => {
    const { process: running } = await built.start(['serve']);
    running.child.kill('SIGINT');
    assert.equal((await running.exited).code, 0);
  });

  it('uses the token, origins and dialect it is given', async () => {
    const { url, token, port } = await built.start(['--token', TOKEN, '--allow-origin', 'https://app.example', '--dialect', 'before_fix']);
    assert.equal(token, TOKEN);
    const health = (await (await fetch(`${url}/debug/health`, { headers: { authorization: `Bearer ${TOKEN}` } })).json()) as Record<string, unknown>;
    assert.equal(health['dialect'], 'before_fix');
    const page = new Peer(new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { origin: 'https://app.example' } }));
    await page.next();
    page.socket.terminate();
  });

  it('behaves as it is told: a profile, and single behaviours beside it', async () => {
    const behavioursWith = async (...args: string[]): Promise<unknown[]> => {
      const { url, token, process: running } = await built.start(args);
      const health = (await (await fetch(`${url}/debug/health`, { headers: { authorization: `Bearer ${token}` } })).json()) as { behaviours: string[]; profile?: string };
      return [health.profile, health.behaviours.length, running.err().includes('warn: original behaviour is on')];
    };
    assert.deepEqual(await behavioursWith(), ['strict', 0, false]);
    assert.deepEqual(await behavioursWith('--profile', 'original'), ['original', 14, true]);
    assert.deepEqual(await behavioursWith('--profile', 'original', '--behaviour', 'closeAllTabs=off'), [undefined, 13, true]);
    assert.deepEqual(await behavioursWith('--behaviour', 'noQueue', '--behaviour', 'typeRewriting=on', '--behaviour', 'noQueue=off'), [undefined, 1, true]);
  });

  for (const [args, message] of [
    [['--port', 'many'], /--port: expected a number from 0 to 65535, received "many"/],
    [['--port', '70000'], /--port/],
    [['--dialect', 'klingon'], /--dialect: expected one of .*fix.*, received "klingon"/],
    [['--profile', 'faithful'], /--profile: expected one of strict, original, received "faithful"/],
    [['--behaviour', 'typeRewritng'], /--behaviour: expected NAME, NAME=on or NAME=off with one of unassociatedAtConnect, .*, received "typeRewritng"/],
    [['--behaviour', 'typeRewriting=yes'], /--behaviour: .*received "typeRewriting=yes"/],
    [['--token', 'short'], /--token: expected a token of at least 16 characters/],
    [['--token', 'with space and more'], /--token: expected a token of letters/],
    [['--allow-origin', 'localhost:3000'], /--allow-origin: expected an origin/],
    [['--host', '0.0.0.0'], /--host: expected a loopback address, received "0\.0\.0\.0"; add --expose/],
    [['--colour'], /--colour/],
    [['extra'], /expected a command \(serve.*\) or options, received "extra"/],
    [['serve', 'extra'], /extra/],
  ] as const) {
    it(`refuses ${args.join(' ')} with exit code 2 and a sentence`, async () => {
      const running = built.spawn(args);
      assert.equal((await running.exited).code, 2);
      assert.match(running.err(), message);
      assert.equal(running.out(), '');
    });
  }

  it('SECURITY 1: listens beyond loopback only when that is confirmed, and warns', async () => {
    const { process: running } = await built.start(['--host', '0.0.0.0', '--expose']);
    assert.match(running.err(), /warning: the router listens on 0\.0\.0\.0; other machines can reach it/);
  });

  it('says that a port is in use, with exit code 1', async () => {
    const { port } = await built.start();
    const running = built.spawn(['--port', String(port)]);
    assert.equal((await running.exited).code, 1);
    assert.match(running.err(), new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`));
  });

  it('helps and names its version', async () => {
    const help = built.spawn(['--help']);
    assert.equal((await help.exited).code, 0);
    assert.match(help.out(), /--allow-origin/);
    assert.match(help.out(), /Commands:\n {2}serve +start a router/);
    const version = built.spawn(['--version']);
    assert.equal((await version.exited).code, 0);
    assert.match(version.out(), /^\d+\.\d+\.\d+\n$/);
  });

  it('goes on in memory and says why when its store cannot be used', async () => {
    const { url, token, process: running } = await built.start(['--store', built.directory]);
    const health = (await (await fetch(`${url}/debug/health`, { headers: { authorization: `Bearer ${token}` } })).json()) as Record<string, unknown>;
    assert.equal(health['storage'], 'memory');
    assert.ok(health['storage_notice']);
    assert.match(running.err(), /warn/);
  });

  it('keeps registrations and waiting events over a SIGKILL, many times: nothing acknowledged is lost, nothing comes twice', async function () {
    this.timeout(60_000);
    const store = join(built.directory, 'state.db');
    const acknowledged = new Map<string, string>();
    const queued: number[] = [];
    let n = 0;
    for (let round = 0; round < 6; round++) {
      const { url, token, port, process: running } = await built.start(['--store', store, '--token', TOKEN]);
      for (const [runId, threadId] of acknowledged) {
        if (Math.random() < 0.8) continue;
        const answer = await fetch(`${url}/registry/runs/${runId}`, { headers: { authorization: `Bearer ${token}` } });
        assert.equal(answer.status, 200, `round ${round}: ${runId} is lost`);
        assert.equal(((await answer.json()) as { thread_id: string }).thread_id, threadId);
      }
      const agent = new Peer(new WebSocket(`ws://127.0.0.1:${port}/agent?token=${token}`));
      await once(agent.socket, 'open');
      const life = { over: false };
      const puts = (async () => {
        while (!life.over) {
          const [runId, threadId] = [`run_${n++}`, `thread_${round}`];
          try {
            const answer = await fetch(`${url}/registry/runs/${runId}`, {
              method: 'PUT', body: JSON.stringify({ thread_id: threadId }), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            });
            if (answer.ok) acknowledged.set(runId, threadId);
          } catch {
            return;
          }
        }
      })();
      const sends = (async () => {
        while (!life.over && agent.closed === undefined) {
          for (let burst = 0; burst < 20; burst++) {
            const id = n++;
            agent.send(event({ run_id: R1, n: id, request_id: id }));
          }
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })();
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 200));
      running.child.kill('SIGKILL');
      await running.exited;
      life.over = true;
      await Promise.all([puts, sends]);
      await until(() => agent.closed !== undefined, 'the end');
      for (const receipt of agent.messages) if (receipt['outcome'] === 'queued') queued.push(receipt['request_id'] as number);
    }
    const { url, token, port } = await built.start(['--store', store, '--token', TOKEN]);
    for (const [runId, threadId] of acknowledged) {
      const answer = await fetch(`${url}/registry/runs/${runId}`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(((await answer.json()) as { thread_id: string }).thread_id, threadId);
    }
    assert.ok(acknowledged.size > 5 && queued.length > 50, `${acknowledged.size} registrations, ${queued.length} events`);
    const client = new Peer(new WebSocket(`ws://127.0.0.1:${port}/ws?thread_id=${T1}`));
    await client.next();
    await client.settle();
    const arrived = client.messages.filter((message) => message['type'] === 'agent_started').map((message) => message['n'] as number);
    assert.equal(new Set(arrived).size, arrived.length, 'nothing twice');
    assert.deepEqual([...arrived].sort((a, b) => a - b), arrived, 'in order');
    // The queue of a thread holds 1,000; what is older than the oldest that arrived is a dead letter.
    const oldest = arrived[0] ?? Infinity;
    const missing = queued.filter((id) => id >= oldest && !arrived.includes(id));
    assert.deepEqual(missing, [], 'acknowledged events that are missing');
    assert.ok(arrived.length >= Math.min(1_000, queued.length), `${arrived.length} of ${queued.length}`);
    client.socket.terminate();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const again = new Peer(new WebSocket(`ws://127.0.0.1:${port}/ws?thread_id=${T1}`));
    await again.next();
    await again.settle();
    assert.equal(again.messages.some((message) => message['type'] === 'agent_started'), false, 'once');
    again.socket.terminate();
  });

  describe('as a worker thread', () => {
    const start = (changes: object = {}): { worker: Worker; messages: WorkerToHost[] } => {
      const worker = new Worker(built.file, { workerData: { kind: 'thread-lens-router', host: '127.0.0.1', port: 0, token: TOKEN, allowedOrigins: [], dialect: 'fix', version: '1', ...changes } });
      const messages: WorkerToHost[] = [];
      worker.on('message', (message: WorkerToHost) => messages.push(message));
      return { worker, messages };
    };

    it('starts, carries the inspection protocol over its port, and ends with the thread when told to stop', async () => {
      const { worker, messages } = start();
      const exit = once(worker, 'exit');
      await until(() => messages.length >= 3, 'started, hello and snapshot');
      const [started, hello, snapshot] = messages;
      assert.ok(started?.kind === 'started' && hello?.kind === 'inspection' && snapshot?.kind === 'inspection');
      assert.equal((JSON.parse(hello.text) as { type: string }).type, 'hello');
      assert.equal((JSON.parse(snapshot.text) as { reset: boolean }).reset, true);
      const client = new Peer(new WebSocket(`ws://127.0.0.1:${started.port}/ws?thread_id=${T1}`));
      await client.next();
      worker.postMessage({ kind: 'inspection', text: JSON.stringify({ type: 'request', id: 5, method: 'simulate', params: { event: event() } }) });
      await until(() => messages.some((message) => message.kind === 'inspection' && message.text.includes('"id":5')), 'the receipt');
      assert.deepEqual(await client.nextOf('agent_started'), event());
      worker.postMessage({ kind: 'stop' });
      assert.deepEqual(await exit, [0]);
      assert.equal(messages.at(-1)?.kind, 'stopped');
      await client.closing();
      assert.equal(client.closed?.code, 1001);
    });

    it('reports a port in use as failed with its code, and ends', async () => {
      const first = start();
      await until(() => first.messages.length > 0, 'the first');
      const address = first.messages[0];
      assert.ok(address?.kind === 'started');
      const second = start({ port: address.port });
      assert.deepEqual(await once(second.worker, 'exit'), [0]);
      const failed = second.messages[0];
      assert.ok(failed?.kind === 'failed' && failed.code === 'EADDRINUSE', JSON.stringify(failed));
      first.worker.postMessage({ kind: 'stop' });
      await once(first.worker, 'exit');
    });

    it('reports settings it cannot use', async () => {
      for (const [changes, message] of [[{ dialect: 'klingon' }, /dialect/], [{ allowedOrigins: ['x'] }, /origin/], [{ limits: { colour: 1 } }, /colour/]] as const) {
        const { worker, messages } = start(changes);
        await once(worker, 'exit');
        assert.ok(messages[0]?.kind === 'failed');
        assert.match(messages[0].message, message);
      }
    });
  });
});
