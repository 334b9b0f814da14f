import type { ClosableRecipient } from '../../core/behaviour/original/send-to-user';
import type { SendResult } from '../../core/behaviour/original/send-attempts';
import type { ClockTimers } from '../clock-timers';
import { textFrame } from '../delivery/server-frame';
import type { WriteWatcher } from '../delivery/turn-writer';
import type { Connection } from '../model/connection';
import type { Thread } from '../model/thread';
import type { OriginalClients } from './original-clients';

export interface RecipientParts {
  readonly clients: OriginalClients | undefined;
  readonly watcher: WriteWatcher;
  readonly timers: ClockTimers;
  close(connection: Connection, code: number, reason: string): void;
}

/** A client's socket, as the original's rules send to it. A send is done when the system has taken all that was written. */
export class SocketRecipient implements ClosableRecipient<Buffer> {
  constructor(
    readonly connection: Connection,
    private readonly thread: Thread,
    private readonly parts: RecipientParts,
  ) {}

  get healthy(): boolean {
    return this.parts.clients?.isHealthy(this.connection) ?? true;
  }

  set healthy(healthy: boolean) {
    this.parts.clients?.setHealthy(this.connection, healthy);
  }

  isConnected(): boolean {
    return this.connection.open && this.connection.socket.writable;
  }

  send(payload: Buffer, timeoutMs: number, done: (result: SendResult) => void): void {
    const { socket } = this.connection;
    let answered = false;
    const answer = (result: SendResult): void => {
      if (answered) return;
      answered = true;
      cancel?.();
      done(result);
    };
    let cancel: (() => void) | undefined;
    this.write(payload, (error) => answer(error == null ? 'sent' : 'error'));
    if (socket.writableLength === 0) answer('sent');
    else if (!answered && timeoutMs < Infinity) cancel = this.parts.timers.after(timeoutMs, () => answer('timeout'));
  }

  /** Writes without asking whether it is read; false when it cannot, or the connection already reads too slowly. */
  post(payload: Buffer): boolean {
    if (!this.isConnected()) return false;
    if (this.connection.slow) {
      this.parts.watcher.dropped(this.connection, this.thread, 1);
      return false;
    }
    this.write(payload);
    return true;
  }

  drop(code: number, reason: string): void {
    this.parts.close(this.connection, code, reason);
  }

  private write(payload: Buffer, written?: (error?: Error | null) => void): void {
    this.connection.socket.write(textFrame(payload), written);
    this.parts.watcher.wrote(this.connection, this.thread, 1, payload.length);
  }
}
