// Mocha's `spec` reporter that also writes the counts of each test file, as JSON, to the file THREAD_LENS_TEST_RESULTS
// names. With THREAD_LENS_TEST_LINGER it ends a process that outlives its tests by so many milliseconds, and says what is
// still open. CommonJS because mocha loads reporters by `require` and wants the class itself.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

module.exports = class CountReporter extends Mocha.reporters.Spec {
  /** @param {Mocha.Runner} runner @param {Mocha.MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    /** @type {Record<string, { passed: number, failed: number, skipped: number }>} */
    const files = {};
    for (const [event, count] of /** @type {const} */ ([[EVENT_TEST_PASS, 'passed'], [EVENT_TEST_FAIL, 'failed'], [EVENT_TEST_PENDING, 'skipped']])) {
      runner.on(event, (/** @type {Mocha.Runnable} */ test) => {
        const counts = (files[fileOf(test)] ??= { passed: 0, failed: 0, skipped: 0 });
        counts[count]++;
      });
    }
    runner.once(EVENT_RUN_END, () => {
      const file = process.env['THREAD_LENS_TEST_RESULTS'];
      if (file === undefined) return;
      writeFileSync(file, JSON.stringify(files));
      const linger = Number(process.env['THREAD_LENS_TEST_LINGER'] ?? 0);
      if (linger > 0) setTimeout(() => endLeftOver(linger), linger).unref();
    });
  }
};

/** The file of a test; a hook has that of its suite. @param {Mocha.Runnable} test */
function fileOf(test) {
  let file = test.file;
  for (let suite = test.parent; file === undefined && suite; suite = suite.parent) file = suite.file;
  return file ?? '';
}

/** @param {number} linger */
function endLeftOver(linger) {
  const open = process.getActiveResourcesInfo();
  process.stderr.write(`The tests ended ${linger / 1000} s ago, but the process did not; still open: ${open.join(', ')}\n`);
  process.exit(1);
}
