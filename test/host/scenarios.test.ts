import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ScenarioReport } from '../../src/core/index';
import { poll } from '../harness/poll';

const FOUNDING = 'No connections found for thread thread_13679e4dcc38403a_run_1756919162904_9adf1f09. Active connections: 1';

describe('scenarios in a real VS Code', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const run = (argument: unknown): Thenable<ScenarioReport | undefined> => vscode.commands.executeCommand('threadLens.scenario.run', argument);
  const shown = (): string => vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'thread-lens')?.document.getText() ?? '';

  it('runs the founding scenario both ways in a worker thread and shows the report', async () => {
    const report = await run('composite-as-thread');
    assert.ok(report?.passed, JSON.stringify(report?.variants.map(({ problem, assertions }) => [problem, assertions.filter(({ passed }) => !passed)])));
    const [fault, fix] = report.variants;
    assert.equal(fault?.router.dialect, 'before_fix');
    assert.deepEqual(fault.clients[0]?.received, []);
    assert.ok(fault.diagnoses.some(({ id }) => id === 'composite-as-thread'));
    assert.equal(fix?.router.dialect, 'fix');
    assert.deepEqual(fix.clients[0]?.received.map(({ type }) => type), ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed']);
    assert.match(shown(), /^# Run ID used as thread key\n[^]*## With the fault: ✓ as expected[^]*## With the fix: ✓ as expected/);
  });

  it('reproduces the founding line with its own IDs, and links to that from its explanation', async () => {
    const report = await vscode.commands.executeCommand<ScenarioReport>('threadLens.reproduce', FOUNDING);
    assert.ok(report.passed);
    assert.equal(report.variants[0]?.ids['R'], 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09');
    await vscode.commands.executeCommand('threadLens.explainRouting', FOUNDING);
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri, 100);
    assert.ok(links.some(({ range, target }) => document.getText(range) === 'Reproduce Locally' && target?.scheme === 'command'));
  });

  it('validates scenario files by the contributed schema, and offers them as tasks', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'host.threadlens.json');
    writeFileSync(file.fsPath, JSON.stringify({ version: 1, name: 'host', clients: { tab: {} }, steps: [{ do: 'connect', client: 'tab' }], expect: { clients: { tab: { open: false } } } }));
    const tasks = await poll('the task of the new file', async () => {
      const all = await vscode.tasks.fetchTasks({ type: 'threadLens' });
      return all.some(({ definition }) => definition['scenario'] === 'host.threadlens.json') ? all : undefined;
    });
    assert.ok(tasks.some(({ definition, execution }) => definition['scenario'] === 'composite-as-thread' && execution instanceof vscode.CustomExecution));
    writeFileSync(file.fsPath, JSON.stringify({ version: 1, name: 'host', steps: [{ do: 'jump' }] }));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
    await poll('a problem of the schema', () => vscode.languages.getDiagnostics(file).some(({ message }) => message.includes('connect')));
  });
});
