import assert from 'node:assert/strict';
import { once } from 'node:events';
import type * as vscode from 'vscode';
import { WebSocket } from 'ws';
import { BEHAVIOUR_NAMES } from '../../src/core';
import type { DeliveryReceipt } from '../../src/protocol/delivery';
import { poll } from '../harness/poll';
import { TestClient } from '../host/clients';
import { startWorkbench, type Started } from './start-workbench';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';

describe('behaviours of the original in the workbench', () => {
  let started: Started;
  const clients: TestClient[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await started.end();
  });

  const start = (): Promise<{ clientUrl: string } | undefined> => started.fake.commands.run('threadLens.router.start');
  const choose = (argument?: unknown): Promise<readonly string[] | undefined> => started.fake.commands.run('threadLens.router.behaviours', argument);
  const simulate = (type: string): Promise<DeliveryReceipt> => started.fake.commands.run('threadLens.simulateDelivery', { runId: COMPOSITE, type });
  const item = (): vscode.StatusBarItem => started.fake.statusBar.item('threadLens.router');
  const tooltip = (): string => (item().tooltip as vscode.MarkdownString).value;
  /** The message of the view, which is only kept current while it is seen. */
  const message = async (): Promise<string> => {
    await started.fake.trees.treeText('threadLens.threads');
    return started.fake.trees.view('threadLens.threads').message ?? '';
  };

  it('begin as the settings say', async () => {
    started = await startWorkbench({ settings: { 'threadLens.router.profile': 'original', 'threadLens.router.behaviours': { closeAllTabs: false, singleThread: 'yes', other: true } } });
    await start();
    await poll('the status bar', () => item().text.includes('$(beaker)'));
    assert.match(tooltip(), /Original behaviour is on: unassociatedAtConnect, singleThread, userWideAssociation and 10 more/);
    assert.match(started.fake.output.log('Thread Lens').join('\n'), /router: original behaviour is on: unassociatedAtConnect, /);
    const receipt = await simulate('agent_started');
    assert.deepEqual([receipt.outcome, receipt.connections], ['delivered', 0]);
    assert.match(receipt.reason ?? '', /successWithoutSending/);
    assert.match(started.fake.messages.texts.at(-1) ?? '', /Delivered agent_started to 0 connections .*Original behaviour successWithoutSending: nobody is on/);
  });

  it('are named as a whole when they are the profile', async () => {
    started = await startWorkbench({ settings: { 'threadLens.router.profile': 'original' } });
    await start();
    await poll('the status bar', () => tooltip().includes('Original behaviour is on: all of it'));
  });

  it('are strict for settings that are none', async () => {
    started = await startWorkbench({ settings: { 'threadLens.router.profile': 'faithful', 'threadLens.router.behaviours': ['typeRewriting'] } });
    await start();
    assert.deepEqual(await choose({ behaviours: {} }), []);
    assert.equal((await simulate('agent_started')).outcome, 'queued');
  });

  it('are chosen from a list, apply at once, and are shown until they are off', async () => {
    started = await startWorkbench();
    const { fake } = started;
    const client = await TestClient.connect(`${(await start())?.clientUrl}?thread_id=${THREAD}`);
    clients.push(client);
    fake.inputs.pick(['typeRewriting', 'noQueue']);
    assert.deepEqual(await choose(), ['noQueue', 'typeRewriting']);
    const asked = fake.inputs.asked.at(-1)!;
    assert.equal(asked.items?.length, BEHAVIOUR_NAMES.length);
    assert.ok(asked.items?.some((row) => /^closeAllTabs {2}F17 {2}When one connection of a user ends, all of them are closed\.$/.test(row)));
    await poll('the status bar', () => item().text.includes('$(beaker)'));
    assert.match(item().accessibilityInformation?.label ?? '', /Original behaviour is on: noQueue, typeRewriting$/);
    await poll('the view', async () => (await message()) === 'Original behaviour is on: noQueue, typeRewriting');
    await simulate('agent_death');
    await client.next((received) => received['type'] === 'user_message');
    fake.inputs.pick([]);
    assert.deepEqual(await choose(), []);
    await poll('the status bar', async () => !item().text.includes('$(beaker)') && (await message()) === '');
    await simulate('agent_death');
    await client.next((received) => received['type'] === 'agent_death');
  });

  it('stand beside the filter of the view', async () => {
    started = await startWorkbench();
    const client = await TestClient.connect(`${(await start())?.clientUrl}?thread_id=${THREAD}`);
    clients.push(client);
    await choose({ behaviours: { noQueue: true } });
    await started.fake.commands.run('threadLens.threads.filter', '1367');
    await poll('the view', async () => /1 of 1 threads match "1367" · Original behaviour is on: noQueue/.test(await message()));
  });

  it('are offered by the menu of the status bar', async () => {
    started = await startWorkbench();
    await start();
    started.fake.inputs.pick('Original Behaviours…');
    started.fake.inputs.pick(['singleThread']);
    await started.fake.commands.run('threadLens.router.actions');
    await poll('the tooltip', () => tooltip().includes('singleThread'));
    // A rule right below a line would make a heading of it.
    assert.match(tooltip(), /singleThread\n\n+---/);
  });

  it('take a profile and switches from tasks and keybindings, and say what does not exist', async () => {
    started = await startWorkbench();
    await start();
    assert.deepEqual(await choose({ profile: 'original', behaviours: { closeAllTabs: false } }), BEHAVIOUR_NAMES.filter((name) => name !== 'closeAllTabs'));
    assert.equal(await choose({ behaviours: { closeAlTabs: true } }), undefined);
    assert.match(started.fake.messages.texts.at(-1) ?? '', /The behaviours were not changed: Unknown behaviour: expected one of .*, received "closeAlTabs"/);
  });

  it('are asked for when the menu of a view hands over the row that has the focus there', async () => {
    started = await startWorkbench();
    await start();
    await choose({ behaviours: { noQueue: true } });
    started.fake.inputs.pick(['noQueue', 'singleThread']);
    assert.deepEqual(await choose({ kind: 'thread', id: `thread:${THREAD}`, thread: { id: THREAD } }), BEHAVIOUR_NAMES.filter((name) => name === 'noQueue' || name === 'singleThread'));
  });

  it('change nothing when the list is dismissed', async () => {
    started = await startWorkbench();
    await start();
    await choose({ behaviours: { noQueue: true } });
    started.fake.inputs.pick(undefined);
    assert.equal(await choose(), undefined);
    await poll('the tooltip', () => tooltip().includes('noQueue'));
  });

  it('are shown beside faults that somebody set', async () => {
    started = await startWorkbench();
    const running = (await start()) as { url: string; token: string } | undefined;
    const inspector = new WebSocket(`${running?.url.replace('http', 'ws')}/inspect?token=${running?.token}`);
    await once(inspector, 'open');
    inspector.send(JSON.stringify({ type: 'request', id: 1, method: 'setFaults', params: { faults: [{ kind: 'drop', type: 'x' }, { kind: 'drop', type: 'y' }, { kind: 'delay', ms: 1 }] } }));
    await poll('the faults', () => tooltip().includes('Faults are on: drop, delay'));
    await choose({ behaviours: { noQueue: true } });
    await poll('both', () => tooltip().includes('Original behaviour is on: noQueue · Faults are on: drop, delay'));
    inspector.close();
    await once(inspector, 'close');
  });

  it('offer to start the router when none is running', async () => {
    started = await startWorkbench();
    assert.equal(await choose({ behaviours: { noQueue: true } }), undefined);
    started.fake.messages.answer('Start Router');
    assert.deepEqual(await choose({ behaviours: { noQueue: true } }), ['noQueue']);
  });
});
