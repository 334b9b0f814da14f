import { WebSocket } from 'ws';

/** Sentences for the close codes that `ws` sends of its own accord, which have no reason otherwise (RFC 6455 section 7.4.1). */
const REASONS: Readonly<Record<number, string>> = {
  1002: 'protocol error: the frame breaks RFC 6455',
  1003: 'this kind of data is not accepted',
  1007: 'text that is not valid UTF-8',
  1008: 'policy violation',
  1009: 'message too large',
};

/** A server-side socket that tells when it begins to close, and never closes for a fault without saying why. */
export class ServerSocket extends WebSocket {
  /** Called once, before the closing handshake begins from either side. */
  onClosing: (() => void) | undefined;

  override close(code?: number, data?: string | Buffer): void {
    const { onClosing } = this;
    this.onClosing = undefined;
    onClosing?.();
    super.close(code, data ?? (code === undefined ? undefined : REASONS[code]));
  }

  override terminate(): void {
    const { onClosing } = this;
    this.onClosing = undefined;
    onClosing?.();
    super.terminate();
  }
}

/** A reason as RFC 6455 section 5.5 allows it: at most 123 bytes of UTF-8. */
export function closeReason(text: string): string {
  let reason = text;
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, Math.max(0, Math.min(reason.length - 1, 123)));
  return reason;
}
