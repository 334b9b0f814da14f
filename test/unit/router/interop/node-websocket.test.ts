import assert from 'node:assert/strict';
import { useRouter } from './router-command';

const THREAD = 'thread_13679e4dcc38403a';
const RUN = `${THREAD}_run_1756919162904_9adf1f09`;

/** Node's own WebSocket (undici), with what it has received so far. */
class NodeClient {
  readonly socket: WebSocket;
  private readonly messages: string[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(url: string, protocols: readonly string[] = []) {
    this.socket = new WebSocket(url, [...protocols]);
    this.socket.addEventListener('message', (event) => {
      this.messages.push(String(event.data));
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.addEventListener('open', () => resolve());
      this.socket.addEventListener('error', () => reject(new Error('expected an open socket, received an error')));
    });
  }

  closed(): Promise<{ readonly code: number; readonly reason: string; readonly wasClean: boolean }> {
    return new Promise((resolve) => this.socket.addEventListener('close', ({ code, reason, wasClean }) => resolve({ code, reason, wasClean })));
  }

  /** The next message as it came. The test's own time limit bounds the wait. */
  async text(): Promise<string> {
    while (this.messages.length === 0) await new Promise<void>((wake) => this.waiting.push(wake));
    return this.messages.shift() ?? '';
  }

  async json(): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await this.text()) as Record<string, unknown>;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
}

function agentEvent(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { type: 'agent_started', run_id: RUN, agent_name: 'triage', timestamp: '2026-01-02T03:04:05.678Z', payload: { status: 'started' }, ...more };
}

describe("Node's built-in WebSocket with the router", () => {
  const router = useRouter();
  const clients: NodeClient[] = [];

  async function connect(path: string, protocols?: readonly string[]): Promise<NodeClient> {
    const client = new NodeClient(router().socketUrl(path), protocols);
    clients.push(client);
    await client.opened();
    return client;
  }

  function agent(): Promise<NodeClient> {
    return connect('/agent', [`token.${router().token}`]);
  }

  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.close();
  });

  it('gets the events of its thread, byte for byte, and the agent its receipt', async () => {
    const client = await connect(`/ws?thread_id=${THREAD}&user_id=ann`);
    const hello = await client.json();
    assert.equal(hello['type'], 'connection_established');
    assert.deepEqual(hello['threads'], [THREAD]);
    const sender = await agent();
    const event = `{ "type":"agent_thinking", "run_id":"${RUN}","agent_name":"triage","timestamp":"2026-01-02T03:04:05.678Z","payload":{"text":"é🙂 \\u00e9","n":1.50} }`;
    sender.send(event);
    assert.equal(await client.text(), event);
    sender.send(agentEvent({ request_id: 'r-1' }));
    const receipt = await sender.json();
    assert.equal(receipt['type'], 'delivery_receipt');
    assert.equal(receipt['request_id'], 'r-1');
    assert.equal(receipt['outcome'], 'delivered');
    assert.equal(receipt['connections'], 1);
    assert.deepEqual(await client.json(), agentEvent());
  });

  it('gets what waited, in order and once, when it subscribes', async () => {
    const thread = 'thread_374579bdba3c41b8';
    const sender = await agent();
    for (let n = 1; n <= 20; n += 1) sender.send(agentEvent({ run_id: `${thread}_run_1756919162904_9adf1f09`, payload: { n }, request_id: n }));
    for (let n = 1; n <= 20; n += 1) {
      const receipt = await sender.json();
      assert.equal(receipt['request_id'], n);
      assert.equal(receipt['outcome'], 'queued');
    }
    const client = await connect('/ws');
    assert.deepEqual((await client.json())['threads'], []);
    client.send({ type: 'subscribe', thread_id: thread, id: 'sub' });
    const received = [];
    for (let n = 0; n <= 20; n += 1) received.push(await client.json());
    const events = received.filter((message) => message['type'] === 'agent_started').map((message) => (message['payload'] as { n: number }).n);
    assert.deepEqual(events, Array.from({ length: 20 }, (_, n) => n + 1));
    client.send({ type: 'ping', id: 'after' });
    assert.equal((await client.json())['id'], 'after', 'nothing comes twice');
  });

  it('exchanges large messages in both directions', async () => {
    const client = await connect(`/ws?thread_id=${THREAD}`);
    await client.json();
    client.send({ type: 'ping', id: 'large', filler: 'x'.repeat(900_000) });
    assert.equal((await client.json())['id'], 'large');
    const sender = await agent();
    const text = JSON.stringify(agentEvent({ payload: { text: 'y'.repeat(900_000) } }));
    sender.send(text);
    assert.equal(await client.text(), text);
  });

  it('reads the reason of a close, and closes cleanly itself', async () => {
    const client = await connect('/ws');
    await client.json();
    const closed = client.closed();
    client.send('x'.repeat(1024 * 1024 + 1));
    assert.deepEqual(await closed, { code: 1009, reason: 'message too large', wasClean: true });
    const another = await connect('/ws');
    const left = another.closed();
    another.socket.close(4001, 'done');
    assert.deepEqual(await left, { code: 4001, reason: 'done', wasClean: true });
  });

  it('is refused as an agent without the token', async () => {
    await assert.rejects(connect('/agent'), /expected an open socket/);
    await assert.rejects(connect('/agent', ['token.0123456789abcdef0123456789abcdef']), /expected an open socket/);
  });

  it('is told when the router stops', async () => {
    const client = await connect('/ws');
    const closed = client.closed();
    assert.equal(await router().end('SIGTERM'), 0);
    assert.deepEqual(await closed, { code: 1001, reason: 'the router stops', wasClean: true });
    assert.equal(router().complaints(), '');
  });
});
