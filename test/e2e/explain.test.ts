import assert from 'node:assert/strict';
import { join } from 'node:path';
import { freePort } from '../harness/free-port';
import { copyDemo, ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';

const THREAD = 'thread_13679e4dcc38403a';
/** The first line of demo/logs/backend.log that shows the founding error. */
const FOUNDING_LINE = 20;

describe('explaining a log, as a user does it', function () {
  stepByStep(this);

  let vscode: VsCode;
  let page: WorkbenchPage;
  let port: number;
  let log: string;
  let client: TestClient | undefined;

  before(async () => {
    const workspace = await copyDemo();
    log = join(workspace, 'logs', 'backend.log');
    port = await freePort();
    vscode = await startVsCode({ extensionPath: ROOT, workspace, settings: { 'threadLens.router.port': port, 'editor.minimap.enabled': false } });
    page = await vscode.openPage({ viewport: { width: 1400, height: 860 } });
  });

  after(async () => {
    await client?.close();
    await vscode?.stop();
  });

  it('tells the event of the founding line without a router', async () => {
    await page.openFile(log);
    await page.goToLine(FOUNDING_LINE);
    const text = await page.hoverText('No connections found for', { contains: 'nothing can match' });
    assert.match(text, /Run ID used as thread key\. A composite run ID was used as the thread key; connections listen on thread_13679e4dcc38403a, so nothing can match\./);
    assert.match(text, /Why: .*\n?.*Do: Send to the thread of the run ID instead\./s);
    await page.screenshot('hover-event-without-router');
  });

  it('lists the faults of the log in the Problems view, grouped, each with a link that explains it', async () => {
    await page.page.keyboard.press('Escape');
    await page.page.keyboard.press('Control+Shift+m');
    await page.problem('A composite run ID was used as the thread key').waitFor();
    // Also when the editor lost the focus before it had asked for them.
    await page.codeLens(/^Run ID used as thread key(?:, \d+ times)?$/).waitFor();
    await page.screenshot('doctor-problems');
    await page.problem('poisoned-registry').getByText('poisoned-registry').click();
    await page.line('What to do').waitFor();
    assert.match(await page.editorText(), /# Wrong mapping in the registry/);
    await page.screenshot('explain-from-problem');
  });

  it('offers quick fixes and performs them against the running router', async () => {
    await page.runCommand('Thread Lens: Start Router');
    await page.statusBarItem(`:${port}`);
    client = await TestClient.connect(`ws://127.0.0.1:${port}/ws?thread_id=${THREAD}&user_id=u17`);
    await page.openFile(log);
    await page.goToLine(FOUNDING_LINE);
    await page.page.keyboard.press('Control+.');
    const menu = page.page.locator('.action-widget');
    await menu.getByText(`Simulate delivery to ${THREAD}`).waitFor();
    await page.screenshot('quick-fix-before');
    await menu.getByText(`Simulate delivery to ${THREAD}`).click();
    await client.next((message) => message['type'] === 'agent_started');
    await page.notification('Delivered agent_started to 1 connection');
    await page.screenshot('quick-fix-after');
  });

  it('tells the event with what is live: the client that waits on the right thread', async () => {
    await page.runCommand('Notifications: Clear All Notifications');
    await page.page.keyboard.press('Control+j');
    await page.goToLine(FOUNDING_LINE);
    const text = await page.hoverText(`found for thread ${THREAD}_run_1756`, { contains: 'connection live' });
    assert.match(text, /1 connection live/);
    await page.screenshot('hover-event-live');
  });

  it('explains the line with the log around it and with links to its lines', async () => {
    await page.page.keyboard.press('Escape');
    await page.goToLine(FOUNDING_LINE);
    await page.runCommand('Thread Lens: Explain Routing…');
    await page.line('backend.log:20').waitFor();
    assert.match(await page.editorText(), /# Run ID used as thread key/);
    await page.editor.locator('.detected-link', { hasText: 'backend.log:20' }).filter({ visible: true }).first().waitFor();
    await page.screenshot('explain-line');
  });
});
