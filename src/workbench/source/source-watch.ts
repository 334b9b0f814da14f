import type * as vscode from 'vscode';
import type { IdFormats } from '../formats/id-formats';
import type { LazyInsight } from '../lazy-insight';
import type { VscodeApi } from '../vscode-api';
import type { SourceDiagnostics, WorkspaceScan } from './source-diagnostics';
import { languageOfDocument, SOURCE_SELECTOR } from './source-languages';

/** A window that has just opened has better to do, in ms. */
const SETTLE_MS = 500;

/** Waits for the first source document, or for somebody to ask, and only then loads what looks for faults. */
export class SourceWatch implements vscode.Disposable {
  private diagnostics: SourceDiagnostics | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly api: VscodeApi,
    private readonly insight: LazyInsight,
    private readonly formats: IdFormats,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const { workspace, languages } = api;
    this.disposables = [
      workspace.onDidOpenTextDocument((document) => this.notice(document)),
      languages.registerCodeActionsProvider(SOURCE_SELECTOR, {
        provideCodeActions: (document, range, context) => this.diagnostics?.fixes.provideCodeActions(document, range, context),
      }),
    ];
    for (const document of workspace.textDocuments) this.notice(document);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.diagnostics?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  scanWorkspace(): Promise<WorkspaceScan> {
    return this.start().scanWorkspace();
  }

  private notice(document: vscode.TextDocument): void {
    if (this.diagnostics || this.timer !== undefined || !languageOfDocument(document)) return;
    this.timer = setTimeout(() => this.start(), SETTLE_MS);
    this.timer.unref();
  }

  private start(): SourceDiagnostics {
    clearTimeout(this.timer);
    this.diagnostics ??= this.insight.load().startSourceDiagnostics(this.api, this.formats, this.log);
    return this.diagnostics;
  }
}
