import { type Resolution, ThreadResolutionError } from '../../core/index';
import type { LiveAnswer } from '../../protocol/inspection';
import type { AbsenceExplainer } from '../delivery/absence';
import type { RouterModel } from '../model/router-model';

/** IDs of connections in one answer. */
const MOST_CONNECTION_IDS = 100;

/**
 * How a run resolves, from a chain that writes nothing back; one that cannot be resolved is an answer, too.
 * @throws {InvalidRunIdError}
 */
export function resolutionOf(resolve: () => Resolution): Omit<Resolution, 'backfill'> {
  let resolution;
  try {
    resolution = resolve();
  } catch (error) {
    if (!(error instanceof ThreadResolutionError)) throw error;
    ({ resolution } = error);
  }
  const { backfill: _unwritten, ...answer } = resolution;
  return answer;
}

/** How many connections there are, and which; not all of very many. */
export function namedConnections(connections: Iterable<{ readonly id: string }>): { readonly connectionIds: readonly string[]; readonly connections: number } {
  const ids = Array.from(connections, ({ id }) => id);
  return { connectionIds: ids.slice(0, MOST_CONNECTION_IDS), connections: ids.length };
}

/** Where a run goes and who is there now. @throws {InvalidRunIdError} */
export function liveAnswer(runId: string, resolve: () => Resolution, model: RouterModel, absence: AbsenceExplainer): LiveAnswer {
  const resolution = resolutionOf(resolve);
  const thread = resolution.threadId === undefined ? undefined : model.threads.get(resolution.threadId);
  const named = namedConnections(thread?.connections ?? []);
  return { ...resolution, ...named, waiting: thread?.waitingCount ?? 0, nearMisses: named.connections > 0 ? [] : absence.nearMisses(resolution.threadId ?? runId) };
}
