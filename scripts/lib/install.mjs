// Makes node_modules what package-lock.json says, and finds the Node the product targets. Node built-ins only.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { complaint, npm } from './npm.mjs';
import { say, step } from './progress.mjs';
import { run } from './run.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs TypeScript; given by path, so that it works from any folder. */
export const TSX = pathToFileURL(join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;

const MINIMUM_NODE = 20;
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/**
 * Installs the dependencies when they are missing or not those of package-lock.json.
 * @throws {Error} with npm's last words when it fails
 */
export async function install() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < MINIMUM_NODE) throw new Error(`Expected Node ${MINIMUM_NODE} or newer, received ${process.version}.`);
  if (isInstalled()) return;
  await step('Installing dependencies (npm ci)', async () => {
    const { code, output, timedOut } = await npm(['ci', '--no-progress'], { cwd: ROOT, timeoutMs: INSTALL_TIMEOUT_MS });
    if (timedOut) throw new Error(`npm ci did not end within ${INSTALL_TIMEOUT_MS / 60_000} minutes:\n${complaint(output)}`);
    if (code !== 0) throw new Error(`npm ci failed with exit code ${code}:\n${complaint(output)}`);
  });
}

/** npm writes node_modules/.package-lock.json last, so a broken-off install counts as none. */
function isInstalled() {
  try {
    const wanted = packages('package-lock.json');
    const present = packages('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([path, { version, optional, devOptional }]) =>
        path === '' || optional === true || devOptional === true || present[path]?.version === version,
    );
  } catch {
    return false;
  }
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} */
function packages(file) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
}

/**
 * Path of the Node the product targets: the development dependency `node`, else the machine's own, which is said.
 * Its binary comes by an install script, which some npm settings forbid.
 */
export async function targetNode() {
  const binary = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (await answersVersion(binary)) return binary;
  await step('Fetching Node 24 (npm rebuild node)', () =>
    npm(['rebuild', 'node', '--ignore-scripts=false'], { cwd: ROOT, timeoutMs: INSTALL_TIMEOUT_MS }),
  );
  if (await answersVersion(binary)) return binary;
  say(
    `! Node 24 could not be installed from npm (are install scripts forbidden?). Going on with this machine's ` +
      `${process.version}: the router then runs without its durable store where node:sqlite is missing.`,
  );
  return process.execPath;
}

/** @param {string} binary */
async function answersVersion(binary) {
  try {
    const { code, output } = await run(binary, ['--version'], { timeoutMs: 20_000 });
    return code === 0 && output.startsWith('v');
  } catch {
    return false;
  }
}

/**
 * Installs, then runs a TypeScript file of this repository on the target Node in this terminal.
 * @param {string} file relative to the repository
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export async function installAndRun(file, args) {
  try {
    await install();
    return await inherit(await targetNode(), ['--import', TSX, join(ROOT, file), ...args]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** @param {string} command @param {readonly string[]} args @returns {Promise<number>} */
function inherit(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: ROOT });
    // Ctrl+C reaches the child by itself; this process waits until it has tidied up.
    process.on('SIGINT', () => undefined);
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
