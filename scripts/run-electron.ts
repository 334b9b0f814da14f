// Runs the host suites in a desktop VS Code, which is downloaded at the first use: `npm run test:electron`.
// Arguments: the bundle of the suites, the workspace to open.
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { CACHE, ROOT } from '../test/harness/repository';
import { temporaryFolder } from '../test/harness/temporary-folder';

const INSTEAD = '`npm test` runs the same suites in a browser-based VS Code, which comes from npm and needs no screen.';

async function main(): Promise<void> {
  const [suite, workspace] = process.argv.slice(2);
  if (suite === undefined || workspace === undefined) throw new Error('expected two arguments: suite bundle, workspace');
  if (process.platform === 'linux' && process.env['DISPLAY'] === undefined && process.env['WAYLAND_DISPLAY'] === undefined) {
    throw new Error(`A desktop VS Code needs a screen; expected DISPLAY or WAYLAND_DISPLAY. \`xvfb-run -a npm run test:electron\` makes one. ${INSTEAD}`);
  }
  const vscodeExecutablePath = await download();
  const { path } = await temporaryFolder();
  const results = process.env['THREAD_LENS_TEST_RESULTS'];
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: suite,
    // The extension host is not ours to end.
    extensionTestsEnv: { THREAD_LENS_TEST_RESULTS: results, THREAD_LENS_TEST_LINGER: undefined },
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${path}`, ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

/** The path of the newest VS Code, kept for the next time. @throws Error that says what to do without a network */
async function download(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(CACHE, 'vscode-desktop') });
  } catch (error) {
    throw new Error(`VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)}). Expected a connection to update.code.visualstudio.com; HTTPS_PROXY names a proxy. ${INSTEAD}`, { cause: error });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
