// Lets Stryker run mocha in its own process: Stryker's own runner asks for internals that mocha 12 no longer has.
// Files are loaded once; mutants are switched on and off between runs, so static ones are left out (`ignoreStatic`).
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, DryRunStatus, TestStatus, toMutantRunResult } from '@stryker-mutator/api/test-runner';

const SPECS = ['ids', 'resolution', 'registry'].map((area) => `test/unit/core/${area}/**/*.test.ts`);
const stryker = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

class MochaRunner {
  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    const load = createRequire(resolve('package.json'));
    load('tsx/cjs');
    // A mutant is killed by the first counterexample; looking for the smallest takes longer than all the rest.
    load('fast-check').configureGlobal({ endOnFailure: true });
    const { default: Mocha } = load('mocha');
    this.mocha = new Mocha({
      timeout: 0,
      reporter: function silent() {},
      rootHooks: {
        beforeEach() {
          stryker.currentTestId = this.currentTest.fullTitle();
        },
      },
    });
    this.mocha.cleanReferencesAfterRun(false);
    for (const file of globSync(SPECS).sort()) this.mocha.addFile(resolve(file));
    this.mocha.loadFiles();
  }

  async dryRun() {
    // The instrumented files hold the coverage object since they were loaded: it must not be replaced.
    stryker.currentTestId = undefined;
    const result = await this.#run(undefined, false);
    return { ...result, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit }) {
    stryker.activeMutant = activeMutant.id;
    stryker.hitLimit = hitLimit;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    const result = await this.#run(testFilter, !disableBail);
    return determineHitLimitReached(stryker.hitCount, hitLimit) ?? toMutantRunResult(result);
  }

  async #run(testFilter, bail) {
    const tests = [];
    this.mocha.grep(testFilter ? new RegExp(`^(?:${testFilter.map(escape).join('|')})$`) : /(?:)/);
    this.mocha.bail(bail);
    this.mocha.suite.bail(bail);
    await new Promise((done) => {
      const runner = this.mocha.run(done);
      const report = (status) => (test, error) =>
        tests.push({
          id: test.fullTitle(),
          name: test.fullTitle(),
          timeSpentMs: test.duration ?? 0,
          fileName: test.file,
          status,
          ...(status === TestStatus.Failed ? { failureMessage: String(error?.stack ?? error) } : {}),
        });
      runner.on('pass', report(TestStatus.Success));
      runner.on('fail', report(TestStatus.Failed));
    });
    return { status: DryRunStatus.Complete, tests };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'mocha-in-process', MochaRunner)];
