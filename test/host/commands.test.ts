import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/workbench/commands';
import type { DecodedId, ThreadLensApi } from '../../src/workbench/api';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';

describe('the extension in a real VS Code', () => {
  it('activates, registers all its commands and answers its API', async () => {
    const extension = vscode.extensions.getExtension<ThreadLensApi>('thread-lens.thread-lens');
    assert.ok(extension);
    const api = await extension.activate();
    assert.equal(api.decode(COMPOSITE)?.threadId, 'thread_13679e4dcc38403a');
    assert.equal((await api.explain(COMPOSITE)).pattern, '1.5');
    const known = new Set(await vscode.commands.getCommands(true));
    for (const id of Object.values(COMMANDS)) assert.ok(known.has(id), id);
  });

  it('decodes by command', async () => {
    const decoded = await vscode.commands.executeCommand<DecodedId>('threadLens.decodeId', COMPOSITE);
    assert.equal(decoded.format, 'run_id_generator');
    assert.equal(decoded.threadId, 'thread_13679e4dcc38403a');
    assert.equal(decoded.timestamp, 1_756_919_162_904);
    assert.equal(decoded.suffix, '9adf1f09');
  });

  it('generates IDs by command that decode to their thread', async () => {
    for (const format of ['run_id_generator', 'id_manager']) {
      const runId = await vscode.commands.executeCommand<string>('threadLens.generateRunId', { threadId: 'thread_abc123', format });
      const decoded = await vscode.commands.executeCommand<DecodedId>('threadLens.decodeId', runId);
      assert.equal(decoded.threadId, 'thread_abc123');
      assert.equal(decoded.format, format);
    }
  });

  it('opens an explanation of the ID in a log line', async () => {
    await vscode.commands.executeCommand('threadLens.explainRouting', `No connections found for thread ${COMPOSITE}`);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'thread-lens');
    const text = editor?.document.getText() ?? '';
    assert.match(text, /Routes to thread_13679e4dcc38403a/);
    assert.match(text, /before_fix/);
  });
});
