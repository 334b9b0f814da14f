import type * as vscode from 'vscode';
import { recogniseLogMessage, type Diagnosis, type Evidence } from '../../core/index';
import { COMMANDS } from '../commands';
import { shownText } from '../documents/shown-text';
import type { VscodeApi } from '../vscode-api';
import type { FoundFault } from './findings';

export const PROBLEM_SOURCE = 'Thread Lens';
/** Problems of one log; a view with more of them helps nobody. */
export const MOST_PROBLEMS = 200;
const SURE = 0.5;
const LONGEST_RELATED = 200;

/** Where a fault first shows in a document. */
export function locate(api: VscodeApi, document: vscode.TextDocument, diagnosis: Diagnosis): FoundFault {
  return { diagnosis, range: rangeOf(api, document, diagnosis.evidence[0]) };
}

/** The problems of a log: one for each fault and thread, at its first occurrence. */
export function problemsOf(api: VscodeApi, document: vscode.TextDocument, faults: readonly FoundFault[]): vscode.Diagnostic[] {
  return faults.map((fault) => problemOf(api, document, fault));
}

function problemOf(api: VscodeApi, document: vscode.TextDocument, { diagnosis, range }: FoundFault): vscode.Diagnostic {
  const problem = new api.Diagnostic(range, messageOf(api, diagnosis), severityOf(api, diagnosis));
  problem.source = PROBLEM_SOURCE;
  problem.code = { value: diagnosis.id, target: explainUri(api, document.uri, range.start.line) };
  problem.relatedInformation = diagnosis.evidence
    .slice(1)
    .map((place) => new api.DiagnosticRelatedInformation(new api.Location(document.uri, rangeOf(api, document, place)), relatedText(place)));
  return problem;
}

function messageOf({ l10n }: VscodeApi, { verdict, count, inferred, confidence }: Diagnosis): string {
  const notes: string[] = [];
  if (count > 1) notes.push(l10n.t('{0} times', count));
  if (confidence < SURE) notes.push(l10n.t('a guess'));
  else if (inferred) notes.push(l10n.t('inferred from the log'));
  const shown = shownText(verdict);
  return notes.length === 0 ? shown : `${shown} (${notes.join(', ')})`;
}

/** Noise is a hint: it shows in the editor and stays out of the Problems view. */
function severityOf({ DiagnosticSeverity }: VscodeApi, { severity, noise, confidence }: Diagnosis): vscode.DiagnosticSeverity {
  if (noise) return DiagnosticSeverity.Hint;
  if (confidence < SURE || severity === 'information') return DiagnosticSeverity.Information;
  return severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
}

function rangeOf(api: VscodeApi, document: vscode.TextDocument, place: Evidence | undefined): vscode.Range {
  const line = Math.min((place?.line ?? 1) - 1, document.lineCount - 1);
  const { range } = document.lineAt(line);
  if (place === undefined || place.length === 0) return range;
  return document.validateRange(new api.Range(line, place.offset, line, place.offset + place.length));
}

function relatedText({ text }: Evidence): string {
  return shownText((recogniseLogMessage(text)?.text ?? text.trim()).slice(0, LONGEST_RELATED));
}

/** The argument of `threadLens.explainRouting` for a line of a document, from 0. */
export function explainArgument(uri: vscode.Uri, line: number): object {
  return { uri: uri.toString(), line: line + 1 };
}

function explainUri(api: VscodeApi, uri: vscode.Uri, line: number): vscode.Uri {
  return api.Uri.from({ scheme: 'command', path: COMMANDS.explainRouting, query: JSON.stringify([explainArgument(uri, line)]) });
}
