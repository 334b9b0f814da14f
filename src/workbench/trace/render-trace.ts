import { alignColumns } from '../documents/align-columns';
import { showInvisible } from '../markdown-text';
import { clock } from './timeline/find-break';
import { exactly, place } from './timeline/mark-entries';
import type { ConnectionSpan, Trace, TraceEntry, TraceMark, TraceMarkKind } from './trace-entry';

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

const MARK_WORDS: Record<TraceMarkKind, string> = {
  broke: 'BROKE HERE',
  fault: 'fault',
  gap: 'gap',
  duplicate: 'duplicate',
  clock: 'clock went back',
  unfinished: 'unfinished',
};

/** The timeline as text to be read: verdict and summary first, then one line an entry in aligned columns. */
export function renderTrace(trace: Trace): TraceText {
  const lines: string[] = [];
  const links: TraceLink[] = [];
  const add = (text: string): void => void lines.push(...text.split('\n').map(showInvisible));
  const link = (label: string, entry: number): void => {
    const line = lines.length - 1;
    const start = (lines[line] ?? '').indexOf(label);
    if (start >= 0) links.push({ line, start, end: start + label.length, entry });
  };

  add(`Trace of ${trace.id}`);
  add('');
  add(trace.verdict);
  if (trace.broke !== undefined) {
    const entry = trace.entries[trace.broke.index];
    if (entry !== undefined) link(place(entry), trace.broke.index);
    for (const line of explain(trace)) add(line);
  }
  add('');
  for (const line of summary(trace)) add(line);
  if (trace.connections.length > 0) {
    add('');
    add('Who had the thread, and when (as the lines tell)');
    for (const line of alignColumns(trace.connections.map(spanRow))) add(`  ${line}`);
  }
  if (trace.notes.length > 0) {
    add('');
    add('Not read, or not completely');
    for (const { source, message } of trace.notes) add(`  ${source === '' ? message : `${source}: ${message}`}`);
  }
  add('');
  add(heading(trace));
  add('');
  timeline(trace, (text, entry) => {
    add(text);
    const origin = trace.entries[entry];
    if (origin !== undefined) link(place(origin), entry);
  }, add);
  return { text: `${lines.join('\n')}\n`, links };
}

function explain({ broke }: Trace): string[] {
  const diagnosis = broke?.diagnosis;
  if (diagnosis === undefined) return [];
  const lines = [`Why: ${diagnosis.cause}`];
  if (diagnosis.expected !== undefined) lines.push(`Expected: ${diagnosis.expected}`);
  if (diagnosis.received !== undefined) lines.push(`Received: ${diagnosis.received}`);
  for (const miss of diagnosis.nearMisses.slice(0, 3)) lines.push(`Close: ${miss.threadId} (${miss.why})`);
  for (const action of diagnosis.actions) lines.push(`What to do: ${action.text}`);
  return lines;
}

function summary(trace: Trace): string[] {
  const { entries, searched } = trace;
  const rows: string[][] = [];
  const times = entries.flatMap(({ time }) => (time === undefined ? [] : [time]));
  const [first, last] = [times[0], times.at(-1)];
  const sources = new Set(entries.map(({ origin }) => origin.label));
  rows.push(['Lines', `${entries.length.toLocaleString('en')} of ${(sources.size).toLocaleString('en')} ${sources.size === 1 ? 'source' : 'sources'}`]);
  if (first !== undefined && last !== undefined) rows.push(['From', `${iso(first)} to ${iso(last)} UTC (${exactly(last - first)})`]);
  const threads = trace.threadIds.filter((id) => id !== trace.id);
  if (threads.length > 0) rows.push(['Thread', threads.slice(0, 5).join(', ')]);
  const runs = trace.runIds.filter((id) => id !== trace.id);
  if (runs.length > 0) rows.push(['Runs', `${runs.slice(0, 5).join(', ')}${runs.length > 5 ? ` and ${runs.length - 5} more` : ''}`]);
  const shown = trace.counts.slice(0, 8).map(([kind, count]) => `${count} ${kind}`);
  if (shown.length > 0) rows.push(['Kinds', `${shown.join(', ')}${trace.counts.length > 8 ? ` and ${trace.counts.length - 8} more kinds` : ''}`]);
  const other = trace.diagnoses.filter((diagnosis) => !diagnosis.noise && diagnosis !== trace.broke?.diagnosis);
  for (const diagnosis of other.slice(0, 5)) rows.push(['Also', `${diagnosis.title}: ${diagnosis.verdict}`]);
  rows.push(['Searched', `${searched.sources} ${searched.sources === 1 ? 'log' : 'logs'}, ${megabytes(searched.bytes)} in ${exactly(searched.durationMs)}`]);
  return rows.map(([name = '', value = '']) => `${name.padEnd(9)} ${value}`);
}

