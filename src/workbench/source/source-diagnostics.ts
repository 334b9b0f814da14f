import type * as vscode from 'vscode';
import { SETTINGS_SECTION } from '../settings';
import { MAX_SOURCE } from '../insight/source/analyse-source';
import type { IdFormats } from '../formats/id-formats';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { analyseFile } from './analysed-file';
import { SourceFindings } from './source-findings';
import { SourceFixes } from './source-fixes';
import { FOREIGN_FOLDERS, isTestFile, languageOfDocument, languageOfFile, SOURCE_FILES } from './source-languages';

/** Typing goes on for about so long between two looks, in ms. */
const DEBOUNCE_MS = 400;
/** A workspace with no more source files than this is read without being asked for. */
const FEW_FILES = 200;
/** Most files that a request reads. */
const MOST_FILES = 5000;

export interface WorkspaceScan {
  readonly files: number;
  readonly problems: number;
  readonly cancelled: boolean;
}

/** Looks for routing faults in the sources that are open and, when they are few or somebody asks, in all of the workspace. */
export class SourceDiagnostics implements vscode.Disposable {
  readonly fixes: SourceFixes;
  private readonly findings: SourceFindings;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Waits to show what is left when files are gone: they may go by the hundred. */
  private publishing: ReturnType<typeof setTimeout> | undefined;
  private scannedFew = false;
  private disposed = false;

  constructor(
    private readonly api: VscodeApi,
    private readonly formats: IdFormats,
    private readonly log: vscode.LogOutputChannel,
    private readonly debounceMs = DEBOUNCE_MS,
  ) {
    const { workspace } = api;
    this.findings = new SourceFindings(api);
    // Of a folder that is deleted the editor tells only that it is gone, so this watches all that is.
    const watcher = workspace.createFileSystemWatcher('**', true, true);
    this.fixes = new SourceFixes(api, this.findings);
    this.disposables.push(
      this.findings,
      watcher,
      watcher.onDidDelete((uri) => this.deleted(uri)),
      workspace.onDidOpenTextDocument((document) => this.schedule(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.schedule(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTINGS_SECTION}.source`)) this.startOver();
      }),
      formats.onDidChange(() => this.startOver()),
    );
    this.startOver();
  }

  dispose(): void {
    this.disposed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    clearTimeout(this.publishing);
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Reads every source of the workspace, up to a bound, with progress; shows and counts what it finds. */
  async scanWorkspace(): Promise<WorkspaceScan> {
    const { l10n, window, ProgressLocation } = this.api;
    const options = { location: ProgressLocation.Notification, title: l10n.t('Looking for routing faults in source files'), cancellable: true };
    const scan = await window.withProgress(options, async (progress, token) => {
      const uris = await this.api.workspace.findFiles(SOURCE_FILES, FOREIGN_FOLDERS, MOST_FILES, token);
      const step = 100 / Math.max(1, uris.length);
      await this.read(uris, true, () => token.isCancellationRequested, () => progress.report({ increment: step }));
      this.findings.publish();
      return { files: uris.length, problems: this.findings.count, cancelled: token.isCancellationRequested };
    });
    void this.tell(scan);
    return scan;
  }

  private async tell({ files, problems, cancelled }: WorkspaceScan): Promise<void> {
    if (cancelled) return;
    const { l10n, window, commands } = this.api;
    const show = l10n.t('Show Problems');
    const answer = await window.showInformationMessage(noticeText(l10n.t('Source files read: {0}. Problems found: {1}.', files, problems)), ...(problems > 0 ? [show] : []));
    if (answer === show) await commands.executeCommand('workbench.actions.view.problems');
  }

  private isOn(uri: vscode.Uri): boolean {
    return this.api.workspace.getConfiguration(SETTINGS_SECTION, uri).get<unknown>('source.diagnostics') !== 'off';
  }

  private startOver(): void {
    this.findings.clear();
    this.scannedFew = false;
    for (const document of this.api.workspace.textDocuments) this.schedule(document);
  }

  private schedule(document: vscode.TextDocument): void {
    if (this.disposed || !languageOfDocument(document) || !this.isOn(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      void this.analyse(document).catch((error: unknown) => this.log.error(`Source of ${key}: ${String(error)}`));
    }, this.debounceMs);
    timer.unref();
    this.timers.set(key, timer);
  }

  private async analyse(document: vscode.TextDocument): Promise<void> {
    const language = languageOfDocument(document);
    if (!language || document.isClosed) return;
    const { uri, version } = document;
    const isStale = (): boolean => this.disposed || document.isClosed || document.version !== version;
    const file = await analyseFile(this.api, this.formats.table, { uri, text: document.getText(), language, version }, isStale);
    if (!file || isStale()) return;
    this.findings.put(file, true);
    this.findings.publish();
    const isInteresting = file.speaksOfRouting || (file.generators.length > 0 && !isTestFile(uri));
    if (isInteresting && !this.scannedFew) await this.scanIfFew();
  }

  /** What several files show together is told without being asked for when reading them costs little. */
  private async scanIfFew(): Promise<void> {
    this.scannedFew = true;
    if (!this.api.workspace.workspaceFolders) return;
    const uris = await this.api.workspace.findFiles(SOURCE_FILES, FOREIGN_FOLDERS, FEW_FILES + 1);
    if (uris.length > FEW_FILES) return;
    await this.read(uris, false, () => this.disposed);
    if (!this.disposed) this.findings.publish();
  }

  private async read(uris: readonly vscode.Uri[], isShown: boolean, isCancelled: () => boolean, onRead?: () => void): Promise<void> {
    const { fs, textDocuments } = this.api.workspace;
    const open = new Set(textDocuments.map(({ uri }) => uri.toString()));
    for (const uri of uris) {
      if (isCancelled() || this.disposed) return;
      onRead?.();
      if (isShown) this.findings.keep(uri);
      if (open.has(uri.toString()) && this.findings.get(uri)) continue;
      try {
        if ((await fs.stat(uri)).size > MAX_SOURCE) continue;
        const text = new TextDecoder().decode(await fs.readFile(uri));
        const file = await analyseFile(this.api, this.formats.table, { uri, text, language: languageOfFile(uri) }, isCancelled);
        if (file) this.findings.put(file, isShown);
      } catch (error) {
        this.log.debug(`${uri.toString()} was not read: ${String(error)}`);
        this.findings.drop((key) => key === uri.toString());
      }
    }
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    if (this.findings.isKept(uri)) void this.readAgain(uri);
    else this.findings.hide(uri);
  }

  /** A file or folder is gone. What is open in an editor is still there. */
  private deleted(uri: vscode.Uri): void {
    const gone = uri.toString();
    const open = new Set(this.api.workspace.textDocuments.map((document) => document.uri.toString()));
    if (!this.findings.drop((key) => (key === gone || key.startsWith(`${gone}/`)) && !open.has(key))) return;
    clearTimeout(this.publishing);
    this.publishing = setTimeout(() => this.findings.publish(), this.debounceMs);
    this.publishing.unref();
  }

  /** What was not saved is gone with the editor. */
  private async readAgain(uri: vscode.Uri): Promise<void> {
    await this.read([uri], true, () => this.disposed);
    if (!this.disposed) this.findings.publish();
  }
}

/** What the insight bundle hands out: built at the first source document. */
export function startSourceDiagnostics(api: VscodeApi, formats: IdFormats, log: vscode.LogOutputChannel): SourceDiagnostics {
  return new SourceDiagnostics(api, formats, log);
}
