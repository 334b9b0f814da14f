// Builds dist/: the extension, what it loads at first use, the router (worker and command in one file), what it loads to run scenarios and to work
// on recordings (also a worker), what those that are loaded late share, and the webview. `--production` minifies and
// checks the size budgets; `--watch` rebuilds on change.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { build, context } from 'esbuild';
import { COMMON, NODE } from './scripts/lib/bundle-options.mjs';
import { lateSharedCore, sharedCore, sharedCoreTarget } from './scripts/lib/shared-core.mjs';
import { sharedRedaction, sharedRedactionTarget } from './scripts/lib/shared-redaction.mjs';
import { sharedServer, sharedServerTarget } from './scripts/lib/shared-server.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const KB = 1024;
// Of the router, delivery, the tap, the store, inspection and the original's behaviours are the largest parts.
const BUDGETS = { 'dist/extension.js': 90 * KB, 'dist/router.js': 256 * KB, 'dist/recordings.js': 64 * KB, 'dist/traffic.js': 64 * KB };

const mode = { minify: production, sourcemap: production ? false : 'linked', metafile: true };
const shared = { ...COMMON, ...mode };
const node = { ...NODE, ...mode };

const extension = { ...node, entryPoints: { extension: 'src/extension.ts' }, external: ['vscode'], outdir: 'dist', plugins: [sharedCore] };

const lazy = [
  { ...node, entryPoints: { insight: 'src/workbench/insight/insight.ts' }, outdir: 'dist', plugins: [sharedCore] },
  { ...node, entryPoints: { scenarios: 'src/router/scenario/scenarios.ts' }, outdir: 'dist', plugins: [sharedCore] },
  { ...node, entryPoints: { recordings: 'src/router/recording/recordings.ts' }, outdir: 'dist', plugins: [sharedCore, sharedServer] },
];

const targets = [
  // Activation needs nothing of core: it is loaded for the first hover, link or command.
  { ...extension, plugins: [await lateSharedCore(extension)] },
  { ...node, entryPoints: { router: 'src/router/main.ts' }, outdir: 'dist', plugins: [sharedServer, sharedRedaction] },
  sharedServerTarget(node),
  sharedRedactionTarget(node),
  ...lazy,
  await sharedCoreTarget({ ...node, plugins: [sharedRedaction] }, [extension, ...lazy]),
  {
    ...shared,
    entryPoints: { traffic: 'src/webview/traffic.ts' },
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    outdir: 'dist',
  },
].filter(({ entryPoints }) => entryPoints === undefined || existsSync(Object.values(entryPoints)[0]));

/** Prints each bundle's size beside its budget; throws when one is over. */
async function checkBudgets(results) {
  const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
  await mkdir('out', { recursive: true });
  await writeFile('out/metafile.json', JSON.stringify({ outputs }));
  const over = [];
  for (const [file, { bytes }] of Object.entries(outputs)) {
    if (!file.endsWith('.js')) continue;
    const budget = BUDGETS[file];
    console.log(`${file}  ${(bytes / KB).toFixed(1)} KB${budget ? ` of ${budget / KB} KB` : ''}`);
    if (budget && bytes > budget) over.push(`${file} is ${bytes} bytes, its budget is ${budget}`);
  }
  if (over.length > 0) throw new Error(over.join('\n'));
}

if (watch) {
  for (const target of targets) await (await context(target)).watch();
  console.log('watching src/');
} else {
  const results = await Promise.all(targets.map((target) => build(target)));
  if (production) await checkBudgets(results);
}
