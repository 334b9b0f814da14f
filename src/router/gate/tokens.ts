import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 192 bits (SECURITY 2 asks for at least 128). */
const TOKEN_BYTES = 24;
const MIN_TOKEN_LENGTH = 16;
const SUBPROTOCOL_PREFIX = 'token.';

/** A new token, fit for a header, a subprotocol name, a query, and as an argument, where a dash in front would make it an option. */
export function createToken(): string {
  for (;;) {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    if (!token.startsWith('-')) return token;
  }
}

/** Why a token cannot be used, or undefined. It has to fit into a header, a subprotocol name and a query. */
export function tokenProblem(token: string): string | undefined {
  if (token.length < MIN_TOKEN_LENGTH) return `expected a token of at least ${MIN_TOKEN_LENGTH} characters, received ${token.length}`;
  return /^[\w.~-]+$/.test(token) ? undefined : 'expected a token of letters, digits, "-", ".", "_" and "~"';
}

/** Compares presented tokens in constant time, by digests of equal length. */
export class TokenCheck {
  private readonly digest: Buffer;

  constructor(token: string) {
    this.digest = digestOf(token);
  }

  isRight(presented: string): boolean {
    return timingSafeEqual(digestOf(presented), this.digest);
  }
}

/** Every token that a request presents: `Authorization: Bearer`, `Sec-WebSocket-Protocol: token.<T>`, `?token=`. */
export function presentedTokens(authorizations: readonly string[], protocols: readonly string[], query: URLSearchParams): string[] {
  const tokens = query.getAll('token');
  for (const authorization of authorizations) {
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (bearer !== undefined) tokens.push(bearer);
  }
  for (const protocol of protocols.flatMap((list) => list.split(','))) {
    const name = protocol.trim();
    if (name.startsWith(SUBPROTOCOL_PREFIX)) tokens.push(name.slice(SUBPROTOCOL_PREFIX.length));
  }
  return tokens;
}

/** The subprotocol to answer with: one that the client offered, the bearer of the token only when there is no other. */
export function chooseSubprotocol(offered: Iterable<string>): string | false {
  let token: string | false = false;
  for (const name of offered) {
    if (!name.startsWith(SUBPROTOCOL_PREFIX)) return name;
    token ||= name;
  }
  return token;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
