import { format } from 'node:util';
import { SUITE_BEGINS } from './host-runner';
import { withTestCounts, type TestCounts } from './test-counts';
import { startVsCode, type VsCode, type VsCodeOptions } from './vscode';

const SUITE_TIMEOUT_MS = 5 * 60_000;

export interface HostSuiteOptions extends Omit<VsCodeOptions, 'extensionPath' | 'extensionTests'> {
  /** Folder of the extension under development. */
  readonly extensionPath: string;
  /** File that exports `run`; see `bundleHostSuites`. */
  readonly suite: string;
  /** Receives what the suite prints, line by line. */
  readonly print?: (line: string) => void;
  readonly timeoutMs?: number;
}

export interface HostSuiteResult extends TestCounts {
  /** 0 when every test passed. */
  readonly exitCode: number;
  /** What the suite printed, and what the server said when it went wrong. */
  readonly output: string;
}

/** Runs a mocha suite in the extension host of a real VS Code. */
export async function runHostSuite(options: HostSuiteOptions): Promise<HostSuiteResult> {
  const { extensionPath, suite, print, timeoutMs = SUITE_TIMEOUT_MS, ...vscodeOptions } = options;
  let lines: string[] = [];
  const say = (line: string): void => {
    if (line === SUITE_BEGINS) lines = []; // What the workbench said before is of interest only when no suite began.
    else lines.push(line);
    print?.(line);
  };
  const { result: exitCode, counts } = await withTestCounts(async (env) => {
    const vscode = await startVsCode({ ...vscodeOptions, env: { ...env, ...vscodeOptions.env }, extensionTests: true });
    try {
      const code = await runInPage(vscode, extensionPath, suite, say, timeoutMs);
      if (code !== 0) say(`--- VS Code server\n${vscode.log}`);
      return code;
    } finally {
      await vscode.stop();
    }
  });
  if (counts === undefined) say('the suite ended before mocha did');
  return { exitCode, output: lines.join('\n'), ...(counts ?? { passed: 0, failed: 1, skipped: 0, files: {} }) };
}

async function runInPage(
  vscode: VsCode,
  extensionPath: string,
  suite: string,
  say: (line: string) => void,
  timeoutMs: number,
): Promise<number> {
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  const timer = setTimeout(() => {
    say(`the suite did not end within ${timeoutMs / 1000} s`);
    end(1);
  }, timeoutMs);
  await vscode.openPage({
    payload: [
      ['extensionDevelopmentPath', vscode.remoteUri(extensionPath)],
      ['extensionTestsPath', vscode.remoteUri(suite)],
    ],
    // The workbench calls these two for what the suite prints and how it ends.
    prepare: async (page) => {
      await page.exposeFunction('codeAutomationLog', (_level: string, args: unknown[]) => say(format(...args)));
      await page.exposeFunction('codeAutomationExit', (code: number) => end(code));
      page.on('crash', () => {
        say('the page crashed');
        end(1);
      });
    },
  });
  const code = await ended;
  clearTimeout(timer);
  return code;
}
