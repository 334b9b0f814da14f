import type * as vscode from 'vscode';
import { COMMANDS } from '../commands';
import { shownText } from '../documents/shown-text';
import type { VscodeApi } from '../vscode-api';
import type { DoctorFindings } from './findings';
import { explainArgument } from './problems';

/** A lens above the first occurrence of each fault: what it is, how often; a click explains it. Noise gets none. */
export class FaultLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<void>;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(
    private readonly api: VscodeApi,
    private readonly findings: DoctorFindings,
  ) {
    this.changed = new api.EventEmitter();
    this.onDidChangeCodeLenses = this.changed.event;
  }

  refresh(): void {
    this.changed.fire();
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const { l10n } = this.api;
    return this.findings
      .of(uri)
      .filter(({ diagnosis }) => !diagnosis.noise)
      .map(({ diagnosis: { title, count, verdict }, range }) => {
        const line = range.start.line;
        return new this.api.CodeLens(new this.api.Range(line, 0, line, 0), {
          title: count > 1 ? l10n.t('{0}, {1} times', title, count) : title,
          tooltip: shownText(verdict),
          command: COMMANDS.explainRouting,
          arguments: [explainArgument(uri, line)],
        });
      });
  }

  dispose(): void {
    this.changed.dispose();
  }
}
