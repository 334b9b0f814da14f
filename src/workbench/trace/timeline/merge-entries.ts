import type { TraceEntry } from '../trace-entry';

/** The entries of one source, in the order of its lines. */
export type SourceEntries = readonly TraceEntry[];

interface Timed {
  readonly entry: TraceEntry;
  /** Where it is put; a line without a time stays with the line before it. */
  readonly at: number;
  readonly source: number;
  readonly position: number;
}

/**
 * One timeline of several sources, in the order of time. What has the same time keeps the order of its source, and sources
 * keep theirs. A line without a time stays behind the line before it; lines before the first time of their source go with
 * that; a source without any time comes first. Nothing is lost, nothing added.
 */
export function mergeEntries(sources: readonly SourceEntries[]): TraceEntry[] {
  const all: Timed[] = [];
  for (const [source, entries] of sources.entries()) {
    let at = entries.find(({ time }) => time !== undefined)?.time ?? -Infinity;
    for (const [position, entry] of entries.entries()) {
      at = entry.time ?? at;
      all.push({ entry, at, source, position });
    }
  }
  all.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at) || a.source - b.source || a.position - b.position);
  return all.map(({ entry }) => entry);
}
