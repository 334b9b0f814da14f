import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  const extension = () => vscode.extensions.getExtension('thread-lens.thread-lens');

  it('finds the extension in this VS Code', () => {
    assert.ok(extension(), `expected thread-lens.thread-lens among ${vscode.extensions.all.map(({ id }) => id).join(', ')}`);
  });

  it('activates, answers its API and registers every command of the manifest', async () => {
    const found = extension();
    assert.ok(found);
    const api: unknown = await found.activate();
    assert.equal(found.isActive, true);
    assert.equal(typeof (api as { decode?: unknown }).decode, 'function');
    const manifest = found.packageJSON as { contributes: { commands: Array<{ command: string }> } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
