/** For one hop only (RFC 9110 section 7.6.1): a proxy does not pass these on. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade',
]);
/** What lets one in (SECURITY 8). */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'cookie2', 'set-cookie', 'set-cookie2']);
/** Each leg makes its own (RFC 6455 section 4); extensions are agreed on hop by hop, the subprotocol is handled apart. */
const HANDSHAKE: ReadonlySet<string> = new Set([
  'sec-websocket-key', 'sec-websocket-accept', 'sec-websocket-version', 'sec-websocket-extensions', 'sec-websocket-protocol',
]);

/** Names and values in turn, as Node's `rawHeaders`. */
export type RawHeaders = readonly string[];

export interface PassedHeaders {
  /** In their order, in their case. */
  readonly list: readonly (readonly [name: string, value: string])[];
  /** Whether credentials were left out. */
  readonly withheld: boolean;
}

/** The headers that go on to the other side. `Host` never does: each side has its own. */
export function passedHeaders(raw: RawHeaders, options: { readonly credentials: boolean; readonly handshake?: boolean }): PassedHeaders {
  const named = new Set(valuesOf(raw, 'connection').flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase())));
  const list: (readonly [string, string])[] = [];
  let withheld = false;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const key = name.toLowerCase();
    if (key === 'host' || HOP_BY_HOP.has(key) || named.has(key) || (options.handshake === true && HANDSHAKE.has(key))) continue;
    if (CREDENTIALS.has(key) && !options.credentials) {
      withheld = true;
      continue;
    }
    list.push([name, raw[at + 1] ?? '']);
  }
  return { list, withheld };
}

/** All values of a header, as they were sent. */
export function valuesOf(raw: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) if (raw[at]?.toLowerCase() === name) values.push(raw[at + 1] ?? '');
  return values;
}

/** Headers as Node's clients take them: repeated ones as a list. */
export function headerObject(list: PassedHeaders['list']): Record<string, string | string[]> {
  const headers = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of list) {
    const known = headers.get(name.toLowerCase());
    if (known) known.values.push(value);
    else headers.set(name.toLowerCase(), { name, values: [value] });
  }
  return Object.fromEntries(Array.from(headers.values(), ({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}
