import type * as vscode from 'vscode';
import { type Diagnosis, type FormatTable, LogAnalyser, type LiveState } from '../../core/index';

/** The editor's process is shared: after so long, in ms, others get their turn. */
const SLICE_MS = 8;
/** Longer lines are read this far. */
const LONGEST_LINE = 65_536;
/** How many lines go by between two looks at the clock. */
const LINES_PER_LOOK = 32;

export interface ExamineOptions {
  readonly live?: LiveState | undefined;
  /** The formats that IDs are read by; default the built-in ones. */
  readonly table?: FormatTable | undefined;
  readonly token?: vscode.CancellationToken | undefined;
  /** The first and the last line to read, from 0; the whole document unless said otherwise. */
  readonly from?: number;
  readonly to?: number;
  /** Told how far it is, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** What an examination needs of a document. */
export type LineSource = Pick<vscode.TextDocument, 'lineCount' | 'isClosed' | 'lineAt'>;

/**
 * Diagnoses the lines of a document in slices, numbered from 1. A document may grow meanwhile. Undefined when it was
 * cancelled or the document closed.
 */
export async function examineLines(document: LineSource, options: ExamineOptions = {}): Promise<Diagnosis[] | undefined> {
  const analyser = new LogAnalyser(options.live, options.table);
  const from = options.from ?? 0;
  const last = (): number => Math.min(options.to ?? Infinity, document.lineCount - 1);
  let sliceEnd = performance.now() + SLICE_MS;
  for (let line = from; line <= last(); line++) {
    const { text } = document.lineAt(line);
    analyser.add(text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text, line + 1);
    if (line % LINES_PER_LOOK > 0 || performance.now() < sliceEnd) continue;
    options.onProgress?.((line - from + 1) / (last() - from + 1));
    await new Promise((resolve) => setImmediate(resolve));
    if (options.token?.isCancellationRequested === true || document.isClosed) return undefined;
    sliceEnd = performance.now() + SLICE_MS;
  }
  return analyser.finish();
}
