import type { WebSocket } from 'ws';
import type { ReceiptReport } from '../../core/index';
import { isRecord } from '../../core/is-record';
import type { DeliveryReceipt } from '../../protocol/delivery';
import { waitFor } from './polling';

const OPEN_MS = 5_000;
/** More than two attempts of 2 s with their back-off (FIELD_GUIDE 4.4). */
const RECEIPT_MS = 15_000;

/** An agent of a scenario: a socket at `/agent` of its own, one event at a time or many under way. */
export class VirtualAgent {
  private readonly receipts = new Map<number, ReceiptReport>();
  private problem: string | undefined;

  private constructor(
    private readonly socket: WebSocket,
    private readonly signal: AbortSignal,
  ) {
    socket.on('message', (data: Buffer) => this.message(data.toString()));
    socket.on('error', (error: Error) => {
      this.problem ??= error.message;
    });
  }

  /** @throws when the router refuses it. */
  static async open(socket: WebSocket, signal: AbortSignal): Promise<VirtualAgent> {
    const agent = new VirtualAgent(socket, signal);
    const open = await waitFor(() => socket.readyState === socket.OPEN || agent.problem !== undefined, OPEN_MS, signal);
    if (!open || agent.problem !== undefined) throw new Error(`The agent could not connect: ${agent.problem ?? `expected an open socket within ${OPEN_MS} ms`}`);
    return agent;
  }

  /** Sends an event whose `request_id` is `number`; answers its receipt, undefined when none came in time. */
  async send(number: number, text: string): Promise<ReceiptReport | undefined> {
    this.socket.send(text);
    await waitFor(() => this.receipts.has(number) || this.socket.readyState !== this.socket.OPEN, RECEIPT_MS, this.signal);
    const receipt = this.receipts.get(number);
    this.receipts.delete(number);
    return receipt;
  }

  end(): void {
    this.socket.terminate();
  }

  private message(text: string): void {
    const receipt: unknown = JSON.parse(text);
    if (!isReceipt(receipt) || typeof receipt.request_id !== 'number') return;
    const { outcome, thread_id: threadId, connections, resolution, reason, expected, received } = receipt;
    this.receipts.set(receipt.request_id, {
      outcome, connections,
      ...(threadId === undefined ? {} : { threadId }),
      ...(resolution?.source === undefined ? {} : { source: resolution.source }),
      ...(resolution?.pattern === undefined ? {} : { pattern: resolution.pattern }),
      ...(reason === undefined ? {} : { reason }),
      ...(expected === undefined ? {} : { expected }),
      ...(received === undefined ? {} : { received }),
    });
  }
}

function isReceipt(value: unknown): value is DeliveryReceipt {
  return isRecord(value) && value['type'] === 'delivery_receipt' && typeof value['outcome'] === 'string';
}
