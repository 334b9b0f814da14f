import { clip } from '../../core/clip';
import { alignColumns } from '../documents/align-columns';
import { shownText } from '../documents/shown-text';
import { timeOfDay } from '../time-of-day';
import type { L10nApi } from '../vscode-api';
import { Words } from '../words';
import { place } from './timeline/mark-entries';
import type { ConnectionSpan, Trace, TraceEntry, TraceMark } from './trace-entry';

/** Entries written out; a longer timeline is cut in its middle. */
const MOST_SHOWN = 20_000;
const LONGEST_LINE_SHOWN = 160;
/** Column width, in characters, that holds every meaning of a message. */
const WIDEST = 100;

/** A place in the document that leads to the line of an entry. */
export interface TraceLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Index of the entry. */
  readonly entry: number;
}

export interface TraceText {
  readonly text: string;
  readonly links: readonly TraceLink[];
}

/** The timeline as text to be read: verdict and summary first, then one line an entry in aligned columns. */
export function renderTrace(api: L10nApi, trace: Trace): TraceText {
  const { l10n } = api;
  const lines: string[] = [];
  const links: TraceLink[] = [];
  const add = (text: string): void => void lines.push(...shownText(text).split('\n'));
  const link = (label: string, entry: number): void => {
    const line = lines.length - 1;
    const start = (lines[line] ?? '').indexOf(label);
    if (start >= 0) links.push({ line, start, end: start + label.length, entry });
  };

  add(l10n.t('Trace of {0}', trace.id));
  add('');
  add(trace.verdict);
  if (trace.broke !== undefined) {
    const entry = trace.entries[trace.broke.index];
    if (entry !== undefined) link(place(entry), trace.broke.index);
    for (const line of explain(api, trace)) add(line);
  }
  add('');
  for (const line of summary(api, trace)) add(line);
  if (trace.connections.length > 0) {
    add('');
    add(l10n.t('Who was on the thread, and when (as the lines say)'));
    for (const line of alignColumns(trace.connections.map((span) => spanRow(api, span)))) add(`  ${line}`);
  }
  if (trace.notes.length > 0) {
    add('');
    add(l10n.t('Not read, or not completely'));
    for (const { source, message } of trace.notes) add(`  ${source === '' ? message : `${source}: ${message}`}`);
  }
  add('');
  add(heading(api, trace));
  add('');
  timeline(api, trace, (text, entry) => {
    add(text);
    const origin = trace.entries[entry];
    if (origin !== undefined) link(place(origin), entry);
  }, add);
  return { text: `${lines.join('\n')}\n`, links };
}

function explain({ l10n }: L10nApi, { broke }: Trace): string[] {
  const diagnosis = broke?.diagnosis;
  if (diagnosis === undefined) return [];
  const lines = [l10n.t('Why: {0}', diagnosis.cause)];
  if (diagnosis.expected !== undefined) lines.push(l10n.t('Expected: {0}', diagnosis.expected));
  if (diagnosis.received !== undefined) lines.push(l10n.t('Received: {0}', diagnosis.received));
  for (const miss of diagnosis.nearMisses.slice(0, 3)) lines.push(l10n.t('Closest: {0} ({1})', miss.threadId, miss.why));
  for (const action of diagnosis.actions) lines.push(l10n.t('What to do: {0}', action.text));
  return lines;
}

function summary(api: L10nApi, trace: Trace): string[] {
  const { l10n } = api;
  const words = new Words(api);
  const { entries, searched } = trace;
  const times = entries.flatMap(({ time }) => (time === undefined ? [] : [time]));
  const [first, last] = [times[0], times.at(-1)];
  const sources = new Set(entries.map(({ origin }) => origin.label)).size;
  const lines = entries.length.toLocaleString('en');
  const rows = [[l10n.t('Lines'), sources === 1 ? l10n.t('{0} from 1 source', lines) : l10n.t('{0} from {1} sources', lines, sources.toLocaleString('en'))]];
  if (first !== undefined && last !== undefined) rows.push([l10n.t('From'), l10n.t('{0} to {1} UTC ({2})', iso(first), iso(last), words.exactSpan(last - first))]);
  const threads = trace.threadIds.filter((id) => id !== trace.id);
  if (threads.length > 0) rows.push([l10n.t('Thread'), threads.slice(0, 5).join(', ')]);
  const runs = trace.runIds.filter((id) => id !== trace.id);
  if (runs.length > 0) rows.push([l10n.t('Runs'), listed(api, runs, 5)]);
  if (trace.counts.length > 0) rows.push([l10n.t('Kinds'), listed(api, trace.counts.map(([kind, count]) => `${count} ${kind}`), 8)]);
  const other = trace.diagnoses.filter((diagnosis) => !diagnosis.noise && diagnosis !== trace.broke?.diagnosis);
  for (const diagnosis of other.slice(0, 5)) rows.push([l10n.t('Also'), `${diagnosis.title}: ${diagnosis.verdict}`]);
  const [bytes, span] = [words.bytes(searched.bytes), words.exactSpan(searched.durationMs)];
  rows.push([l10n.t('Searched'), searched.sources === 1 ? l10n.t('1 log, {0} in {1}', bytes, span) : l10n.t('{0} logs, {1} in {2}', searched.sources, bytes, span)]);
  return alignColumns(rows);
}

