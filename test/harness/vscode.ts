import { randomBytes } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { tail } from '../../scripts/lib/npm.mjs';
import { run, startNode, stop } from '../../scripts/lib/run.mjs';
import { ensureCodeServer } from './code-server';
import { launchBrowser } from './browser';
import { poll } from './poll';
import { temporaryFolder } from './temporary-folder';
import { WorkbenchPage } from './workbench-page';

const START_TIMEOUT_MS = 60_000;
/** How long an extension host outlives its page. */
const GRACE_S = 10;
const INSTALL_VSIX_TIMEOUT_MS = 90_000;

/** No welcome page, no telemetry, no trust question, nothing that asks the network. */
const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
};

/** Without it the workbench asks the marketplace about every extension. */
const NO_GALLERY = { EXTENSIONS_GALLERY: '{}' };

export interface VsCodeOptions {
  /** Folder, or folders, of unpacked extensions to install. */
  readonly extensionPath?: string | readonly string[];
  /** VSIX file, or files, to install as a user would. */
  readonly vsix?: string | readonly string[];
  /** An extensions folder to use instead of a fresh one; it is left alone afterwards. */
  readonly extensionsDir?: string;
  /** User data to use instead of a fresh folder, to open the same VS Code again; it is left alone afterwards. */
  readonly userDataDir?: string;
  /** Absolute path of the folder to open. */
  readonly workspace: string;
  /** User settings, over quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host, over this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Lets a page run an extension test suite, see `runHostSuite`. It also hides notification toasts and answers modal
   * dialogs by itself, so tests of what users see go without.
   */
  readonly extensionTests?: boolean;
  /** 0, the default, picks a free one. */
  readonly port?: number;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Used instead of the one this VS Code starts for itself. */
  readonly browser?: Browser;
  /** Pairs for the workbench, such as `['openFile', remoteUri(path)]`. */
  readonly payload?: ReadonlyArray<readonly [string, string]>;
  /** Absolute path of another folder to open; default: the workspace. */
  readonly folder?: string;
  /** Called before the page loads. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/**
 * A real VS Code 1.139 (server and browser workbench) with folders of its own, on 127.0.0.1 behind a token.
 * Everything it wrote is deleted at `stop`.
 */
export class VsCode {
  private ownBrowser: Promise<Browser> | undefined;

  private constructor(
    private readonly server: ReturnType<typeof startNode>,
    private readonly removeFolders: () => Promise<void>,
    readonly port: number,
    private readonly token: string,
    private readonly output: () => string,
    private readonly main: string,
    private readonly folders: readonly string[],
  ) {}

