import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../harness/free-port';
import { ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';
const THREADS = 'Threads';
const DELIVERIES = 'Deliveries';

async function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('the main job, as a user does it', function () {
  stepByStep(this);

  let vscode: VsCode;
  let page: WorkbenchPage;
  let port: number;
  let log: string;
  const clients: TestClient[] = [];

  async function connect(query: string): Promise<TestClient> {
    const client = await TestClient.connect(`ws://127.0.0.1:${port}/ws${query}`);
    clients.push(client);
    return client;
  }

  async function simulate(target: string, type: string): Promise<void> {
    await page.runCommand('Thread Lens: Simulate Agent Message Delivery…');
    await page.quickInput.fill(target);
    await page.quickInputWidget.getByText('as typed').waitFor();
    await page.screenshot('simulate-typed');
    await page.page.keyboard.press('Enter');
    await page.quickPick(type);
    await page.quickInputWidget.getByText('payload of').waitFor();
    await page.page.keyboard.press('Enter');
  }

  before(async () => {
    const { path: workspace } = await temporaryFolder();
    log = join(workspace, 'founding.log');
    await writeFile(
      log,
      [
        '2025-09-03 17:06:02.901 | INFO     | manager:connect_user:729 | Enhanced WebSocket connected: conn_u1_00000001 for user u1 (protocol: fastapi)',
        `2025-09-03 17:06:02.939 | INFO     | manager:update_connection_thread:1159 | Associated 1 connections for user u1 with thread ${THREAD}`,
        `2025-09-03 17:06:03.009 | WARNING  | manager:_get_thread_connections:1186 | No connections found for thread ${COMPOSITE}. Active connections: 1`,
        `2025-09-03 17:06:03.037 | ERROR    | bridge:notify_agent_started:972 | 🚨 EMISSION FAILED: agent_started send failed (run_id=${COMPOSITE}, agent=triage)`,
        '',
      ].join('\n'),
    );
    port = await freePort();
    vscode = await startVsCode({ extensionPath: ROOT, workspace, settings: { 'threadLens.router.port': port, 'editor.wordWrap': 'on', 'editor.minimap.enabled': false } });
    page = await vscode.openPage({ viewport: { width: 1280, height: 800 } });
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await vscode?.stop();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await page?.screenshot('main-job-failed');
  });

  it('explains the founding error without a router', async () => {
    await page.openFile(log);
    const text = await page.hoverText('_run_1756919162904', { contains: 'Routes to' });
    assert.match(text, /Composite run ID\. Routes to thread_13679e4dcc38403a\./);
    assert.match(text, /2025-09-03T17:06:02\.904Z/);
    assert.match(text, /No router is running/);
    await page.screenshot('hover-without-router');
  });

  it('offers another port when the port is in use, then starts on the chosen one', async () => {
    const taken = await listen(port);
    await page.openView('Thread Lens');
    await page.screenshot('sidebar-stopped');
    await page.runCommand('Thread Lens: Start Router');
    const offer = await page.notification(`Port ${port} is in use`);
    await offer.getByRole('button', { name: 'Use Another Port' }).waitFor();
    await page.screenshot('port-in-use');
    taken.close();
    await once(taken, 'close');
    await page.runCommand('Notifications: Clear All Notifications');
    await page.runCommand('Thread Lens: Start Router');
    await page.statusBarItem(`:${port}`);
    await page.view(THREADS).getByText('nobody is connected yet').waitFor();
    await page.screenshot('sidebar-empty');
  });

  it('says in the hover that a client is connected on the thread', async () => {
    await connect(`?thread_id=${THREAD}&user_id=u1`);
    await page.openFile(log);
    const text = await page.hoverText('_run_1756919162904', { contains: 'live' });
    assert.match(text, /Composite run ID\. Routes to thread_13679e4dcc38403a\. 1 connection live\./);
    await page.screenshot('hover');
  });

  it('shows threads, connections and runs, live', async () => {
    await connect(`?thread_id=${THREAD}&user_id=u2`);
    await connect('?thread_id=thread_374579bdba3c41b8&user_id=u3');
    const mover = await connect('?thread_id=thread_user_42&user_id=u4');
    await connect('?user_id=u5');
    await page.openView('Thread Lens');
    await page.waitForRows(THREADS, 'three threads and one connection without', (rows) => rows.filter(({ level }) => level === 1).length === 4);
    await simulate(COMPOSITE, 'agent_thinking');
    await page.notification('Delivered agent_thinking to 2 connections');
    await page.expandRow(THREADS, THREAD);
    const rows = await page.waitForRows(THREADS, 'the run below its thread', (all) => all.some(({ label }) => label === '…run_1756919162904_9adf1f09'));
    assert.equal(rows.filter(({ label }) => label.startsWith('conn_u1_') || label.startsWith('conn_u2_')).length, 2);
    assert.ok(rows.some(({ label, description }) => label === 'No thread' && description === '1 connection'));
    await page.screenshot('sidebar');

    mover.socket.send(JSON.stringify({ type: 'switch_thread', thread_id: 'thread_374579bdba3c41b8' }));
    await page.waitForRows(THREADS, 'the moved connection', (all) =>
      all.some(({ label, description }) => label === 'thread_374579bdba3c41b8' && description.startsWith('2 live')),
    );
  });

  it('delivers a simulated event and shows its receipt', async () => {
    await page.runCommand('Notifications: Clear All Notifications');
    await simulate(COMPOSITE, 'agent_started');
    const told = await page.notification('Delivered agent_started to 2 connections of thread_13679e4dcc38403a.');
    await clients[0]?.next((message) => message['type'] === 'agent_started');
    await told.getByRole('button', { name: 'Show Receipt' }).click();
    await page.line('delivery_receipt').waitFor();
    await page.expandRow(DELIVERIES, 'agent_started');
    await page.waitForRows(DELIVERIES, 'the facts', (rows) => rows.some(({ label }) => label === 'Resolved by'));
    await page.screenshot('receipt-delivered');
  });

  it('says what was expected and received when nobody is connected', async () => {
    await page.runCommand('Notifications: Clear All Notifications');
    await simulate('thread_13679e4dcc38403b_run_1756919162904_9adf1f09', 'agent_completed');
    const told = await page.notification('agent_completed waits: expected a connection on thread_13679e4dcc38403b');
    assert.match(await told.innerText(), /received .*Closest: thread_13679e4dcc38403a \(1 character away\)/s);
    await page.expandRow(DELIVERIES, 'agent_completed');
    await page.waitForRows(DELIVERIES, 'the reason', (rows) => rows.some(({ label }) => label === 'Expected'));
    await page.screenshot('receipt-queued');
    await told.getByRole('button', { name: 'Explain' }).click();
    await page.line('How it is resolved').waitFor();
    await page.screenshot('explanation');
  });

  it('delivers what waited when somebody connects', async () => {
    const late = await connect('?thread_id=thread_13679e4dcc38403b');
    await late.next((message) => message['type'] === 'agent_completed');
    await page.waitForRows(DELIVERIES, 'the delivery', (rows) =>
      rows.some(({ label, description }) => label === 'agent_completed' && description.startsWith('to 1')),
    );
  });

  it('disconnects a connection from its row', async () => {
    await page.rowAction(THREADS, 'conn_u2_', 'Disconnect');
    await page.waitForRows(THREADS, 'one connection less', (rows) => !rows.some(({ label }) => label.startsWith('conn_u2_')));
  });

  it('stops and frees the port', async () => {
    await page.runCommand('Thread Lens: Stop Router');
    await page.view(THREADS).getByText('Start a local WebSocket router').waitFor();
    const server = await listen(port);
    server.close();
  });
});
