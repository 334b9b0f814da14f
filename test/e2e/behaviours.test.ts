import assert from 'node:assert/strict';
import { freePort } from '../harness/free-port';
import { ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';

const THREAD = 'thread_13679e4dcc38403a';
const TOKEN = 'e2e-token-of-at-least-thirty-two-characters';

describe('behaviours of the original, as a user switches them', function () {
  stepByStep(this);
  let vscode: VsCode;
  let page: WorkbenchPage;
  let port: number;
  let client: TestClient | undefined;

  async function report(type: string): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${port}/agent/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ type, run_id: `${THREAD}_run_1756919162904_9adf1f09`, agent_name: 'triage', payload: { status: 'dead' } }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** Ticks rows of the list, or takes the ticks away. */
  async function toggle(...names: string[]): Promise<void> {
    for (const name of names) {
      await page.quickInput.fill(name);
      await page.quickInputWidget.locator('.monaco-list-row', { hasText: name }).first().click();
    }
    await page.quickInput.fill('');
  }

  before(async () => {
    port = await freePort();
    const { path: workspace } = await temporaryFolder();
    vscode = await startVsCode({ extensionPath: ROOT, workspace, settings: { 'threadLens.router.port': port }, env: { THREAD_LENS_TOKEN: TOKEN } });
    page = await vscode.openPage({ viewport: { width: 1280, height: 800 } });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await page?.screenshot('behaviours-failed');
  });

  after(async () => {
    await client?.close();
    await vscode?.stop();
  });

  it('chooses them from a list, sees that they are on, and what they do to an event', async () => {
    await page.openView('Thread Lens');
    await page.runCommand('Thread Lens: Start Router');
    await page.statusBarItem(`:${port}`);
    client = await TestClient.connect(`ws://127.0.0.1:${port}/ws?thread_id=${THREAD}&user_id=u1`);
    await page.runCommand('Thread Lens: Original Behaviours…');
    await toggle('typeRewriting', 'closeAllTabs');
    await page.screenshot('behaviours-list');
    await page.page.keyboard.press('Enter');
    await page.page.getByText('Original behaviour is on: typeRewriting, closeAllTabs').first().waitFor();
    const receipt = await report('agent_death');
    assert.match(String(receipt['reason']), /Original behaviour typeRewriting: agent_death went out as user_message/);
    await client.next((message) => message['type'] === 'user_message');
    await page.page.locator('.statusbar-item', { hasText: `:${port}` }).hover();
    await page.page.locator('.monaco-hover', { hasText: 'Original behaviour is on' }).waitFor();
    await page.screenshot('behaviours-on');
  });

  it('turns them off from the menu of the status bar', async () => {
    await page.page.keyboard.press('Escape');
    await page.page.locator('.statusbar-item', { hasText: `:${port}` }).click();
    await page.quickPick('Original Behaviours…');
    await toggle('typeRewriting', 'closeAllTabs');
    await page.page.keyboard.press('Enter');
    await page.page.getByText('Original behaviour is on').first().waitFor({ state: 'detached' });
    assert.equal((await report('agent_death'))['reason'], undefined);
  });
});
