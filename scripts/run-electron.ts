// Runs the host suites in a desktop VS Code, which is downloaded at the first use: `npm run test:electron`.
// Arguments: the bundle of the suites, the workspace to open.
import { runTests } from '@vscode/test-electron';
import { ROOT } from '../test/harness/repository';
import { temporaryFolder } from '../test/harness/temporary-folder';

async function main(): Promise<void> {
  const [suite, workspace] = process.argv.slice(2);
  if (suite === undefined || workspace === undefined) throw new Error('expected two arguments: suite bundle, workspace');
  const { path } = await temporaryFolder();
  const results = process.env['THREAD_LENS_TEST_RESULTS'];
  await runTests({
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: suite,
    // The extension host is not ours to end.
    extensionTestsEnv: { THREAD_LENS_TEST_RESULTS: results, THREAD_LENS_TEST_LINGER: undefined },
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${path}`],
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
