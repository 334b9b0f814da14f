import { inLargestUnit } from '../../words';
import type { TraceEntry, TraceMark } from '../trace-entry';

/** A pause is a gap when it is longer than this and … */
export const LEAST_GAP_MS = 1000;
/** … so many times longer than the usual time between entries. */
export const GAP_FACTOR = 20;
/** The same message so soon again is a duplicate. */
export const DUPLICATE_MS = 50;
/** Lines of threads that write at once may change places; more than this is a clock that went back. */
export const CLOCK_TOLERANCE_MS = 20;

/** Sets the time since the entry before, and marks gaps, duplicates and clocks that went back. */
export function markEntries(entries: readonly TraceEntry[]): TraceEntry[] {
  const deltas = entries.map((entry, i) => delta(entries[i - 1], entry));
  const usual = median(deltas.filter((ms) => ms !== undefined && ms > 0) as number[]);
  const recent = new Map<string, TraceEntry>();
  const backwards = clockMarks(entries);
  return entries.map((entry, i) => {
    const marks: TraceMark[] = [...entry.marks];
    const deltaMs = deltas[i];
    if (deltaMs !== undefined && deltaMs > LEAST_GAP_MS && deltaMs > GAP_FACTOR * usual) {
      marks.push({ kind: 'gap', text: `Nothing for ${exactly(deltaMs)}; usually ${exactly(usual)} pass between two entries.` });
    }
    const clock = backwards.get(entry);
    if (clock !== undefined) marks.push(clock);
    const twin = recent.get(sameness(entry));
    if (twin !== undefined && isSoon(twin, entry)) marks.push({ kind: 'duplicate', text: `The same message as ${place(twin)}, ${apart(twin, entry)}.` });
    recent.set(sameness(entry), entry);
    return { ...entry, ...(deltaMs === undefined ? {} : { deltaMs }), marks };
  });
}

function delta(before: TraceEntry | undefined, entry: TraceEntry): number | undefined {
  return before?.time === undefined || entry.time === undefined ? undefined : entry.time - before.time;
}

/** In each source, lines whose time is before that of a line above them. */
function clockMarks(entries: readonly TraceEntry[]): Map<TraceEntry, TraceMark> {
  const bySource = new Map<string, TraceEntry[]>();
  for (const entry of entries) {
    if (!entry.hasOwnTime) continue;
    const same = bySource.get(entry.origin.uri);
    if (same === undefined) bySource.set(entry.origin.uri, [entry]);
    else same.push(entry);
  }
  const marks = new Map<TraceEntry, TraceMark>();
  for (const same of bySource.values()) {
    let latest: TraceEntry | undefined;
    for (const entry of same.toSorted((a, b) => a.line - b.line)) {
      const back = (latest?.time ?? -Infinity) - (entry.time ?? Infinity);
      if (latest !== undefined && back > CLOCK_TOLERANCE_MS) {
        marks.set(entry, { kind: 'clock', text: `Its time is ${exactly(back)} before that of ${place(latest)}, which stands above it in the same log.` });
      } else if (back <= 0) latest = entry;
    }
  }
  return marks;
}

function sameness(entry: TraceEntry): string {
  return `${entry.kind}\n${entry.text}`;
}

function isSoon(twin: TraceEntry, entry: TraceEntry): boolean {
  return twin.time !== undefined && entry.time !== undefined && twin.hasOwnTime && entry.hasOwnTime && entry.time - twin.time <= DUPLICATE_MS;
}

function apart(twin: TraceEntry, entry: TraceEntry): string {
  const ms = (entry.time ?? 0) - (twin.time ?? 0);
  return ms === 0 ? 'at the same time' : `${ms} ms later`;
}

export function place(entry: TraceEntry): string {
  return `${entry.origin.label}:${entry.line}`;
}

/** A span as people write it: `7 ms`, `4.2 s`, `3 min`. */
export function exactly(ms: number): string {
  if (ms >= 1000 && ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const [count, unit] = inLargestUnit(ms);
  const isWord = unit === 'year' || unit === 'month' || unit === 'day';
  return `${count} ${isWord && count !== 1 ? `${unit}s` : unit}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
