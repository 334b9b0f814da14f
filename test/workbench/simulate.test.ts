import assert from 'node:assert/strict';
import type { DeliveryReceipt } from '../../src/protocol/delivery';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { poll } from '../harness/poll';
import { TestClient } from '../host/clients';
import { QuickPick } from './fake/quick-input';
import { startWorkbench, type Started } from './start-workbench';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';

describe('Simulate Agent Message Delivery', () => {
  let started: Started;

  beforeEach(async () => {
    started = await startWorkbench();
  });

  afterEach(() => started.end());

  const start = (): Promise<RunningRouter> => started.fake.commands.run('threadLens.router.start');
  const simulate = (argument?: unknown): Promise<DeliveryReceipt | undefined> =>
    started.fake.commands.run('threadLens.simulateDelivery', argument);

  it('asks for target, type and payload, and tells what happened', async () => {
    const { fake } = started;
    const client = await TestClient.connect(`${(await start()).clientUrl}?thread_id=${THREAD}`);
    fake.inputs.pick('Enter a run ID or thread ID…');
    fake.inputs.type(COMPOSITE);
    fake.inputs.pick('tool_executing');
    fake.inputs.type('{"tool_name":"grep","parameters":{"q":1}}');
    const receipt = await simulate();
    assert.equal(receipt?.outcome, 'delivered');
    const event = await client.next((message) => message['type'] === 'tool_executing');
    assert.deepEqual(event['payload'], { tool_name: 'grep', parameters: { q: 1 } });
    assert.match(fake.messages.texts.at(-1) ?? '', /Delivered tool_executing to 1 connection of thread_13679e4dcc38403a\. Resolved by pattern extraction, pattern 1\.5\. /);
    await client.close();
  });

  it('takes an ID that is typed where the target is picked', async () => {
    const { fake } = started;
    const client = await TestClient.connect(`${(await start()).clientUrl}?thread_id=${THREAD}`);
    await poll('the thread', () => fake.commands.contextKeys.get('threadLens.hasThreads') === true);
    const simulating = simulate();
    const pick = await poll('the question', () => fake.inputs.last(QuickPick));
    const labels = (): string[] => pick.items.map(({ label }) => label);
    const before = labels();
    // Whoever types part of a listed thread looks for it; what is no ID is not taken for one.
    for (const text of [THREAD.slice(0, 12), 'hello', ' ']) {
      pick.userTypes(text);
      assert.deepEqual(labels(), before, text);
    }
    pick.userTypes(` ${COMPOSITE} `);
    assert.deepEqual(labels(), [COMPOSITE, ...before]);
    fake.inputs.pick('agent_started');
    fake.inputs.accept();
    pick.userPicks(COMPOSITE);
    const receipt = await simulating;
    assert.deepEqual([receipt?.outcome, receipt?.run_id], ['delivered', COMPOSITE]);
    await client.close();
  });

  it('brings along to the input box what was typed and is no ID', async () => {
    const { fake } = started;
    await start();
    const simulating = simulate();
    const pick = await poll('the question', () => fake.inputs.last(QuickPick));
    pick.userTypes('hello');
    fake.inputs.accept();
    fake.inputs.pick('agent_started');
    fake.inputs.accept();
    pick.userPicks('Enter a run ID or thread ID…');
    assert.equal((await simulating)?.run_id, 'hello');
  });

  it('offers the live threads as targets', async () => {
    const { fake } = started;
    const client = await TestClient.connect(`${(await start()).clientUrl}?thread_id=${THREAD}`);
    await poll('the thread', () => fake.commands.contextKeys.get('threadLens.hasThreads') === true);
    fake.inputs.pick(THREAD);
    fake.inputs.pick('agent_completed');
    fake.inputs.accept();
    assert.equal((await simulate())?.outcome, 'delivered');
    await client.close();
  });

  it('gives up without a word when an input is dismissed', async () => {
    await start();
    started.fake.inputs.pick(undefined);
    assert.equal(await simulate(), undefined);
    assert.deepEqual(started.fake.messages.texts, []);
  });

  it('offers to start the router when none is running', async () => {
    assert.equal(await simulate({ runId: COMPOSITE }), undefined);
    started.fake.messages.answer('Start Router');
    assert.equal((await simulate({ runId: COMPOSITE }))?.outcome, 'queued');
  });

  it('shows receipt or explanation of what was not delivered', async () => {
    await start();
    started.fake.messages.answer('Explain', { to: /waits/ });
    const receipt = await simulate({ threadId: THREAD });
    assert.equal(receipt?.outcome, 'queued');
    await poll('the explanation', () => started.fake.editors.active?.document.getText().includes('Nobody is connected'));
    started.fake.messages.answer('Show Receipt', { to: /could not be delivered/ });
    await simulate({ runId: 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760' });
    await poll('the receipt', () => started.fake.editors.active?.document.getText().includes('"undeliverable"'));
  });

  it('names the thread of an event that waits once, with who is connected and who is near', async () => {
    const { fake } = started;
    const { clientUrl } = await start();
    await simulate({ runId: COMPOSITE });
    assert.match(fake.messages.texts.at(-1) ?? '', /^warning: agent_started waits: expected a connection on thread_13679e4dcc38403a, received no connections at all\. \[Explain\]/);
    const client = await TestClient.connect(`${clientUrl}?thread_id=thread_13679e4dcc38403b`);
    await poll('the thread', () => fake.commands.contextKeys.get('threadLens.hasThreads') === true);
    await simulate({ runId: COMPOSITE });
    assert.match(
      fake.messages.texts.at(-1) ?? '',
      /waits: expected a connection on thread_13679e4dcc38403a, received 1 connection, none on it\. Closest: thread_13679e4dcc38403b \(1 character away\)\. \[Explain\]/,
    );
    await client.close();
  });

  it('sends a hostile run ID as it is and gets a clear answer', async () => {
    await start();
    for (const runId of ['x'.repeat(10_000), 'thread_' + 'a'.repeat(10_000), 'run_\u0000\u202e', '[a](command:x)']) {
      const receipt = await simulate({ runId });
      assert.ok(receipt && receipt.outcome !== 'delivered', runId.slice(0, 20));
      assert.ok(receipt.reason && receipt.expected && receipt.received);
    }
    assert.equal((await simulate({ runId: COMPOSITE }))?.outcome, 'queued');
  });

  it('names the field, what was expected and what was received in a bad argument', async () => {
    await start();
    await assert.rejects(simulate({ runId: 7 }), /runId: expected a non-blank string, received number/);
    await assert.rejects(simulate({ runId: COMPOSITE, payload: 'x' }), /payload: expected an object, received "x"/);
    await assert.rejects(simulate([]), /argument: expected an object/);
    await assert.rejects(simulate({ threadId: 'thread_a_run_b' }), /threadId: /);
  });
});
