import assert from 'node:assert/strict';
import type { DeliveryReceipt } from '../../src/protocol/delivery';
import type { ConnectionDetails } from '../../src/protocol/inspection';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { renderConnection } from '../../src/workbench/documents/connection-details';
import { poll } from '../harness/poll';
import { TestClient } from '../host/clients';
import { startWorkbench, type Started } from './start-workbench';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';
const THREADS = 'threadLens.threads';
const DELIVERIES = 'threadLens.deliveries';

describe('the views', () => {
  let started: Started;
  let running: RunningRouter;
  const clients: TestClient[] = [];

  beforeEach(async () => {
    started = await startWorkbench();
    running = await started.fake.commands.run<RunningRouter>('threadLens.router.start');
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await started.end();
  });

  async function connect(query = ''): Promise<TestClient> {
    const client = await TestClient.connect(`${running.clientUrl}${query}`);
    clients.push(client);
    return client;
  }

  const simulate = (argument: object): Promise<DeliveryReceipt> => started.fake.commands.run('threadLens.simulateDelivery', argument);

  /** The whole tree as text once it fits. */
  const tree = (view: string, fits: RegExp): Promise<string> =>
    poll(`${view} with ${fits}`, async () => {
      const text = await started.fake.trees.treeText(view, { expand: 'all' });
      return fits.test(text) ? text : undefined;
    });

  it('show threads with connections and runs, and connections without a thread first', async () => {
    await connect(`?thread_id=${THREAD}&user_id=u1`);
    await connect('?user_id=u2');
    await simulate({ runId: COMPOSITE });
    const text = await tree(THREADS, /…run_1756919162904_9adf1f09/);
    const rows = text.split('\n').map((line) => line.trim());
    assert.match(rows[0] ?? '', /No thread/);
    assert.match(rows[1] ?? '', /conn_u2_[0-9a-f]{8}/);
    assert.match(rows[2] ?? '', new RegExp(`${THREAD}.*1 live · 1 delivered`));
    assert.match(rows[3] ?? '', /conn_u1_[0-9a-f]{8}/);
    assert.match(rows[4] ?? '', /…run_1756919162904_9adf1f09.*simulated · agent_started · 1 event/);
  });

  it('put what waits on top and count it on the badge until it is delivered', async () => {
    await connect('?thread_id=thread_aaa111');
    await simulate({ runId: COMPOSITE });
    const text = await tree(THREADS, /1 waiting/);
    assert.ok(text.indexOf(THREAD) < text.indexOf('thread_aaa111'));
    assert.match(await tree(DELIVERIES, /Expected/), /agent_started.*waits/);
    await poll('the badge', () => started.fake.trees.view(DELIVERIES).badge?.value === 1);
    await connect(`?thread_id=${THREAD}`);
    await tree(DELIVERIES, /agent_started.*to 1/);
    await poll('no badge', () => started.fake.trees.view(DELIVERIES).badge === undefined);
  });

  it('act on their rows: copy, disconnect, simulate, explain, receipt, deliver again', async () => {
    const { fake } = started;
    const client = await connect(`?thread_id=${THREAD}&user_id=u1`);
    await simulate({ runId: COMPOSITE });
    await tree(THREADS, /…run_1756919162904_9adf1f09/);
    await fake.trees.runOn(THREADS, THREAD, 'threadLens.copyId');
    assert.equal(fake.environment.clipboard, THREAD);

    fake.inputs.pick('agent_thinking');
    fake.inputs.accept();
    const receipt = await fake.trees.runOn<DeliveryReceipt>(THREADS, THREAD, 'threadLens.thread.simulate');
    assert.equal(receipt.outcome, 'delivered');
    await client.next((message) => message['type'] === 'agent_thinking');

    await tree(DELIVERIES, /agent_thinking/);
    await fake.trees.runOn(DELIVERIES, 'agent_started', 'threadLens.delivery.receipt');
    assert.match(fake.editors.active?.document.getText() ?? '', /"pattern": "1.5"/);
    await fake.trees.runOn(DELIVERIES, 'agent_started', 'threadLens.explainRouting');
    assert.match(fake.editors.active?.document.getText() ?? '', new RegExp(`Routes to ${THREAD}`));

    const connection = String(client.messages[0]?.['connection_id']);
    assert.equal(await fake.trees.runOn(THREADS, connection, 'threadLens.connection.disconnect'), true);
    await poll('the closed connection', () => client.socket.readyState === client.socket.CLOSED);
  });

  it('show in the Traffic panel what a row is about', async () => {
    const { fake } = started;
    await connect(`?thread_id=${THREAD}`);
    await simulate({ runId: COMPOSITE });
    await tree(DELIVERIES, /agent_started/);
    await tree(THREADS, /…run_1756919162904_9adf1f09/);
    const filters = async (): Promise<string[]> => fake.webviews.panel('threadLens.traffic').webview.received.filter((message) => (message as { type: string }).type === 'filter').map((message) => (message as { text: string }).text);
    await fake.trees.runOn(DELIVERIES, 'agent_started', 'threadLens.showInTraffic');
    fake.webviews.panel('threadLens.traffic').webview.send({ type: 'ready' });
    await poll('the first filter', async () => (await filters()).length === 1);
    await fake.trees.runOn(THREADS, THREAD, 'threadLens.showInTraffic');
    await poll('the second filter', async () => (await filters()).length === 2);
    assert.deepEqual(await filters(), [`run:${COMPOSITE}`, `thread:${THREAD}`]);
  });

  it('register the run of a row, so that what was not delivered can be delivered again', async () => {
    const { fake } = started;
    const client = await connect(`?thread_id=${THREAD}`);
    const lost = 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760';
    fake.messages.answer('Register Run…', { to: /could not be delivered/ });
    fake.inputs.type(undefined);
    await simulate({ runId: lost });
    await poll('the question for the thread', () => fake.inputs.asked.some(({ prompt }) => prompt === `The thread that ${lost} belongs to`));
    await tree(DELIVERIES, /agent_started.*no thread/);
    assert.match(fake.trees.item(DELIVERIES, 'agent_started').tooltip as string, new RegExp(`^agent_started · no thread\n${lost}\nNothing says .*\n2\\d{3}-`));
    fake.inputs.type(THREAD);
    assert.equal(await fake.trees.runOn(DELIVERIES, 'agent_started', 'threadLens.registerMapping'), true);
    fake.messages.answer('Show Receipt', { to: /^Delivered agent_started to 1 connection/ });
    await fake.trees.runOn(DELIVERIES, 'agent_started', 'threadLens.delivery.redeliver');
    await client.next((message) => message['type'] === 'agent_started');
    await poll('the receipt', () => fake.editors.active?.document.getText().includes('"delivered"'));
    assert.match(await tree(DELIVERIES, /to 1/), new RegExp(`agent_started.*to 1 · ${THREAD}[^]*Resolved by.*the registry`));
  });

  it('tell what had a thread, and nobody on it, from what has none', async () => {
    const { fake } = started;
    await fake.commands.run('threadLens.router.behaviours', { behaviours: { noQueue: true } });
    await simulate({ runId: COMPOSITE });
    await simulate({ runId: 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760', type: 'agent_thinking' });
    const text = await tree(DELIVERIES, /agent_thinking/);
    assert.match(text, new RegExp(`agent_started.*not delivered · ${THREAD}`));
    assert.match(text, /agent_thinking.*no thread · run_9f5d/);
    assert.match(fake.trees.item(DELIVERIES, 'agent_thinking').contextValue ?? '', /^delivery\.unresolved/);
    assert.doesNotMatch(fake.trees.item(DELIVERIES, 'agent_started').contextValue ?? '', /unresolved/);
  });

  it('page what is too much to show at once', async () => {
    for (let index = 0; index < 205; index++) {
      const body = JSON.stringify({ type: 'agent_started', run_id: `thread_${String(index).padStart(4, '0')}_run_1756919162904_9adf1f09`, agent_name: 'a', timestamp: new Date().toISOString(), payload: {} });
      const response = await fetch(`${running.url}/agent/events`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${running.token}` },
      });
      await response.arrayBuffer();
    }
    const top = async (): Promise<string[]> => (await started.fake.trees.treeText(THREADS)).split('\n');
    await poll('the first page', async () => /Show more.*5 not shown/.test((await top()).at(-1) ?? ''));
    assert.equal((await top()).length, 201);
    await started.fake.trees.click(THREADS, 'Show more');
    await poll('all of them', async () => (await top()).length === 205);
  });

  it('filter threads by thread, connection, user and run, and say so', async () => {
    const { fake } = started;
    await connect('?thread_id=thread_aaa111&user_id=alice');
    await connect('?thread_id=thread_bbb222&user_id=bob');
    await tree(THREADS, /thread_bbb222/);
    for (const [filter, expected] of [['bbb', 'thread_bbb222'], ['ALICE', 'thread_aaa111'], ['conn_bob', 'thread_bbb222']] as const) {
      assert.equal(await fake.commands.run('threadLens.threads.filter', filter), filter.toLowerCase());
      const other = expected === 'thread_aaa111' ? 'thread_bbb222' : 'thread_aaa111';
      await poll(filter, async () => {
        const text = await fake.trees.treeText(THREADS);
        return text.includes(expected) && !text.includes(other);
      });
    }
    assert.match(String(fake.trees.view(THREADS).message), /1 of 2 threads match "conn_bob"/);
    assert.equal(fake.commands.contextKeys.get('threadLens.threadsFiltered'), true);
    await fake.commands.run('threadLens.threads.clearFilter');
    await tree(THREADS, /thread_aaa111[^]*thread_bbb222/);
  });

  it('sort threads, and reveal one from its delivery although it is filtered out', async () => {
    const { fake } = started;
    await connect('?thread_id=thread_aaa111');
    await connect('?thread_id=thread_zzz999');
    await connect('?thread_id=thread_zzz999');
    await tree(THREADS, /thread_aaa111[^]*thread_zzz999/);
    fake.inputs.pick('Most connections first');
    await fake.commands.run('threadLens.threads.sort');
    await tree(THREADS, /thread_zzz999[^]*thread_aaa111/);
    await simulate({ threadId: 'thread_aaa111' });
    await tree(DELIVERIES, /agent_started/);
    await fake.commands.run('threadLens.threads.filter', 'zzz');
    assert.equal(await fake.trees.runOn(DELIVERIES, 'agent_started', 'threadLens.thread.reveal'), true);
    assert.match(await fake.trees.treeText(THREADS), /thread_aaa111/);
  });

  it('tell all of a connection: state, handshake without secrets, timeline with its race window', async () => {
    await simulate({ threadId: THREAD });
    const client = await connect(`?thread_id=${THREAD}&user_id=u1&token=${running.token}`);
    const id = String(client.messages[0]?.['connection_id']);
    const details = await started.fake.commands.run<ConnectionDetails>('threadLens.connection.details', id);
    assert.equal(details.open, true);
    const text = started.fake.editors.active?.document.getText() ?? '';
    assert.match(text, new RegExp(`# ${id}\n\nOpen for`));
    assert.match(text, /Receives the events of thread_13679e4dcc38403a\./);
    assert.match(text, /## Timeline[^]*connected +as user u1\n[^]*joined +by url\n/);
    assert.ok(!text.includes(running.token), 'the token is redacted');
  });

  it('tell no negative time of a connection at a router whose clock is ahead', async () => {
    const client = await connect(`?thread_id=${THREAD}`);
    const details = await started.fake.commands.run<ConnectionDetails>('threadLens.connection.details', String(client.messages[0]?.['connection_id']));
    assert.match(renderConnection(started.fake.api, details, details.connectedAt - 5000), /\nOpen for 0 ms\./);
  });

  it('show only what was not delivered on request', async () => {
    await connect('?thread_id=thread_aaa111');
    await simulate({ threadId: 'thread_aaa111', type: 'agent_thinking' });
    await simulate({ runId: COMPOSITE, type: 'agent_completed' });
    await tree(DELIVERIES, /agent_completed[^]*agent_thinking/);
    assert.equal(await started.fake.commands.run('threadLens.deliveries.toggleFailures'), true);
    const text = await tree(DELIVERIES, /agent_completed/);
    assert.doesNotMatch(text, /agent_thinking/);
    assert.equal(await started.fake.commands.run('threadLens.deliveries.toggleFailures'), false);
    await tree(DELIVERIES, /agent_thinking/);
  });

  it('show welcome texts again after the router stopped', async () => {
    await connect(`?thread_id=${THREAD}`);
    await tree(THREADS, /1 live/);
    await started.fake.commands.run('threadLens.router.stop');
    await poll('an empty tree', async () => (await started.fake.trees.treeText(THREADS)).trim() === '');
    assert.equal(started.fake.commands.contextKeys.get('threadLens.hasThreads'), false);
  });
});
