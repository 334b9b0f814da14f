import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../harness/free-port';
import { ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';

const THREADS = 'Threads';
const THREAD = 'thread_13679e4dcc38403a';
const TOKEN = 'e2e-token-of-at-least-thirty-two-characters';

describe('the views, as a user sees them', function () {
  stepByStep(this);
  let vscode: VsCode;
  let page: WorkbenchPage;
  let port: number;
  const clients: TestClient[] = [];
  let crowd: ChildProcess | undefined;

  async function report(runId: string, type: string, payload: object = {}): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${port}/agent/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ type, run_id: runId, agent_name: 'triage', timestamp: new Date().toISOString(), payload }),
    });
    // 422 says that no thread could be found, which some of these are here to show.
    assert.ok(response.ok || response.status === 422, `${response.status} ${await response.text()}`);
  }

  async function theme(name: string): Promise<void> {
    await page.runCommand('Preferences: Color Theme');
    await page.quickInput.fill(name);
    await page.quickPick(name);
  }

  before(async () => {
    port = await freePort();
    const { path: workspace } = await temporaryFolder();
    vscode = await startVsCode({
      extensionPath: ROOT,
      workspace,
      settings: { 'threadLens.router.port': port },
      env: { THREAD_LENS_TOKEN: TOKEN },
    });
    page = await vscode.openPage({ viewport: { width: 1280, height: 800 } });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await page?.screenshot('views-failed');
  });

  after(async () => {
    crowd?.kill();
    await Promise.all(clients.map((client) => client.close()));
    await vscode?.stop();
  });

  it('lead a newcomer through the walkthrough from a fresh profile', async () => {
    await page.runCommand('Welcome: Open Walkthrough...');
    await page.quickPick('Debug WebSocket routing');
    const step = (title: string) => page.page.locator('.getting-started-step', { hasText: title });
    await step('Start the local router').waitFor();
    await page.screenshot('walkthrough');
    await page.page.getByRole('button', { name: 'Start Router' }).filter({ visible: true }).first().click();
    await page.statusBarItem(`:${port}`);
    clients.push(await TestClient.connect(`ws://127.0.0.1:${port}/ws?thread_id=${THREAD}&user_id=u1`));
    await step('Start the local router').locator('.codicon-getting-started-step-checked.complete, .complete').first().waitFor();
    await step('Connect a client').locator('.codicon-getting-started-step-checked.complete, .complete').first().waitFor();
    await page.runCommand('Thread Lens: Explain Routing…');
    await page.answer(`${THREAD}_run_1756919162904_9adf1f09`);
    await page.line('How it is resolved').waitFor();
    await page.runCommand('Thread Lens: Simulate Agent Message Delivery…');
    await page.quickPick(THREAD);
    await page.quickPick('agent_started');
    await page.quickInputWidget.getByText('payload of').waitFor();
    await page.page.keyboard.press('Enter');
    await page.notification('Delivered agent_started to 1 connection');
    await page.runCommand('Thread Lens: Run Scenario…');
    await page.answer('Run ID used as thread key');
    await page.line('With the fault: ✓ as expected').waitFor();
    await page.runCommand('Welcome: Open Walkthrough...');
    await page.quickPick('Debug WebSocket routing');
    await step('Start the local router').waitFor();
    assert.equal(await page.page.locator('.getting-started-step .codicon-getting-started-step-checked.complete').count(), 5);
    await page.screenshot('walkthrough-done');
    await page.runCommand('Notifications: Clear All Notifications');
    await page.runCommand('View: Close All Editors');
  });

  it('show a typical state in light, dark and high contrast', async () => {
    for (const [user, thread] of [['u2', THREAD], ['u3', 'thread_374579bdba3c41b8'], ['u4', 'thread_user_42']] as const) {
      clients.push(await TestClient.connect(`ws://127.0.0.1:${port}/ws?thread_id=${thread}&user_id=${user}`));
    }
    clients.push(await TestClient.connect(`ws://127.0.0.1:${port}/ws?user_id=u5`));
    await report(`${THREAD}_run_1756919162904_9adf1f09`, 'agent_started');
    await report(`${THREAD}_run_1756919162904_9adf1f09`, 'agent_completed');
    await report('run_user_42_abc12345', 'agent_started');
    await report('run_user_42_abc12345', 'agent_error', { status: 'error', error_message: 'out of quota' });
    await report('thread_374579bdba3c41b9_run_1756919162904_0badcafe', 'agent_started');
    await report('run_9f5d282b-ac2c-4745-ab6c-1b8418427760', 'agent_started');
    await page.openView('Thread Lens');
    await page.expandRow(THREADS, THREAD);
    await page.expandRow(THREADS, 'thread_user_42');
    await page.expandRow('Deliveries', 'thread_374579bdba3c41b9');
    await page.treeRow(THREADS, 'conn_u1_').click();
    await page.line('Timeline').waitFor();
    for (const [name, picture] of [['Light Modern', 'light'], ['Dark Modern', 'dark'], ['Dark High Contrast', 'high-contrast']] as const) {
      await theme(name);
      await page.screenshot(`views-${picture}`);
    }
    await theme('Light Modern');
  });

  it('open the Traffic panel with what came before it was open', async () => {
    await page.runCommand('Thread Lens: Open Traffic');
    const panel = page.page.frameLocator('iframe.webview').frameLocator('iframe');
    await panel.getByRole('row').filter({ hasText: 'agent_error' }).first().click();
    await panel.getByText('"out of quota"', { exact: true }).waitFor();
    await page.screenshot('traffic-in-vscode');
    await page.runCommand('View: Close All Editors');
  });

  it('stay usable at 10,000 connections: paged, filtered, revealed', async () => {
    crowd = spawn(process.execPath, [join(__dirname, 'crowd-process.mjs'), `ws://127.0.0.1:${port}/ws`, '10000', '2'], { stdio: ['ignore', 'pipe', 'inherit'] });
    assert.ok(crowd.stdout);
    const [said] = (await once(crowd.stdout, 'data')) as [Buffer];
    assert.match(said.toString(), /connected/);
    await page.view(THREADS).getByText(`${(10_005).toLocaleString('en')} live`).waitFor();
    await page.screenshot('views-10000');
    await page.runCommand('Thread Lens: Filter Threads…');
    await page.answer('conn_u7777_');
    const rows = await page.waitForRows(THREADS, 'the one thread', (all) => all.filter(({ level }) => level === 1).length === 1);
    assert.equal(rows[0]?.label, `thread_${Math.floor(7777 / 2).toString(16).padStart(16, '0')}`);
    await page.view(THREADS).getByText('1 of 5,00').waitFor();
    await page.screenshot('views-10000-filtered');
  });
});
