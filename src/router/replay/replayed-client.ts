import type { ReplayRecord } from './replay-record';
import { ReplaySocket } from './replay-socket';
import type { ReplayTarget } from './replay-target';

export interface ReplayedClientOptions {
  readonly user: string | undefined;
  readonly threads: readonly string[];
  readonly subprotocol: string | undefined;
  /** What it is called when the server gives it no name. */
  readonly name: string;
  readonly record: ReplayRecord | undefined;
  readonly received: () => void;
}

/** A client that connects as a recorded one did, and takes in what the server sends. */
export class ReplayedClient {
  received = 0;
  /** As the server named it in its greeting. */
  name: string;
  private socket: ReplaySocket | undefined;
  private leaving = false;
  private early: { readonly data: Buffer; readonly binary: boolean }[] | undefined = [];

  private constructor(private readonly options: ReplayedClientOptions) {
    this.name = options.name;
  }

  /**
   * Connects, and takes the greeting in.
   * @throws {Error} when the server refuses it
   */
  static async connect(target: ReplayTarget, options: ReplayedClientOptions): Promise<ReplayedClient> {
    const client = new ReplayedClient(options);
    const url = new URL(target.clientUrl);
    const [first, ...others] = options.threads;
    if (first !== undefined) url.searchParams.set('thread_id', first);
    if (options.user !== undefined) url.searchParams.set('user_id', options.user);
    // A redacted token is none to offer.
    const protocols = options.subprotocol === undefined || !/^[\w.~+!#$%&'*^`|-]+$/.test(options.subprotocol) ? [] : [options.subprotocol];
    client.socket = await ReplaySocket.open(url.href, protocols, target.token, {
      message: (data, binary) => client.take(data, binary),
      closed: (code, reason) => {
        if (!client.leaving) client.options.record?.closed(client.name, code, reason);
      },
    });
    await client.socket.settled();
    client.greet();
    // It was on several threads before the recording began; a URL names one.
    for (const thread of others) await client.send(JSON.stringify({ type: 'subscribe', thread_id: thread }));
    return client;
  }

  get isConnected(): boolean {
    return this.socket?.isOpen === true;
  }

  /** Sends, and waits until the server has taken it. */
  async send(body: string | Buffer): Promise<void> {
    const bytes = Buffer.from(body);
    this.options.record?.frame('in', this.name, bytes, typeof body !== 'string');
    this.socket?.send(body);
    await this.socket?.settled();
  }

  async close(code?: number, reason?: string): Promise<void> {
    await this.socket?.close(code, reason);
  }

  /** Ends what the recorded client did not end: that is not part of what is replayed. */
  async leave(): Promise<void> {
    this.leaving = true;
    await this.socket?.close(1000, undefined);
  }

  terminate(): void {
    this.leaving = true;
    this.socket?.terminate();
  }

  private take(data: Buffer, binary: boolean): void {
    this.received++;
    if (this.early) this.early.push({ data, binary });
    else this.options.record?.frame('out', this.name, data, binary);
    this.options.received();
  }

  private greet(): void {
    const { early, options } = this;
    this.early = undefined;
    this.name = early?.map(({ data, binary }) => (binary ? undefined : connectionIdIn(data.toString()))).find((id) => id !== undefined) ?? this.name;
    options.record?.opened(this.name, options.user, options.threads.slice(0, 1), false);
    for (const { data, binary } of early ?? []) options.record?.frame('out', this.name, data, binary);
  }
}

function connectionIdIn(text: string): string | undefined {
  try {
    const { connection_id: id } = JSON.parse(text) as { connection_id?: unknown };
    return typeof id === 'string' && id !== '' && id.length <= 1024 ? id : undefined;
  } catch {
    return undefined;
  }
}
