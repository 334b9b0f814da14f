/** What the handshake said of a client, secrets redacted. */
export interface Handshake {
  readonly remoteAddress: string;
  readonly origin: string | undefined;
  readonly userAgent: string | undefined;
  readonly subprotocol: string | undefined;
  /** Its `Sec-WebSocket-Key`, the one header in which clients of one program differ. */
  readonly key: string | undefined;
  /** The headers as JSON, with an empty key: one text for all connections that are alike. */
  readonly headers: string;
}

/** The header of the key, as Node spells it. */
export const KEY_HEADER = 'sec-websocket-key';

/** The headers of the handshake, in their order. */
export function headersOf({ headers, key }: Handshake): Record<string, string> {
  const all = JSON.parse(headers) as Record<string, string>;
  if (key !== undefined) all[KEY_HEADER] = key;
  return all;
}
