// Lets the router and what is loaded late share one copy of what hides secrets: `dist/redaction.js`.
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const CORE = fileURLToPath(new URL('../../src/core', import.meta.url));
const FILE = './redaction.js';

/** Modules of `src/core`. They export no classes, and names of what they export differ. */
const SHARED = ['events/redact', 'events/redact-body', 'events/redact-text', 'events/secret-keys', 'json/rewrite-json'];

/**
 * In a bundle: takes these modules from the shared file, which lies beside it.
 * @type {import('esbuild').Plugin}
 */
export const sharedRedaction = {
  name: 'shared-redaction',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => (SHARED.includes(relative(CORE, resolve(resolveDir, path)).split(sep).join('/')) ? { path: FILE, external: true, sideEffects: false } : undefined));
  },
};

/**
 * The target that builds the shared file.
 * @param {import('esbuild').BuildOptions} options those of the bundles that share it
 * @returns {import('esbuild').BuildOptions}
 */
export function sharedRedactionTarget(options) {
  const contents = SHARED.map((name) => `export * from './${name}';`).join('\n');
  return { ...options, stdin: { contents, resolveDir: CORE, sourcefile: 'redaction.js' }, outfile: 'dist/redaction.js' };
}
