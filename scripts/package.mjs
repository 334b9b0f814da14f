// `npm run package`: installs what is missing, builds and packs the VSIX; its last line says where it is.
import { installAndRun } from './lib/install.mjs';

process.exitCode = await installAndRun('scripts/run-package.ts', process.argv.slice(2));
