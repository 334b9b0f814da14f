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
  return {
    threads: [...model.threads.values()].filter((thread) => thread.connections > 0),
    ...(model.connections.size <= MOST_CONNECTIONS ? { connections: [...model.connections.values()] } : {}),
    lookup: (runId) => (answer?.runId === runId && answer.source === 'thread_registry' && threadId !== undefined ? { threadId } : undefined),
  };
}
