import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type RecordingEntry, recordingLine } from '../../src/core/index';
import { ROOT } from '../harness/repository';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { replayFile } from '../../src/router/replay/replay-file';
import { TestRouter, TOKEN } from '../unit/router/harness';
import { ask, play, recordingIn } from '../unit/router/recording/record-run';

describe('Recordings, as a user sees them', () => {
  let vscode: VsCode;
  let page: WorkbenchPage;
  let workspace: string;

  before(async () => {
    ({ path: workspace } = await temporaryFolder());
    const before = await TestRouter.start();
    await ask(before.router, 'startRecording', { file: recordingIn(workspace, 'before the change') });
    await play(before);
    await ask(before.router, 'stopRecording', {});
    await before.stop();
    // The same run against a router that takes composite run IDs for threads.
    const after = await TestRouter.start({ dialect: 'before_fix' });
    await replayFile(recordingIn(workspace, 'before the change'), {
      target: after.url, token: TOKEN, allowRemote: false, side: 'both', timing: { kind: 'none' }, remint: { seed: 'e2e' }, record: { file: recordingIn(workspace, 'after the change'), by: 'target' }, version: '0.0.0',
    });
    await after.stop();
    vscode = await startVsCode({
      extensionPath: ROOT,
      workspace,
      settings: { 'threadLens.router.port': 0, 'editor.minimap.enabled': false, 'editor.fontSize': 12, 'editor.wordWrap': 'on' },
    });
    page = await vscode.openPage({ viewport: { width: 1500, height: 900 } });
  });

  after(() => vscode?.stop());

  it('opens one in the Traffic panel and the views, to be looked at only', async () => {
    await page.runCommand('Thread Lens: Open Recording…');
    await page.quickPick('before the change');
    const frame = page.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
    const row = (type: string) => frame.locator('[role=row]').filter({ hasText: type }).first();
    await row('agent_completed').waitFor();
    // A recording can be looked at only.
    assert.equal(await frame.getByText('Inject…').isVisible(), false);
    await page.openView('Thread Lens');
    assert.ok((await page.statusBar()).some((text) => text.includes('before the change')));
    await row('tool_executing').click();
    await frame.getByText('[REDACTED]').first().waitFor();
    await page.screenshot('recording-traffic');
  });

  it('shows while it records, and stops at a click', async () => {
    await page.runCommand('Thread Lens: Start Router');
    await page.statusBarItem(':');
    await page.runCommand('Thread Lens: Start Recording…');
    await page.quickInput.waitFor();
    await page.answer(recordingIn(workspace, 'live'));
    const item = page.page.locator('.statusbar-item').filter({ hasText: /\d B|KiB/ });
    await item.first().waitFor();
    await page.screenshot('recording-status');
    await item.first().click();
    await page.notification('Recorded');
  });

  it('compares two, and names what differs', async () => {
    await page.runCommand('Thread Lens: Compare Recordings…');
    await page.quickPick('before the change');
    // The second question looks like the first, and its rows take the places of those.
    await page.quickInputWidget.getByText('Compare before the change with').waitFor();
    await page.quickInputWidget.locator('.monaco-list-row').filter({ hasText: 'before the change' }).first().waitFor({ state: 'detached' });
    await page.answer('after the change');
    await page.line('Comparison of two recordings').waitFor();
    const text = await page.editorText();
    assert.match(text, /\*\*Different\*\*: /);
    assert.match(text, /`outcome`: `delivered` → `queued`/);
    await page.screenshot('recording-comparison');
  });

  it('opens one of a hundred thousand frames and stays smooth', async function () {
    this.timeout(180_000);
    const file = recordingIn(workspace, 'large');
    const out = createWriteStream(file, { mode: 0o600 });
    out.write(recordingLine({ thread_lens_recording: 1, created: '2025-09-03T16:52:42.904Z', source: 'router', url: 'ws://127.0.0.1:8787/ws', version: '0.1.0', dialect: 'fix', redacted: true }));
    for (let seq = 1; seq <= 100_000; seq++) {
      const thread = `thread_${(seq % 500).toString(16).padStart(16, '0')}`;
      const text = JSON.stringify({ type: 'progress_update', run_id: `${thread}_run_1756919162904_9adf1f09`, agent_name: 'a', payload: { seq } });
      const entry: RecordingEntry = { kind: 'frame', t: seq, seq, direction: 'in', peer: 'agent', run: `${thread}_run_1756919162904_9adf1f09`, thread, type: 'progress_update', outcome: 'delivered', delivery: seq, bytes: text.length, text };
      if (!out.write(recordingLine(entry))) await once(out, 'drain');
    }
    out.end();
    await finished(out);
    const began = performance.now();
    await page.runCommand('Thread Lens: Open Recording…');
    await page.quickPick('large');
    const frame = page.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
    await frame.getByText('100,000').first().waitFor({ timeout: 60_000 });
    console.log(`      100,000 frames shown after ${Math.round(performance.now() - began)} ms`);
    await page.screenshot('recording-large');
  });
});
