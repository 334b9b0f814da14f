import { globSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './repository';

/** Where `bundleHostSuites` writes: the `extensionTestsPath` of VS Code. */
const HOST_BUNDLE = join(ROOT, 'out', 'host', 'index.js');

/**
 * Bundles every test/host/**\/*.test.ts with the mocha runner into one file that exports `run`, as VS Code wants it in
 * the browser and on the desktop alike.
 */
export function bundleHostSuites(): Promise<string> {
  return bundleSuites(globSync('test/host/**/*.test.ts', { cwd: ROOT }).toSorted(), HOST_BUNDLE);
}

/**
 * Bundles mocha suites for an extension host.
 * @param files relative to the repository
 * @param outfile below out/
 */
export async function bundleSuites(files: readonly string[], outfile: string): Promise<string> {
  const suites = files.map((file) => `[${JSON.stringify(file)}, () => require(${JSON.stringify(join(ROOT, file))})]`);
  await build({
    stdin: {
      contents: `import { runSuites } from './host-runner';\nexport const run = () => runSuites([${suites.join(', ')}]);\n`,
      resolveDir: __dirname,
      sourcefile: 'host-suites.ts',
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    // mocha must be the one and only; it is found from out/ upwards.
    external: ['vscode', 'mocha', 'ws'],
    logLevel: 'warning',
  });
  return outfile;
}
