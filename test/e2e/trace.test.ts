import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poll } from '../harness/poll';
import { ROOT } from '../harness/repository';
import { temporaryFolder } from '../harness/temporary-folder';
import { pointOfText } from '../harness/text-position';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';

describe('Trace Run, as a user does it', () => {
  let vscode: VsCode;
  let page: WorkbenchPage;
  let log: string;

  before(async () => {
    const { path: workspace } = await temporaryFolder();
    log = join(workspace, 'backend.log');
    await copyFile(join(ROOT, 'test/fixtures/samples/seed_bug_before_fix_info_level.log'), log);
    vscode = await startVsCode({
      extensionPath: ROOT,
      workspace,
      settings: { 'threadLens.router.port': 0, 'editor.minimap.enabled': false, 'workbench.sideBar.location': 'right', 'editor.fontSize': 11 },
    });
    page = await vscode.openPage({ viewport: { width: 1600, height: 900 } });
  });

  after(() => vscode?.stop());

  it('follows a run over the open log to the line where it broke', async () => {
    await page.openFile(log);
    await page.page.keyboard.press('Control+b');
    await page.runCommand('Thread Lens: Trace Run…');
    await page.answer(COMPOSITE);
    await page.quickPick('The Open File');
    await page.line('BROKE HERE').waitFor();
    await page.page.locator('.notification-toast').filter({ hasText: 'Tracing' }).waitFor({ state: 'detached' });
    const text = await page.editorText();
    assert.match(text, /Broke at 10:26:02\.988 \(backend\.log:5\): A composite run ID was used as the thread key/);
    assert.match(text, /^>> .*\+42 ms .*backend\.log:5 /m);
    await page.screenshot('trace');
  });

  it('goes to the line of the log on Ctrl+click', async () => {
    await poll('the log at its line 5', async () => {
      const point = await pointOfText(page.editor, 'backend.log:5');
      if (point !== undefined) {
        await page.page.keyboard.down('Control');
        await page.page.mouse.move(point.x - 2, point.y);
        await page.page.mouse.click(point.x, point.y);
        await page.page.keyboard.up('Control');
      }
      const text = await page.editorText();
      return text.includes('PRIORITY 4 SUCCESS') && !text.includes('BROKE HERE');
    });
    await page.editor.locator('.line-numbers.active-line-number', { hasText: /^5$/ }).waitFor();
  });
});
