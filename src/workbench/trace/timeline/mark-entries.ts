import type { L10nApi } from '../../vscode-api';
import { Words } from '../../words';
import type { TraceEntry, TraceMark } from '../trace-entry';

/** A pause is a gap when it is longer than this and … */
export const LEAST_GAP_MS = 1000;
/** … so many times longer than the usual time between entries. */
export const GAP_FACTOR = 20;
/** The same message so soon again is a duplicate. */
const DUPLICATE_MS = 50;
/** Lines of threads that write at once may change places; more than this is a clock that went back. */
const CLOCK_TOLERANCE_MS = 20;

/** Sets the time since the entry before, and marks gaps, duplicates and clocks that went back. */
export function markEntries(api: L10nApi, entries: readonly TraceEntry[]): TraceEntry[] {
  const { l10n } = api;
  const words = new Words(api);
  const deltas = entries.map((entry, i) => delta(entries[i - 1], entry));
  const usual = median(deltas.filter((ms) => ms !== undefined && ms > 0) as number[]);
  const recent = new Map<string, TraceEntry>();
  const backwards = clockMarks(api, entries);
  return entries.map((entry, i) => {
    const marks: TraceMark[] = [...entry.marks];
    const deltaMs = deltas[i];
    if (deltaMs !== undefined && deltaMs > LEAST_GAP_MS && deltaMs > GAP_FACTOR * usual) {
      marks.push({ kind: 'gap', text: l10n.t('Nothing for {0}; entries are usually {1} apart.', words.exactSpan(deltaMs), words.exactSpan(usual)) });
    }
    const clock = backwards.get(entry);
    if (clock !== undefined) marks.push(clock);
    const twin = recent.get(sameness(entry));
    if (twin !== undefined && isSoon(twin, entry)) marks.push({ kind: 'duplicate', text: sameAs(api, twin, entry) });
    recent.set(sameness(entry), entry);
    return { ...entry, ...(deltaMs === undefined ? {} : { deltaMs }), marks };
  });
}

function delta(before: TraceEntry | undefined, entry: TraceEntry): number | undefined {
  return before?.time === undefined || entry.time === undefined ? undefined : entry.time - before.time;
}

/** In each source, lines whose time is before that of a line above them. */
function clockMarks(api: L10nApi, entries: readonly TraceEntry[]): Map<TraceEntry, TraceMark> {
  const words = new Words(api);
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
        const text = api.l10n.t('Its time is {0} before that of {1}, which stands above it in the same log.', words.exactSpan(back), place(latest));
        marks.set(entry, { kind: 'clock', text });
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

function sameAs({ l10n }: L10nApi, twin: TraceEntry, entry: TraceEntry): string {
  const ms = (entry.time ?? 0) - (twin.time ?? 0);
  return ms === 0 ? l10n.t('The same message as {0}, at the same time.', place(twin)) : l10n.t('The same message as {0}, {1} ms later.', place(twin), ms);
}

/** Where an entry stands, e.g. `a.log:12`. */
export function place(entry: TraceEntry): string {
  return `${entry.origin.label}:${entry.line}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
