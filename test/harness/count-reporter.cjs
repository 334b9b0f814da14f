// Mocha's `spec` reporter that also writes the counts, as JSON, to the file THREAD_LENS_TEST_RESULTS names. With
// THREAD_LENS_TEST_LINGER it ends a process that outlives its tests by so many milliseconds, and says what is still open.
// CommonJS because mocha loads reporters by `require` and wants the class itself.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class CountReporter extends Mocha.reporters.Spec {
  /** @param {Mocha.Runner} runner @param {Mocha.MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env['THREAD_LENS_TEST_RESULTS'];
      if (file === undefined) return;
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
      const linger = Number(process.env['THREAD_LENS_TEST_LINGER'] ?? 0);
      if (linger > 0) setTimeout(() => endLeftOver(linger), linger).unref();
    });
  }
};

/** @param {number} linger */
function endLeftOver(linger) {
  const open = process.getActiveResourcesInfo();
  process.stderr.write(`The tests ended ${linger / 1000} s ago, but the process did not; still open: ${open.join(', ')}\n`);
  process.exit(1);
}
