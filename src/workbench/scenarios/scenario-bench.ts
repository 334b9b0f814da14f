import type * as vscode from 'vscode';
import { clip } from '../../core/clip';
import type { ScenarioReport, VariantName } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { VirtualDocuments } from '../documents/virtual-documents';
import { needTrust } from '../need-trust';
import { noticeText } from '../notice-text';
import type { VscodeApi } from '../vscode-api';
import { newScenario } from './new-scenario';
import { pickScenario } from './pick-scenario';
import { ScenarioLibrary } from './scenario-library';
import { ScenarioResults } from './scenario-results';
import { ScenarioRows } from './scenario-rows';
import { isEntryNode, readScenarioArgument, type RunChoice, type ScenarioSource } from './scenario-source';
import { ScenarioTasks } from './scenario-tasks';
import { type FinishedRun, type OnProgress, progressWords, runInWorker } from './scenario-worker';

export interface ScenarioBenchParts {
  readonly api: VscodeApi;
  readonly documents: VirtualDocuments;
  /** The router's bundle, which runs scenarios in a worker thread. */
  readonly routerFile: string;
  /** Where the shipped scenarios lie. */
  readonly shippedFolder: vscode.Uri;
  /** Called when the rows of the view changed. */
  readonly changed: () => void;
}

/** Scenarios in the editor: which there are, running them, and what came of it. */
export class ScenarioBench implements vscode.Disposable {
  readonly library: ScenarioLibrary;
  readonly rows: ScenarioRows;
  readonly tasks: ScenarioTasks;
  private readonly results: ScenarioResults;
  /** Of the runs under way. */
  private readonly running = new Set<vscode.CancellationTokenSource>();
  private disposed = false;

  constructor(private readonly parts: ScenarioBenchParts) {
    const { api, shippedFolder, changed } = parts;
    this.library = new ScenarioLibrary(api, shippedFolder, changed);
    this.results = new ScenarioResults(changed);
    this.rows = new ScenarioRows(api, this.library, this.results);
    this.tasks = new ScenarioTasks(api, this);
  }

  /** What an argument of a command or a task names. @throws when the file cannot be read. */
  read(argument: unknown): Promise<(ScenarioSource & RunChoice) | undefined> {
    return readScenarioArgument(this.parts.api, this.library, argument);
  }

  /**
   * `threadLens.scenario.run`: runs a scenario, shows the report beside, and answers it; undefined when there was none to run, which was said.
   * @param variant only this one
   */
  async run(argument: unknown, variant?: VariantName): Promise<ScenarioReport | undefined> {
    const { l10n, window } = this.parts.api;
    const wanted = argument ?? (await pickScenario(this.parts.api, this.library));
    if (wanted === undefined) return undefined;
    try {
      const source = await this.read(wanted);
      if (source) return await this.runShown({ ...source, ...(variant === undefined ? {} : { variant }) });
      void window.showErrorMessage(noticeText(l10n.t('Expected the name of a scenario, a scenario file or a scenario, received {0}.', describe(wanted))));
    } catch (error) {
      void window.showErrorMessage(noticeText(l10n.t('The scenario could not be run: {0}', messageOf(error))));
    }
    return undefined;
  }

  /** Runs with progress that can be cancelled, and shows the report. @throws as `execute` does. */
  async runShown(source: ScenarioSource & RunChoice): Promise<ScenarioReport | undefined> {
    const { api } = this.parts;
    const title = noticeText(api.l10n.t('Running the scenario {0}', source.title));
    const finished = await api.window.withProgress({ location: api.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      let told = 0;
      return this.execute(source, token, (step) => {
        const done = (100 * (step.done + 1)) / step.total;
        progress.report({ message: noticeText(progressWords(api, step)), increment: Math.max(0, done - told) });
        told = Math.max(told, done);
      });
    });
    if (this.disposed) return finished?.report;
    if (!finished) {
      void needTrust(api, api.l10n.t('Scenarios of the workspace run only in a trusted workspace.'));
      return undefined;
    }
    await this.show(source.title, finished);
    return finished.report;
  }

  /**
   * Runs in a worker thread and keeps the result. Undefined when the workspace is not trusted and the scenario is not one of ours.
   * @throws {ScenarioInvalidError} for a text that is no scenario, and when the run breaks.
   */
  async execute(source: ScenarioSource & RunChoice, token: vscode.CancellationToken, onProgress: OnProgress): Promise<FinishedRun | undefined> {
    const { api, routerFile } = this.parts;
    if (!source.ours && !api.workspace.isTrusted) return undefined;
    let finished: FinishedRun | undefined;
    const cancelling = new api.CancellationTokenSource();
    if (token.isCancellationRequested || this.disposed) cancelling.cancel();
    const given = token.onCancellationRequested(() => cancelling.cancel());
    this.running.add(cancelling);
    this.results.begin(source.id);
    try {
      finished = await runInWorker(api, routerFile, source, cancelling.token, onProgress);
      return finished;
    } finally {
      given.dispose();
      this.running.delete(cancelling);
      cancelling.dispose();
      this.results.end(source.id, finished);
    }
  }

  /** `threadLens.scenario.open`: the file of a row, or of a name. */
  async open(argument: unknown): Promise<void> {
    const { api } = this.parts;
    const source = await this.read(argument ?? (await pickScenario(api, this.library)));
    if (source?.uri) await api.window.showTextDocument(await api.workspace.openTextDocument(source.uri), { preview: true });
  }

  /** `threadLens.scenario.report`: the report of the last run of a row. */
  async showReport(argument: unknown): Promise<ScenarioReport | undefined> {
    if (!isEntryNode(argument)) return undefined;
    const finished = this.results.get(argument.entry.uri.toString());
    if (finished) await this.show(argument.entry.title, finished);
    return finished?.report;
  }

  /** `threadLens.scenario.new`: a scenario to begin with. */
  create(): Promise<vscode.Uri | undefined> {
    return newScenario(this.parts.api);
  }

  /** Runs under way end, too. */
  dispose(): void {
    this.disposed = true;
    for (const cancelling of this.running) cancelling.cancel();
    this.library.dispose();
  }

  private async show(title: string, { markdown }: FinishedRun): Promise<void> {
    const { api, documents } = this.parts;
    const name = api.l10n.t('Report of {0}', clip(title, 60));
    await documents.showBeside(`${name}.md`, markdown);
  }
}

function describe(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return clip(text, 120);
}
