import type * as vscode from 'vscode';
import type { Diagnosis } from '../../core/index';
import { examineLines } from '../insight/examine-lines';
import type { HoverScene } from '../insight/hover-on-line';
import { SETTINGS_SECTION } from '../settings';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { isDiagnosedByItself, readDoctorSettings } from './doctor-settings';
import { FaultFixes } from './fault-fixes';
import { FaultLenses } from './fault-lenses';
import { DoctorFindings } from './findings';
import { locate, MOST_PROBLEMS, problemsOf } from './problems';

/** A log is diagnosed when it has been still for so long, in ms, and while it keeps growing once in so long. */
const STILL_MS = 400;
const AT_LEAST_EVERY_MS = 5000;

const LOGS = [{ language: 'log' }, { language: 'Log' }, { pattern: '**/*.log' }, { pattern: '**/*.log.*' }];

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly since: number;
}

/** Diagnoses open logs: problems, a lens and quick fixes for each fault. Reads in slices and forgets closed documents. */
export class LogDoctor implements vscode.Disposable {
  private readonly api: VscodeApi;
  private readonly problems: vscode.DiagnosticCollection;
  private readonly findings = new DoctorFindings();
  private readonly lenses: FaultLenses;
  private readonly waiting = new Map<string, Waiting>();
  private readonly running = new Map<string, vscode.CancellationTokenSource>();
  /** Logs whose problems were cleared: they stay clear until somebody asks. */
  private readonly dismissed = new Set<string>();
  /** Logs that somebody asked for. */
  private readonly asked = new Set<string>();
  private readonly disposables: vscode.Disposable;

