import { isLoopbackHostname } from '../../router/gate/host-header';

/** An address that cannot be attached to; the message names what was expected and received. */
export class AttachUrlError extends Error {
  override readonly name = 'AttachUrlError';
  readonly reason = 'bad-url';
}

export interface AttachUrl {
  /** Where the endpoints are served, e.g. `http://127.0.0.1:8787`. */
  readonly base: string;
  /** A token that stood in the address. */
  readonly token?: string;
  readonly host: string;
  /** Whether what is sent there can be read on the way: no TLS, and not on this machine. */
  readonly isExposed: boolean;
}

const EXPECTED = 'http://host:port or ws://host:port of a router (https and wss for TLS)';

/**
 * Reads what a user gives as the address of a router: that of its HTTP side, of `/ws` or `/inspect`, or host and port.
 * @throws {AttachUrlError}
 */
export function readAttachUrl(text: string): AttachUrl {
  const trimmed = text.trim();
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  } catch {
    throw new AttachUrlError(`expected ${EXPECTED}, received ${JSON.stringify(trimmed.slice(0, 100))}`);
  }
  const scheme = { 'http:': 'http:', 'ws:': 'http:', 'https:': 'https:', 'wss:': 'https:' }[url.protocol];
  if (scheme === undefined || url.hostname === '') throw new AttachUrlError(`expected ${EXPECTED}, received ${JSON.stringify(`${url.protocol}//…`)}`);
  if (url.username !== '' || url.password !== '') throw new AttachUrlError('expected an address without user and password, received one with them');
  const path = url.pathname.replace(/\/(?:inspect|ws|agent|debug(?:\/.*)?)?\/?$/, '');
  const token = url.searchParams.get('token');
  return {
    base: `${scheme}//${url.host}${path}`,
    ...(token === null || token === '' ? {} : { token }),
    host: url.host,
    isExposed: scheme === 'http:' && !isLoopbackHostname(url.hostname),
  };
}
