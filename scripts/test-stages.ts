import { delimiter, dirname, join } from 'node:path';
import { bundleHostSuites } from '../test/harness/host-bundle';
import { runHostSuite } from '../test/harness/host-suite';
import { copyDemo, ROOT } from '../test/harness/repository';
import { countTests, type TestCounts, withTestCounts } from '../test/harness/test-counts';
import { TSX } from './lib/install.mjs';
import { run } from './lib/run.mjs';

export interface StageResult {
  readonly passed: number;
  /** At least 1 when anything went wrong, also when there was nothing to run. */
  readonly failed: number;
  readonly skipped?: number;
  readonly output: string;
  /** One more thing to say when it went well. */
  readonly note?: string;
  /** What was printed by tests that failed, and passed when their files ran once more. */
  readonly unsteady?: string;
}

export interface Stage {
  readonly name: string;
  readonly title: string;
  /** Whether it runs in a real VS Code. */
  readonly needsEditor: boolean;
  readonly run: (options: { electron: boolean }) => Promise<StageResult>;
}

const MINUTE = 60_000;
/** Output is held back until a stage has failed, so its programs cannot see for themselves whether it is for a terminal. */
const COLOURS: Readonly<Record<string, string>> = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
/** A test process that ends later than this after its tests left something open. */
const LINGER_MS = 10_000;
const MOCHA = [
  'node_modules/mocha/bin/mocha.js',
  process.stdout.isTTY ? '--color' : '--no-color',
  '--reporter',
  join('test', 'harness', 'count-reporter.cjs'),
];

const E2E = [
  ...MOCHA,
  '--no-config',
  '--forbid-only',
  '--require=tsx/cjs',
  '--require=./test/harness/failure-screenshots.ts',
  `--timeout=${2 * MINUTE}`,
];
/** With more files that fail, it is no accident of a busy machine. */
const MOST_FILES_AGAIN = 3;

export const STAGES: readonly Stage[] = [
  { name: 'build', title: 'production bundles within their budgets', needsEditor: false, run: () => tool(['esbuild.mjs', '--production']) },
  {
    name: 'lint',
    title: 'oxlint',
    needsEditor: false,
    run: () => tool(['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings']),
  },
  { name: 'types', title: 'tsc', needsEditor: false, run: () => tool(['node_modules/typescript/bin/tsc', '-b']) },
  { name: 'unit', title: 'units and the workbench on a fake VS Code', needsEditor: false, run: () => mocha(MOCHA, 15 * MINUTE) },
  { name: 'host', title: 'suites in the extension host of a real VS Code', needsEditor: true, run: ({ electron }) => (electron ? electronHost() : host()) },
  { name: 'e2e', title: 'a real VS Code driven through a browser', needsEditor: true, run: e2e },
];

/** Runs a Node program of this repository; tests that start `node` get this one. */
function node(args: readonly string[], timeoutMs: number, env: Readonly<Record<string, string>> = {}): ReturnType<typeof run> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  return run(process.execPath, args, { cwd: ROOT, timeoutMs, env: { ...process.env, PATH: path, ...COLOURS, ...env } });
}

/** A program that says by its exit code whether all is well; counts as one test. */
async function tool(args: readonly string[]): Promise<StageResult> {
  const { code, output, timedOut } = await node(args, 5 * MINUTE);
  const ok = code === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output: timedOut ? `${output}\nnot done after 5 minutes` : output };
}

async function mocha(args: readonly string[], timeoutMs: number): Promise<StageResult & { readonly files?: TestCounts['files'] }> {
  const { result, counts } = await withTestCounts((env) => node(args, timeoutMs, { ...env, THREAD_LENS_TEST_LINGER: String(LINGER_MS) }));
  const { code, output, timedOut } = result;
  if (timedOut) return { passed: 0, failed: 1, output: `${output}\nnot done after ${timeoutMs / MINUTE} minutes` };
  if (counts === undefined) return { passed: 0, failed: 1, output: `${output}\nmocha ended with exit code ${code} before its tests did` };
  return { ...verdict({ ...counts, exitCode: code, output }), files: counts.files };
}

/** A browser on a busy machine can be late for a test: files with failures run once more, by themselves. What then passes is told. */
async function e2e(): Promise<StageResult> {
  const first = await mocha([...E2E, 'test/e2e/**/*.test.ts'], 20 * MINUTE);
  const failing = Object.entries(first.files ?? {}).flatMap(([file, { failed }]) => (failed > 0 ? [file] : []));
  if (failing.length === 0 || failing.length > MOST_FILES_AGAIN) return first;
  const second = await mocha([...E2E, ...failing], 20 * MINUTE);
  const output = `${first.output}\n--- once more: ${failing.join(', ')}\n${second.output}`;
  if (second.failed > 0) return { ...first, output };
  return { ...verdict({ ...countTests({ ...first.files, ...second.files }), exitCode: 0, output }), unsteady: first.output };
}

async function host(): Promise<StageResult> {
  const suite = await bundleHostSuites();
  const once = async (): Promise<StageResult> => {
    const workspace = await copyDemo();
    const result = await runHostSuite({ extensionPath: ROOT, suite, workspace, settings: { 'threadLens.router.port': 0 }, timeoutMs: 5 * MINUTE });
    return { ...verdict(result), note: 'in browser-based VS Code' };
  };
  const first = await once();
  if (first.failed === 0) return first;
  const second = await once();
  return second.failed > 0 ? first : { ...second, unsteady: first.output };
}

async function electronHost(): Promise<StageResult> {
  const suite = await bundleHostSuites();
  const workspace = await copyDemo();
  const args = ['--import', TSX, 'scripts/run-electron.ts', suite, workspace];
  return { ...(await mocha(args, 15 * MINUTE)), note: 'in desktop VS Code' };
}

/** A run without tests, or with an exit code that does not fit its counts, has failed. */
function verdict(ended: { passed: number; failed: number; skipped: number; exitCode: number; output: string }): StageResult {
  const { passed, failed, skipped, exitCode, output } = ended;
  if (passed + failed === 0) return { passed, failed: 1, skipped, output: `${output}\nexpected tests, found none` };
  if (failed === 0 && exitCode !== 0) return { passed, failed: 1, skipped, output: `${output}\nall tests passed, but the exit code is ${exitCode}` };
  return { passed, failed, skipped, output };
}
