// `npm run test:long`: the fuzz and model tests for minutes instead of moments, on new inputs.
import { installAndRun } from './lib/install.mjs';

process.exitCode = await installAndRun('scripts/run-long.ts', process.argv.slice(2));
