// `npm test`: installs what is missing and runs every stage; the last line is `N passed, N failed`.
import { installAndRun } from './lib/install.mjs';

process.exitCode = await installAndRun('scripts/run-tests.ts', process.argv.slice(2));
