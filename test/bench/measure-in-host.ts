import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { runHostSuite } from '../harness/host-suite';
import { ROOT } from '../harness/repository';
import { temporaryFolder } from '../harness/temporary-folder';

/**
 * Runs a suite in the extension host of a fresh window and answers what it printed.
 * @param source the suite; exports `run`
 * @param prefix begins the line with the figures, as JSON
 * @param options.extensionPath the extension under measure; default this one
 * @param options.extensionsDir folder of further installed extensions
 */
export async function measureInHost<T>(
  source: string,
  prefix: string,
  options: { extensionPath?: string; extensionsDir?: string } = {},
): Promise<T> {
  const suite = join(ROOT, 'out', 'bench', `${basename(source, '.ts')}.cjs`);
  await build({
    entryPoints: [source],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const workspace = await temporaryFolder();
  let line: string | undefined;
  const { output } = await runHostSuite({
    extensionPath: ROOT,
    ...options,
    suite,
    workspace: workspace.path,
    print: (text) => {
      if (text.startsWith(prefix)) line = text.slice(prefix.length);
    },
  });
  await workspace.remove();
  if (line === undefined) throw new Error(`nothing was measured:\n${output}`);
  return JSON.parse(line) as T;
}
