/** An answer that is no success, as JSON `{error: {reason, message, expected?, received?}}`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    readonly details: { readonly expected?: string; readonly received?: string } = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  body(): string {
    return JSON.stringify({ error: { reason: this.reason, message: this.message, ...this.details } });
  }
}

/** The answer to a request that cannot be used. */
export function badRequest(reason: string, message: string, expected: string, received: string): HttpError {
  return new HttpError(400, reason, message, { expected, received });
}

/** The answer to one too many. @param place e.g. "The router" @param open how many there are */
export function tooMany(place: string, what: string, open: number, most: number): HttpError {
  return new HttpError(503, `too_many_${what}`, `${place} has too many ${what}.`, { expected: `at most ${most}`, received: `${open + 1}` });
}
