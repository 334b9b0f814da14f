import { badRequest } from './http-error';

/** A request that passed the gate and fits a route. */
export interface HttpRequest {
  /** Parts of the path, decoded. */
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  /** The body as bytes; for routes that take one. */
  readonly body: Buffer;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

export interface HttpAnswer {
  readonly status: number;
  /** Written as JSON, unless `text` is there. */
  readonly json?: unknown;
  readonly text?: { readonly type: string; readonly body: string };
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments, `*` for a parameter. */
  readonly path: readonly string[];
  /** The route reads a JSON body. */
  readonly takesBody?: boolean;
  handle(request: HttpRequest): HttpAnswer;
}

/** A route; `*` in the path stands for one segment, which becomes a parameter. */
export function route(method: Route['method'], path: string, handle: Route['handle'], takesBody = false): Route {
  return { method, path: path.slice(1).split('/'), handle, takesBody };
}

/** A JSON answer. */
export function ok(json: unknown, status = 200): HttpAnswer {
  return { status, json };
}

/** `limit` and `after` of a page. @throws {HttpError} 400 */
export function page(query: URLSearchParams, most = 1_000, usual = 100): { readonly limit: number; readonly after: number | undefined } {
  const limit = integer(query, 'limit', 1, most) ?? usual;
  return { limit, after: integer(query, 'after', 0, Number.MAX_SAFE_INTEGER) };
}

function integer(query: URLSearchParams, name: string, from: number, to: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= from && value <= to) return value;
  throw badRequest(`bad_${name}`, `"${name}" is not usable.`, `an integer from ${from} to ${to}`, JSON.stringify(text.slice(0, 40)));
}

/** One of some words in the query. @throws {HttpError} 400 */
export function choice<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = values.find((candidate) => candidate === text);
  if (value !== undefined) return value;
  throw badRequest(`bad_${name}`, `"${name}" is not usable.`, `one of ${values.join(', ')}`, JSON.stringify(text.slice(0, 40)));
}

/** Up to `limit` entities after a cursor, and the cursor of the next page, null at the end. */
export function pageOf<T extends { readonly ordinal: number }>(entities: Iterable<T>, query: URLSearchParams, fits: (entity: T) => boolean = () => true): { readonly list: T[]; readonly next: number | null } {
  const { limit, after = 0 } = page(query);
  const list: T[] = [];
  for (const entity of entities) {
    if (entity.ordinal <= after || !fits(entity)) continue;
    const last = list.at(-1);
    if (list.length === limit && last) return { list, next: last.ordinal };
    list.push(entity);
  }
  return { list, next: null };
}

/** Names of fields as they are on the wire. */
export function snake(entity: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entity).map(([name, value]: [string, unknown]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  );
}
