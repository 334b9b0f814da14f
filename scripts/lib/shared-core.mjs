// Lets bundles that are loaded late share one copy of src/core, `dist/core.js`: the failure catalogue alone is a quarter of each otherwise.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CORE = resolve(ROOT, 'src', 'core');
const NAMESPACE = 'shared-core';
const FILE = './core.js';

/** `import { a, type B, c as d } from '…'` and `export { … } from '…'`; not `import type`. */
const NAMED = /^(?:import|export) \{([^}]*)\} from '([^']+)';/gm;

/** The name of a module of core inside the shared file: its path there. @param {string} file */
const nameOf = (file) => relative(CORE, file).split(sep).join('/').replace(/\.ts$/, '');

/** @param {string} file */
const isCore = (file) => file.startsWith(CORE + sep);

/** What a module of core is in a bundle: what the shared file has under its name. @param {string} name */
const loaded = (name) => `module.exports = require(${JSON.stringify(FILE)})[${JSON.stringify(name)}];`;

/**
 * The same, but the shared file is loaded when the bundle first uses it.
 * @param {string} name
 * @param {Iterable<string>} values what the bundle uses of it
 */
const lazilyLoaded = (name, values) => `
  let loaded;
  for (const value of ${JSON.stringify([...values].join(' '))}.split(' ')) {
    Object.defineProperty(exports, value, { enumerable: true, get: () => (loaded ??= require(${JSON.stringify(FILE)})[${JSON.stringify(name)}])[value] });
  }`;

/**
 * @param {(name: string) => string} contents of a module of core
 * @returns {import('esbuild').Plugin}
 */
const pluginOf = (contents) => ({
  name: NAMESPACE,
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, namespace }) => {
      if (namespace === NAMESPACE) return { path: FILE, external: true };
      const file = resolve(resolveDir, path);
      return isCore(file) ? { path: nameOf(file), namespace: NAMESPACE } : undefined;
    });
    bundle.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({ contents: contents(path), resolveDir: CORE }));
  },
});

/** In a bundle: takes every module of core from the shared file, which lies beside it. */
export const sharedCore = pluginOf(loaded);

/**
 * In a bundle that is loaded early: the same, when it first uses one.
 * @param {import('esbuild').BuildOptions} bundle with `sharedCore`
 * @returns {Promise<import('esbuild').Plugin>} instead of `sharedCore`
 */
export async function lateSharedCore(bundle) {
  const used = await usedOfCore([bundle]);
  return pluginOf((name) => lazilyLoaded(name, used.get(name) ?? []));
}

/**
 * The target that builds the shared file, with what the bundles use and nothing else.
 * @param {import('esbuild').BuildOptions} options those of the bundles that share it
 * @param {readonly import('esbuild').BuildOptions[]} bundles
 * @returns {Promise<import('esbuild').BuildOptions>}
 */
export async function sharedCoreTarget(options, bundles) {
  const modules = Array.from(await usedOfCore(bundles), ([name, values], index) => ({ name, index, values: [...values] }));
  const imports = modules.map(({ name, index, values }) => `import { ${values.map((value) => `${value} as ${value}${index}`).join(', ')} } from './${name}';`);
  const exported = modules.map(({ name, index, values }) => `const m${index} = { ${values.map((value) => `${value}: ${value}${index}`).join(', ')} };\nexport { m${index} as ${JSON.stringify(name)} };`);
  return { ...options, stdin: { contents: [...imports, ...exported].join('\n'), resolveDir: CORE, sourcefile: 'core.js' }, outfile: 'dist/core.js' };
}

/**
 * What bundles take from core by name, module by module; types left out.
 * @param {readonly import('esbuild').BuildOptions[]} bundles
 * @returns {Promise<Map<string, Set<string>>>}
 */
async function usedOfCore(bundles) {
  const built = await Promise.all(bundles.map((bundle) => build({ ...bundle, absWorkingDir: ROOT, write: false, metafile: true })));
  const sources = new Set(built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})).filter((input) => !input.startsWith(NAMESPACE)));
  /** @type {Map<string, Set<string>>} */
  const used = new Map();
  for (const source of sources) {
    const file = resolve(ROOT, source);
    for (const [, names = '', path = ''] of readFileSync(file, 'utf8').matchAll(NAMED)) {
      const module = resolve(dirname(file), path);
      if (!path.startsWith('.') || !isCore(module)) continue;
      const values = names.split(',').map((name) => name.trim().replace(/ as .*$/, '')).filter((name) => name !== '' && !name.startsWith('type '));
      if (values.length === 0) continue;
      const known = used.get(nameOf(module)) ?? new Set();
      used.set(nameOf(module), known);
      for (const value of values) known.add(value);
    }
  }
  return used;
}
