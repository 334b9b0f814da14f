// The fuzz and model tests for as long as one likes: npm run test:long -- [--minutes N] [FILE...]
import { parseArgs } from 'node:util';
import { run } from './lib/run.mjs';

/** They take their time from THREAD_LENS_LONG_MINUTES, see test/harness/property-runs.ts: each property of the model, and all of the fuzzing together. */
const FILES = ['test/unit/router/model/random-operations.test.ts', 'test/unit/fuzz/every-parser.test.ts', 'test/workbench/command-arguments.test.ts'];
const USUAL_MINUTES = 10;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { minutes: { type: 'string', default: String(USUAL_MINUTES) } }, allowPositionals: true });
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error(`--minutes expects a number up to 1440; received ${JSON.stringify(values.minutes)}`);
  const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--require', 'tsx/cjs', '--require', './test/fast-check-seed.ts', '--timeout', '20000', ...(positionals.length > 0 ? positionals : FILES)];
  const { code } = await run(process.execPath, mocha, {
    inherit: true,
    env: { ...process.env, THREAD_LENS_LONG_MINUTES: String(minutes), FAST_CHECK_SEED: process.env['FAST_CHECK_SEED'] ?? 'random' },
  });
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
