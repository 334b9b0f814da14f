import { join } from 'node:path';
import { statSync } from 'node:fs';
import { ROOT } from '../../harness/repository';
import { measureInHost } from '../measure-in-host';
import { median, type Report } from '../report';
import { MEASURED, type Activation } from './measured';

const WINDOWS = 5;
const MAX_WINDOWS = 10;
const SUITE = join(__dirname, 'activation-suite.ts');

/** Activation in fresh windows of a real VS Code, and the sizes of what ships (DESIGN 6). Needs `npm run build` first. */
export async function run(report: Report): Promise<void> {
  for (const [file, budgetKb] of [['extension.js', 120], ['router.js', 120]] as const) {
    const kb = statSync(join(ROOT, 'dist', file)).size / 1024;
    report({ name: `size of dist/${file}`, value: kb, unit: 'KB', ratio: kb / budgetKb, baseline: `of ${budgetKb} KB` });
  }
  const measured: Activation[] = [];
  for (let window = 0; window < MAX_WINDOWS && measured.length < WINDOWS; window++) {
    const activation = await measureInHost<Activation>(SUITE, MEASURED);
    if (!activation.wasActive) measured.push(activation);
  }
  if (measured.length < WINDOWS) throw new Error(`only ${measured.length} of ${MAX_WINDOWS} windows were measured before they activated`);
  const ms = median(measured.map((each) => each.ms));
  report({ name: `activate(), median of ${WINDOWS} windows`, value: ms, unit: 'ms', ratio: ms / 20, baseline: 'of 20 ms' });
  report({ name: 'activate(), worst', value: Math.max(...measured.map((each) => each.ms)), unit: 'ms' });
  const heap = median(measured.map((each) => each.heapMb));
  report({ name: 'heap added by activate(), median', value: heap, unit: 'MiB', ratio: heap / 2, baseline: 'of 2 MiB' });
}
