import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poll } from '../harness/poll';
import { freePort } from '../harness/free-port';
import { ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';

const THREAD = 'thread_13679e4dcc38403a';
const COMPOSITE = `${THREAD}_run_1756919162904_9adf1f09`;

const SOURCE = `from ids import extract_thread_id


class Bridge:
    async def notify_agent_started(self, run_id: str, agent: str) -> bool:
        """Tells the thread of the run that its agent has started."""
        thread_id = extract_thread_id(run_id)
        if thread_id is None:
            return False
        return await self.manager.send_to_thread(run_id, {"type": "agent_started", "agent": agent})

    async def join(self, connection_id: str) -> None:
        await self.manager.update_connection_thread(user_id=connection_id, thread_id=f"thread_{uuid.uuid4()}")
`;

describe('links and source problems, as a user meets them', function () {
  stepByStep(this);

  let vscode: VsCode;
  let page: WorkbenchPage;
  let workspace: string;
  let port: number;

  before(async () => {
    ({ path: workspace } = await temporaryFolder());
    await mkdir(join(workspace, 'app'));
    await writeFile(join(workspace, 'app', 'bridge.py'), SOURCE);
    await writeFile(join(workspace, 'backend.log'), `WARNING | No connections found for thread ${COMPOSITE}. Active connections: 1\nINFO | Associated conn_u1_00000001 with thread ${THREAD}\n`);
    port = await freePort();
    const settings = { 'threadLens.router.port': port, 'threadLens.inlayHints.enabled': true, 'editor.minimap.enabled': false, 'editor.wordWrap': 'on', 'terminal.integrated.shellIntegration.enabled': false };
    vscode = await startVsCode({ extensionPath: ROOT, workspace, settings });
    page = await vscode.openPage({ viewport: { width: 1280, height: 800 } });
  });

  after(() => vscode?.stop());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await page?.screenshot('links-failed');
  });

  it('shows what is wrong in a source file', async () => {
    await page.openFile(join(workspace, 'app', 'bridge.py'));
    await page.page.keyboard.press('Control+Shift+M');
    await page.problem('Expected a thread ID for send_to_thread()').waitFor();
    await page.problem('Expected a user ID for user_id').waitFor();
    await page.screenshot('source-problems');
  });

  it('replaces the run ID by a quick fix', async () => {
    await page.goToLine(10);
    await page.runCommand('Go to Next Problem (Error, Warning, Info)');
    await page.page.keyboard.press('Escape');
    await page.page.keyboard.press('Control+.');
    const fix = page.page.locator('.action-widget').getByText('Use the thread ID thread_id');
    await fix.waitFor();
    await page.screenshot('source-quick-fix-before');
    await fix.click();
    await page.line('send_to_thread(thread_id').waitFor();
    await poll('the problem to go', async () => !(await page.problem('Expected a thread ID for send_to_thread()').isVisible()));
    await page.screenshot('source-quick-fix-after');
  });

  it('shows the live connections behind IDs', async () => {
    await page.runCommand('Thread Lens: Start Router');
    await page.openFile(join(workspace, 'backend.log'));
    await page.line('nobody connected').waitFor();
    const client = await TestClient.connect(`ws://127.0.0.1:${port}/ws?thread_id=${THREAD}&user_id=u1`);
    try {
      await page.line('1 connection').waitFor();
      await page.screenshot('inlay-hints');
    } finally {
      await client.close();
    }
  });

  it('opens the explanation of an ID from a terminal', async () => {
    await page.runCommand('Terminal: Create New Terminal');
    const terminal = page.page.locator('.terminal-wrapper.active .xterm-screen');
    await terminal.waitFor();
    await terminal.click();
    await page.page.keyboard.type('cat backend.log', { delay: 20 });
    await page.page.keyboard.press('Enter');
    const opened = page.line('Routes to thread_13679e4dcc38403a');
    const box = await terminal.boundingBox();
    assert.ok(box);
    // The text is drawn on a canvas: the link is found as a user finds it, row by row.
    const tooltip = page.hover.filter({ hasText: 'Explain the routing of this ID' }).first();
    const y = await poll(
      'the link under the mouse',
      async () => {
        for (let row = 0; row < 7; row++) {
          const at = box.y + 9 + row * 17;
          await page.page.mouse.move(box.x + 420, at, { steps: 3 });
          if (await tooltip.waitFor({ timeout: 1200 }).then(() => true, () => false)) return at;
        }
        return undefined;
      },
      { timeoutMs: 60_000 },
    );
    await page.screenshot('terminal-link');
    await page.page.keyboard.down('Control');
    await page.page.mouse.move(box.x + 424, y, { steps: 4 });
    await page.page.mouse.click(box.x + 424, y, { delay: 80 });
    await page.page.keyboard.up('Control');
    await opened.waitFor();
    await page.screenshot('terminal-link-opened');
  });

  it('makes no link that runs a command of text that an input box or a notification repeats', async () => {
    const hostile = '[Update](command:workbench.action.toggleZenMode)';
    await page.runCommand('Notifications: Clear All Notifications');
    await page.runCommand('View: Close All Editors');
    await page.runCommand('Thread Lens: Decode ID…');
    await page.answer(hostile);
    await page.quickInputWidget.getByText('[Update] (command:').waitFor();
    assert.equal(await page.quickInputWidget.locator('.quick-input-message a').count(), 0);
    await page.page.keyboard.press('Escape');
    await page.runCommand('File: New Untitled Text File');
    await page.page.keyboard.insertText(hostile);
    await page.line('Update').waitFor();
    await page.page.keyboard.press('Control+a');
    // Not by runCommand, which begins with Escape: that would end the selection.
    await page.page.keyboard.press('F1');
    await page.answer('>Thread Lens: Decode ID…');
    const toast = await page.notification('Expected a run, thread or connection ID');
    assert.match(await toast.innerText(), /\[Update\] \(command:/);
    assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
    await page.screenshot('notification-hostile');
  });
});
