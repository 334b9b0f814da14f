import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { NODE } from '../../scripts/lib/bundle-options.mjs';
import { ROOT } from './repository';

/**
 * Bundles the router from the sources under test as it ships, with what lies beside it.
 * @param folder for the files
 * @returns the router's file
 */
export async function bundleRouter(folder: string, options: BuildOptions = {}): Promise<string> {
  await build({
    ...NODE,
    absWorkingDir: ROOT,
    entryPoints: { router: 'src/router/main.ts', scenarios: 'src/router/scenario/scenarios.ts', recordings: 'src/router/recording/recordings.ts' },
    outdir: folder,
    ...options,
  });
  return join(folder, 'router.js');
}
