import type { LiveState } from '../../core/index';
import type { LiveModel } from '../live/live-model';
import type { RouteAnswer } from '../live/live-answer';

/** With more connections than this only their number on each thread is told: a hover must not wait for the rest. */
const MOST_CONNECTIONS = 500;

/** What the running router knows, as a diagnosis takes it; undefined without a router. */
export function liveStateOf(model: LiveModel, route?: RouteAnswer): LiveState | undefined {
  if (model.router === undefined) return undefined;
  const { answer } = route ?? {};
  const { threadId } = answer ?? {};
  const threads = new Map<string, number>();
  for (const { id, connections } of model.threads.values()) if (connections > 0) threads.set(id, connections);
  // The model follows a moment later than the router answers.
  if (route?.kind === 'live' && threadId !== undefined && route.answer.connections > 0) threads.set(threadId, route.answer.connections);
  return {
    threads: [...threads].map(([id, connections]) => ({ id, connections })),
    ...(model.connections.size <= MOST_CONNECTIONS ? { connections: [...model.connections.values()] } : {}),
    lookup: (runId) => (answer?.runId === runId && answer.source === 'thread_registry' && threadId !== undefined ? { threadId } : undefined),
  };
}