  /** Starts the server; resolves when it listens. */
  static async start(options: VsCodeOptions): Promise<VsCode> {
    const { folder, main } = await ensureCodeServer();
    const folders = await temporaryFolder();
    const scratch = folders.path;
    try {
      const serverData = join(scratch, 'server');
      const userData = options.userDataDir ?? join(scratch, 'user');
      const extensions = options.extensionsDir ?? join(scratch, 'extensions');
      await mkdir(extensions, { recursive: true });
      await writeSettings(userData, options.settings);
      for (const path of many(options.extensionPath)) await symlink(path, join(extensions, basename(path)), 'junction');
      const common = ['--server-data-dir', serverData, '--user-data-dir', userData, '--extensions-dir', extensions];
      for (const file of many(options.vsix)) await manage(main, common, '--install-extension', file);

      const token = randomBytes(16).toString('hex');
      // Its sockets and temporary files go where they are deleted with the rest.
      const env = { ...process.env, ...NO_GALLERY, TMPDIR: scratch, XDG_RUNTIME_DIR: scratch, ...options.env };
      const args = ['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--connection-token', token];
      args.push('--reconnection-grace-time', String(GRACE_S), '--accept-server-license-terms', '--telemetry-level', 'off');
      if (options.extensionTests === true) args.push('--enable-smoke-test-driver');
      args.push('--default-folder', options.workspace, ...common);
      const server = startNode([main, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      server.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      server.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      try {
        const port = await listening(server, () => output);
        return new VsCode(server, folders.remove, port, token, () => output, main, common);
      } catch (error) {
        await stop(server);
        throw error;
      }
    } catch (error) {
      await folders.remove();
      throw error;
    }
  }

  /** Address of the workbench with its folder open, for any browser on this machine. */
  get url(): string {
    return this.address();
  }

  /** What the server has printed so far. */
  get log(): string {
    return this.output();
  }

  /** A file's URI inside the workbench. */
  remoteUri(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${path}`;
  }

  address(payload: ReadonlyArray<readonly [string, string]> = [], folder?: string): string {
    const query = new URLSearchParams({ tkn: this.token, ...(folder === undefined ? {} : { folder }) });
    if (payload.length > 0) query.set('payload', JSON.stringify(payload));
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  /** Opens the workbench in a page of its own; resolves when it stands. */
  async openPage(options: OpenOptions = {}): Promise<WorkbenchPage> {
    const { browser: given, payload = [], folder, prepare, ...context } = options;
    const browser = given ?? (await (this.ownBrowser ??= launchBrowser()));
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      // A user was asked once; the question lies outside the page.
      permissions: ['clipboard-read', 'clipboard-write'],
      ...context,
    });
    await prepare?.(page);
    await page.goto(this.address([['skipWelcome', 'true'], ...payload], folder), { timeout: START_TIMEOUT_MS });
    return new WorkbenchPage(page, (path) => this.remoteUri(path)).ready();
  }

  /** Installs a VSIX over what is there, as a user's `code --install-extension` does. */
  install(vsix: string): Promise<void> {
    return manage(this.main, this.folders, '--install-extension', vsix);
  }

  uninstall(extensionId: string): Promise<void> {
    return manage(this.main, this.folders, '--uninstall-extension', extensionId);
  }

  /** Ends the browser it started, the server with all extension hosts, and deletes what they wrote. */
  async stop(): Promise<void> {
    const browser = await this.ownBrowser?.catch(() => undefined);
    await browser?.close();
    await stop(this.server);
    await this.removeFolders();
  }
}

/** Starts a real VS Code; `stop` it in the end. */
export function startVsCode(options: VsCodeOptions): Promise<VsCode> {
  return VsCode.start(options);
}

function many(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** In a remote window settings of machine scope, like a port, come from `Machine` and all others from `User`. */
async function writeSettings(userData: string, settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  for (const kind of ['User', 'Machine']) {
    await mkdir(join(userData, kind), { recursive: true });
    await writeFile(join(userData, kind, 'settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...settings }, undefined, 2));
  }
}

/** What the `code` command does; a window that is open takes part after a reload. */
async function manage(main: string, folders: readonly string[], ...what: readonly string[]): Promise<void> {
  const args = [main, '--accept-server-license-terms', ...folders, ...what];
  const { code, output } = await run(process.execPath, args, { timeoutMs: INSTALL_VSIX_TIMEOUT_MS, env: { ...process.env, ...NO_GALLERY } });
  if (code !== 0) throw new Error(`${what.join(' ')} failed in VS Code (exit code ${code}):\n${tail(output)}`);
}

function listening(server: ReturnType<typeof startNode>, output: () => string): Promise<number> {
  let ended: string | undefined;
  server.once('error', (error) => (ended = error.message));
  server.once('exit', (code) => (ended = `exit code ${code}`));
  const port = poll(
    'the VS Code server to listen',
    () => {
      if (ended !== undefined) return NaN;
      return Number(/Extension host agent listening on (\d+)/.exec(output())?.[1] ?? 0) || undefined;
    },
    { timeoutMs: START_TIMEOUT_MS },
  );
  return port.then(
    (value) => {
      if (Number.isNaN(value)) throw new Error(`The VS Code server ended before it listened (${ended}):\n${tail(output())}`);
      return value;
    },
    (error: unknown) => {
      throw new Error(`${String(error)}; it said:\n${tail(output())}`);
    },
  );
}
