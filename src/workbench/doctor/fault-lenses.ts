import type * as vscode from 'vscode';
import { COMMANDS } from '../commands';
import { shownText } from '../documents/shown-text';
import type { VscodeApi } from '../vscode-api';
import type { DoctorFindings } from './findings';
import { explainArgument } from './problems';

/**
 * An editor that loses the focus drops the request for lenses that it had planned. One that has not asked is told again after
 * so long, in ms; it may wait for seconds before it asks, and every telling lets it wait anew.
 */
const AGAIN_MS = [1000, 3000, 6000, 12_000];

/** A lens above the first occurrence of each fault: what it is, how often; a click explains it. Noise gets none. */
export class FaultLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed: vscode.EventEmitter<void>;
  /** Whether somebody asked since the last change. */
  private isAsked = true;
  private again: ReturnType<typeof setTimeout> | undefined;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(
    private readonly api: VscodeApi,
    private readonly findings: DoctorFindings,
  ) {
    this.changed = new api.EventEmitter();
    this.onDidChangeCodeLenses = this.changed.event;
  }

  refresh(): void {
    this.isAsked = false;
    this.tell(0);
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    this.isAsked = true;
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
    clearTimeout(this.again);
    this.changed.dispose();
  }

  private tell(times: number): void {
    clearTimeout(this.again);
    this.changed.fire();
    const wait = AGAIN_MS[times];
    if (wait === undefined) return;
    this.again = setTimeout(() => {
      if (!this.isAsked) this.tell(times + 1);
    }, wait);
    this.again.unref();
  }
}