function spanRow({ connectionId, userId, connectedAt, from, to, end }: ConnectionSpan): string[] {
  return [
    connectionId,
    userId === undefined ? '' : `user ${userId}`,
    connectedAt === undefined ? '' : `connected ${clock(connectedAt)}`,
    from === undefined ? 'joined at a time no line tells' : `had it from ${clock(from)}`,
    end === undefined ? 'to the end' : `${to === undefined ? '' : `to ${clock(to)}, `}${end}`,
  ];
}

function heading({ entries }: Trace): string {
  const first = entries.find(({ time }) => time !== undefined)?.time;
  return first === undefined ? 'Timeline' : `Timeline, UTC, beginning ${iso(first).slice(0, 10)} (Ctrl+click a source to go to its line)`;
}

function timeline({ entries }: Trace, addEntry: (text: string, entry: number) => void, add: (text: string) => void): void {
  if (entries.length === 0) return;
  const half = MOST_SHOWN / 2;
  const indexes = entries.map((_, i) => i).filter((i) => i < half || i >= entries.length - half);
  const rows = indexes.map((i) => row(entries, i));
  const aligned = alignColumns([['', 'Time', 'After', 'Source', 'What happened', 'Line'], ...rows], WIDEST);
  add(aligned[0] ?? '');
  let expected = 0;
  indexes.forEach((index, position) => {
    const entry = entries[index];
    if (entry === undefined) return;
    if (index !== expected) add(`   … ${(index - expected).toLocaleString('en')} lines are not shown …`);
    expected = index + 1;
    const gap = entry.marks.find(({ kind }) => kind === 'gap');
    if (gap !== undefined) add(`   ---- gap: ${gap.text}`);
    addEntry(aligned[position + 1] ?? '', index);
    for (const mark of entry.marks) if (mark.kind !== 'gap') add(`   ^--- ${MARK_WORDS[mark.kind]}: ${mark.text}`);
  });
}

/** Stands in front of a line that wants to be seen; a screen reader says it, too. */
function sign(marks: readonly TraceMark[]): string {
  if (marks.some(({ kind }) => kind === 'broke')) return '>>';
  if (marks.some(({ kind }) => kind === 'fault' || kind === 'unfinished')) return '!';
  return marks.length > 0 ? '~' : '';
}

function row(entries: readonly TraceEntry[], index: number): string[] {
  const entry = entries[index];
  if (entry === undefined) return [];
  const { time, hasOwnTime, deltaMs, what, text, level } = entry;
  const day = time === undefined ? '' : iso(time).slice(0, 10);
  const before = entries[index - 1]?.time;
  const isNewDay = time !== undefined && before !== undefined && iso(before).slice(0, 10) !== day;
  const shownTime = time === undefined ? '(no time)' : `${isNewDay ? `${day} ` : ''}${clock(time)}${hasOwnTime ? '' : ' or later'}`;
  const shownText = text.length > LONGEST_LINE_SHOWN ? `${text.slice(0, LONGEST_LINE_SHOWN)}…` : text;
  const words = what === '' ? (level === undefined ? '' : `${level.toLowerCase()}, not a known message`) : what;
  return [sign(entry.marks), shownTime, deltaMs === undefined ? '' : `+${deltaMs < 1000 ? `${deltaMs} ms` : exactly(deltaMs)}`, place(entry), words, shownText];
}

function iso(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 23).replace('T', ' ');
}

function megabytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