  constructor(private readonly scene: HoverScene) {
    const { api, live, formats } = scene;
    this.api = api;
    this.problems = api.languages.createDiagnosticCollection('threadLens');
    this.lenses = new FaultLenses(api, this.findings);
    this.disposables = api.Disposable.from(
      this.problems,
      this.lenses,
      api.languages.registerCodeLensProvider(LOGS, this.lenses),
      api.languages.registerCodeActionsProvider(LOGS, new FaultFixes(api, this.findings, live, formats), {
        providedCodeActionKinds: [api.CodeActionKind.QuickFix],
      }),
      formats.onDidChange(() => this.considerAll()),
      api.workspace.onDidOpenTextDocument((document) => this.consider(document)),
      api.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.consider(document);
      }),
      api.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      api.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTINGS_SECTION}.doctor`)) this.obeySettings();
      }),
    );
    this.considerAll();
  }

  /**
   * Diagnoses a log because somebody asked: the one given, else that of the active editor. Answers its diagnoses;
   * undefined when there is none to diagnose or it was cancelled.
   */
  async run(argument?: unknown): Promise<readonly Diagnosis[] | undefined> {
    const { l10n, window, ProgressLocation } = this.api;
    const document = await this.documentOf(argument);
    if (!document) {
      void window.showWarningMessage(noticeText(l10n.t('Expected an open log to diagnose, received none.')));
      return undefined;
    }
    if (readDoctorSettings(this.api, document.uri).run === 'off') {
      void window.showInformationMessage(noticeText(l10n.t('Diagnosing logs is turned off by the setting threadLens.doctor.run.')));
      return undefined;
    }
    this.dismissed.delete(document.uri.toString());
    this.asked.add(document.uri.toString());
    const title = noticeText(l10n.t('Diagnosing {0}', document.uri.path.split('/').at(-1) ?? ''));
    return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      let told = 0;
      return this.examine(document, token, (done) => {
        progress.report({ increment: (done - told) * 100, message: `${Math.floor(done * 100)} %` });
        told = done;
      });
    });
  }

  /** Clears all problems; a log stays clear until somebody asks for it or opens it again. */
  clear(): void {
    for (const { uri } of this.api.workspace.textDocuments) {
      this.stop(uri.toString());
      this.dismissed.add(uri.toString());
    }
    this.problems.clear();
    this.findings.clear();
    this.lenses.refresh();
  }

  dispose(): void {
    for (const uri of [...this.waiting.keys(), ...this.running.keys()]) this.stop(uri);
    this.disposables.dispose();
  }

  private considerAll(): void {
    for (const document of this.api.workspace.textDocuments) this.consider(document);
  }

  /** Diagnoses a log soon, if it is one that is diagnosed by itself or was asked for before. */
  private consider(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    if (this.dismissed.has(uri) || document.uri.scheme === 'output') return;
    if (!isDiagnosedByItself(this.api, document) && !this.findings.has(document.uri)) return;
    const before = this.waiting.get(uri);
    if (before) clearTimeout(before.timer);
    const since = before?.since ?? performance.now();
    const delay = Math.max(0, Math.min(STILL_MS, since + AT_LEAST_EVERY_MS - performance.now()));
    const timer = setTimeout(() => {
      this.waiting.delete(uri);
      if (!document.isClosed && this.isSmall(document)) void this.examine(document);
    }, delay);
    this.waiting.set(uri, { timer, since });
  }

  private isSmall(document: vscode.TextDocument): boolean {
    const length = document.offsetAt(new this.api.Position(document.lineCount, 0));
    return length <= readDoctorSettings(this.api, document.uri).maxLength;
  }

  private async examine(
    document: vscode.TextDocument,
    token?: vscode.CancellationToken,
    onProgress?: (done: number) => void,
  ): Promise<readonly Diagnosis[] | undefined> {
    const uri = document.uri.toString();
    this.stop(uri);
    const source = new this.api.CancellationTokenSource();
    this.running.set(uri, source);
    const given = token?.onCancellationRequested(() => source.cancel());
    try {
      const diagnoses = await examineLines(document, { token: source.token, table: this.scene.formats.table, ...(onProgress ? { onProgress } : {}) });
      if (diagnoses === undefined || document.isClosed || source.token.isCancellationRequested) return undefined;
      this.show(document, diagnoses);
      return diagnoses;
    } finally {
      given?.dispose();
      source.dispose();
      if (this.running.get(uri) === source) this.running.delete(uri);
    }
  }

  private show(document: vscode.TextDocument, diagnoses: readonly Diagnosis[]): void {
    const faults = diagnoses.slice(0, MOST_PROBLEMS).map((diagnosis) => locate(this.api, document, diagnosis));
    this.findings.set(document.uri, faults);
    this.problems.set(document.uri, problemsOf(this.api, document, faults));
    this.lenses.refresh();
  }

  /** Ends what goes on with a log. */
  private stop(uri: string): void {
    clearTimeout(this.waiting.get(uri)?.timer);
    this.waiting.delete(uri);
    this.running.get(uri)?.cancel();
    this.running.delete(uri);
  }

  private forget({ uri }: vscode.TextDocument): void {
    this.stop(uri.toString());
    this.dismissed.delete(uri.toString());
    this.asked.delete(uri.toString());
    if (!this.findings.has(uri)) return;
    this.findings.delete(uri);
    this.problems.delete(uri);
  }

  private obeySettings(): void {
    for (const document of this.api.workspace.textDocuments) {
      const { run } = readDoctorSettings(this.api, document.uri);
      if (run === 'off' || (run === 'onRequest' && !this.asked.has(document.uri.toString()))) this.forget(document);
    }
    this.lenses.refresh();
    this.considerAll();
  }

  /** An output document may be asked for, but never our own: to read it would write to it. */
  private async documentOf(argument: unknown): Promise<vscode.TextDocument | undefined> {
    const { workspace, window, Uri } = this.api;
    const uri = typeof argument === 'string' ? Uri.parse(argument, true) : argument instanceof Uri ? argument : undefined;
    const document = uri ? await workspace.openTextDocument(uri) : window.activeTextEditor?.document;
    return document?.uri.scheme === 'thread-lens' || (document?.uri.scheme === 'output' && /thread.?lens/i.test(document.uri.path)) ? undefined : document;
  }
}
