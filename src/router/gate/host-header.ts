import { isIPv4 } from 'node:net';

const LOOPBACK = /^(?:127\.0\.0\.1|\[::1\]|localhost)(?::(\d{1,5}))?$/i;

/**
 * Whether a `Host` header names this machine and nothing else (SECURITY 5): a rebound name never does.
 * @param own a loopback address that may stand for 127.0.0.1, as 127.0.0.2
 */
export function isLoopbackHost(host: string, own = '127.0.0.1'): boolean {
  const match = LOOPBACK.exec(isIPv4(own) && host.startsWith(own) ? host.replace(own, '127.0.0.1') : host);
  if (!match) return false;
  const port = match[1];
  return port === undefined || isPort(port);
}

/** Whether a `Host` header is a plain `name[:port]`, for a router bound beyond loopback, where the token has to protect. */
export function isPlainHost(host: string): boolean {
  const match = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(host);
  return match !== null && (match[1] === undefined || isPort(match[1]));
}

/** Whether an address to listen on cannot be reached from another machine. */
export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** The same of the host in a URL, where IPv6 addresses have brackets. */
export function isLoopbackHostname(hostname: string): boolean {
  return isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}

function isPort(text: string): boolean {
  const port = Number(text);
  return port >= 1 && port <= 65_535;
}
