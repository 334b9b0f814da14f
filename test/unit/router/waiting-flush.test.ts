import assert from 'node:assert/strict';
import { behavioursOf } from '../../../src/core/index';
import { T1, TestRouter, until } from './harness';

const MiB = 1024 * 1024;

describe('router: events that waited', () => {
  let test: TestRouter;
  afterEach(() => test.stop());

  /** Lets that many events of that size wait, then connects; answers the numbers that arrive. */
  async function flushed(count: number, bytes: number): Promise<number[]> {
    const agent = await test.agent();
    const text = 'x'.repeat(bytes);
    for (let i = 0; i < count; i++) agent.send({ type: 'custom', run_id: `${T1}_run_1756919162904_9adf1f09`, agent_name: 'a', timestamp: '2025-09-03T16:52:42.904Z', payload: { i, text } });
    const last = await agent.deliver({ type: 'last' });
    assert.equal(last.outcome, 'queued');
    const client = await test.client(`thread_id=${T1}`);
    await until(() => client.texts.some((one) => one.startsWith('{"type":"last"')), 'the last event', 20_000);
    return client.messages.filter(({ type }) => type === 'custom').map(({ payload }) => (payload as { i: number }).i);
  }

  const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it('arrive whole and in order, however much more they are than one write takes', async () => {
    test = await TestRouter.start({ limits: { waitingBytesPerThread: 64 * MiB } });
    assert.deepEqual(await flushed(30, 512 * 1024), all(30));
  });

  it('arrive whole when their frames, and not their payloads, are more than one write takes', async () => {
    test = await TestRouter.start({ limits: { waitingBytesPerThread: 64 * MiB, waitingPerThread: 2_000 } });
    assert.deepEqual(await flushed(1_500, 4_096), all(1_500));
  });

  it('arrive whole with behaviours of the original', async () => {
    test = await TestRouter.start({ limits: { waitingBytesPerThread: 64 * MiB }, behaviours: behavioursOf('strict', { typeRewriting: true }) });
    const agent = await test.agent();
    for (let i = 0; i < 30; i++) agent.send({ type: 'agent_log', run_id: `${T1}_run_1756919162904_9adf1f09`, agent_name: 'a', timestamp: '2025-09-03T16:52:42.904Z', payload: { i, text: 'x'.repeat(512 * 1024) } });
    assert.equal((await agent.deliver({ type: 'agent_completed' })).outcome, 'queued');
    const client = await test.client(`thread_id=${T1}`);
    await until(() => client.texts.some((one) => one.includes('"type":"agent_completed"')), 'the last event', 20_000);
    assert.equal(client.messages.filter(({ type }) => type === 'agent_log').length, 30);
  });
});
