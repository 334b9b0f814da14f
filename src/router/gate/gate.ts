import type { IncomingMessage } from 'node:http';
import { clip } from '../../core/clip';
import { isLoopbackHost, isPlainHost } from './host-header';
import { OriginPolicy } from './origins';
import { presentedTokens, TokenCheck } from './tokens';

/** Why a request may not pass. */
export type RefusalReason =
  | 'bad_target'
  | 'bad_host'
  | 'bad_origin'
  | 'cross_site'
  | 'token_missing'
  | 'token_wrong';

export interface Refusal {
  readonly ok: false;
  readonly status: 400 | 401 | 403;
  readonly reason: RefusalReason;
  readonly message: string;
  readonly expected: string;
  /** Never holds a token. */
  readonly received: string;
}

export interface Admission {
  readonly ok: true;
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * What a path asks of who comes. `token`: the token. `client`: nothing of pages of this machine, because clients under
 * test often have a fixed URL and know no token; a token that is given has to be right. `app`: the same, but what looks
 * like a token is the app's own, for its backend.
 */
export type Access = 'token' | 'client' | 'app';

export type AccessRule = (path: string, kind: 'http' | 'upgrade') => Access;

export interface GateOptions {
  readonly token: string;
  readonly allowedOrigins: readonly string[];
  /** Whether the router listens on loopback only. Elsewhere `Host` proves nothing, so every path needs the token. */
  readonly loopbackOnly: boolean;
  /** The loopback address listened on, where it is another one than 127.0.0.1. */
  readonly address?: string;
  /** Default: the router's, where only the upgrade of `/ws` is for clients. */
  readonly access?: AccessRule;
}

const routerAccess: AccessRule = (path, kind) => (kind === 'upgrade' && path === '/ws' ? 'client' : 'token');

/**
 * The one decision about who may talk to the router, for HTTP requests and upgrades alike (SECURITY 2-7): Host, then
 * Origin, then token. Nothing about paths is told to who does not pass.
 */
export class Gate {
  private readonly origins: OriginPolicy;
  private readonly token: TokenCheck;
  private readonly loopbackOnly: boolean;
  private readonly address: string | undefined;
  private readonly access: AccessRule;

  /** @throws {RangeError} for an allowed origin that is none. */
  constructor(options: GateOptions) {
    this.origins = new OriginPolicy(options.allowedOrigins);
    this.token = new TokenCheck(options.token);
    this.loopbackOnly = options.loopbackOnly;
    this.address = options.address;
    this.access = options.access ?? routerAccess;
  }

  check(request: IncomingMessage, kind: 'http' | 'upgrade'): Admission | Refusal {
    const target = parseTarget(request.url ?? '');
    if (!target) {
      return refuse(400, 'bad_target', 'The request target is no path.', 'a path such as /ws?thread_id=thread_1', quoted(request.url ?? '').split('?')[0] ?? '');
    }
    const access = this.loopbackOnly ? this.access(target.path, kind) : 'token';
    return this.checkHost(request) ?? this.checkOrigin(request, kind, access) ?? this.checkToken(request, target.query, access) ?? { ok: true, ...target };
  }

  private checkHost(request: IncomingMessage): Refusal | undefined {
    const hosts = rawValues(request, 'host');
    const host = hosts[0] ?? '';
    if (hosts.length === 1 && (this.loopbackOnly ? isLoopbackHost(host, this.address) : isPlainHost(host))) return undefined;
    const expected = this.loopbackOnly ? 'one Host header: 127.0.0.1, [::1] or localhost, with or without a port' : 'one Host header with a plain name';
    const received = hosts.length === 0 ? 'no Host header' : hosts.length > 1 ? `${hosts.length} Host headers` : quoted(host);
    return refuse(403, 'bad_host', 'The Host header does not name this machine, as after DNS rebinding.', expected, received);
  }

  private checkOrigin(request: IncomingMessage, kind: 'http' | 'upgrade', access: Access): Refusal | undefined {
    const open = access !== 'token';
    const origins = rawValues(request, 'origin');
    const origin = origins[0];
    if (origin !== undefined) {
      const allowed = origins.length === 1 && (this.origins.isAllowed(origin) || (open && this.origins.isLoopback(origin)));
      if (!allowed) {
        const received = origins.length > 1 ? `${origins.length} Origin headers` : quoted(origin);
        const expected = open ? 'no Origin, a loopback origin or an allowed one' : 'no Origin or an allowed one';
        return refuse(403, 'bad_origin', 'Pages of this origin may not use the router. Allow the origin in its settings.', expected, received);
      }
    }
    // Where an Origin may stand it decides: between localhost and 127.0.0.1 a browser already says cross-site.
    if (kind === 'http' && !(open && origin !== undefined) && rawValues(request, 'sec-fetch-site').includes('cross-site')) {
      return refuse(403, 'cross_site', 'A page of another site asked.', 'no Sec-Fetch-Site: cross-site', '"cross-site"');
    }
    return undefined;
  }

  private checkToken(request: IncomingMessage, query: URLSearchParams, access: Access): Refusal | undefined {
    if (access === 'app') return undefined;
    const open = access === 'client';
    // Where no token is asked for, `Authorization` is the app's own, for its backend, and says nothing about the router.
    const authorization = open ? [] : rawValues(request, 'authorization');
    const tokens = presentedTokens(authorization, rawValues(request, 'sec-websocket-protocol'), query);
    const expected = 'the router\'s token as "Authorization: Bearer <token>", "Sec-WebSocket-Protocol: token.<token>" or "?token=<token>"';
    if (tokens.length === 0) {
      return open ? undefined : refuse(401, 'token_missing', 'This needs the token of the router.', expected, 'no token');
    }
    // No early end: the time must not tell which of several was wrong.
    const right = tokens.map((token) => this.token.isRight(token)).every(Boolean);
    return right ? undefined : refuse(401, 'token_wrong', 'The token is not that of this router; each start makes a new one.', expected, 'another token');
  }
}

function parseTarget(target: string): { readonly path: string; readonly query: URLSearchParams } | undefined {
  // Only the origin form: an absolute form would carry a second host.
  if (!target.startsWith('/') || target.startsWith('//')) return undefined;
  const mark = target.indexOf('?');
  if (mark < 0) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

/** All values of a header as they were sent; Node's `headers` hides repeated ones. */
function rawValues(request: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  const raw = request.rawHeaders;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at]?.toLowerCase() === name) values.push(raw[at + 1] ?? '');
  }
  return values;
}

function quoted(text: string): string {
  return JSON.stringify(clip(text, 100));
}

function refuse(status: Refusal['status'], reason: RefusalReason, message: string, expected: string, received: string): Refusal {
  return { ok: false, status, reason, message, expected, received };
}
