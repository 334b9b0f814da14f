import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { tail } from './npm.mjs';
import { run } from './run.mjs';

const ROOT = resolve(__dirname, '..', '..');
const VSCE = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
const PACKAGE = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
const TIMEOUT_MS = 3 * 60_000;

/** JSON that nobody opens as it is packed needs no white space. */
const READ_BY_PROGRAMS = /^package\.nls\.json$|\.schema\.json$/;

/** No VSIX is larger, in bytes (DESIGN 6 wants 400 KB). */
export const VSIX_BUDGET = 400 * 1024;

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
 * @throws Error with what the build or vsce said, or when it is larger than `VSIX_BUDGET`
 */
export async function packRepository(out?: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const file = resolve(out ?? join(ROOT, `thread-lens-${version}.vsix`));
  await node([join(ROOT, 'esbuild.mjs'), '--production'], ROOT);
  const folder = await mkdtemp(join(tmpdir(), 'thread-lens-vsix-'));
  try {
    const packed = await packBuilt(folder);
    await cp(packed.file, file);
    if (packed.bytes > VSIX_BUDGET) throw new Error(`${file}: expected at most ${VSIX_BUDGET} bytes, received ${packed.bytes}; \`unzip -v\` shows what takes room`);
    return { file, bytes: packed.bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
    if (READ_BY_PROGRAMS.test(path)) await writeFile(join(copy, path), JSON.stringify(JSON.parse(await readFile(join(ROOT, path), 'utf8'))));
    else await cp(join(ROOT, path), join(copy, path));
  }
  const { scripts: _notHere, devDependencies: _neither, ...manifest } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(copy, 'package.json'), JSON.stringify({ ...manifest, version: version ?? manifest['version'] }));
  await writeFile(join(copy, 'README.md'), withoutPictures(await readFile(join(ROOT, 'README.md'), 'utf8')));
  const file = join(folder, 'thread-lens.vsix');
  await vsce([...PACKAGE, '--out', file], copy);
  return { file, bytes: (await stat(file)).size };
}

/** VS Code shows only pictures from https addresses on the page of an extension: ours would be holes there, and a sixth of the VSIX. */
function withoutPictures(readme: string): string {
  return readme.replaceAll(/^!\[[^\]\n]*\]\((?!https:)[^)\n]+\)\n\n/gm, '');
}

function vsce(args: readonly string[], cwd: string): Promise<string> {
  return node([VSCE, ...args], cwd);
}

async function node(args: readonly string[], cwd: string): Promise<string> {
  // What it starts (npm, and that node) are those that run this.
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const { code, output, timedOut } = await run(process.execPath, args, { cwd, timeoutMs: TIMEOUT_MS, env: { ...process.env, PATH: path } });
  const name = basename(args[0] ?? '');
  if (timedOut) throw new Error(`${name} ${args[1]} did not end within ${TIMEOUT_MS / 60_000} minutes:\n${tail(output)}`);
  if (code !== 0) throw new Error(`${name} ${args[1]} failed with exit code ${code}:\n${tail(output)}`);
  return output;
}
