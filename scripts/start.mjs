// `npm start`: installs what is missing, builds, and opens the demo workspace in VS Code with live traffic.
import { installAndRun } from './lib/install.mjs';

process.exitCode = await installAndRun('scripts/run-start.ts', process.argv.slice(2));
