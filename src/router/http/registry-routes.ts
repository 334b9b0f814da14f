import { isRecord } from '../../core/is-record';
import type { Inspector } from '../inspection/inspector';
import { LabelError } from '../model/label-error';
import type { RouterRegistry } from '../registry';
import { badRequest, HttpError } from './http-error';
import { readJsonObject } from './read-json';
import { ok, type Route, route, snake } from './route';

const RUN = '/registry/runs/*';

/** `PUT`, `GET`, `DELETE /registry/runs/{run_id}`. */
export function registryRoutes(inspector: Inspector, registry: RouterRegistry): readonly Route[] {
  return [
    route('PUT', RUN, ({ parameters: [runId = ''], body }) => {
      const fields = readJsonObject(body);
      const threadId = fields['thread_id'];
      const metadata = fields['metadata'];
      if (typeof threadId !== 'string') throw badRequest('bad_thread_id', 'The body names no thread.', 'a string in "thread_id"', threadId === undefined ? 'no "thread_id"' : typeof threadId);
      if (metadata !== undefined && !isRecord(metadata)) {
        throw badRequest('bad_metadata', '"metadata" is not an object.', 'an object in "metadata"', metadata === null ? 'null' : Array.isArray(metadata) ? 'an array' : typeof metadata);
      }
      const known = registry.runs.peek(runId) !== undefined;
      try {
        inspector.registerRun(runId, threadId, metadata);
      } catch (error) {
        if (error instanceof LabelError) throw badRequest(error.reason, error.message, error.expected, error.received);
        throw error;
      }
      return ok(mapping(registry, runId), known ? 200 : 201);
    }, true),
    route('GET', RUN, ({ parameters: [runId = ''] }) => ok(mapping(registry, runId))),
    route('DELETE', RUN, ({ parameters: [runId = ''] }) => {
      if (!inspector.unregisterRun(runId)) throw notFound(runId);
      return { status: 204 };
    }),
  ];
}

function mapping(registry: RouterRegistry, runId: string): Record<string, unknown> {
  const found = registry.runs.peek(runId);
  if (!found) throw notFound(runId);
  return snake(found);
}

function notFound(runId: string): HttpError {
  return new HttpError(404, 'run_not_registered', 'The run is not registered.', { expected: 'a registered run', received: runId.slice(0, 200) });
}
