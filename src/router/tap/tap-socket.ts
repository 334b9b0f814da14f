import { WebSocket } from 'ws';

/** How a leg ended, or is to end. */
export interface Ending {
  /** 1005 for none given, 1006 for a broken connection (RFC 6455 section 7.1.5). */
  readonly code: number;
  readonly reason: string;
}

/** One leg of a tapped connection: a socket of `ws` that tells when its peer closes, before the answer goes out. */
export class TapSocket extends WebSocket {
  /** Called once: with what the peer said, or with the fault for which `ws` closes of its own accord. */
  onPeerClosing: ((ending: Ending) => void) | undefined;
  private ended = false;

  /**
   * `ws` calls this to answer the peer's close frame and when a frame breaks the protocol. What the tap wants itself
   * goes through `end`.
   */
  override close(code?: number, data?: string | Buffer): void {
    this.tellOnce({ code: code ?? 1005, reason: data === undefined ? '' : data.toString() });
    super.close(code, data);
  }

  /** Closes this leg as the other one ended. */
  end({ code, reason }: Ending): void {
    this.ended = true;
    if (code === 1005) super.close();
    else super.close(code, reason);
  }

  /** The connection is gone without a word. */
  broke(): void {
    this.tellOnce({ code: 1006, reason: '' });
  }

  private tellOnce(ending: Ending): void {
    if (this.ended) return;
    this.ended = true;
    this.onPeerClosing?.(ending);
  }
}
