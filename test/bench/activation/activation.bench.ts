import { readFileSync, statSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packBuilt, VSIX_BUDGET } from '../../../scripts/lib/vsix';
import { ROOT } from '../../harness/repository';
import { temporaryFolder } from '../../harness/temporary-folder';
import { measureInHost } from '../measure-in-host';
import { median, type Report } from '../report';
import { BASELINE_ID, MEASURED, type Activations } from './measured';

const WINDOWS = 5;
const BUDGET_MS = 20;
const BUDGET_MB = 2;

/** Activation in fresh windows of a real VS Code, and the sizes of what ships (DESIGN 6). Needs `npm run build` first. */
export async function run(report: Report): Promise<void> {
  for (const file of ['extension.js', 'router.js']) {
    const kb = statSync(join(ROOT, 'dist', file)).size / 1024;
    report({ name: `size of dist/${file}`, value: kb, unit: 'KB', ratio: kb / 120, baseline: 'of 120 KB' });
  }
  const { path, remove } = await temporaryFolder();
  const vsix = join(path, 'vsix');
  await mkdir(vsix);
  const packed = (await packBuilt(vsix)).bytes;
  report({ name: 'size of the VSIX', value: packed / 1024, unit: 'KB', ratio: packed / VSIX_BUDGET, baseline: `of ${VSIX_BUDGET / 1024} KB` });
  const extension = await copyExtension(path);
  const extensionsDir = await writeBaseline(path);
  const measured: Activations[] = [];
  for (let window = 0; window < WINDOWS; window++) {
    measured.push(await measureInHost<Activations>(join(__dirname, 'activation-suite.ts'), MEASURED, { extensionPath: extension, extensionsDir }));
  }
  await remove();
  const own = measured.map((each) => each.own);
  const ms = median(own.map((each) => each.ms));
  report({ name: 'activating an extension that does nothing, median', value: median(measured.map((each) => each.baseline.ms)), unit: 'ms' });
  report({ name: `activate(), median of ${WINDOWS} windows`, value: ms, unit: 'ms', ratio: ms / BUDGET_MS, baseline: `of ${BUDGET_MS} ms` });
  report({ name: 'activate(), worst', value: Math.max(...own.map((each) => each.ms)), unit: 'ms' });
  const heap = median(own.map((each) => each.heapMb));
  report({ name: 'heap added by activate(), median', value: heap, unit: 'MiB', ratio: heap / BUDGET_MB, baseline: `of ${BUDGET_MB} MiB` });
}

/** The extension as it ships, but for its activation event: with it the window activates the extension while it starts. */
async function copyExtension(folder: string): Promise<string> {
  const copy = join(folder, 'thread-lens');
  for (const part of ['dist', 'media', 'l10n', 'package.nls.json']) await cp(join(ROOT, part), join(copy, part), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(copy, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  return copy;
}

async function writeBaseline(folder: string): Promise<string> {
  const [publisher, name] = BASELINE_ID.split('.');
  const extensions = join(folder, 'extensions');
  const baseline = join(extensions, 'baseline');
  await mkdir(baseline, { recursive: true });
  const manifest = { name, publisher, version: '1.0.0', engines: { vscode: '^1.101.0' }, main: './main.js', activationEvents: [] };
  await writeFile(join(baseline, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(baseline, 'main.js'), 'exports.activate = () => {};\n');
  return extensions;
}
