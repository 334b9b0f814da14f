import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../core/message-of';
import type { Gate, Refusal } from '../gate/gate';
import { HttpError } from './http-error';
import { type HttpAnswer, JSON_TYPE, type Route } from './route';

/** On every answer (SECURITY 7). There are no CORS headers: no page of another origin is to read anything. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;

/** HTTP: the gate, then the route, then its answer as JSON. */
export class HttpApi {
  constructor(
    private readonly gate: Gate,
    private readonly routes: readonly Route[],
    private readonly upgradePaths: ReadonlySet<string>,
    private readonly bodyBytes: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Answers a request; never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.answer(request)
      .then((answer) => send(response, answer))
      .catch((error: unknown) => this.refuse(request, response, error));
  }

  private async answer(request: IncomingMessage): Promise<HttpAnswer> {
    const admission = this.gate.check(request, 'http');
    if (!admission.ok) throw refusalError(admission);
    const { path, query } = admission;
    if (this.upgradePaths.has(path)) {
      throw new HttpError(426, 'upgrade_required', 'This path is a WebSocket.', { expected: 'a WebSocket handshake', received: `${request.method ?? ''} without upgrade` }, { upgrade: 'websocket' });
    }
    const { found, parameters } = this.find(path, request.method ?? '');
    const body = found.takesBody ? await this.readBody(request) : EMPTY;
    return found.handle({ parameters, query, body });
  }

  private find(path: string, method: string): { readonly found: Route; readonly parameters: readonly string[] } {
    const segments = path.slice(1).split('/');
    const fitting = this.routes.filter((candidate) => fits(candidate, segments));
    const [first] = fitting;
    if (!first) throw new HttpError(404, 'not_found', 'There is nothing under this path.', { expected: 'a path of media/openapi.yaml', received: path.slice(0, 200) });
    const found = fitting.find((candidate) => candidate.method === method);
    if (!found) {
      const allow = fitting.map((candidate) => candidate.method).join(', ');
      throw new HttpError(405, 'method_not_allowed', 'This path has no such method.', { expected: allow, received: method }, { allow });
    }
    return { found, parameters: found.path.flatMap((name, index) => (name === '*' ? [decode(segments[index] ?? '')] : [])) };
  }

  private async readBody(request: IncomingMessage): Promise<Buffer> {
    const type = request.headers['content-type'];
    if (!/^application\/json(?:\s*;.*)?$/i.test(type ?? '')) {
      throw new HttpError(415, 'unsupported_media_type', 'The body is not declared as JSON.', { expected: 'Content-Type: application/json', received: type?.slice(0, 100) ?? 'no Content-Type' });
    }
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined) {
      throw new HttpError(415, 'unsupported_encoding', 'Compressed bodies are not read.', { expected: 'no Content-Encoding', received: encoding.slice(0, 40) });
    }
    if (Number(request.headers['content-length'] ?? 0) > this.bodyBytes) throw this.tooLarge(`${request.headers['content-length']} bytes`);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > this.bodyBytes) throw this.tooLarge(`more than ${this.bodyBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  private tooLarge(received: string): HttpError {
    return new HttpError(413, 'body_too_large', 'The body is too large.', { expected: `at most ${this.bodyBytes} bytes`, received });
  }

  /** Answers with what went wrong; with an answer under way there is no room for it, and the connection ends. */
  refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    let answer: HttpError;
    if (error instanceof HttpError) answer = error;
    else {
      this.failed(error);
      const reason = error instanceof Error && error.name === 'StorageError' ? 'storage' : 'internal';
      answer = new HttpError(reason === 'storage' ? 507 : 500, reason, messageOf(error));
    }
    // What is left of a body is not read; the connection ends with the answer.
    const close = request.complete ? {} : { connection: 'close' };
    const body = answer.body();
    response.writeHead(answer.status, {
      ...HEADERS, ...answer.headers, ...close, 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }
}

const EMPTY = Buffer.alloc(0);

function send(response: ServerResponse, answer: HttpAnswer): void {
  if (answer.status === 204) {
    response.writeHead(204, HEADERS).end();
    return;
  }
  const { type, body } = answer.text ?? { type: JSON_TYPE, body: JSON.stringify(answer.json) };
  response.writeHead(answer.status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** What the gate refused, as an answer. */
export function refusalError(refusal: Refusal): HttpError {
  const { status, reason, message, expected, received } = refusal;
  return new HttpError(status, reason, message, { expected, received }, status === 401 ? { 'www-authenticate': 'Bearer' } : {});
}

function fits(route: Route, segments: readonly string[]): boolean {
  return route.path.length === segments.length && route.path.every((name, index) => (name === '*' ? segments[index] !== '' : name === segments[index]));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, 'bad_path', 'The path is not valid percent-encoded UTF-8.', { expected: 'percent-encoded UTF-8', received: segment.slice(0, 100) });
  }
}
