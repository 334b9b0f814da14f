import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poll } from '../harness/poll';
import { copyDemo, ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';

const VIEW = 'Scenarios';
/** The first line of demo/logs/backend.log that shows the founding error. */
const FOUNDING_LINE = 20;

describe('scenarios, as a user runs them', function () {
  stepByStep(this);

  let vscode: VsCode;
  let page: WorkbenchPage;
  let log: string;

  before(async () => {
    const workspace = await copyDemo();
    log = join(workspace, 'logs', 'backend.log');
    const own = { version: 1, name: 'Our own check', clients: { tab: { user: 'u1', thread: 'thread_demo' } }, steps: [{ do: 'connect', client: 'tab' }], expect: { clients: { tab: { threads: ['thread_demo'], open: false } } } };
    await writeFile(join(workspace, 'own.threadlens.json'), `${JSON.stringify(own, undefined, 2)}\n`);
    vscode = await startVsCode({ extensionPath: ROOT, workspace, settings: { 'threadLens.router.port': 0, 'editor.minimap.enabled': false, 'terminal.integrated.gpuAcceleration': 'off' } });
    page = await vscode.openPage({ viewport: { width: 1500, height: 900 } });
  });

  after(() => vscode?.stop());

  it('lists them in the side bar and runs one there, with the fault and with the fix', async () => {
    await page.openView('Thread Lens');
    const heading = page.view(VIEW).getByRole('button', { name: /^Scenarios/ });
    if ((await heading.getAttribute('aria-expanded')) === 'false') await heading.click();
    await page.waitForRows(VIEW, 'the shipped scenarios', (rows) => rows.some(({ label }) => label.startsWith('Our own check')) && rows.some(({ label }) => label === 'Built-in'));
    for (const name of ['Threads', 'Deliveries']) await page.view(name).getByRole('button', { name: new RegExp(`^${name}`) }).first().click();
    await page.rowAction(VIEW, 'Connection without a thread', 'Run Scenario…');
    await page.line('With the fault: ✓ as expected').waitFor();
    await page.screenshot('scenarios-view');
    assert.match(await page.editorText(), /# Connection without a thread/);
    await page.rowAction(VIEW, 'Our own check', 'Run Scenario…');
    await page.line('Not as expected').waitFor();
    await page.expandRow(VIEW, 'Our own check');
    await page.waitForRows(VIEW, 'its failure', (rows) => rows.some(({ description }) => description === '1 of 2 expectations not met'));
    await page.screenshot('scenarios-failed');
    await page.runCommand('View: Close All Editors');
  });

  it('runs the founding scenario from the palette and reports what reached whom', async () => {
    await page.runCommand('Thread Lens: Run Scenario…');
    await page.quickInputWidget.getByText('Our own check').waitFor();
    await page.screenshot('scenario-pick');
    await page.quickInput.fill('composite-as-thread');
    await page.quickPick('Run ID used as thread key');
    await page.line('With the fault: ✓ as expected').waitFor();
    await page.screenshot('scenario-report');
    await page.runCommand('View: Close All Editors');
  });

  it('runs one as a task, whose exit code says whether all went as expected', async () => {
    await page.runCommand('Tasks: Run Task');
    await page.quickPick('threadLens');
    await page.quickInputWidget.getByText('Thread Lens: ').first().waitFor();
    await page.quickInput.fill('Our own check');
    await page.quickPick('Our own check');
    const rows = page.page.locator('.xterm-rows').last();
    await rows.waitFor();
    await poll('the exit code', async () => (await rows.innerText()).replaceAll(/\s+/g, ' ').includes('terminated with exit code: 1'));
    await page.screenshot('scenario-task');
    await page.page.keyboard.press('Control+j');
  });

  it('reproduces the fault of a log line from its quick fix', async () => {
    await page.openFile(log);
    await page.goToLine(FOUNDING_LINE);
    await page.codeLens(/^Run ID used as thread key(?:, \d+ times)?$/).waitFor();
    await page.page.keyboard.press('Control+.');
    const menu = page.page.locator('.action-widget');
    await menu.getByText('Reproduce locally: Run ID used as thread key').waitFor();
    await page.screenshot('reproduce-quick-fix');
    await menu.getByText('Reproduce locally: Run ID used as thread key').click();
    await page.notification('Reproduced at a local router, and fixed: Run ID used as thread key.');
    await page.line('thread_13679e4dcc38403a_run_1756919162904_9adf1f09').last().waitFor();
    await page.screenshot('reproduce-report');
  });
});
