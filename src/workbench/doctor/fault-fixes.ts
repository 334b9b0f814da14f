import type * as vscode from 'vscode';
import { type Diagnosis, isReproducible } from '../../core/index';
import { COMMANDS } from '../commands';
import { shownText } from '../documents/shown-text';
import type { IdFormats } from '../formats/id-formats';
import { rightThread } from '../insight/right-thread';
import type { Live } from '../live/live';
import type { VscodeApi } from '../vscode-api';
import type { DoctorFindings, FoundFault } from './findings';
import { explainArgument, PROBLEM_SOURCE } from './problems';

/** Faults of one line that get fixes: a menu is to be read. */
const MOST_FAULTS = 3;

/** Quick fixes for the faults of a log, on every line that shows them. The log itself is never edited. */
export class FaultFixes implements vscode.CodeActionProvider {
  constructor(
    private readonly api: VscodeApi,
    private readonly findings: DoctorFindings,
    private readonly live: Live,
    private readonly formats: Pick<IdFormats, 'table'>,
  ) {}

  provideCodeActions(document: vscode.TextDocument, { start, end }: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const shown = this.findings
      .of(document.uri)
      .filter(({ diagnosis }) => diagnosis.evidence.some(({ line = 0 }) => line > start.line && line <= end.line + 1));
    const all = shown.slice(0, MOST_FAULTS).flatMap((fault) => this.fixes(document, context.diagnostics.filter((problem) => isOf(fault, problem)), fault));
    // Faults of one run want the same thread.
    return all.filter(({ title }, index) => all.findIndex((other) => other.title === title) === index);
  }

  private fixes({ uri }: vscode.TextDocument, problems: vscode.Diagnostic[], { diagnosis, range }: FoundFault): vscode.CodeAction[] {
    const { l10n } = this.api;
    const thread = rightThread(diagnosis, this.formats.table);
    const fix = (text: string, command: string, argument: unknown): vscode.CodeAction => {
      const title = shownText(text);
      const action = new this.api.CodeAction(title, this.api.CodeActionKind.QuickFix);
      action.command = { title, command, arguments: [argument] };
      if (problems.length > 0) action.diagnostics = problems;
      return action;
    };
    const all = [fix(l10n.t('Explain: {0}', diagnosis.title), COMMANDS.explainRouting, explainArgument(uri, range.start.line))];
    if (isReproducible(diagnosis)) {
      all.push(fix(l10n.t('Reproduce locally: {0}', diagnosis.title), COMMANDS.reproduce, { ...explainArgument(uri, range.start.line), fault: diagnosis.id }));
    }
    if (thread !== undefined && !diagnosis.noise) {
      all.push(
        fix(l10n.t('Simulate delivery to {0}', thread), COMMANDS.simulateDelivery, { threadId: thread }),
        fix(l10n.t('Copy thread ID {0}', thread), COMMANDS.copyId, thread),
      );
    }
    const { runId } = diagnosis;
    if (this.live.client && runId !== undefined && canBeRegistered(diagnosis)) {
      const title = thread === undefined ? l10n.t('Register {0} with the running router…', runId) : l10n.t('Register {0} to {1} with the running router', runId, thread);
      all.push(fix(title, COMMANDS.registerMapping, { runId, ...(thread === undefined ? {} : { threadId: thread }) }));
    }
    return all;
  }
}

/** Faults that a mapping in the registry, which answers first, would have avoided. */
function canBeRegistered({ id, actions }: Diagnosis): boolean {
  return id === 'composite-as-thread' || actions.some(({ code }) => code === 'register-mapping');
}

/** The editor hands back copies of problems: they are known by their code and line. */
function isOf({ diagnosis, range }: FoundFault, { source, code, range: at }: vscode.Diagnostic): boolean {
  const value = typeof code === 'object' ? code.value : code;
  return source === PROBLEM_SOURCE && value === diagnosis.id && at.start.line === range.start.line && at.start.character === range.start.character;
}
