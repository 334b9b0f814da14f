import type { RouterInfo } from '../../protocol/inspection';
import { INSPECTION_VERSION } from '../../protocol/inspection';
import { ok, pageOf, type Route, route, snake } from '../http/route';
import type { RouterModel } from '../model/router-model';
import { TAP_PREFIX } from './tap-paths';

export interface TapRoutesParts {
  readonly model: RouterModel;
  readonly info: () => RouterInfo;
  readonly clock: () => number;
}

/** `GET /__thread-lens/debug/...`: what the tap has learned. */
export function tapRoutes({ model, info, clock }: TapRoutesParts): readonly Route[] {
  return [
    route('GET', `${TAP_PREFIX}/debug/health`, () => {
      const { tap, ...rest } = info();
      return ok({
        status: 'healthy',
        service: 'thread-lens-tap',
        inspection: INSPECTION_VERSION,
        ...snake(rest),
        tap: snake(tap ?? {}),
        uptime_ms: Math.max(0, clock() - rest.startedAt),
        counters: snake(model.counters()),
      });
    }),
    route('GET', `${TAP_PREFIX}/debug/connections`, ({ query }) => {
      const { list, next } = pageOf(model.connections.values(), query);
      return ok({ connections: list.map((connection) => snake(connection.info())), next });
    }),
    route('GET', `${TAP_PREFIX}/debug/threads`, ({ query }) => {
      const { list, next } = pageOf(model.threads.values(), query);
      return ok({ threads: list.map((thread) => snake(thread.info())), next });
    }),
    route('GET', `${TAP_PREFIX}/debug/runs`, ({ query }) => {
      const { list, next } = pageOf(model.runs.values(), query);
      return ok({ runs: list.map((run) => snake(run.info())), next });
    }),
  ];
}
