import type * as vscode from 'vscode';
import { type ContractProblem, FormatTable, type IdFormat } from '../../core/index';
import type { LazyInsight } from '../lazy-insight';
import { SETTINGS_SECTION } from '../settings';
import type { VscodeApi } from '../vscode-api';
import type { ContractFile } from './contract-file';

const CONTRACT_FILE = '.vscode/thread-lens.json';

/**
 * The formats that IDs are read by: the built-in ones, those of the setting `threadLens.idFormats`, and in a trusted workspace
 * those of the contract files `.vscode/thread-lens.json`. The only owner of the table; problems of a contract file stand in the Problems view.
 */
export class IdFormats implements vscode.Disposable {
  /** What is read beside the built-in formats. */
  private own: readonly IdFormat[] = [];
  private built: FormatTable | undefined;
  private readonly changed: vscode.EventEmitter<void>;
  private readonly disposables: vscode.Disposable[] = [];
  private watchers: vscode.Disposable[] = [];
  private readonly collection: vscode.DiagnosticCollection;
  private readonly contracts = new Map<string, ContractFile>();
  /** Reads go one after the other, so that the last state of a file wins. */
  private reading: Promise<void>;
  private disposed = false;
  private settingsProblems: readonly ContractProblem[] = [];

  readonly onDidChange: vscode.Event<void>;

  constructor(
    private readonly api: VscodeApi,
    private readonly insight: LazyInsight,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const { workspace } = api;
    this.changed = new api.EventEmitter();
    this.onDidChange = this.changed.event;
    this.collection = api.languages.createDiagnosticCollection('threadLens.contract');
    this.disposables.push(
      this.changed,
      this.collection,
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTINGS_SECTION}.idFormats`)) this.rebuild();
      }),
      // Regular expressions count from now on, in the settings and in the files.
      workspace.onDidGrantWorkspaceTrust(() => {
        this.rebuild();
        this.readAll();
      }),
      workspace.onDidChangeWorkspaceFolders(() => this.watch()),
    );
    this.rebuild();
    // Watching files is a quarter of what an activation costs, so it begins after it.
    this.reading = new Promise((resolve) => {
      setImmediate(() => {
        if (!this.disposed) this.watch();
        resolve();
      });
    });
  }

  /** The table in force. Ask each time: it is another one after a change. Made when it is first asked for. */
  get table(): FormatTable {
    this.built ??= FormatTable.builtIn.with(this.own);
    return this.built;
  }

  /** What is wrong with the formats in the settings. */
  get problems(): readonly ContractProblem[] {
    return this.settingsProblems;
  }

  /** Resolves when the contract files were read. */
  async ready(): Promise<void> {
    let seen: Promise<void>;
    do {
      seen = this.reading;
      await seen;
    } while (seen !== this.reading);
  }

  dispose(): void {
    this.disposed = true;
    for (const disposable of [...this.watchers, ...this.disposables]) disposable.dispose();
  }

  private watch(): void {
    const { workspace, RelativePattern } = this.api;
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = (workspace.workspaceFolders ?? []).flatMap((folder) => {
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, CONTRACT_FILE));
      const read = (): void => this.readAll();
      return [watcher, watcher.onDidCreate(read), watcher.onDidChange(read), watcher.onDidDelete(read)];
    });
    this.readAll();
  }

  private readAll(): void {
    this.reading = this.reading.then(() => this.readContracts()).catch((error: unknown) => this.log.error(`Contract file: ${String(error)}`));
  }

  private async readContracts(): Promise<void> {
    const { workspace, Uri } = this.api;
    const found = new Map<string, ContractFile>();
    // Whoever made a workspace that is not trusted has no say in what IDs mean.
    for (const folder of workspace.isTrusted ? (workspace.workspaceFolders ?? []) : []) {
      const uri = Uri.joinPath(folder.uri, CONTRACT_FILE);
      let bytes: Uint8Array;
      try {
        bytes = await workspace.fs.readFile(uri);
      } catch {
        // There is none, which is the rule.
        continue;
      }
      const contract = this.insight.load().readContractFile(this.api, bytes);
      found.set(uri.toString(), contract);
    }
    if (found.size === 0 && this.contracts.size === 0) return;
    this.contracts.clear();
    this.collection.clear();
    for (const [key, contract] of found) {
      this.contracts.set(key, contract);
      this.collection.set(Uri.parse(key), contract.diagnostics);
    }
    this.rebuild();
  }

  private rebuild(): void {
    const value = this.api.workspace.getConfiguration(SETTINGS_SECTION).get<unknown>('idFormats');
    const isSet = value !== undefined && !(Array.isArray(value) && value.length === 0);
    const fromSettings = isSet ? this.insight.load().parseFormats(value, { trusted: this.api.workspace.isTrusted, path: 'threadLens.idFormats' }) : undefined;
    this.settingsProblems = fromSettings?.problems ?? [];
    for (const { path, expected, received } of this.settingsProblems) this.log.warn(`${path}: expected ${expected}, received ${received}`);
    const own = [...this.contracts.values()].flatMap((contract) => contract.formats).concat(fromSettings?.formats ?? []);
    if (own.length === 0 && this.own.length === 0) return;
    this.own = own;
    this.built = undefined;
    this.changed.fire();
  }
}
