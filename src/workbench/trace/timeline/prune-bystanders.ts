import type { TraceEntry } from '../trace-entry';

/** After the last line about the thread itself, its connections stay of interest for so long. */
const AFTER_MS = 60_000;

/**
 * Leaves out what happened to connections of the thread at other times: of connections that came and went before the first
 * line about the thread itself, or long after the last one.
 */
export function pruneBystanders(entries: readonly TraceEntry[]): TraceEntry[] {
  const direct = entries.filter(({ relation, time }) => relation === 'direct' && time !== undefined);
  const first = direct[0]?.time;
  const last = direct.at(-1)?.time;
  if (first === undefined || last === undefined) return [...entries];
  /** Connections and users that were gone at some place, the last one that counts. */
  const goneBefore = new Map<string, number>();
  entries.forEach((entry, i) => {
    if (entry.time === undefined || entry.time >= first) return;
    if (entry.kind === 'closed' && entry.connectionId !== undefined) goneBefore.set(entry.connectionId, i);
    if (entry.kind === 'user-disconnected' && entry.userId !== undefined) goneBefore.set(entry.userId, i);
  });
  return entries.filter((entry, i) => {
    if (entry.relation === 'direct' || entry.relation === 'context' || entry.time === undefined) return true;
    if (entry.time >= first) return entry.time <= last + AFTER_MS;
    const gone = Math.max(goneBefore.get(entry.connectionId ?? '') ?? -1, goneBefore.get(entry.userId ?? '') ?? -1);
    return i > gone;
  });
}
