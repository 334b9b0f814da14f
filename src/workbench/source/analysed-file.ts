import type * as vscode from 'vscode';
import type { FormatTable } from '../../core/index';
import { analyseSource } from '../insight/source/analyse-source';
import type { GeneratorSite, SourceFinding } from '../insight/source/finding';
import type { VscodeApi } from '../vscode-api';

/** Longest time in ms that an analysis keeps the extension host at once. */
const SLICE_MS = 8;

export interface Placed<T> {
  readonly what: T;
  readonly range: vscode.Range;
}

/** What was found in one file, with places as editors count them. */
export interface AnalysedFile {
  readonly uri: vscode.Uri;
  /** Of the document; undefined for a file that is not open. */
  readonly version: number | undefined;
  readonly findings: readonly Placed<SourceFinding>[];
  /** See `SourceReport.findingsInRouting`. */
  readonly findingsInRouting: readonly Placed<SourceFinding>[];
  readonly generators: readonly Placed<GeneratorSite>[];
  readonly speaksOfRouting: boolean;
}

export interface SourceText {
  readonly uri: vscode.Uri;
  readonly text: string;
  readonly language: 'python' | 'script';
  readonly version?: number;
}

/** Analyses a source in slices; undefined when `isStale` says so on the way. */
export async function analyseFile(
  api: VscodeApi,
  table: FormatTable,
  { uri, text, language, version }: SourceText,
  isStale: () => boolean,
): Promise<AnalysedFile | undefined> {
  const work = analyseSource(text, language, table);
  let since = performance.now();
  let step = work.next();
  while (!step.done) {
    if (performance.now() - since > SLICE_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isStale()) return undefined;
      since = performance.now();
    }
    step = work.next();
  }
  const report = step.value;
  const places = new Places(api, text);
  const placed = <T extends { readonly start: number; readonly end: number }>(all: readonly T[]): Placed<T>[] =>
    all.map((what) => ({ what, range: places.range(what.start, what.end) }));
  return {
    uri,
    version,
    findings: placed(report.findings),
    findingsInRouting: placed(report.findingsInRouting),
    generators: placed(report.generators),
    speaksOfRouting: report.speaksOfRouting,
  };
}

/** Lines and columns of offsets, for a text that may be of no open document. */
class Places {
  private starts: number[] | undefined;

  constructor(
    private readonly api: VscodeApi,
    private readonly text: string,
  ) {}

  range(start: number, end: number): vscode.Range {
    return new this.api.Range(this.position(start), this.position(end));
  }

  private position(offset: number): vscode.Position {
    this.starts ??= lineStarts(this.text);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return new this.api.Position(low, offset - (this.starts[low] ?? 0));
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}
