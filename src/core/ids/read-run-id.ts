import { type Clock, systemClock } from '../clock';
import { FormatTable } from './formats/format-table';
import type { FormatMatch, IdFormat } from './formats/id-format';
import { readMintTime } from './mint-time';
import { pythonStrip } from './python-text';
import type { IdWarning, ParsedRunId } from './reading';
import { mintTimeWarnings, separatorWarnings, threadWarnings } from './warnings';

export interface ReadOptions {
  /** The formats to read by. Default: all built-in ones. */
  readonly table?: FormatTable | undefined;
  /** Tells mint times that lie in the future. */
  readonly clock?: Clock | undefined;
}

/** The segments that may hold a time, and those that may hold the random tail. */
const TIME_FIELDS = ['ms', 'ms13', 's', 'float'];
const SUFFIX_FIELDS = ['hex8', 'HEX8', 'alnum9', 'tail'];

/** What makes a reading less likely to be what was meant. */
const DOUBTFUL: Readonly<Record<string, number>> = { 'timestamp-as-thread': 0.7, 'run-separator-inside': 0.7, 'time-out-of-range': 0.9 };

function firstField(fields: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  for (const name of names) if (Object.hasOwn(fields, name)) return fields[name];
  return undefined;
}

function withoutRepeats(warnings: readonly IdWarning[]): IdWarning[] {
  const seen = new Set<string>();
  return warnings.filter(({ code }) => !seen.has(code) && seen.add(code));
}

function toReading(text: string, format: IdFormat, match: FormatMatch, now: number): ParsedRunId {
  const time = firstField(match.fields, TIME_FIELDS);
  const timestamp = time === undefined ? undefined : readMintTime(time)?.timestamp;
  const suffix = firstField(match.fields, SUFFIX_FIELDS);
  const { threadId } = match;
  const warnings = withoutRepeats([
    ...(match.warnings ?? []),
    ...separatorWarnings(text),
    ...(threadId === undefined ? [] : threadWarnings(threadId)),
    ...(timestamp === undefined ? [] : mintTimeWarnings(timestamp, now)),
  ]);
  const confidence = warnings.reduce((rest, { code }) => rest * (DOUBTFUL[code] ?? 1), match.confidence ?? format.confidence);
  return {
    text,
    format: format.name,
    label: format.label,
    kind: format.kind,
    era: format.era,
    threadId,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(suffix === undefined ? {} : { suffix }),
    fields: match.fields,
    confidence: Math.round(confidence * 1000) / 1000,
    warnings,
  };
}

/**
 * Every reading of `text` as an ID, best first (FIELD_GUIDE 1.7): an ID can mean different things to different builds, and
 * which one was meant is for the reader to judge. White space around it is ignored. Empty when no format fits. Never throws.
 */
export function readRunId(text: string, options: ReadOptions = {}): ParsedRunId[] {
  if (typeof text !== 'string') return [];
  const id = pythonStrip(text);
  if (id === '') return [];
  const table = options.table ?? FormatTable.builtIn;
  const now = (options.clock ?? systemClock)();
  const readings: ParsedRunId[] = [];
  for (const format of table.candidates(id)) {
    const match = format.read(id);
    if (!match) continue;
    // Rows of one format differ in what they accept; the first that fits speaks for it.
    if (readings.some((reading) => reading.format === format.name && reading.threadId === match.threadId)) continue;
    readings.push(toReading(id, format, match, now));
  }
  return readings.sort((a, b) => b.confidence - a.confidence);
}

/** The best reading of `text`, or undefined when there is none. */
export function parseRunId(text: string, options: ReadOptions = {}): ParsedRunId | undefined {
  return readRunId(text, options)[0];
}

/** The reading of `text` by a format that is not built in; undefined when there is none. What a user defines is meant. */
export function readDefined(text: string, table: FormatTable | undefined): ParsedRunId | undefined {
  if (table === undefined || table.defined.length === 0) return undefined;
  const best = parseRunId(text, { table });
  return best !== undefined && table.defined.some(({ name, label }) => name === best.format && label === best.label) ? best : undefined;
}
