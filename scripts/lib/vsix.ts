import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { tail } from './npm.mjs';
import { run } from './run.mjs';

const ROOT = resolve(__dirname, '..', '..');
const VSCE = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
const PACKAGE = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
const TIMEOUT_MS = 3 * 60_000;

/** No VSIX is larger, in bytes. The pictures of the README, which people see before they install, are 75 KB of it. */
export const VSIX_BUDGET = 490 * 1024;

/** Paths of all files that go into the VSIX, relative to the repository, sorted. `dist/` must be built. */
export async function vsixFiles(): Promise<string[]> {
  const output = await vsce(['ls', '--no-dependencies'], ROOT);
  const files = output.split('\n').map((line) => line.trim());
  return files.filter((line) => /^[\w.-]+(?:\/[\w.-]+)*$/.test(line)).toSorted();
}

/**
 * Packs the repository, building it first.
 * @param out the VSIX; default `thread-lens-<version>.vsix` in the repository
 * @returns its path and size in bytes
 * @throws Error with what vsce said, or when it is larger than `VSIX_BUDGET`
 */
export async function packRepository(out?: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const file = resolve(out ?? join(ROOT, `thread-lens-${version}.vsix`));
  await vsce([...PACKAGE, '--out', file], ROOT);
  const { size } = await stat(file);
  if (size > VSIX_BUDGET) throw new Error(`${file}: expected at most ${VSIX_BUDGET} bytes, received ${size}; \`unzip -v\` shows what takes room`);
  return { file, bytes: size };
}

/**
 * Packs what is built, without building, in a folder of its own.
 * @param folder an empty one
 * @param version of the VSIX; default that of the repository
 */
export async function packBuilt(folder: string, version?: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const copy = join(folder, 'extension');
  for (const path of await vsixFiles()) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await cp(join(ROOT, path), join(copy, path));
  }
  const { scripts: _notHere, devDependencies: _neither, ...manifest } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(copy, 'package.json'), JSON.stringify({ ...manifest, version: version ?? manifest['version'] }, undefined, 2));
  const file = join(folder, 'thread-lens.vsix');
  await vsce([...PACKAGE, '--out', file], copy);
  return { file, bytes: (await stat(file)).size };
}

async function vsce(args: readonly string[], cwd: string): Promise<string> {
  // What it starts (npm, and that node) are those that run this.
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const { code, output, timedOut } = await run(process.execPath, [VSCE, ...args], { cwd, timeoutMs: TIMEOUT_MS, env: { ...process.env, PATH: path } });
  if (timedOut) throw new Error(`vsce ${args[0]} did not end within ${TIMEOUT_MS / 60_000} minutes:\n${tail(output)}`);
  if (code !== 0) throw new Error(`vsce ${args[0]} failed with exit code ${code}:\n${tail(output)}`);
  return output;
}
