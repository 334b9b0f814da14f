import { DIALECTS, InvalidRunIdError } from '../../core/index';
import { DELIVERY_OUTCOMES } from '../../protocol/delivery';
import { type FrameQuery, INSPECTION_VERSION, type RouterInfo } from '../../protocol/inspection';
import type { Inspector } from '../inspection/inspector';
import { PatternError } from '../journal/pattern-parser';
import type { RouterModel } from '../model/router-model';
import type { RouterRegistry } from '../registry';
import type { Store } from '../store/store';
import { badRequest, HttpError } from './http-error';
import { choice, ok, page, pageOf, type Route, route, snake } from './route';

export interface DebugParts {
  readonly model: RouterModel;
  readonly inspector: Inspector;
  readonly registry: RouterRegistry;
  readonly router: () => RouterInfo;
  readonly store: Store;
  readonly clock: () => number;
}

/** `GET /debug/...`: what the router knows (DESIGN 4.2). */
export function debugRoutes(parts: DebugParts): readonly Route[] {
  const { model, inspector } = parts;
  return [
    route('GET', '/debug/health', () => ok(health(parts))),
    route('GET', '/debug/connections', ({ query }) => {
      const threadId = query.get('thread_id');
      const userId = query.get('user_id');
      const { list, next } = pageOf(model.connections.values(), query, (connection) =>
        (threadId === null || connection.threads.some((thread) => thread.id === threadId)) && (userId === null || connection.userId === userId));
      return ok({ connections: list.map((connection) => snake(connection.info())), next });
    }),
    route('GET', '/debug/connections/*', ({ parameters: [id = ''] }) => {
      const details = inspector.connection(id);
      if (!details) throw notFound('connection', id);
      return ok({ ...snake(details), timeline: details.timeline.map(snake) });
    }),
    route('GET', '/debug/threads', ({ query }) => {
      const state = choice(query, 'state', ['live', 'waiting', 'idle']);
      const { list, next } = pageOf(model.threads.values(), query, (thread) => state === undefined || thread.state === state);
      return ok({ threads: list.map((thread) => snake(thread.info())), next });
    }),
    route('GET', '/debug/threads/*', ({ parameters: [id = ''] }) => {
      const thread = model.threads.get(id);
      if (!thread) throw notFound('thread', id);
      return ok({
        ...snake(thread.info()),
        connection_ids: Array.from(thread.connections, (connection) => connection.id).slice(0, 1_000),
        registered_runs: parts.registry.runs.getRuns(id).slice(0, 1_000),
      });
    }),
    route('GET', '/debug/runs', ({ query }) => {
      const threadId = query.get('thread_id');
      const { list, next } = pageOf(model.runs.values(), query, (run) => threadId === null || run.threadId === threadId);
      return ok({ runs: list.map((run) => snake(run.info())), next });
    }),
    route('GET', '/debug/resolve', ({ query }) => {
      const runId = query.get('run_id');
      if (runId === null) throw badRequest('missing_run_id', 'The query names no run.', '?run_id=<run ID>', 'no "run_id"');
      try {
        const { steps, ...answer } = inspector.resolve(runId, choice(query, 'dialect', DIALECTS));
        return ok({ ...snake(answer), steps: steps.map(snake) });
      } catch (error) {
        if (error instanceof InvalidRunIdError) throw badRequest('bad_run_id', error.message, error.expected, error.received);
        throw error;
      }
    }),
    route('GET', '/debug/deliveries', ({ query }) => ok(deliveries(model, query))),
    route('GET', '/debug/associations', ({ query }) => {
      const connectionId = query.get('connection_id');
      const threadId = query.get('thread_id');
      const rows = parts.store.associations({
        ...(connectionId === null ? {} : { connectionId }),
        ...(threadId === null ? {} : { threadId }),
        limit: page(query).limit,
      });
      return ok({ associations: rows.map(snake) });
    }),
    route('GET', '/debug/messages', ({ query }) => ok(messages(inspector, query))),
    route('GET', '/debug/messages/*', ({ parameters: [text = ''] }) => {
      const seq = /^\d{1,16}$/.test(text) ? Number(text) : 0;
      const frame = model.journal.info(seq);
      if (!frame) throw notFound('message', text);
      return ok({ ...snake(frame), body: inspector.frameBody(seq) });
    }),
  ];
}

function health({ model, router, clock }: DebugParts) {
  const info = router();
  return {
    status: 'healthy',
    service: 'thread-lens-router',
    inspection: INSPECTION_VERSION,
    ...snake(info),
    faults: info.faults.map(snake),
    ...(info.recording ? { recording: snake(info.recording) } : {}),
    uptime_ms: Math.max(0, clock() - info.startedAt),
    counters: snake(model.counters()),
  };
}

/** Without `after` the newest, with it the first ones after that number; oldest first either way. */
function deliveries(model: RouterModel, query: URLSearchParams) {
  const { limit, after } = page(query);
  const outcome = choice(query, 'outcome', DELIVERY_OUTCOMES);
  const threadId = query.get('thread_id');
  const runId = query.get('run_id');
  const log = model.deliveries;
  const forwards = after !== undefined;
  const found = [];
  for (let seq = forwards ? Math.max(after + 1, log.oldest) : log.newest; seq >= log.oldest && seq <= log.newest && found.length < limit; seq += forwards ? 1 : -1) {
    if (outcome !== undefined && log.outcome(seq) !== outcome) continue;
    const info = log.info(seq);
    if (!info || (threadId !== null && info.threadId !== threadId) || (runId !== null && info.runId !== runId)) continue;
    const { nearMisses, ...rest } = info;
    found.push({ ...snake(rest), ...(nearMisses === undefined ? {} : { near_misses: nearMisses }), seq: info.seq });
  }
  if (!forwards) found.reverse();
  const last = found.at(-1)?.seq;
  return { deliveries: found, next: last !== undefined && found.length === limit && last < log.newest ? last : null, oldest: log.oldest, newest: log.newest };
}

function messages(inspector: Inspector, query: URLSearchParams) {
  const { limit, after } = page(query);
  const outcome = choice(query, 'outcome', DELIVERY_OUTCOMES);
  const direction = choice(query, 'direction', ['in', 'out']);
  const filter: Record<string, string> = {};
  for (const [name, field] of [['thread_id', 'threadId'], ['connection_id', 'connectionId'], ['type', 'type'], ['text', 'text'], ['pattern', 'pattern']] as const) {
    const value = query.get(name);
    if (value !== null) filter[field] = value;
  }
  const frameQuery: FrameQuery = {
    ...filter,
    ...(outcome === undefined ? {} : { outcome }),
    ...(direction === undefined ? {} : { direction }),
    ...(after === undefined ? {} : { after }),
    limit,
  };
  try {
    const { frames, oldest, newest, searchedTo } = inspector.frames(frameQuery);
    // A search that took too long stopped before it was through; the next page goes on from there.
    const last = after !== undefined ? searchedTo : frames.length === limit ? frames.at(-1)?.seq : undefined;
    return { messages: frames.map(snake), next: last !== undefined && last < newest ? last : null, oldest, newest };
  } catch (error) {
    if (error instanceof PatternError) throw badRequest('bad_pattern', error.message, 'a regular expression that matches in linear time', JSON.stringify((query.get('pattern') ?? '').slice(0, 100)));
    throw error;
  }
}

function notFound(what: string, id: string): HttpError {
  return new HttpError(404, `${what}_not_found`, `There is no such ${what}.`, { expected: `the ID of a known ${what}`, received: id.slice(0, 200) });
}
