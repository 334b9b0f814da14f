import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultRule } from '../../../../src/core';
import type { RouterInfo } from '../../../../src/protocol/inspection';
import { openStore } from '../../../../src/router/store/open-store';
import type { StoreLimits } from '../../../../src/router/store/store-limits';
import { R1, T1, TestRouter, TOKEN } from '../harness';
import { memoryLog } from './samples';
import { useTemporaryDirectory } from './temporary-directory';

describe('a router whose store fails', () => {
  const directory = useTemporaryDirectory();
  let router: TestRouter | undefined;

  afterEach(() => router?.stop());

  async function start(limits: Partial<StoreLimits> = {}, faults: readonly FaultRule[] = []): Promise<TestRouter> {
    router = await TestRouter.start({ faults, store: openStore(join(directory(), 'router.db'), memoryLog().log, { limits }) });
    return router;
  }

  async function register(runId: string, metadata: object = {}): Promise<number> {
    const response = await fetch(`${router?.url}/registry/runs/${runId}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ thread_id: 'thread_1', metadata }),
    });
    await response.text();
    return response.status;
  }

  it('keeps an event that a fault held back when it stopped, and delivers it in its next life', async () => {
    const first = await start({}, [{ kind: 'delay', ms: 60_000 }]);
    const receipt = await (await first.agent()).deliver({});
    assert.equal(receipt.outcome, 'queued');
    await first.stop();
    const second = await start();
    const client = await second.client(`thread_id=${T1}`);
    assert.equal((await client.nextOf('agent_started'))['run_id'], R1);
  });

  it('acknowledges no registration that the full disk refused, and tells its inspectors where state is kept from then on', async () => {
    const { router: inside, logged } = await start({ maxFileBytes: 40_000 });
    const told: RouterInfo[] = [];
    const session = inside.inspect({
      send: (text) => {
        const { router: info } = JSON.parse(text) as { router?: RouterInfo };
        if (info !== undefined) told.push(info);
      },
      ready: () => true,
    });
    try {
      const statuses = [];
      while (statuses.at(-1) !== 507 && statuses.length < 100) statuses.push(await register(`run_${statuses.length}`, { text: 'x'.repeat(2000) }));
      assert.equal(statuses.at(-1), 507, statuses.join());
      assert.ok(statuses.slice(0, -1).every((status) => status === 201), statuses.join());
      const deadline = Date.now() + 5000;
      while (told.at(-1)?.storage !== 'memory' && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(told.at(-1)?.storage, 'memory');
      assert.match(told.at(-1)?.storageNotice ?? '', /cannot be written \(database or disk is full\)/);
      assert.equal(await register('run_later'), 201, 'it goes on in memory');
      assert.equal(logged.filter((line) => line.includes('cannot be written')).length, 1, logged.join('\n'));
      await router?.stop();

      const again = openStore(join(directory(), 'router.db'), memoryLog().log);
      const kept = new Set(again.load().registrations.map((row) => row.runId));
      again.close();
      for (const n of statuses.slice(0, -1).keys()) assert.ok(kept.has(`run_${n}`), `run_${n} was acknowledged`);
    } finally {
      session.close();
    }
  });

  it('does not call a run registered that the store cannot take', async () => {
    const running = await start();
    const peer = running.open(`/inspect?token=${TOKEN}`);
    await peer.nextOf('hello');
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    peer.send(`{"type":"request","id":1,"method":"registerRun","params":{"runId":"run_1","threadId":"thread_1","metadata":${deep}}}`);
    const reply = await peer.nextOf('reply');
    const { status } = await running.http('GET', '/registry/runs/run_1');
    assert.deepEqual([reply['result'], status], [undefined, 404]);
    assert.match(reply['error'].message, /an object of at most 64 levels in "metadata"/);
  });

  it('says in its health that a damaged file was set aside', async () => {
    writeFileSync(join(directory(), 'router.db'), 'garbage'.repeat(1000));
    const { url } = await start();
    const response = await fetch(`${url}/debug/health`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const health = (await response.json()) as Record<string, unknown>;
    assert.equal(health['storage'], 'sqlite');
    assert.match(String(health['storage_notice']), /was damaged .+ set aside as .+\.damaged-/);
  });
});

describe('a router that starts again', () => {
  const directory = useTemporaryDirectory();
  let router: TestRouter | undefined;

  afterEach(() => router?.stop());

  it('hands nothing over that became too old meanwhile, to who is back at once either', async () => {
    const file = join(directory(), 'router.db');
    router = await TestRouter.start({ store: openStore(file, memoryLog().log) });
    assert.equal((await (await router.agent()).deliver({ run_id: R1 })).outcome, 'queued');
    await router.stop();
    router = await TestRouter.start({ store: openStore(file, memoryLog().log), clock: () => Date.now() + 3_600_000 });
    const client = await router.client(`thread_id=${T1}`);
    await client.settle();
    assert.deepEqual(client.messages.map((message) => message['type']), ['connection_established', 'pong']);
    const { json } = await router.http('GET', '/debug/deliveries');
    assert.deepEqual([json.deliveries[0].outcome, json.deliveries[0].dead_letter], ['undeliverable', true]);
  });
});
