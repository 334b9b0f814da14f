import { describeValue } from '../../core/index';

const LOOPBACK = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** An origin taken apart: `scheme://host[:port]` in normal form, or undefined for anything else, `null` included. */
export function parseOrigin(text: string): { readonly normal: string; readonly url: URL } | undefined {
  // A browser sends scheme, host and port only; user info, a path or a list is a forgery.
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\,]+\/?$/i.test(text)) return undefined;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (url.host === '') return undefined;
  return { normal: `${url.protocol}//${url.host}`, url };
}

/** Decides by the `Origin` header (SECURITY 4): equality after parsing, never a prefix or a suffix. */
export class OriginPolicy {
  private readonly allowed: ReadonlySet<string>;

  /** @throws {RangeError} for an allowed origin that is none. */
  constructor(allowedOrigins: readonly string[]) {
    this.allowed = new Set(
      allowedOrigins.map((text) => {
        const origin = parseOrigin(text);
        if (!origin) throw new RangeError(`expected an origin such as http://localhost:3000, received ${describeValue(text)}`);
        return origin.normal;
      }),
    );
  }

  isAllowed(origin: string): boolean {
    const parsed = parseOrigin(origin);
    return parsed !== undefined && this.allowed.has(parsed.normal);
  }

  /** Whether a page of that origin was served by this machine. */
  isLoopback(origin: string): boolean {
    // The names as a browser writes them: parsing would let other spellings of the address through.
    return LOOPBACK.test(origin) && parseOrigin(origin) !== undefined;
  }
}
