// Lets bundles share one copy of some modules: a file of their own that lies beside them in `dist/`.
import { relative, resolve, sep } from 'node:path';

/**
 * In a bundle: takes the modules from the shared file.
 * @param {string} file name of the shared file in `dist/`
 * @param {string} root folder of the modules
 * @param {readonly string[]} names of the modules, as paths below it without `.ts`
 * @param {readonly string[]} packages that are in the file, too
 * @returns {import('esbuild').Plugin}
 */
export function sharedModules(file, root, names, packages = []) {
  const shared = { path: `./${file}`, external: true, sideEffects: false };
  return {
    name: `shared ${file}`,
    setup(bundle) {
      bundle.onResolve({ filter: /^[\w@]/ }, ({ path, kind }) => (kind !== 'entry-point' && packages.includes(path) ? shared : undefined));
      bundle.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => (names.includes(relative(root, resolve(resolveDir, path)).split(sep).join('/')) ? shared : undefined));
    },
  };
}

/**
 * The target that builds the shared file.
 * @param {import('esbuild').BuildOptions} options those of the bundles that share it
 * @param {string} file
 * @param {string} root
 * @param {readonly string[]} names
 * @param {readonly string[]} more lines that export something else
 * @returns {import('esbuild').BuildOptions}
 */
export function sharedModulesTarget(options, file, root, names, more = []) {
  const contents = [...more, ...names.map((name) => `export * from './${name}';`)].join('\n');
  return { ...options, stdin: { contents, resolveDir: root, sourcefile: file }, outfile: `dist/${file}` };
}
