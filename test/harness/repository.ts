import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { temporaryFolder } from './temporary-folder';

/** Root folder of the repository; also the extension's folder. */
export const ROOT = resolve(__dirname, '..', '..');

/** Downloads that outlive a run, keyed by version; ignored by git. */
export const CACHE = join(ROOT, '.cache');

/**
 * A copy of the demo workspace to open and change, without its settings, so that no router starts by itself; deleted when
 * this process ends. Answers its path.
 */
export async function copyDemo(): Promise<string> {
  const { path } = await temporaryFolder();
  const workspace = join(path, 'demo');
  await cp(join(ROOT, 'demo'), workspace, { recursive: true, filter: (source) => !source.endsWith('.vscode') });
  return workspace;
}
