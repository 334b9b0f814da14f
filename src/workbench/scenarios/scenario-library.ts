import type * as vscode from 'vscode';
import { parseScenarioText, type ShapeProblem, type VariantName } from '../../core/index';
import type { VscodeApi } from '../vscode-api';

export const SCENARIO_SUFFIX = '.threadlens.json';
const SCENARIO_GLOB = `**/*${SCENARIO_SUFFIX}`;
/** Scenario files of the workspace that are listed. */
const MOST_FILES = 200;
/** A larger file is not read, in bytes. */
const MOST_BYTES = 2 * 1024 * 1024;

/** A scenario file. */
export interface ScenarioEntry {
  readonly uri: vscode.Uri;
  /** The file's name without its ending; of a shipped one the name that commands and tasks take. */
  readonly name: string;
  /** Comes with the extension, so it may run in any workspace. */
  readonly shipped: boolean;
  /** What it calls itself. */
  readonly title: string;
  readonly description?: string;
  readonly fault?: string;
  readonly variants: readonly VariantName[];
  /** Why it is no scenario. */
  readonly problem?: ShapeProblem;
}

/** The scenarios there are: those that come with the extension, and those of the workspace. */
export class ScenarioLibrary implements vscode.Disposable {
  private readonly watching: vscode.Disposable;
  private listed: Promise<readonly ScenarioEntry[]> | undefined;

  constructor(
    private readonly api: VscodeApi,
    private readonly shippedFolder: vscode.Uri,
    private readonly changed: () => void,
  ) {
    const forget = (): void => {
      this.listed = undefined;
      this.changed();
    };
    const watcher = api.workspace.createFileSystemWatcher(SCENARIO_GLOB);
    this.watching = api.Disposable.from(watcher, watcher.onDidCreate(forget), watcher.onDidChange(forget), watcher.onDidDelete(forget), api.workspace.onDidGrantWorkspaceTrust(forget), api.workspace.onDidChangeWorkspaceFolders(forget));
  }

  /** The shipped ones first, each kind by title. Read once, and again after a file or a folder of the workspace changed. */
  all(): Promise<readonly ScenarioEntry[]> {
    this.listed ??= this.read();
    return this.listed;
  }

  /** The shipped scenario of that name, or the file of the workspace at that path, which begins with its folder where there are several. */
  async find(nameOrPath: string): Promise<ScenarioEntry | undefined> {
    const entries = await this.all();
    const { workspace } = this.api;
    return (
      entries.find(({ shipped, name }) => shipped && name === nameOrPath) ??
      entries.find(({ shipped, uri }) => !shipped && workspace.asRelativePath(uri) === nameOrPath) ??
      entries.find(({ shipped, uri, name }) => !shipped && (workspace.asRelativePath(uri, false) === nameOrPath || name === nameOrPath))
    );
  }

  /** The entry of a file, wherever it lies. @throws when it cannot be read. */
  async entryOf(uri: vscode.Uri): Promise<ScenarioEntry> {
    const shipped = uri.toString().startsWith(`${this.shippedFolder.toString()}/`);
    return this.readEntry(uri, shipped);
  }

  /** @throws when the file cannot be read, or is too large. */
  async textOf(uri: vscode.Uri): Promise<string> {
    const { fs } = this.api.workspace;
    const open = this.api.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    // What is in the editor counts, saved or not.
    if (open) return open.getText();
    const { size } = await fs.stat(uri);
    if (size > MOST_BYTES) throw new Error(this.api.l10n.t('Expected at most {0} bytes, received {1}.', MOST_BYTES, size));
    return new TextDecoder().decode(await fs.readFile(uri));
  }

  dispose(): void {
    this.watching.dispose();
  }

  private async read(): Promise<readonly ScenarioEntry[]> {
    const { fs, findFiles } = this.api.workspace;
    const shipped = (await fs.readDirectory(this.shippedFolder)).map(([file]) => file).filter((file) => file.endsWith(SCENARIO_SUFFIX));
    const own = await findFiles(SCENARIO_GLOB, '**/node_modules/**', MOST_FILES);
    const uris = [
      ...shipped.map((file) => ({ uri: this.api.Uri.joinPath(this.shippedFolder, file), shipped: true })),
      ...own
        .filter((uri) => !uri.toString().startsWith(`${this.shippedFolder.toString()}/`))
        .map((uri) => ({ uri, shipped: false })),
    ];
    const entries = await Promise.all(uris.map(({ uri, shipped: isShipped }) => this.readEntry(uri, isShipped).catch(() => undefined)));
    return entries.filter((entry) => entry !== undefined).sort((a, b) => Number(b.shipped) - Number(a.shipped) || a.title.localeCompare(b.title));
  }

  private async readEntry(uri: vscode.Uri, shipped: boolean): Promise<ScenarioEntry> {
    const file = uri.path.split('/').at(-1) ?? uri.path;
    const name = file.endsWith(SCENARIO_SUFFIX) ? file.slice(0, -SCENARIO_SUFFIX.length) : file;
    const { scenario, problems } = parseScenarioText(await this.textOf(uri));
    const [problem] = problems;
    const { fault, fix } = scenario?.variants ?? {};
    return {
      uri, name, shipped,
      title: scenario?.name ?? file,
      variants: [...(fault ? (['fault'] as const) : []), ...(fix ? (['fix'] as const) : [])],
      ...(scenario?.description === undefined ? {} : { description: scenario.description }),
      ...(scenario?.fault === undefined ? {} : { fault: scenario.fault }),
      ...(problem === undefined ? {} : { problem }),
    };
  }
}
