import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import * as vscode from 'vscode';
import { AGENT_EVENT_TYPES } from '../../src/core/index';
import type { DeliveryReceipt } from '../../src/protocol/delivery';
import type { RunningRouter } from '../../src/workbench/router/router-controller';
import { TestClient } from './clients';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
const THREAD = 'thread_13679e4dcc38403a';

async function startRouter(): Promise<RunningRouter> {
  const running = await vscode.commands.executeCommand<RunningRouter>('threadLens.router.start', { port: 0 });
  assert.ok(running, 'the router started');
  return running;
}

function simulate(argument: object): Thenable<DeliveryReceipt> {
  return vscode.commands.executeCommand('threadLens.simulateDelivery', argument);
}

describe('routing in a real VS Code', () => {
  const clients: TestClient[] = [];

  async function connect(query: string): Promise<TestClient> {
    const { clientUrl } = await startRouter();
    const client = await TestClient.connect(`${clientUrl}${query}`);
    clients.push(client);
    return client;
  }

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await vscode.commands.executeCommand('threadLens.router.stop');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('delivers a simulated event of a composite run ID to the client of its thread, exactly as sent', async () => {
    const client = await connect(`?thread_id=${THREAD}&user_id=u1`);
    const receipt = await simulate({ runId: COMPOSITE, type: 'agent_started', payload: { status: 'started', note: 'é ✓' } });
    assert.equal(receipt.outcome, 'delivered');
    assert.equal(receipt.thread_id, THREAD);
    assert.equal(receipt.connections, 1);
    assert.equal(receipt.resolution?.source, 'pattern_extraction');
    assert.equal(receipt.resolution?.pattern, '1.5');
    const event = await client.next((message) => message['type'] === 'agent_started');
    assert.deepEqual(Object.keys(event), ['type', 'run_id', 'agent_name', 'timestamp', 'payload']);
    assert.equal(event['run_id'], COMPOSITE);
    assert.deepEqual((event['payload'] as Record<string, unknown>)['note'], 'é ✓');
    assert.equal(new Date(String(event['timestamp'])).toISOString(), event['timestamp']);
  });

  it('delivers every type of agent event', async () => {
    const client = await connect(`?thread_id=${THREAD}`);
    for (const type of AGENT_EVENT_TYPES) {
      const receipt = await simulate({ runId: COMPOSITE, type });
      assert.equal(receipt.outcome, 'delivered', type);
      await client.next((message) => message['type'] === type);
    }
    const custom = await simulate({ threadId: THREAD, type: 'my_custom_type', payload: { any: [1] } });
    assert.equal(custom.outcome, 'delivered');
    const received = await client.next((message) => message['type'] === 'my_custom_type');
    assert.deepEqual(received['payload'], { any: [1] });
  });

  it('says what was expected and received when nobody is connected, and delivers when somebody comes', async () => {
    const near = await connect('?thread_id=thread_13679e4dcc38403b');
    const receipt = await simulate({ runId: COMPOSITE });
    assert.equal(receipt.outcome, 'queued');
    assert.equal(receipt.connections, 0);
    assert.ok(receipt.reason && receipt.expected && receipt.received);
    assert.deepEqual(
      receipt.near_misses?.map((miss) => [miss.thread_id, miss.connections]),
      [['thread_13679e4dcc38403b', 1]],
    );
    const late = await connect(`?thread_id=${THREAD}`);
    await late.next((message) => message['type'] === 'agent_started');
    assert.ok(!near.messages.some((message) => message['type'] === 'agent_started'));
  });

  it('says that a bare run ID names no thread', async () => {
    await startRouter();
    const receipt = await simulate({ runId: 'run_9f5d282b-ac2c-4745-ab6c-1b8418427760' });
    assert.equal(receipt.outcome, 'undeliverable');
    assert.ok(receipt.reason && receipt.expected && receipt.received);
  });

  it('restarts on the same port and frees it when stopped', async () => {
    const first = await startRouter();
    const second = await vscode.commands.executeCommand<RunningRouter>('threadLens.router.restart');
    assert.equal(second.port, first.port);
    assert.notEqual(second.token, first.token);
    await vscode.commands.executeCommand('threadLens.router.stop');
    const server = createServer().listen(first.port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  });

  it('gives up politely when the port is in use and the offer of another is dismissed', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const starting = vscode.commands.executeCommand('threadLens.router.start', { port });
    const dismiss = setInterval(() => void vscode.commands.executeCommand('notifications.clearAll'), 200);
    assert.equal(await starting, undefined);
    clearInterval(dismiss);
    server.close();
    await once(server, 'close');
  });

  it('answers start twice with the same router', async () => {
    const [first, second] = await Promise.all([startRouter(), startRouter()]);
    assert.deepEqual(first, second);
  });
});
