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

export function badRequest(reason: string, message: string, expected: string, received: string): HttpError {
  return new HttpError(400, reason, message, { expected, received });
}
