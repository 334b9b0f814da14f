/**
 * HAR 1.2 with WebSocket messages, as Chrome's developer tools write it: the handshake as a request answered by 101, and
 * the messages in `_webSocketMessages`. Fields of our own stand in `_threadLens`.
 */
export interface HarMessage {
  readonly type: 'send' | 'receive';
  /** Seconds since 1970. */
  readonly time: number;
  /** 1 text, 2 binary (RFC 6455 section 5.2). */
  readonly opcode: number;
  /** The text; base64 for binary. */
  readonly data: string;
}

export interface HarPair {
  readonly name: string;
  readonly value: string;
}

/** What a connection was to us; other programs pass it by. */
export interface HarThreadLens {
  readonly peer: 'client' | 'agent';
  readonly connection?: string;
  readonly user?: string;
  readonly threads?: readonly string[];
  readonly close_code?: number;
  readonly close_reason?: string;
}

export interface HarEntry {
  readonly startedDateTime: string;
  /** Milliseconds. */
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly headers: readonly HarPair[];
    readonly queryString: readonly HarPair[];
    readonly cookies: readonly never[];
    readonly headersSize: number;
    readonly bodySize: number;
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly httpVersion: string;
    readonly headers: readonly HarPair[];
    readonly cookies: readonly never[];
    readonly content: { readonly size: number; readonly mimeType: string };
    readonly redirectURL: string;
    readonly headersSize: number;
    readonly bodySize: number;
    readonly _transferSize: number;
    readonly _error: null;
  };
  readonly cache: Readonly<Record<string, never>>;
  readonly timings: { readonly blocked: number; readonly dns: number; readonly ssl: number; readonly connect: number; readonly send: number; readonly wait: number; readonly receive: number };
  readonly _initiator: { readonly type: string };
  readonly _priority: null;
  readonly _resourceType: 'websocket';
  readonly _webSocketMessages: readonly HarMessage[];
  readonly _threadLens: HarThreadLens;
}

/** A HAR that cannot be read or written; the message says what was expected and received. */
export class HarError extends Error {
  override readonly name = 'HarError';

  constructor(
    readonly reason: 'not_har' | 'too_large',
    message: string,
  ) {
    super(message);
  }
}
