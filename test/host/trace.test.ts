import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { Trace } from '../../src/workbench/trace/trace-entry';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';
const LINES = [
  '2025-09-03 17:06:02.901 | INFO     | manager:connect_user:729 | Enhanced WebSocket connected: conn_u1_00000001 for user u1 (protocol: fastapi)',
  `2025-09-03 17:06:02.939 | INFO     | manager:update_connection_thread:1159 | Associated 1 connections for user u1 with thread ${THREAD}`,
  `2025-09-03 17:06:03.009 | WARNING  | manager:_get_thread_connections:1186 | No connections found for thread ${COMPOSITE}. Active connections: 1`,
  `2025-09-03 17:06:03.037 | ERROR    | bridge:notify_agent_started:972 | 🚨 EMISSION FAILED: agent_started send failed (run_id=${COMPOSITE}, agent=triage)`,
];

function trace(id: string, where: string | string[]): Thenable<Trace> {
  return vscode.commands.executeCommand<Trace>('threadLens.traceRun', id, where);
}

describe('Trace Run in a real VS Code', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tl-trace-'));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  it('traces a log and leads back to its lines', async () => {
    const file = join(folder, 'app.log');
    writeFileSync(file, `${LINES.join('\n')}\n`);
    const result = await trace(COMPOSITE, file);
    assert.equal(result.broke?.diagnosis?.id, 'composite-as-thread');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.equal(document.uri.scheme, 'thread-lens');
    assert.match(document.getText(), /BROKE HERE: A composite run ID/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri, 100);
    const link = links.find(({ range, target }) => document.getText(range) === 'app.log:3' && target?.scheme === 'file');
    assert.ok(link?.target, JSON.stringify(links.map(({ target }) => target?.toString())));
    await vscode.commands.executeCommand('vscode.open', link.target);
    const opened = vscode.window.activeTextEditor;
    assert.equal(opened?.document.uri.fsPath, vscode.Uri.file(file).fsPath);
  });

  it('puts a rotated, compressed log before the current one', async () => {
    const rotated = join(folder, 'rotated');
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(rotated));
    writeFileSync(join(rotated, 'app.log'), LINES.slice(2).join('\n'));
    writeFileSync(join(rotated, 'app.log.1.gz'), gzipSync(`${LINES.slice(0, 2).join('\n')}\n`));
    const result = await trace(COMPOSITE, rotated);
    assert.deepEqual(result.entries.map(({ origin, line }) => `${origin.label}:${line}`), ['app.log.1.gz:1', 'app.log.1.gz:2', 'app.log:1', 'app.log:2']);
    assert.equal(result.broke?.diagnosis?.id, 'composite-as-thread');
  });

  it('traces a log that is too big for editors to hand to extensions', async function () {
    this.timeout(60_000);
    const file = join(folder, 'big.log');
    const noise = Buffer.from('2025-09-03 17:00:00.000 | INFO     | other:work:1 | nothing of interest happens here, again and again\n'.repeat(100_000));
    const fd = openSync(file, 'w');
    for (let i = 0; i < 4; i++) writeSync(fd, noise);
    writeSync(fd, `${LINES.join('\n')}\n`);
    for (let i = 0; i < 3; i++) writeSync(fd, noise);
    closeSync(fd);
    assert.ok(statSync(file).size > 50 * 1024 * 1024);
    await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(file)), /50MB/);
    const result = await trace(COMPOSITE, file);
    assert.deepEqual(result.entries.map(({ line }) => line), [400_001, 400_002, 400_003, 400_004]);
    assert.equal(result.broke?.diagnosis?.id, 'composite-as-thread');
  });

  it('traces an untitled document', async () => {
    const document = await vscode.workspace.openTextDocument({ content: LINES.join('\n'), language: 'log' });
    const result = await trace(THREAD, document.uri.toString());
    assert.equal(result.entries.length, 4);
  });
});
