import type * as vscode from 'vscode';
import type { SourceFinding } from '../insight/source/finding';
import type { VscodeApi } from '../vscode-api';
import type { AnalysedFile, Placed } from './analysed-file';
import { describeFinding } from './finding-text';
import { isTestFile } from './source-languages';

const SOURCE = 'Thread Lens';
/** Other places named with a finding. */
const MAX_RELATED = 10;
/** Formats are a matter of style until an event is lost. */
const MILD = new Set<SourceFinding['rule']>(['hyphen', 'several-generators']);

/** What is known of the workspace's source, and the problems that follow. Owns the diagnostic collection. */
export class SourceFindings implements vscode.Disposable {
  private readonly files = new Map<string, AnalysedFile>();
  private readonly collection: vscode.DiagnosticCollection;
  /** Files whose problems are shown: open ones, and those somebody asked for. */
  private readonly shown = new Set<string>();
  /** Those that somebody asked for: their problems stay when an editor on them is closed. */
  private readonly kept = new Set<string>();

  constructor(private readonly api: VscodeApi) {
    this.collection = api.languages.createDiagnosticCollection('threadLens.source');
  }

  dispose(): void {
    this.collection.dispose();
  }

  get(uri: vscode.Uri): AnalysedFile | undefined {
    return this.files.get(uri.toString());
  }

  put(file: AnalysedFile, isShown: boolean): void {
    const key = file.uri.toString();
    this.files.set(key, file);
    if (isShown) this.shown.add(key);
  }

  /** Somebody asked for this file. */
  keep(uri: vscode.Uri): void {
    this.kept.add(uri.toString());
  }

  isKept(uri: vscode.Uri): boolean {
    return this.kept.has(uri.toString());
  }

  /** A closed file's problems go; what it says of the workspace stays. */
  hide(uri: vscode.Uri): void {
    if (this.shown.delete(uri.toString())) this.collection.delete(uri);
  }

  /** Forgets files that are gone, and what they said of the workspace. Answers whether there were any. */
  drop(isGone: (key: string) => boolean): boolean {
    const gone = [...this.files.values()].filter(({ uri }) => isGone(uri.toString()));
    for (const { uri } of gone) {
      const key = uri.toString();
      this.files.delete(key);
      this.kept.delete(key);
      this.hide(uri);
    }
    return gone.length > 0;
  }

  clear(): void {
    this.files.clear();
    this.shown.clear();
    this.kept.clear();
    this.collection.clear();
  }

  /** Whether this workspace routes by run and thread IDs, as far as its files show. */
  get speaksOfRouting(): boolean {
    return [...this.files.values()].some((file) => file.speaksOfRouting);
  }

  /** All problems of a file: its own, and those that only the whole workspace shows. */
  problems(file: AnalysedFile): Placed<SourceFinding>[] {
    if (!this.speaksOfRouting) return [...file.findings];
    const own = [...file.findings, ...file.findingsInRouting];
    const sites = this.generatorSites();
    const formats = new Set(sites.map(({ what }) => what.format));
    if (formats.size < 2 || !sites.some(({ what }) => what.namesThread)) return own;
    for (const { what, range, uri } of sites) {
      if (uri.toString() !== file.uri.toString()) continue;
      const other = sites.find((site) => site.what.format !== what.format);
      const { start, end, shape: received } = what;
      if (other) own.push({ what: { rule: 'several-generators', start, end, received, context: other.what.shape, fixes: [] }, range });
    }
    return own;
  }

  /** Shows the problems of all files that are to be shown. */
  publish(): void {
    for (const key of this.shown) {
      const file = this.files.get(key);
      if (file) this.collection.set(file.uri, this.problems(file).map((problem) => this.diagnostic(problem)));
    }
  }

  /** Number of problems shown. */
  get count(): number {
    return [...this.shown].reduce((sum, key) => sum + (this.collection.get(this.files.get(key)?.uri ?? this.api.Uri.parse(key))?.length ?? 0), 0);
  }

  private diagnostic({ what, range }: Placed<SourceFinding>): vscode.Diagnostic {
    const { DiagnosticSeverity, Diagnostic } = this.api;
    const severity = MILD.has(what.rule) ? DiagnosticSeverity.Information : DiagnosticSeverity.Warning;
    const diagnostic = new Diagnostic(range, describeFinding(this.api, what), severity);
    diagnostic.source = SOURCE;
    diagnostic.code = what.rule;
    if (what.rule === 'several-generators') diagnostic.relatedInformation = this.otherFormats(what.received);
    return diagnostic;
  }

  private otherFormats(shape: string): vscode.DiagnosticRelatedInformation[] {
    const sites = this.generatorSites();
    const own = sites.find(({ what }) => what.shape === shape)?.what.format;
    return sites
      .filter(({ what }) => what.format !== own)
      .slice(0, MAX_RELATED)
      .map(({ uri, range, what }) => new this.api.DiagnosticRelatedInformation(new this.api.Location(uri, range), what.shape));
  }

  private generatorSites() {
    return [...this.files.values()].filter(({ uri }) => !isTestFile(uri)).flatMap(({ uri, generators }) => generators.map((site) => ({ ...site, uri })));
  }
}
