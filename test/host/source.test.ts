import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { poll } from '../harness/poll';

const ours = (uri: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Thread Lens');

async function problems(document: vscode.TextDocument, count: number): Promise<vscode.Diagnostic[]> {
  return poll(`${count} problems`, () => (ours(document.uri).length === count ? ours(document.uri) : undefined));
}

describe('source intelligence in a real VS Code', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  for (const [language, before, after] of [
    ['python', 'async def go(manager, run_id, thread_id):\n    await manager.send_to_thread(run_id, {})\n', 'send_to_thread(thread_id, {})'],
    ['typescript', 'async function go(runId: string, threadId: string) {\n  await manager.sendToThread(runId, {});\n}\n', 'sendToThread(threadId, {})'],
    ['javascript', 'function go(runId) {\n  const threadId = extractThreadId(runId);\n  manager.sendToThread(runId, {});\n}\n', 'sendToThread(threadId, {})'],
  ] as const) {
    it(`finds a run ID sent to as a thread in ${language} and replaces it`, async () => {
      const document = await vscode.workspace.openTextDocument({ content: before, language });
      const [problem] = await problems(document, 1);
      assert.ok(problem);
      assert.match(problem.message, /^Expected a thread ID for send/);
      assert.equal(problem.code, 'run-as-thread');
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, problem.range);
      const action = actions.find(({ title }) => title.startsWith('Use the thread ID'));
      assert.ok(action?.edit);
      assert.ok(await vscode.workspace.applyEdit(action.edit));
      assert.ok(document.getText().includes(after));
      await problems(document, 0);
    });
  }

  it('reads the workspace when asked', async () => {
    const scan = await vscode.commands.executeCommand<{ files: number; cancelled: boolean }>('threadLens.source.scanWorkspace');
    assert.equal(scan.cancelled, false);
  });
});
