import type * as vscode from 'vscode';
import type { VscodeApi } from '../vscode-api';
import { describeFix } from './finding-text';
import type { SourceFindings } from './source-findings';

/** Quick fixes of what was found in a source. */
export class SourceFixes implements vscode.CodeActionProvider {
  constructor(
    private readonly api: VscodeApi,
    private readonly findings: SourceFindings,
  ) {}

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const file = this.findings.get(document.uri);
    // Offsets of another version would change the wrong characters.
    if (!file || file.version !== document.version) return [];
    return this.findings
      .problems(file)
      .filter((problem) => problem.range.intersection(range) !== undefined)
      .flatMap(({ what, range: place }) => {
        const diagnostics = context.diagnostics.filter((diagnostic) => diagnostic.code === what.rule && diagnostic.range.isEqual(place));
        return what.fixes.map((fix, index) => {
          const action = new this.api.CodeAction(describeFix(this.api, fix), this.api.CodeActionKind.QuickFix);
          const edit = new this.api.WorkspaceEdit();
          for (const { start, end, text } of fix.changes) {
            edit.replace(document.uri, new this.api.Range(document.positionAt(start), document.positionAt(end)), text);
          }
          action.edit = edit;
          action.diagnostics = diagnostics;
          action.isPreferred = index === 0;
          return action;
        });
      });
  }
}
