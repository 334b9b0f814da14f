import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { complaint, npm } from '../../scripts/lib/npm.mjs';
import { isAlive } from './is-alive';
import { poll } from './poll';
import { CACHE } from './repository';

/** The npm package that carries a VS Code server and its browser workbench (VS Code 1.139.1). */
const CODE_SERVER = 'code-server@4.139.1';

const INSTALL_TIMEOUT_MS = 10 * 60_000;
const LOG_LIBRARY_TIMEOUT_MS = 3 * 60_000;
const OTHER_RUN_TIMEOUT_MS = 15 * 60_000;

export interface CodeServer {
  /** Folder of the VS Code server. */
  readonly folder: string;
  /** Its entry point, to be run by Node 24. */
  readonly main: string;
  /** Whether the native log library is there; without it the Output panel shows no log channels. */
  readonly hasLogLibrary: boolean;
}

/**
 * A VS Code server in the cache folder, installed from npm at the first call (about a minute). An installation becomes
 * visible under its final name only when complete; one that was broken off is taken up where it ended.
 * @param say told in one line what is going on
 */
export async function ensureCodeServer(say: (text: string) => void = () => undefined): Promise<CodeServer> {
  const folder = join(CACHE, `${CODE_SERVER}-${process.platform}-${process.arch}`);
  if (!existsSync(folder)) {
    await mkdir(CACHE, { recursive: true });
    const release = await lock(`${folder}.lock`);
    try {
      if (!existsSync(folder)) await installInto(folder, say);
    } finally {
      await release();
    }
  }
  const hasLogLibrary = existsSync(join(folder, 'node_modules', '@vscode', 'spdlog', 'build', 'Release', 'spdlog.node'));
  return { folder, main: join(folder, 'out', 'server-main.js'), hasLogLibrary };
}

async function installInto(folder: string, say: (text: string) => void): Promise<void> {
  const staging = `${folder}.partial`;
  const server = join(staging, 'node_modules', 'code-server', 'lib', 'vscode');
  const unpacked = join(staging, 'unpacked');
  if (!existsSync(unpacked)) {
    say(`unpacking ${CODE_SERVER}`);
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, 'package.json'), '{ "private": true }\n');
    await mustSucceed(['install', CODE_SERVER, '--no-save', '--no-package-lock', '--omit=dev', '--ignore-scripts'], staging);
    await writeFile(unpacked, '');
  }
  say('installing the packages of the VS Code server');
  const install = ['install', '--no-save', '--omit=dev', '--ignore-scripts'];
  // The second one is TypeScript, for the built-in extension of that name.
  await Promise.all([mustSucceed(install, server), mustSucceed(install, join(server, 'extensions'))]);
  await buildLogLibrary(server, say);
  await rename(server, folder);
  await rm(staging, { recursive: true, force: true });
}

async function mustSucceed(args: readonly string[], cwd: string): Promise<void> {
  const { code, output, timedOut } = await npm(args, { cwd, timeoutMs: INSTALL_TIMEOUT_MS });
  if (timedOut) throw new Error(`npm ${args.join(' ')} did not end within ${INSTALL_TIMEOUT_MS / 60_000} minutes:\n${complaint(output)}`);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed with exit code ${code}:\n${complaint(output)}`);
}

/** The one native module worth compiling; everything but the Output panel's log works without it. */
async function buildLogLibrary(server: string, say: (text: string) => void): Promise<void> {
  const missing = [['python3', 'python'], ['make'], ['g++', 'c++', 'clang++']].filter((names) => !names.some(onPath));
  if (process.platform !== 'win32' && missing.length > 0) {
    say(`no ${missing.map(([name]) => name).join(', ')}: going on without VS Code's log library, its Output panel stays poor`);
    return;
  }
  say("compiling VS Code's log library");
  const headers = nodeHeaders();
  const env = headers === undefined ? process.env : { ...process.env, npm_config_nodedir: headers };
  const { code, output } = await npm(['rebuild', '@vscode/spdlog', '--ignore-scripts=false'], {
    cwd: server,
    env,
    timeoutMs: LOG_LIBRARY_TIMEOUT_MS,
  });
  if (code === 0) return;
  const log = join(CACHE, 'log-library.log');
  await writeFile(log, output);
  say(`VS Code's log library did not compile (see ${log}): its Output panel stays poor`);
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** Headers that came with a Node on this machine; they save a download and any version will do for this (Node-API). */
function nodeHeaders(): string | undefined {
  const nodes = [process.env['npm_node_execpath'], ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'))];
  return nodes
    .filter((node) => node !== undefined && existsSync(node))
    .map((node) => dirname(dirname(node ?? '')))
    .find((prefix) => existsSync(join(prefix, 'include', 'node', 'node_api.h')));
}

/** One installation at a time; a lock whose owner is gone counts for nothing. */
async function lock(file: string): Promise<() => Promise<void>> {
  await poll(
    `another run that installs ${CODE_SERVER} (delete ${file} if there is none)`,
    async () => {
      try {
        await writeFile(file, String(process.pid), { flag: 'wx' });
        return true;
      } catch {
        const owner = Number(await readFile(file, 'utf8').catch(() => ''));
        if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
        return false;
      }
    },
    { timeoutMs: OTHER_RUN_TIMEOUT_MS, everyMs: 500 },
  );
  return () => rm(file, { force: true });
}
