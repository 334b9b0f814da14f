import { buildSync } from 'esbuild';
import { basename, resolve } from 'node:path';
import { NODE } from '../../scripts/lib/bundle-options.mjs';

/** Bundles a program as the router is bundled, with what stands in for ws's native helper, and answers the file. */
export function asShipped(source: string): string {
  const outfile = resolve('out/bench', `${basename(source, '.ts')}.cjs`);
  buildSync({ ...NODE, entryPoints: [source], outfile });
  return outfile;
}
