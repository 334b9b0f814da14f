import { isIP } from 'node:net';
import { TargetAddresses } from './target-addresses';

/** A target that cannot be used; the message says what was expected and received, without secrets. */
export class TapTargetError extends Error {
  override readonly name = 'TapTargetError';

  constructor(
    readonly reason: 'not_a_url' | 'bad_scheme' | 'bad_part',
    readonly expected: string,
    readonly received: string,
  ) {
    super(`tap target: expected ${expected}, received ${received}`);
  }
}

/** The backend behind a tap (SECURITY 8): set by the user, never by a request. */
export interface TapTarget {
  /** As it is shown, e.g. `wss://backend.example/ws`. */
  readonly text: string;
  readonly secure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** `Host` for the backend: with the port only where it is not the usual one. */
  readonly hostHeader: string;
  /** Where its clients connect; only a suggestion, requests keep their own paths. */
  readonly path: string;
  readonly addresses: TargetAddresses;
}

/**
 * Reads a target.
 * @param allowed hosts and addresses that may be used although they are link-local or a metadata service
 * @throws {TapTargetError} for anything but `ws://` or `wss://` with a host, a port and a path
 * @throws {TargetAddressError} for an address that is refused
 */
export function readTapTarget(text: string, allowed: readonly string[] = []): TapTarget {
  const wanted = 'a URL such as ws://127.0.0.1:8000/ws or wss://backend.example/ws';
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new TapTargetError('not_a_url', wanted, JSON.stringify(text.slice(0, 100)));
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new TapTargetError('bad_scheme', wanted, `the scheme "${url.protocol.slice(0, 20)}"`);
  if (url.username !== '' || url.password !== '') throw new TapTargetError('bad_part', `${wanted}, without a user name or password`, 'one with them');
  if (url.search !== '' || url.hash !== '') throw new TapTargetError('bad_part', `${wanted}, without a query or fragment: clients send their own`, 'one with them');
  const secure = url.protocol === 'wss:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const named = new Set(allowed.map((name) => name.trim().toLowerCase().replace(/^\[(.*)\]$/, '$1')));
  const addresses = new TargetAddresses(port, named);
  // An address is never looked up, so it is checked here.
  if (isIP(host) !== 0) addresses.check(host, host);
  return { text: url.href, secure, host, port, hostHeader: url.host, path: url.pathname, addresses };
}

/** Tells the target where the tap listens. @throws {TargetAddressError} when that is the target. */
export function refuseLoop(target: TapTarget, port: number): void {
  target.addresses.listensOn(port);
  if (isIP(target.host) !== 0) target.addresses.check(target.host, target.host);
}
