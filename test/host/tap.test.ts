import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import * as vscode from 'vscode';
import WebSocket, { WebSocketServer } from 'ws';
import type { BreakpointInfo } from '../../src/protocol/breakpoints';
import type { RunningTap } from '../../src/workbench/tap/tap-controller';
import { poll } from '../harness/poll';
import { TestClient } from './clients';

const THREAD = 'thread_13679e4dcc38403a';

describe('the tap in a real VS Code', () => {
  let server: Server;
  let sockets: WebSocketServer;
  const received: string[] = [];

  before(async () => {
    server = createServer();
    sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => received.push(data.toString()));
      socket.send(JSON.stringify({ type: 'connection_established', connection_id: 'conn_u1_3052f606', thread_id: THREAD }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  after(async () => {
    await vscode.commands.executeCommand('threadLens.tap.stop');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });

  it('passes messages, holds one, opens it as a file, and sends what was saved', async () => {
    const target = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
    const tap = await vscode.commands.executeCommand<RunningTap>('threadLens.tap.start', { target, port: 0 });
    assert.equal(tap.target, target);
    const client = await TestClient.connect(tap.clientUrl);
    await vscode.commands.executeCommand<BreakpointInfo>('threadLens.tap.breakpoint.add', { direction: 'in', type: 'chat' });
    client.socket.send(JSON.stringify({ type: 'chat', content: 'before', token: 'a-secret-value' }));
    // The workbench hears of it some milliseconds later.
    await poll('the held frame', async () => vscode.commands.executeCommand<boolean>('threadLens.held.edit', 1));
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'threadlens-held');
    const text = editor.document.getText();
    assert.doesNotMatch(text, /a-secret-value/);
    const all = new vscode.Range(editor.document.positionAt(0), editor.document.positionAt(text.length));
    assert.ok(await editor.edit((edit) => edit.replace(all, text.replace('before', 'after'))));
    assert.equal(await editor.document.save(), true);
    await poll('the edited frame', () => received.length > 0);
    assert.deepEqual(JSON.parse(received[0] ?? 'null'), { type: 'chat', content: 'after', token: 'a-secret-value' });
    assert.equal(client.socket.readyState, WebSocket.OPEN);
    await client.close();
    assert.equal(await vscode.commands.executeCommand('threadLens.tap.stop'), true);
  });
});
