import { isRecord } from '../../core/is-record';

/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Largest answer: a page of 1,000 entities is far smaller. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Why a debug endpoint gave no answer that can be used. */
export class DebugApiError extends Error {
  override readonly name = 'DebugApiError';

  constructor(
    /** `unreachable`: nobody answers. `refused`: the token is missing or wrong. `absent`: there is no such endpoint or entity. */
    readonly reason: 'unreachable' | 'refused' | 'absent' | 'bad_answer' | 'failed',
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** The HTTP endpoints of a router or backend, as media/openapi.yaml describes them. The token goes into a header only. */
export class DebugApi {
  constructor(
    /** Scheme, host and port, perhaps a path before `/debug`; without a slash at the end. */
    readonly base: string,
    private readonly token: string | undefined,
  ) {}

  /** @throws {DebugApiError} */
  async get(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): Promise<Record<string, unknown>> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
    const tail = parameters.size === 0 ? '' : `?${parameters.toString()}`;
    return this.ask('GET', `${path}${tail}`);
  }

  /** @throws {DebugApiError} */
  async send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Record<string, unknown>> {
    return this.ask(method, path, body);
  }

  private async ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const request = `${method} ${path.split('?')[0] ?? ''}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.base}${path}`, {
        method,
        // A redirect could carry the token elsewhere.
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await readBounded(response);
    } catch (error) {
      throw error instanceof DebugApiError ? error : new DebugApiError('unreachable', `${request}: ${causeOf(error)}`);
    }
    const answer = readJson(text);
    const said = wordsOf(answer);
    if (response.status === 401 || response.status === 403) throw new DebugApiError('refused', `${request}: ${response.status}${said}`, response.status);
    if (response.status === 404 || response.status === 405 || response.status === 501) throw new DebugApiError('absent', `${request}: ${response.status}${said}`, response.status);
    // A receipt says with 4xx what became of an event: that is an answer.
    if (!response.ok && answer?.['type'] !== 'delivery_receipt') throw new DebugApiError('failed', `${request}: ${response.status}${said}`, response.status);
    if (response.status === 204) return {};
    if (answer === undefined) throw new DebugApiError('bad_answer', `${request}: expected a JSON object, received ${JSON.stringify(text.slice(0, 80))}`, response.status);
    return answer;
  }
}

/** The body as text, no more of it than is sensible. */
async function readBounded(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new DebugApiError('bad_answer', `expected at most ${MAX_BYTES} bytes, received more`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function wordsOf(answer: Record<string, unknown> | undefined): string {
  const error = answer?.['error'];
  return isRecord(error) && typeof error['message'] === 'string' ? `, ${error['message'].slice(0, 300)}` : '';
}

/** `fetch` only says that it failed; why stands in its cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : cause instanceof AggregateError ? String(cause.errors[0]) : error.message;
}