/** The first `most` of some names, and how many there are besides. */
function listed({ l10n }: L10nApi, names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? l10n.t('{0} and {1} more', shown, names.length - most) : shown;
}

function spanRow({ l10n }: L10nApi, { connectionId, userId, connectedAt, from, to, end }: ConnectionSpan): string[] {
  return [
    connectionId,
    userId === undefined ? '' : l10n.t('user {0}', userId),
    connectedAt === undefined ? '' : l10n.t('connected {0}', timeOfDay(connectedAt)),
    from === undefined ? l10n.t('joined at a time that no line gives') : l10n.t('on it from {0}', timeOfDay(from)),
    end === undefined ? l10n.t('to the end') : to === undefined ? end : l10n.t('to {0}, {1}', timeOfDay(to), end),
  ];
}

function heading({ l10n }: L10nApi, { entries }: Trace): string {
  const first = entries.find(({ time }) => time !== undefined)?.time;
  return first === undefined ? l10n.t('Timeline') : l10n.t('Timeline, UTC, beginning {0} (Ctrl+click a source to go to its line)', iso(first).slice(0, 10));
}

function timeline(api: L10nApi, { entries }: Trace, addEntry: (text: string, entry: number) => void, add: (text: string) => void): void {
  const { l10n } = api;
  if (entries.length === 0) return;
  const half = MOST_SHOWN / 2;
  const indexes = entries.map((_, i) => i).filter((i) => i < half || i >= entries.length - half);
  const rows = indexes.map((i) => row(api, entries, i));
  const aligned = alignColumns([['', l10n.t('Time'), l10n.t('After'), l10n.t('Source'), l10n.t('What happened'), l10n.t('Line')], ...rows], WIDEST);
  add(aligned[0] ?? '');
  let expected = 0;
  indexes.forEach((index, position) => {
    const entry = entries[index];
    if (entry === undefined) return;
    if (index !== expected) add(`   ${l10n.t('… {0} lines are not shown …', (index - expected).toLocaleString('en'))}`);
    expected = index + 1;
    const gap = entry.marks.find(({ kind }) => kind === 'gap');
    if (gap !== undefined) add(`   ---- ${labelled(api, gap)}`);
    addEntry(aligned[position + 1] ?? '', index);
    for (const mark of entry.marks) if (mark.kind !== 'gap') add(`   ^--- ${labelled(api, mark)}`);
  });
}

function labelled({ l10n }: L10nApi, { kind, text }: TraceMark): string {
  switch (kind) {
    case 'broke':
      return l10n.t('BROKE HERE: {0}', text);
    case 'fault':
      return l10n.t('fault: {0}', text);
    case 'gap':
      return l10n.t('gap: {0}', text);
    case 'duplicate':
      return l10n.t('duplicate: {0}', text);
    case 'clock':
      return l10n.t('clock went back: {0}', text);
    case 'unfinished':
      return l10n.t('unfinished: {0}', text);
  }
}

/** Stands in front of a line that wants to be seen; a screen reader says it, too. */
function sign(marks: readonly TraceMark[]): string {
  if (marks.some(({ kind }) => kind === 'broke')) return '>>';
  if (marks.some(({ kind }) => kind === 'fault' || kind === 'unfinished')) return '!';
  return marks.length > 0 ? '~' : '';
}

function row(api: L10nApi, entries: readonly TraceEntry[], index: number): string[] {
  const { l10n } = api;
  const entry = entries[index];
  if (entry === undefined) return [];
  const { deltaMs, what, text, level } = entry;
  const shortText = clip(text, LONGEST_LINE_SHOWN);
  const words = what !== '' || level === undefined ? what : l10n.t('{0}, not a known message', level.toLowerCase());
  return [sign(entry.marks), timeOf(api, entry, entries[index - 1]), deltaMs === undefined ? '' : `+${new Words(api).exactSpan(deltaMs)}`, place(entry), words, shortText];
}

/** With the day where another day begins. */
function timeOf({ l10n }: L10nApi, { time, hasOwnTime }: TraceEntry, before: TraceEntry | undefined): string {
  if (time === undefined) return l10n.t('(no time)');
  const day = iso(time).slice(0, 10);
  const isNewDay = before?.time !== undefined && iso(before.time).slice(0, 10) !== day;
  const shown = isNewDay ? `${day} ${timeOfDay(time)}` : timeOfDay(time);
  return hasOwnTime ? shown : l10n.t('{0} or later', shown);
}

function iso(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 23).replace('T', ' ');
}
