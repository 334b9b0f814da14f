/**
 * Makes the tests of a suite steps that build on each other: after one that failed, the rest of the suite is skipped.
 * Mocha's `bail` would leave out every later suite that has it, too, and say nothing of them.
 */
export function stepByStep(suite: Mocha.Suite): void {
  let broken = false;
  suite.beforeEach(function () {
    if (broken) this.skip();
  });
  suite.afterEach(function () {
    broken ||= this.currentTest?.state === 'failed';
  });
}
