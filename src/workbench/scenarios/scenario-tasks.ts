import type * as vscode from 'vscode';
import { messageOf } from '../../core/message-of';
import type { VscodeApi } from '../vscode-api';
import type { ScenarioBench } from './scenario-bench';
import type { ScenarioEntry } from './scenario-library';
import { readChoice } from './scenario-source';
import { progressWords, ScenarioInvalidError } from './scenario-worker';

const TASK_TYPE = 'threadLens';

/** Exit codes of a task, as of the router command: not as expected; the scenario cannot be used. */
const EXIT_FAILED = 1;
const EXIT_UNUSABLE = 2;

/** VS Code says "failed to launch" of a terminal that ends with a code other than 0 before this many ms. */
const LAUNCHED_MS = 700;

/** Tasks that run a scenario: `{ "type": "threadLens", "scenario": "composite-as-thread", "variant": "fix" }`. */
export class ScenarioTasks implements vscode.TaskProvider {
  constructor(
    private readonly api: VscodeApi,
    private readonly bench: ScenarioBench,
  ) {}

  /** One for each scenario that runs. */
  async provideTasks(): Promise<vscode.Task[]> {
    const entries = await this.bench.library.all();
    return entries.filter(({ problem }) => !problem).map((entry) => this.taskFor({ type: TASK_TYPE, scenario: this.nameOf(entry) }, entry.title, undefined, entry.description));
  }

  /** Completes a task that stands in tasks.json. */
  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const { scenario } = task.definition as { readonly scenario?: unknown };
    return typeof scenario === 'string' ? this.taskFor(task.definition, scenario, task.scope) : undefined;
  }

  private nameOf({ shipped, name, uri }: ScenarioEntry): string {
    return shipped ? name : this.api.workspace.asRelativePath(uri);
  }

  private taskFor(definition: vscode.TaskDefinition, name: string, scope?: vscode.Task['scope'], detail?: string): vscode.Task {
    const { Task, CustomExecution, TaskScope } = this.api;
    const execution = new CustomExecution((resolved) => Promise.resolve(new ScenarioTerminal(this.api, this.bench, resolved)));
    const task = new Task(definition, scope ?? TaskScope.Workspace, name, 'Thread Lens', execution, []);
    task.detail = detail ?? this.api.l10n.t('Runs scripted agents and clients, and checks what reached whom');
    return task;
  }
}

/** The terminal of one run: the report as text, then the exit code. */
class ScenarioTerminal implements vscode.Pseudoterminal {
  private readonly written: vscode.EventEmitter<string>;
  private readonly closed: vscode.EventEmitter<number>;
  private readonly cancelling: vscode.CancellationTokenSource;
  readonly onDidWrite: vscode.Event<string>;
  readonly onDidClose: vscode.Event<number>;

  constructor(
    private readonly api: VscodeApi,
    private readonly bench: ScenarioBench,
    private readonly definition: vscode.TaskDefinition,
  ) {
    this.written = new api.EventEmitter();
    this.closed = new api.EventEmitter();
    this.cancelling = new api.CancellationTokenSource();
    this.onDidWrite = this.written.event;
    this.onDidClose = this.closed.event;
  }

  open(): void {
    void this.runToEnd();
  }

  close(): void {
    this.cancelling.cancel();
  }

  private async runToEnd(): Promise<void> {
    const opened = performance.now();
    const code = await this.run();
    const early = LAUNCHED_MS - (performance.now() - opened);
    if (code !== 0 && early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    this.closed.fire(code);
    this.written.dispose();
    this.closed.dispose();
    this.cancelling.dispose();
  }

  private async run(): Promise<number> {
    const { l10n } = this.api;
    try {
      const source = await this.bench.read(this.definition['scenario']);
      if (!source) {
        this.write(l10n.t('Expected the name or the path of a scenario, received {0}.', JSON.stringify(this.definition['scenario']) ?? 'nothing'));
        return EXIT_UNUSABLE;
      }
      const finished = await this.bench.execute({ ...source, ...readChoice(this.definition) }, this.cancelling.token, (progress) => {
        this.write(progressWords(this.api, progress));
      });
      if (!finished) {
        this.write(l10n.t('Scenarios of the workspace run only in a trusted workspace.'));
        return EXIT_UNUSABLE;
      }
      this.write('');
      this.write(finished.markdown);
      return finished.report.passed ? 0 : EXIT_FAILED;
    } catch (error) {
      this.write(messageOf(error));
      return error instanceof ScenarioInvalidError ? EXIT_UNUSABLE : EXIT_FAILED;
    }
  }

  /** Without what a terminal would obey: a scenario's texts are not ours. */
  private write(text: string): void {
    this.written.fire(`${text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? '\r\n' : ' '))}\r\n`);
  }
}
