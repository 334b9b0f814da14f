import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RecordingInfo } from '../../src/protocol/inspection';
import type { Replayed } from '../../src/workbench/recording/replay-command';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { poll } from '../harness/poll';
import { TestClient } from './clients';

// Their own: the router of the window remembers runs, and other suites want to see them for the first time.
const THREAD = 'thread_5ec0de5ec0de0001';
const COMPOSITE = `${THREAD}_run_1756919162904_9adf1f09`;

describe('recordings in a real VS Code', () => {
  const file = join(tmpdir(), `tl-${randomUUID()}.threadlens-rec.jsonl`);
  const har = file.replace('.threadlens-rec.jsonl', '.har');
  const run = <T>(command: string, ...args: unknown[]): Thenable<T> => vscode.commands.executeCommand<T>(`threadLens.${command}`, ...args);

  after(async () => {
    await run('recording.close', file);
    await run('router.stop');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
    for (const path of [file, har]) rmSync(path, { force: true });
  });

  it('are written while clients talk, to a file of their owner only, without secrets', async () => {
    // A router of its own: clients of other suites may still be leaving the one that runs.
    await run('router.stop');
    const { clientUrl } = await run<RunningRouter>('router.start', { port: 0 });
    await run<RecordingInfo>('record.start', file);
    const client = await TestClient.connect(`${clientUrl}?thread_id=${THREAD}&user_id=anna`);
    for (const type of ['agent_started', 'agent_completed']) await run('simulateDelivery', { runId: COMPOSITE, type, payload: { status: type, password: 'hunter22' } });
    await client.next((message) => message['type'] === 'agent_completed');
    await client.close();
    const ended = await run<RecordingInfo>('record.stop');
    assert.equal(ended.frames, 5);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!readFileSync(file, 'utf8').includes('hunter22'));
  });

  it('are replayed with new IDs, recorded again and compared: equal', async () => {
    const result = await run<Replayed>('replay', { file, timing: 'none' });
    assert.deepEqual([result.agentEvents, result.received, result.expected, result.equal, result.problems], [2, 3, 3, true, []], vscode.window.activeTextEditor?.document.getText());
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /\*\*Equal\*\* except for IDs and times/);
  });

  it('are exported as HAR 1.2', async () => {
    const exported = await run<{ connections: number; messages: number }>('exportHar', { file, to: har });
    assert.deepEqual([exported.connections, exported.messages], [2, 5]);
    assert.equal((JSON.parse(readFileSync(har, 'utf8')) as { log: { version: string } }).log.version, '1.2');
  });

  it('are shown in the Traffic panel until they are closed', async () => {
    assert.equal(await run('recording.open', vscode.Uri.file(file)), `recording:${file}`);
    await poll('the Traffic panel', () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.startsWith('Traffic'))));
    assert.equal(await run('recording.close'), true);
  });
});
