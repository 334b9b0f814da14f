import type { WebSocket } from 'ws';
import type { Arrival, ClientReport, ScenarioClient } from '../../core/index';
import { isRecord } from '../../core/is-record';
import { waitFor } from './polling';

/** How long the router may take to answer, in milliseconds. */
const ANSWER_MS = 5_000;
const MOST_ARRIVALS = 20_000;
const MOST_WIRE = 2_000;
const LONGEST_WIRE = 16_384;

export interface ClientSurroundings {
  /** `ws://127.0.0.1:…/ws`. */
  readonly url: string;
  readonly open: (url: string) => WebSocket;
  /** Since the beginning, in milliseconds. */
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
  /** When the event of that number was sent, since the beginning. */
  readonly sentAt: (event: number) => number | undefined;
  readonly closed: (client: VirtualClient, connectionId: string, code: number, reason: string, own: boolean) => void;
}

/** A client of a scenario: a real WebSocket that notes what reaches it. */
export class VirtualClient {
  readonly received: Arrival[] = [];
  /** What passed in both directions, as texts, for the detectors that read the wire. */
  readonly wire: string[] = [];
  readonly connectionIds: string[] = [];
  /** Threads of its connection when it was last looked at. */
  threads: readonly string[] = [];
  omitted = 0;
  private socket: WebSocket | undefined;
  private closing: { readonly code: number; readonly reason: string } | undefined;
  private pings = 0;
  private readonly pongs = new Set<string>();
  private stalled = false;

  constructor(
    readonly name: string,
    readonly setup: ScenarioClient,
    private readonly around: ClientSurroundings,
  ) {}

  get connectionId(): string | undefined {
    return this.isOpen ? this.connectionIds.at(-1) : undefined;
  }

  get isOpen(): boolean {
    return this.socket !== undefined && this.socket.readyState === this.socket.OPEN;
  }

  /** Connects and waits for the welcome. @throws when the router refuses it or does not answer. */
  async connect(thread: string | undefined): Promise<void> {
    const query = new URLSearchParams();
    if (this.setup.user !== undefined) query.set('user_id', this.setup.user);
    const named = thread ?? this.setup.thread;
    if (named !== undefined) query.set('thread_id', named);
    const socket = this.around.open(`${this.around.url}?${query.toString()}`);
    const before = this.connectionIds.length;
    let problem: string | undefined;
    this.socket = socket;
    this.closing = undefined;
    this.threads = [];
    this.stalled = false;
    socket.on('message', (data: Buffer) => this.message(data.toString()));
    socket.on('error', (error: Error) => {
      problem ??= error.message;
    });
    socket.on('close', (code: number, reason: Buffer) => this.ended(socket, code, reason.toString()));
    const welcomed = await waitFor(() => this.connectionIds.length > before || problem !== undefined || socket.readyState === socket.CLOSED, ANSWER_MS, this.around.signal);
    if (!welcomed || this.connectionIds.length === before) throw new Error(`${this.name} could not connect: ${problem ?? `expected a welcome within ${ANSWER_MS} ms`}`);
    if (this.setup.reads === false) this.stall();
  }

  /** Sends a text, and waits until the router has read it unless nothing is read here. @throws when it is not connected. */
  async say(text: string): Promise<void> {
    const { socket } = this;
    if (!socket || !this.isOpen) throw new Error(`${this.name} is not connected: expected a "connect" step before`);
    this.note(text);
    socket.send(text);
    await this.settle();
  }

  /** Waits until all that the router sent before has arrived. */
  async settle(): Promise<void> {
    const { socket } = this;
    if (!socket || !this.isOpen || this.stalled) return;
    const id = `settle-${++this.pings}`;
    socket.send(JSON.stringify({ type: 'ping', id }));
    await waitFor(() => this.pongs.has(id) || !this.isOpen, ANSWER_MS, this.around.signal);
    this.pongs.delete(id);
  }

  stall(): void {
    this.stalled = true;
    this.socket?.pause();
  }

  resume(): void {
    this.stalled = false;
    this.socket?.resume();
  }

  /** Ends the socket without a closing handshake. */
  async drop(): Promise<void> {
    const { socket } = this;
    if (!socket) return;
    await this.settle();
    this.closing = { code: 1006, reason: '' };
    socket.terminate();
    await waitFor(() => socket.readyState === socket.CLOSED, ANSWER_MS, this.around.signal);
  }

  async close(code: number, reason: string): Promise<void> {
    const { socket } = this;
    if (!socket) return;
    await this.settle();
    this.closing = { code, reason };
    if (this.stalled) this.resume();
    socket.close(code, reason);
    await waitFor(() => socket.readyState === socket.CLOSED, ANSWER_MS, this.around.signal);
  }

  /** Ends at once, whatever was going on. */
  end(): void {
    this.socket?.terminate();
  }

  report(): ClientReport {
    const { user } = this.setup;
    return {
      name: this.name,
      ...(user === undefined ? {} : { userId: user }),
      connectionIds: this.connectionIds,
      open: this.isOpen,
      ...(this.isOpen || this.lastClose === undefined ? {} : { closeCode: this.lastClose.code, closeReason: this.lastClose.reason }),
      threads: this.threads,
      received: this.received,
      omitted: this.omitted,
    };
  }

  private lastClose: { readonly code: number; readonly reason: string } | undefined;

  private ended(socket: WebSocket, code: number, reason: string): void {
    const connectionId = this.connectionIds.at(-1);
    if (socket !== this.socket || connectionId === undefined) return;
    const { closing } = this;
    this.lastClose = { code: closing?.code ?? code, reason: closing?.reason ?? reason };
    this.threads = [];
    this.around.closed(this, connectionId, this.lastClose.code, this.lastClose.reason, closing !== undefined);
  }

  private note(text: string): void {
    if (this.wire.length < MOST_WIRE && text.length <= LONGEST_WIRE) this.wire.push(text);
  }

  private message(text: string): void {
    const at = this.around.elapsed();
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (!isRecord(message)) return;
    const { type, run_id: runId } = message;
    if (type === 'pong' && typeof message['id'] === 'string') {
      this.pongs.add(message['id']);
      return;
    }
    this.note(text);
    if (typeof runId !== 'string') {
      const id = connectionIdOf(message);
      if (id !== undefined && this.connectionIds.at(-1) !== id) this.connectionIds.push(id);
      return;
    }
    if (this.received.length >= MOST_ARRIVALS) {
      this.omitted++;
      return;
    }
    const event = eventNumberOf(message);
    const sentAt = event === undefined ? undefined : this.around.sentAt(event);
    this.received.push({
      at, type: String(type), runId,
      ...(event === undefined ? {} : { event }),
      ...(sentAt === undefined ? {} : { latencyMs: Math.max(0, at - sentAt) }),
    });
  }
}

/** In the welcome, at the top or in its data. */
function connectionIdOf(message: Readonly<Record<string, unknown>>): string | undefined {
  if (message['type'] !== 'connection_established' && message['type'] !== 'system_message') return undefined;
  const data = message['data'];
  const id = message['connection_id'] ?? (isRecord(data) ? data['connection_id'] : undefined);
  return typeof id === 'string' ? id : undefined;
}

/** Where the number of an event stands in its envelope. */
export const EVENT_NUMBER = 'scenario_event';

function eventNumberOf(message: Readonly<Record<string, unknown>>): number | undefined {
  const { trace } = message;
  const number = isRecord(trace) ? trace[EVENT_NUMBER] : undefined;
  return typeof number === 'number' ? number : undefined;
}
