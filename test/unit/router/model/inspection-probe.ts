import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { InspectionMethod, InspectionMethods } from '../../../../src/protocol/inspection';
import { parseRouterMessage } from '../../../../src/protocol/router-message';
import { LiveModel } from '../../../../src/workbench/live/live-model';

/** Watches a router as the workbench does, with the workbench's own copy of its state. */
export class InspectionProbe {
  readonly model = new LiveModel();
  private lastSeq: number | undefined;
  private readonly waiting = new Map<number, (reply: { result?: unknown; error?: unknown }) => void>();
  private nextId = 1;
  private broken: Error | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      try {
        this.receive(data.toString());
      } catch (error) {
        this.broken ??= error instanceof Error ? error : new Error(String(error));
      }
    });
    socket.on('error', () => undefined);
  }

  static async attach(url: string, token: string): Promise<InspectionProbe> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/inspect`, [`token.${token}`]);
    const probe = new InspectionProbe(socket);
    await once(socket, 'open');
    return probe;
  }

  /** What went wrong while nobody asked. */
  check(): void {
    if (this.broken) throw this.broken;
  }

  /** Answers the result, or the reason of the refusal. */
  async ask<M extends InspectionMethod>(method: M, params: InspectionMethods[M]['params']): Promise<{ result?: InspectionMethods[M]['result']; error?: { reason: string } }> {
    const id = this.nextId++;
    const reply = new Promise<{ result?: unknown; error?: unknown }>((resolve) => {
      this.waiting.set(id, resolve);
    });
    this.socket.send(JSON.stringify({ type: 'request', id, method, params }));
    return (await reply) as { result?: InspectionMethods[M]['result']; error?: { reason: string } };
  }

  end(): void {
    this.socket.terminate();
  }

  private receive(text: string): void {
    const message = parseRouterMessage(text);
    if (message.type === 'changes') {
      if (this.lastSeq !== undefined) assert.equal(message.seq, this.lastSeq + 1, 'the numbers of changes');
      this.lastSeq = message.seq;
      this.model.apply(message);
    } else if (message.type === 'reply') {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    }
  }
}
