import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { poll } from '../harness/poll';
import { TestClient } from './clients';

const THREAD = 'thread_13679e4dcc38403a';
const COMPOSITE = `${THREAD}_run_1756919162904_9adf1f09`;
const LINE = `2025-09-03 17:06:03.009 | WARNING  | manager:send_to_thread:1057 | No connections found for thread ${COMPOSITE}. Active connections: 1`;

describe('links in a real VS Code', () => {
  it('stand on IDs in logs, with a target only for those that are resolved', async () => {
    const document = await vscode.workspace.openTextDocument({ content: `${LINE}\n${LINE}`, language: 'log' });
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri, 1);
    assert.deepEqual(links.map(({ range }) => document.getText(range)), [COMPOSITE, COMPOSITE]);
    assert.equal(links.filter(({ target }) => target?.scheme === 'command').length, 1);
    const unresolved = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri);
    assert.ok(unresolved.every(({ target }) => target === undefined));
  });

  it('stand on IDs in the output panel', async () => {
    const channel = vscode.window.createOutputChannel('linked backend');
    try {
      channel.appendLine(LINE);
      channel.show();
      const document = await poll('the output document', () =>
        vscode.workspace.textDocuments.find(({ uri, lineCount }) => uri.scheme === 'output' && uri.path.includes('linked backend') && lineCount > 1),
      );
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri, 10);
      assert.ok(links.some(({ target }) => target?.path === 'threadLens.explainRouting'));
    } finally {
      channel.dispose();
    }
  });

  it('show live connections as inlay hints when that is switched on', async () => {
    const config = vscode.workspace.getConfiguration('threadLens');
    const document = await vscode.workspace.openTextDocument({ content: LINE, language: 'log' });
    const hints = (): Thenable<vscode.InlayHint[]> =>
      vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, new vscode.Range(0, 0, 1, 0));
    const running = await vscode.commands.executeCommand<RunningRouter>('threadLens.router.start', { port: 0 });
    const client = await TestClient.connect(`${running.clientUrl}?thread_id=${THREAD}`);
    try {
      assert.deepEqual(await hints(), []);
      await config.update('inlayHints.enabled', true, vscode.ConfigurationTarget.Global);
      await poll('the connection', async () => (await hints()).some(({ label }) => label === '1 connection'));
    } finally {
      await config.update('inlayHints.enabled', undefined, vscode.ConfigurationTarget.Global);
      await client.close();
      await vscode.commands.executeCommand('threadLens.router.stop');
    }
  });
});
