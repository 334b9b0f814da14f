import { globSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './repository';

/** Where `bundleHostSuites` writes: the `extensionTestsPath` of VS Code. */
export const HOST_BUNDLE = join(ROOT, 'out', 'host', 'index.js');

/**
 * Bundles every test/host/**\/*.test.ts with the mocha runner into one file that exports `run`, as VS Code wants it in
 * the browser and on the desktop alike.
 */
export async function bundleHostSuites(): Promise<string> {
  const files = globSync('test/host/**/*.test.ts', { cwd: ROOT }).toSorted();
  const suites = files.map((file) => `[${JSON.stringify(file)}, () => require(${JSON.stringify(join(ROOT, file))})]`);
  await build({
    stdin: {
      contents: `import { runSuites } from './host-runner';\nexport const run = () => runSuites([${suites.join(', ')}]);\n`,
      resolveDir: __dirname,
      sourcefile: 'host-suites.ts',
      loader: 'ts',
    },
    outfile: HOST_BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    // mocha must be the one and only; it is found from out/ upwards.
    external: ['vscode', 'mocha', 'ws'],
    logLevel: 'warning',
  });
  return HOST_BUNDLE;
}
