import { WebSocket } from 'ws';

/** Sentences for the close codes that `ws` sends of its own accord, which have no reason otherwise (RFC 6455 section 7.4.1). */
const REASONS: Readonly<Record<number, string>> = {
  1002: 'protocol error: the frame breaks RFC 6455',
  1003: 'this kind of data is not accepted',
  1007: 'text that is not valid UTF-8',
  1008: 'policy violation',
  1009: 'message too large',
};

/** Who is told what becomes of a socket. One for many: listeners of its own would cost each socket half a kilobyte. */
export interface SocketOwner<T> {
  /** A message came. */
  message(subject: T, data: Buffer, isBinary: boolean): void;
  pong(subject: T): void;
  /** Called once, before the closing handshake begins from either side. */
  closing(subject: T): void;
  /** The socket is gone; what ws found wrong with it has become the code. */
  closed(subject: T, code: number, reason: Buffer): void;
}

/** A server-side socket that tells when it begins to close, and never closes for a fault without saying why. */
export class ServerSocket extends WebSocket {
  private owner: SocketOwner<unknown> | undefined;
  private subject: unknown;
  private isClosing = false;

  /** Tells the owner of the socket, each time with what it calls this one, instead of listeners. */
  attach<T>(owner: SocketOwner<T>, subject: T): void {
    this.owner = owner;
    this.subject = subject;
  }

  override emit(event: string | symbol, ...parts: unknown[]): boolean {
    const { owner, subject } = this;
    if (owner === undefined) return super.emit(event, ...parts);
    const [first, second] = parts;
    if (event === 'message') owner.message(subject, first as Buffer, second as boolean);
    else if (event === 'pong') owner.pong(subject);
    else if (event === 'close') {
      super.emit(event, ...parts);
      owner.closed(subject, first as number, second as Buffer);
    } else if (event !== 'error') return super.emit(event, ...parts);
    return true;
  }

  override close(code?: number, data?: string | Buffer): void {
    this.beginClosing();
    super.close(code, data ?? (code === undefined ? undefined : REASONS[code]));
  }

  override terminate(): void {
    this.beginClosing();
    super.terminate();
  }

  private beginClosing(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.owner?.closing(this.subject);
  }
}

/** A reason as RFC 6455 section 5.5 allows it: at most 123 bytes of UTF-8. */
export function closeReason(text: string): string {
  let reason = text;
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, Math.max(0, Math.min(reason.length - 1, 123)));
  return reason;
}
