import { once } from 'node:events';
import WebSocket from 'ws';

/** A client of the router under test that keeps what it receives. */
export class TestClient {
  readonly messages: Record<string, unknown>[] = [];
  readonly texts: string[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      this.texts.push(text);
      this.messages.push(JSON.parse(text) as Record<string, unknown>);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  /** Connects and waits until the router has said so. */
  static async connect(url: string): Promise<TestClient> {
    const client = new TestClient(new WebSocket(url));
    await client.next((message) => message['type'] === 'connection_established');
    return client;
  }

  /** The first message that fits, past or future; fails after 5 s. */
  async next(fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    const deadline = Date.now() + 5000;
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no such message; received ${JSON.stringify(this.messages)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}
