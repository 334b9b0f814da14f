// What `npm start` does on Node 24 after the installation: builds, opens the demo workspace in VS Code, keeps traffic on it.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureCodeServer } from '../test/harness/code-server';
import { ROOT } from '../test/harness/repository';
import { temporaryFolder } from '../test/harness/temporary-folder';
import { startVsCode } from '../test/harness/vscode';
import { say, step } from './lib/progress.mjs';
import { tail } from './lib/npm.mjs';
import { run, start, startNode, stop } from './lib/run.mjs';

const HELP = `npm start -- [options]

  --browser        the browser-based VS Code, also where a desktop VS Code is installed
  --desktop        the desktop VS Code, also where it does not look possible (no screen, root)
  --no-open        print the address instead of opening a browser
  --port <number>  port of the browser-based VS Code (default: a free one)
  --no-traffic     no demo clients and agents
  --help           this`;

const ROUTER_PORT = 8787;
/** A desktop VS Code that cannot start says so sooner than this. */
const DESKTOP_START_MS = 3000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      browser: { type: 'boolean' },
      desktop: { type: 'boolean' },
      'no-open': { type: 'boolean' },
      port: { type: 'string' },
      'no-traffic': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return;
  }
  const port = Number(values.port ?? 0);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) throw new Error(`--port expects a number from 0 to 65535; received ${JSON.stringify(values.port)}`);
  if (port !== 0 && !(await isFree(port))) throw new Error(`--port: ${port} is in use; expected a free port. Without --port a free one is picked.`);

  await step('Building the extension', async () => {
    const { code, output } = await run(process.execPath, ['esbuild.mjs'], { cwd: ROOT });
    if (code !== 0) throw new Error(`The build failed:\n${tail(output, 40)}`);
  });

  const demo = await demoWorkspace();
  // Known to the editor, whose router takes it, and to the demo's agent, which must present it.
  const token = randomBytes(24).toString('base64url');
  const stopping = stopSignal();
  const wantsDesktop = values.desktop === true || (values.browser !== true && hasScreen() && !isRoot());
  const editor =
    (wantsDesktop ? await openOnDesktop({ demo, token }) : undefined) ??
    (await openInBrowser({ demo, token, port, open: values['no-open'] !== true }));
  const traffic = values['no-traffic'] === true ? [] : startTraffic(demo, token);
  say('\nPress Ctrl+C to stop.');
  await Promise.race([stopping, editor.closed]);
  await step('Stopping', () => Promise.all([...traffic.map((child) => stop(child)), editor.stop()]));
}

interface Demo {
  readonly folder: string;
  readonly routerPort: number;
}

/** A copy of demo/, so that the repository stays clean; its router gets a free port when the usual one is taken. */
async function demoWorkspace(): Promise<Demo> {
  const { path } = await temporaryFolder();
  const folder = join(path, 'demo');
  await cp(join(ROOT, 'demo'), folder, { recursive: true });
  if (await isFree(ROUTER_PORT)) return { folder, routerPort: ROUTER_PORT };
  const routerPort = await freePort();
  const settings = join(folder, '.vscode', 'settings.json');
  await writeFile(settings, (await readFile(settings, 'utf8')).replaceAll(String(ROUTER_PORT), String(routerPort)));
  say(`Port ${ROUTER_PORT} is taken: the demo's router uses ${routerPort}.`);
  return { folder, routerPort };
}

interface Editor {
  /** Resolves when the user has closed it; never where that cannot be told. */
  readonly closed: Promise<unknown>;
  stop(): Promise<void>;
}

async function openInBrowser(options: { demo: Demo; token: string; port: number; open: boolean }): Promise<Editor> {
  const notes: string[] = [];
  await step('Preparing the browser-based VS Code', async () => {
    await ensureCodeServer((text) => notes.push(text));
    return notes.join('; ');
  });
  const vscode = await step('Starting VS Code', () =>
    startVsCode({
      extensionPath: ROOT,
      workspace: options.demo.folder,
      env: { THREAD_LENS_TOKEN: options.token },
      port: options.port,
    }),
  );
  say(`\nVS Code with Thread Lens and the demo workspace:\n\n    ${vscode.url}\n\nOpen logs/backend.log and rest the mouse on a run ID; see Thread Lens in the activity bar.`);
  if (options.open) openUrl(vscode.url);
  return { closed: new Promise(() => undefined), stop: () => vscode.stop() };
}

/** Undefined where there is no desktop VS Code, or it does not want to start. */
async function openOnDesktop({ demo, token }: { demo: Demo; token: string }): Promise<Editor | undefined> {
  const code = findOnPath(process.platform === 'win32' ? ['code.cmd'] : ['code']);
  if (code === undefined) return undefined;
  const args = ['--new-window', '--wait', `--extensionDevelopmentPath=${ROOT}`, demo.folder];
  const env = { ...process.env, THREAD_LENS_TOKEN: token };
  const child = start(code, args, { stdio: 'ignore', env, shell: process.platform === 'win32' });
  const closed = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(1));
  });
  const early = await Promise.race([closed, new Promise<undefined>((resolve) => setTimeout(resolve, DESKTOP_START_MS))]);
  if (early !== undefined && early !== 0) {
    say(`${code} ended with exit code ${early}; going on with the browser-based VS Code.`);
    return undefined;
  }
  say(`\nDesktop VS Code (${code}) shows Thread Lens and the demo workspace; close its window to stop.`);
  return { closed, stop: () => stop(child) };
}

/** Demo clients and agents; both wait for the router and come back when it restarts. */
function startTraffic({ folder, routerPort }: Demo, token: string): Array<ReturnType<typeof start>> {
  const env = { ...process.env, THREAD_LENS_URL: `ws://127.0.0.1:${routerPort}`, THREAD_LENS_TOKEN: token };
  return ['client.mjs', 'agent.mjs'].map((script) => {
    const child = startNode([script], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('exit', (code) => {
      if (code !== null && code !== 0) say(`demo/${script} ended with exit code ${code}`);
    });
    return child;
  });
}

function openUrl(url: string): void {
  if (!hasScreen() || process.env['CI'] !== undefined || process.env['SSH_CONNECTION'] !== undefined) return;
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', '""'] : ['xdg-open'];
  if (command === undefined || (process.platform === 'linux' && findOnPath([command]) === undefined)) return;
  start(command, [...args, url], { stdio: 'ignore' }).once('error', () => undefined);
}

function hasScreen(): boolean {
  return process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
}

/** Desktop VS Code refuses to run as root. */
const isRoot = (): boolean => process.getuid?.() === 0;

function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch {
    return false;
  }
}

const freePort = (): Promise<number> => listenOnce(0);

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
