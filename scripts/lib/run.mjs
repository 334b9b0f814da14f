// Starts programs in process groups of their own and never leaves one behind. Node built-ins only.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const END_WITH_PARENT = fileURLToPath(new URL('end-with-parent.cjs', import.meta.url));

/** Groups that still run, ended when this process ends. @type {Set<import('node:child_process').ChildProcess>} */
const live = new Set();

const SIGNALS = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 });

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onOutput?: (text: string) => void, inherit?: boolean }} RunOptions */
/** @typedef {{ code: number, output: string, timedOut: boolean }} RunResult `output` is stdout and stderr as they came. */

/**
 * Starts a program in its own process group; the group ends with this process at the latest.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
  live.add(child);
  child.once('exit', () => live.delete(child));
  child.once('error', () => live.delete(child));
  return child;
}

/**
 * Starts a long-running Node program, which ends also when this process is killed by force.
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function startNode(args, options = {}) {
  return start(process.execPath, ['--require', END_WITH_PARENT, ...args], options);
}

/**
 * Ends a program started here together with everything it started.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function endGroup(child, signal = 'SIGTERM') {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Ends a program and waits until it is gone: politely first, then by force.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function stop(child, graceMs = 3000) {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    endGroup(child);
    const force = setTimeout(() => endGroup(child, 'SIGKILL'), graceMs);
    await gone;
    clearTimeout(force);
  }
  // What the leader started may outlive it.
  endGroup(child, 'SIGKILL');
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  const { cwd, env, timeoutMs, onOutput, inherit = false } = options;
  return new Promise((resolve, reject) => {
    const child = start(command, args, {
      cwd,
      env,
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file there, which only a shell starts.
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    });
    let output = '';
    let timedOut = false;
    const take = (/** @type {Buffer} */ chunk) => {
      const text = chunk.toString();
      output += text;
      onOutput?.(text);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            endGroup(child, 'SIGKILL');
          }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output, timedOut });
    });
  });
}

process.on('exit', () => {
  for (const child of live) endGroup(child, 'SIGKILL');
});
for (const [signal, code] of Object.entries(SIGNALS)) {
  process.on(signal, () => {
    if (process.listenerCount(signal) > 1) return; // Somebody else tidies up and then exits.
    for (const child of live) endGroup(child);
    process.exit(code);
  });
}
