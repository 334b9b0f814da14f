import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Diagnosis } from '../../src/core/index';
import { poll } from '../harness/poll';

const THREAD = 'thread_13679e4dcc38403a';
const COMPOSITE = `${THREAD}_run_1756919162904_9adf1f09`;
const at = (second: number, message: string): string => `2025-09-03 17:06:0${second}.009 | WARNING  | manager:send_to_thread:1057 | ${message}`;
const LINES = [
  at(0, 'Enhanced WebSocket connected: conn_u1_00000001 for user u1 (protocol: fastapi)'),
  at(1, `Associated 1 connections for user u1 with thread ${THREAD}`),
  at(2, `No connections found for thread ${COMPOSITE}. Active connections: 1`),
  at(3, `No connections found for thread ${COMPOSITE}. Active connections: 1`),
];

function problemsOf({ uri }: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Thread Lens');
}

describe('the log doctor in a real VS Code', () => {
  let folder: string;
  let document: vscode.TextDocument;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thread-lens-doctor-'));
    const file = join(folder, 'backend.log');
    await writeFile(file, `${LINES.join('\n')}\n`);
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true, force: true });
  });

  it('shows a problem, a lens and quick fixes where a fault first shows', async () => {
    const [problem] = await poll('the problem', () => (problemsOf(document).length > 0 ? problemsOf(document) : undefined));
    assert.ok(problem);
    assert.match(problem.message, /composite run ID was used as the thread key; 1 connection listens on thread_13679e4dcc38403a, so nothing can match\. \(2 times/);
    assert.equal(problem.range.start.line, 2);
    assert.equal(problem.relatedInformation?.length, 1);
    assert.equal(typeof problem.code === 'object' ? problem.code.value : problem.code, 'composite-as-thread');

    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title]),
      [[2, 'Run ID used as thread key, 2 times']],
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, problem.range);
    const titles = actions.map(({ title }) => title);
    for (const title of ['Explain: Run ID used as thread key', `Simulate delivery to ${THREAD}`, `Copy thread ID ${THREAD}`]) assert.ok(titles.includes(title), titles.join());
  });

  it('explains a line of the log, with links to its lines', async () => {
    const diagnoses = await vscode.commands.executeCommand<Diagnosis[]>('threadLens.explainRouting', { uri: document.uri.toString(), line: 3 });
    assert.equal(diagnoses[0]?.id, 'composite-as-thread');
    const shown = vscode.window.activeTextEditor?.document;
    assert.equal(shown?.uri.scheme, 'thread-lens');
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', shown.uri);
    const ours = links.filter(({ range }) => shown.getText(range).startsWith('backend.log:'));
    assert.deepEqual(ours.map(({ target }) => target?.fragment), ['L3', 'L4']);
  });

  it('drops its problems when they are cleared, and finds them again when asked', async () => {
    await poll('the problem', () => problemsOf(document).length > 0);
    await vscode.commands.executeCommand('threadLens.doctor.clear');
    assert.deepEqual(problemsOf(document), []);
    const diagnoses = await vscode.commands.executeCommand<Diagnosis[]>('threadLens.doctor.run', document.uri);
    assert.deepEqual(diagnoses.map(({ id }) => id), ['composite-as-thread']);
    assert.equal(problemsOf(document).length, 1);
  });
});
