import Mocha from 'mocha';
import CountReporter from './count-reporter.cjs';

/** Printed first; everything before it came from the workbench. */
export const SUITE_BEGINS = '--- host suites begin';

const TEST_TIMEOUT_MS = 30_000;

/**
 * Runs host suites inside the extension host.
 * @param suites file names, and what loads each of them; they call `describe` and `it` while they load
 * @throws Error when a test failed or there was none
 */
export async function runSuites(suites: ReadonlyArray<readonly [string, () => unknown]>): Promise<void> {
  console.log(SUITE_BEGINS);
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: CountReporter,
    timeout: TEST_TIMEOUT_MS,
    color: false,
    forbidOnly: true,
  });
  for (const [file, load] of suites) {
    mocha.suite.emit('pre-require', globalThis, file, mocha);
    mocha.suite.emit('require', load(), file, mocha);
    mocha.suite.emit('post-require', globalThis, file, mocha);
  }
  if (mocha.suite.total() === 0) throw new Error(`expected host tests, found none in ${suites.length} files`);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} host tests failed`);
}
