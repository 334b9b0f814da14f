import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FrameLocator } from 'playwright-core';
import { type WebSocket, WebSocketServer } from 'ws';
import { freePort } from '../harness/free-port';
import { poll } from '../harness/poll';
import { ROOT } from '../harness/repository';
import { stepByStep } from '../harness/step-by-step';
import { temporaryFolder } from '../harness/temporary-folder';
import { startVsCode, type VsCode } from '../harness/vscode';
import type { WorkbenchPage } from '../harness/workbench-page';
import { TestClient } from '../host/clients';

const T1 = 'thread_13679e4dcc38403a';
const T2 = 'thread_374579bdba3c41b8';
const R1 = `${T1}_run_1756919162904_9adf1f09`;
const R2 = `${T2}_run_1756919162904_0badcafe`;
const BREAKPOINTS = 'Breakpoints';

/** A backend that routes wrongly: whatever run it is told of, it sends its events to the first connection. */
class WrongBackend {
  readonly received: string[] = [];
  readonly sockets: WebSocket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly upgrades: WebSocketServer,
    readonly url: string,
  ) {}

  static async start(): Promise<WrongBackend> {
    const server = createServer();
    const upgrades = new WebSocketServer({ server });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const backend = new WrongBackend(server, upgrades, `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
    upgrades.on('connection', (socket, { url = '' }) => {
      const number = backend.sockets.push(socket);
      const thread = new URL(url, 'ws://x').searchParams.get('thread_id');
      socket.on('message', (data: Buffer) => backend.received.push(data.toString()));
      socket.send(JSON.stringify({ type: 'connection_established', connection_id: `conn_user${number}_3052f60${number}`, user_id: `user${number}`, thread_id: thread }));
    });
    return backend;
  }

  event(type: string, runId: string, payload: object): void {
    this.sockets[0]?.send(JSON.stringify({ type, run_id: runId, agent_name: 'triage', timestamp: new Date().toISOString(), payload }));
  }

  stop(): void {
    for (const socket of this.sockets) socket.terminate();
    this.upgrades.close();
    this.server.close();
  }
}

describe('a tap, as a user sees it', function () {
  stepByStep(this);
  let vscode: VsCode;
  let page: WorkbenchPage;
  let backend: WrongBackend;
  let port: number;
  const clients: TestClient[] = [];

  const panel = (): FrameLocator => page.page.frameLocator('iframe.webview').frameLocator('iframe');

  before(async () => {
    backend = await WrongBackend.start();
    port = await freePort();
    const { path: workspace } = await temporaryFolder();
    vscode = await startVsCode({ extensionPath: ROOT, workspace, settings: { 'threadLens.router.port': 0, 'threadLens.tap.port': port } });
    page = await vscode.openPage({ viewport: { width: 1280, height: 800 } });
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await vscode?.stop();
    backend?.stop();
  });

  it('asks for the backend, and shows who gets what through it', async () => {
    await page.runCommand('Thread Lens: Start Tap…');
    await page.answer(backend.url);
    await page.statusBarItem(`Tap :${port}`);
    for (const thread of [T1, T2]) clients.push(await TestClient.connect(`ws://127.0.0.1:${port}/ws?thread_id=${thread}`));
    backend.event('agent_started', R1, { status: 'started' });
    backend.event('agent_thinking', R1, { reasoning: 'who is asking?' });
    backend.event('agent_started', R2, { status: 'started', note: 'meant for somebody else' });
    await page.openView('Thread Lens');
    await page.expandRow('Threads', T1);
    await page.waitForRows('Threads', 'the connection under the name of the backend', (rows) => rows.some(({ label }) => label === 'conn_user1_3052f601'));
    const rows = await page.waitForRows('Deliveries', 'the misrouted event', (all) => all.some(({ description }) => description?.includes('misrouted')));
    assert.equal(rows.filter(({ level }) => level === 1).length, 3);
    await page.expandRow('Deliveries', 'misrouted');
    await page.runCommand('Thread Lens: Open Traffic');
    await panel().getByRole('row').filter({ hasText: 'misrouted' }).first().click();
    await panel().getByText(`Misrouted: expected a connection on ${T2}, received one on ${T1}`).first().waitFor();
    await panel().getByRole('tab', { name: 'Path' }).click();
    await panel().getByText('which is on another thread').waitFor();
    await page.screenshot('tap-misrouted');
  });

  it('holds a frame at a breakpoint, lets it be edited in an editor, and sends what was saved', async () => {
    await page.runCommand('View: Close All Editors');
    await page.runCommand('Thread Lens: Add Breakpoint…');
    await page.quickPick('to the client');
    await page.answer('type:tool_executing');
    await page.waitForRows(BREAKPOINTS, 'the breakpoint', (rows) => rows.some(({ label }) => label === 'type:tool_executing'));
    backend.event('tool_executing', R1, { tool_name: 'search', parameters: { query: 'before', api_key: 'sk-live-0123456789' }, status: 'executing' });
    backend.event('tool_completed', R1, { tool_name: 'search', status: 'completed' });
    await page.waitForRows(BREAKPOINTS, 'the held frame', (rows) => rows.some(({ label }) => label === 'tool_executing'));
    assert.ok(!clients[0]?.messages.some((message) => message['type'] === 'tool_completed'), 'what comes later waits behind it');
    await page.treeRow(BREAKPOINTS, T1).click();
    await page.line('"query": "before"').waitFor();
    assert.doesNotMatch(await page.editorText(), /sk-live/);
    await page.line('"query": "before"').dblclick();
    await page.runCommand('Replace');
    await page.page.keyboard.type('before');
    await page.page.keyboard.press('Tab');
    await page.page.keyboard.type('after');
    await page.page.keyboard.press('Control+Alt+Enter');
    await page.page.keyboard.press('Escape');
    await page.line('"query": "after"').waitFor();
    await page.screenshot('tap-breakpoint');
    await page.runCommand('File: Save');
    const sent = await poll('the edited event', () => clients[0]?.messages.find((message) => message['type'] === 'tool_executing'));
    assert.deepEqual((sent['payload'] as Record<string, unknown>)['parameters'], { query: 'after', api_key: 'sk-live-0123456789' });
    await poll('the event behind it', () => clients[0]?.messages.find((message) => message['type'] === 'tool_completed'));
    await page.runCommand('View: Close All Editors');
    await page.runCommand('Thread Lens: Open Traffic');
    await panel().getByRole('row').filter({ hasText: 'edited' }).first().click();
    await panel().getByRole('tab', { name: 'JSON' }).click();
    await panel().getByText('query: "after"').waitFor();
    await page.screenshot('tap-edited');
  });

  it('stops with everything it shows', async () => {
    await page.runCommand('Thread Lens: Stop Tap');
    await poll('the end of the connections', () => clients.every(({ socket }) => socket.readyState === socket.CLOSED));
    await page.page.getByText('Breakpoints', { exact: true }).first().waitFor({ state: 'hidden' });
  });
});
