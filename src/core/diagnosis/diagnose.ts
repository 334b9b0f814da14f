import type { FormatTable } from '../ids/formats/format-table';
import type { Diagnosis } from './diagnosis';
import { diagnoseId } from './diagnose-id';
import type { LiveState } from './live-state';
import { LogAnalyser } from './log-analyser';
import { recogniseLogMessage } from './recognise-log-message';

/** What to diagnose: one ID, one line, or the lines of a log, numbered from 1; with what is known to be live, and the formats that IDs are read by. */
export type DiagnoseInput = { readonly live?: LiveState | undefined; readonly table?: FormatTable | undefined } & (
  | { readonly id: string }
  | { readonly line: string }
  | { readonly lines: Iterable<string> }
);

function diagnoseLines(lines: Iterable<string>, live?: LiveState, table?: FormatTable): Diagnosis[] {
  const analyser = new LogAnalyser(live, table);
  let number = 0;
  // A text is an iterable of strings, too: of its characters, which nobody means.
  for (const line of typeof lines === 'string' ? lines.split('\n') : lines) analyser.add(line, ++number);
  return analyser.finish();
}

/**
 * The faults that an ID, a line or a log shows, the most explanatory first, noise last (DOMAIN 5, FIELD_GUIDE 6). Plain
 * text is taken for a log line when it is one, and for an ID otherwise. Never throws.
 */
export function diagnose(input: string | DiagnoseInput): Diagnosis[] {
  if (typeof input === 'string') {
    const isLog = /\s/.test(input.trim()) || recogniseLogMessage(input) !== undefined;
    return isLog ? diagnoseLines(input.split('\n')) : diagnoseId(input);
  }
  if ('id' in input) return diagnoseId(input.id, input.live, input.table);
  return diagnoseLines('line' in input ? [input.line] : input.lines, input.live, input.table);
}
