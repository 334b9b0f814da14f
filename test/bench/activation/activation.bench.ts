import { join } from 'node:path';
import { build } from 'esbuild';
import { statSync } from 'node:fs';
import { runHostSuite } from '../../harness/host-suite';
import { ROOT } from '../../harness/repository';
import { temporaryFolder } from '../../harness/temporary-folder';
import { median, type Report } from '../report';
import { MEASURED, type Activation } from './measured';

const WINDOWS = 5;
const MAX_WINDOWS = 10;
const SUITE = join(ROOT, 'out', 'bench', 'activation-suite.cjs');

/** Activation in fresh windows of a real VS Code, and the sizes of what ships (DESIGN 6). Needs `npm run build` first. */
export async function run(report: Report): Promise<void> {
  for (const [file, budgetKb] of [['extension.js', 120], ['router.js', 120]] as const) {
    const kb = statSync(join(ROOT, 'dist', file)).size / 1024;
    report({ name: `size of dist/${file}`, value: kb, unit: 'KB', ratio: kb / budgetKb, baseline: `of ${budgetKb} KB` });
  }
  await build({
    entryPoints: [join(__dirname, 'activation-suite.ts')],
    outfile: SUITE,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const measured: Activation[] = [];
  for (let window = 0; window < MAX_WINDOWS && measured.length < WINDOWS; window++) {
    const activation = await activateOnce();
    if (!activation.wasActive) measured.push(activation);
  }
  if (measured.length < WINDOWS) throw new Error(`only ${measured.length} of ${MAX_WINDOWS} windows were measured before they activated`);
  const ms = median(measured.map((each) => each.ms));
  report({ name: `activate(), median of ${WINDOWS} windows`, value: ms, unit: 'ms', ratio: ms / 20, baseline: 'of 20 ms' });
  report({ name: 'activate(), worst', value: Math.max(...measured.map((each) => each.ms)), unit: 'ms' });
  const heap = median(measured.map((each) => each.heapMb));
  report({ name: 'heap added by activate(), median', value: heap, unit: 'MiB', ratio: heap / 2, baseline: 'of 2 MiB' });
}

async function activateOnce(): Promise<Activation> {
  const workspace = await temporaryFolder();
  let line: string | undefined;
  const { output } = await runHostSuite({
    extensionPath: ROOT,
    suite: SUITE,
    workspace: workspace.path,
    print: (text) => {
      if (text.startsWith(MEASURED)) line = text.slice(MEASURED.length);
    },
  });
  await workspace.remove();
  if (line === undefined) throw new Error(`nothing was measured:\n${output}`);
  return JSON.parse(line) as Activation;
}
