import type * as vscode from 'vscode';
import type { VirtualDocuments } from '../documents/virtual-documents';
import type { LazyInsight } from '../lazy-insight';
import type { VscodeApi } from '../vscode-api';
import type { ScenarioBench } from './scenario-bench';
import type { ScenarioNode } from './scenario-rows';

/** The view and the tasks of scenarios; what knows of them is loaded when one of the two, or a command, is first used. */
export class LazyScenarios implements vscode.TreeDataProvider<ScenarioNode>, vscode.TaskProvider, vscode.Disposable {
  private bench: ScenarioBench | undefined;
  private readonly changed: vscode.EventEmitter<undefined>;
  private readonly registered: vscode.Disposable;
  readonly onDidChangeTreeData: vscode.Event<undefined>;

  constructor(
    private readonly api: VscodeApi,
    private readonly extension: vscode.Uri,
    private readonly routerFile: string,
    private readonly documents: VirtualDocuments,
    private readonly insight: LazyInsight,
  ) {
    this.changed = new api.EventEmitter();
    this.onDidChangeTreeData = this.changed.event;
    this.registered = api.Disposable.from(this.changed, api.window.registerTreeDataProvider('threadLens.scenarios', this), api.tasks.registerTaskProvider('threadLens', this));
  }

  call(): ScenarioBench {
    const { api, documents, routerFile } = this;
    this.bench ??= new (this.insight.load().ScenarioBench)({
      api, documents, routerFile,
      shippedFolder: api.Uri.joinPath(this.extension, 'media', 'scenarios'),
      changed: () => this.changed.fire(undefined),
    });
    return this.bench;
  }

  getChildren(parent?: ScenarioNode): Promise<ScenarioNode[]> {
    return this.call().rows.children(parent);
  }

  getTreeItem(node: ScenarioNode): vscode.TreeItem {
    return this.call().rows.item(node);
  }

  provideTasks(): Promise<vscode.Task[]> {
    return this.call().tasks.provideTasks();
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    return this.call().tasks.resolveTask(task);
  }

  dispose(): void {
    this.registered.dispose();
    this.bench?.dispose();
  }
}
