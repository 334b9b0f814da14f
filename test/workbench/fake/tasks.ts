import type * as vscode from 'vscode';
import { CancellationTokenSource } from './cancellation';
import { Disposable } from './disposable';
import type { Ledger } from './ledger';
import type { Manifest } from './manifest';
import { strict } from './strict';

/** `vscode.CustomExecution`. */
export class CustomExecution implements vscode.CustomExecution {
  constructor(readonly callback: (resolvedDefinition: vscode.TaskDefinition) => Thenable<vscode.Pseudoterminal>) {}
}

/** `vscode.Task`, made as current extensions make it. */
export class Task {
  detail?: string;

  constructor(
    readonly definition: vscode.TaskDefinition,
    readonly scope: vscode.WorkspaceFolder | vscode.TaskScope,
    readonly name: string,
    readonly source: string,
    readonly execution?: CustomExecution,
    readonly problemMatchers: string[] = [],
  ) {}
}

/** What became of a task. */
export interface RanTask {
  readonly code: number | undefined;
  readonly output: string;
}

/** `vscode.tasks`, as far as providers go. Only declared types can be provided. */
export class Tasks {
  private readonly providers = new Map<string, vscode.TaskProvider>();

  constructor(
    private readonly ledger: Ledger,
    private readonly manifest: Manifest,
  ) {}

  readonly api = strict('tasks', {
    registerTaskProvider: (type: string, provider: vscode.TaskProvider): vscode.Disposable => {
      const declared = this.manifest.json.contributes?.taskDefinitions ?? [];
      if (!declared.some((known) => known.type === type)) throw new Error(`fake vscode: the task type ${type} is not contributed`);
      this.providers.set(type, provider);
      const entry = this.ledger.enter(`task provider ${type}`);
      return new Disposable(() => {
        this.providers.delete(type);
        entry.dispose();
      });
    },
  });

  /** What the list "Run Task" shows of a type. */
  async offered(type: string): Promise<readonly Task[]> {
    return ((await this.providers.get(type)?.provideTasks(new CancellationTokenSource().token)) ?? []) as unknown as Task[];
  }

  /** Runs a task as it stands in tasks.json, to its end. */
  async run(definition: vscode.TaskDefinition): Promise<RanTask> {
    const given = { definition, scope: undefined, name: 'as it stands in tasks.json' } as unknown as vscode.Task;
    const resolved = (await this.providers.get(definition.type)?.resolveTask(given, new CancellationTokenSource().token)) as unknown as Task | undefined;
    if (!resolved?.execution) throw new Error(`fake vscode: nobody resolves the task ${JSON.stringify(definition)}`);
    const terminal = await resolved.execution.callback(definition);
    let output = '';
    const writing = terminal.onDidWrite((text) => (output += text));
    const code = await new Promise<number | undefined>((resolve) => {
      terminal.onDidClose?.((ended) => resolve(typeof ended === 'number' ? ended : undefined));
      terminal.open(undefined);
    });
    writing.dispose();
    return { code, output };
  }
}
