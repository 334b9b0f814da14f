import type * as vscode from 'vscode';
import { type ContractProblem, FormatTable, type IdFormat } from '../../core/index';
import type { LazyInsight } from '../lazy-insight';
import { SETTINGS_SECTION } from '../settings';
import type { VscodeApi } from '../vscode-api';
import { jsonPlaces, placeOf } from './json-places';

const CONTRACT_FILE = '.vscode/thread-lens.json';
/** No contract is longer, in bytes. */
const MAX_BYTES = 256 * 1024;

interface Contract {
  readonly formats: readonly IdFormat[];
  readonly diagnostics: readonly vscode.Diagnostic[];
}

/**
 * The formats that IDs are read by: the built-in ones, those of the setting `threadLens.idFormats`, and those of the contract
 * files `.vscode/thread-lens.json`. The only owner of the table; problems of a contract file stand in the Problems view.
 */
export class IdFormats implements vscode.Disposable {
  private current = FormatTable.builtIn;
  private readonly changed: vscode.EventEmitter<void>;
  private readonly disposables: vscode.Disposable[] = [];
  private watchers: vscode.Disposable[] = [];
  private readonly collection: vscode.DiagnosticCollection;
  private readonly contracts = new Map<string, Contract>();
  /** Reads go one after the other, so that the last state of a file wins. */
  private reading: Promise<void> = Promise.resolve();
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
      workspace.onDidGrantWorkspaceTrust(() => this.readAll()),
      workspace.onDidChangeWorkspaceFolders(() => this.watch()),
    );
    this.rebuild();
    this.watch();
  }

  /** The table in force. Ask each time: it is another one after a change. */
  get table(): FormatTable {
    return this.current;
  }

  /** What is wrong with the formats in the settings. */
  get problems(): readonly ContractProblem[] {
    return this.settingsProblems;
  }

  /** Resolves when the contract files were read. */
  async ready(): Promise<void> {
    await this.reading;
  }

  dispose(): void {
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
    const found = new Map<string, Contract>();
    for (const folder of workspace.workspaceFolders ?? []) {
      const uri = Uri.joinPath(folder.uri, CONTRACT_FILE);
      const contract = await this.readContract(uri);
      if (contract) found.set(uri.toString(), contract);
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

  private async readContract(uri: vscode.Uri): Promise<Contract | undefined> {
    const { fs, isTrusted } = this.api.workspace;
    let text: string;
    try {
      const { size } = await fs.stat(uri);
      if (size > MAX_BYTES) {
        this.log.warn(`${uri.toString()}: expected at most ${MAX_BYTES} bytes, received ${size}`);
        return undefined;
      }
      text = new TextDecoder().decode(await fs.readFile(uri));
    } catch {
      // There is none, which is the rule.
      return undefined;
    }
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      return { formats: [], diagnostics: [this.diagnostic(text, { path: '', expected: 'JSON', received: String(error instanceof Error ? error.message : error) })] };
    }
    const { formats, problems } = this.insight.load().parseContract(json, { trusted: isTrusted });
    return { formats, diagnostics: problems.map((problem) => this.diagnostic(text, problem)) };
  }

  private diagnostic(text: string, { path, expected, received }: ContractProblem): vscode.Diagnostic {
    const { l10n, Diagnostic, DiagnosticSeverity, Range } = this.api;
    const { start, end } = placeOf(jsonPlaces(text), path);
    const range = new Range(this.position(text, start), this.position(text, end));
    const diagnostic = new Diagnostic(range, l10n.t('Expected {0}, received {1}.', expected, received), DiagnosticSeverity.Error);
    diagnostic.source = 'Thread Lens';
    diagnostic.code = path === '' ? 'contract' : path;
    return diagnostic;
  }

  private position(text: string, offset: number): vscode.Position {
    const before = text.slice(0, offset).split('\n');
    return new this.api.Position(before.length - 1, before.at(-1)?.length ?? 0);
  }

  private rebuild(): void {
    const value = this.api.workspace.getConfiguration(SETTINGS_SECTION).get<unknown>('idFormats');
    const isSet = value !== undefined && !(Array.isArray(value) && value.length === 0);
    const fromSettings = isSet ? this.insight.load().parseFormats(value, { trusted: this.api.workspace.isTrusted, path: 'threadLens.idFormats' }) : undefined;
    this.settingsProblems = fromSettings?.problems ?? [];
    for (const { path, expected, received } of this.settingsProblems) this.log.warn(`${path}: expected ${expected}, received ${received}`);
    const own = [...this.contracts.values()].flatMap((contract) => contract.formats);
    const before = this.current;
    this.current = FormatTable.builtIn.with([...own, ...(fromSettings?.formats ?? [])]);
    if (this.current !== before) this.changed.fire();
  }
}
