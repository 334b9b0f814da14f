import type * as vscode from 'vscode';
import { type ContractProblem, type IdFormat, parseContract } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { VscodeApi } from '../vscode-api';
import { jsonPlaces, placeOf } from './json-places';

/** No contract is longer, in bytes. */
const MAX_BYTES = 256 * 1024;

/** What a contract file says, and what is wrong in it at the place where it stands. */
export interface ContractFile {
  readonly formats: readonly IdFormat[];
  readonly diagnostics: readonly vscode.Diagnostic[];
}

/** Reads `.vscode/thread-lens.json`. Never throws. Only for a trusted workspace. */
export function readContractFile(api: VscodeApi, bytes: Uint8Array): ContractFile {
  if (bytes.length > MAX_BYTES) {
    return { formats: [], diagnostics: diagnosticsOf(api, '', [{ path: '', expected: `at most ${MAX_BYTES} bytes`, received: String(bytes.length) }]) };
  }
  const text = new TextDecoder().decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const received = messageOf(error);
    return { formats: [], diagnostics: diagnosticsOf(api, text, [{ path: '', expected: 'JSON', received }]) };
  }
  const { formats, problems } = parseContract(json, { trusted: true });
  return { formats, diagnostics: diagnosticsOf(api, text, problems) };
}

function diagnosticsOf(api: VscodeApi, text: string, problems: readonly ContractProblem[]): vscode.Diagnostic[] {
  if (problems.length === 0) return [];
  const { l10n, Diagnostic, DiagnosticSeverity, Range } = api;
  const places = jsonPlaces(text);
  return problems.map(({ path, expected, received }) => {
    const { start, end } = placeOf(places, path);
    const range = new Range(positionAt(api, text, start), positionAt(api, text, end));
    const diagnostic = new Diagnostic(range, l10n.t('Expected {0}, received {1}.', expected, received), DiagnosticSeverity.Error);
    diagnostic.source = 'Thread Lens';
    diagnostic.code = path === '' ? 'contract' : path;
    return diagnostic;
  });
}

function positionAt(api: VscodeApi, text: string, offset: number): vscode.Position {
  const before = text.slice(0, offset).split('\n');
  return new api.Position(before.length - 1, before.at(-1)?.length ?? 0);
}
