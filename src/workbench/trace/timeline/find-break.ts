import { type Diagnosis, type FormatTable, LogAnalyser } from '../../../core/index';
import { timeOfDay } from '../../time-of-day';
import type { L10nApi } from '../../vscode-api';
import type { Surrounding } from '../surroundings';
import type { Trace, TraceEntry, TraceMark } from '../trace-entry';
import { missingEvents } from './missing-events';
import { place } from './mark-entries';

const SURE = 0.5;

/** What the lines of a timeline mean together. */
export interface Findings {
  readonly diagnoses: readonly Diagnosis[];
  readonly broke: Trace['broke'];
  readonly verdict: string;
  /** By index of the entry. */
  readonly marks: ReadonlyMap<number, readonly TraceMark[]>;
}

/**
 * Diagnoses a timeline.
 * @param rawOf the line of an entry as it stood in its log; undefined where there is none
 * @param around lines of others, to compare with
 * @param isComplete whether the timeline has all lines, so that what is missing in it is missing
 */
export function findBreak(
  api: L10nApi,
  entries: readonly TraceEntry[],
  rawOf: (entry: TraceEntry) => string | undefined,
  around: readonly Surrounding[],
  isComplete: boolean,
  table?: FormatTable,
): Findings {
  const diagnoses = diagnose(entries, rawOf, around, table);
  const marks = new Map<number, TraceMark[]>();
  const mark = (index: number, added: TraceMark): void => void (marks.get(index)?.push(added) ?? marks.set(index, [added]));
  const faults = diagnoses.filter(({ noise }) => !noise);
  const errors = faults.filter(({ severity }) => severity === 'error');
  const sure = errors.filter(({ confidence }) => confidence >= SURE);
  const leading = earliest(sure.length > 0 ? sure : errors);
  const lost = entries.findIndex(({ kind, delivered }) => kind === 'frame' && delivered === false);
  let broke: Trace['broke'];
  if (leading !== undefined && (lost < 0 || leading.index <= lost)) broke = leading;
  else if (lost >= 0) broke = { index: lost };
  if (broke !== undefined) mark(broke.index, { kind: 'broke', text: broke.diagnosis === undefined ? (entries[broke.index]?.what ?? '') : sentence(api, broke.diagnosis) });
  for (const fault of faults) {
    const index = firstLine(fault);
    if (index === undefined || fault === broke?.diagnosis || fault.severity === 'information') continue;
    mark(index, { kind: 'fault', text: sentence(api, fault) });
  }
  const missing = isComplete ? missingEvents(api, entries) : [];
  for (const { index, text } of missing) mark(index, { kind: 'unfinished', text });
  return { diagnoses, broke, marks, verdict: verdict(api, entries, broke, faults, missing[0]) };
}

function diagnose(entries: readonly TraceEntry[], rawOf: (entry: TraceEntry) => string | undefined, around: readonly Surrounding[], table: FormatTable | undefined): Diagnosis[] {
  const analyser = new LogAnalyser(undefined, table);
  const own = new Set(entries.map(rawOf));
  const others = around.filter(({ raw }) => !own.has(raw)).toSorted((a, b) => a.time - b.time);
  let next = 0;
  const seen = new Map<string, string>();
  entries.forEach((entry, index) => {
    const raw = rawOf(entry);
    if (raw === undefined) return;
    for (let other = others[next]; other !== undefined && other.time <= (entry.time ?? -Infinity); other = others[++next]) analyser.add(other.raw);
    // A line that two logs have, such as console and file, happened once.
    const copy = `${entry.time}\n${entry.kind}\n${entry.text}`;
    const first = seen.get(copy);
    if (first !== undefined && first !== entry.origin.uri) return;
    seen.set(copy, entry.origin.uri);
    analyser.add(raw, index);
  });
  // What only others show is not of this trace.
  return analyser.finish().filter((diagnosis) => firstLine(diagnosis) !== undefined);
}

/** Index of the first entry that shows it. */
function firstLine({ evidence }: Diagnosis): number | undefined {
  return evidence.find(({ line }) => line !== undefined)?.line;
}

function earliest(diagnoses: readonly Diagnosis[]): { index: number; diagnosis: Diagnosis } | undefined {
  let found: { index: number; diagnosis: Diagnosis } | undefined;
  for (const diagnosis of diagnoses) {
    const index = firstLine(diagnosis);
    // Of several for one line the first explains most.
    if (index !== undefined && (found === undefined || index < found.index)) found = { index, diagnosis };
  }
  return found;
}

function sentence({ l10n }: L10nApi, { verdict: text, inferred }: Diagnosis): string {
  return inferred ? l10n.t('{0} (Inferred from the lines.)', text) : text;
}

function verdict(api: L10nApi, entries: readonly TraceEntry[], broke: Trace['broke'], faults: readonly Diagnosis[], missing: { readonly index: number; readonly text: string } | undefined): string {
  const { l10n } = api;
  const at = (index: number): string => {
    const entry = entries[index];
    if (entry === undefined) return '';
    return entry.time === undefined ? place(entry) : `${timeOfDay(entry.time)} (${place(entry)})`;
  };
  if (broke !== undefined) {
    return l10n.t('Broke at {0}: {1}', at(broke.index), broke.diagnosis === undefined ? (entries[broke.index]?.what ?? '') : sentence(api, broke.diagnosis));
  }
  if (missing !== undefined) return l10n.t('Incomplete at {0}: {1}', at(missing.index), missing.text);
  const warning = faults.find(({ severity }) => severity === 'warning');
  if (warning !== undefined) return l10n.t('No failure, but a warning: {0}', sentence(api, warning));
  if (entries.length === 0) return l10n.t('Nothing was found.');
  return entries.length === 1 ? l10n.t('Nothing in this line shows a fault.') : l10n.t('Nothing in these {0} lines shows a fault.', entries.length.toLocaleString('en'));
}
