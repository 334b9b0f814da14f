/** Runs every `*.bench.ts` below this folder, or those whose path holds an argument, one after the other, and prints their figures. */
import { buildSync } from 'esbuild';
import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { BenchRow, Report } from './report';

function isBench(module: unknown): module is { run(report: Report): Promise<void> } {
  return typeof module === 'object' && module !== null && 'run' in module && typeof module.run === 'function';
}

function print({ name, value, unit, ratio, baseline }: BenchRow): void {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  const compared = ratio === undefined ? '' : `${ratio.toFixed(2)}x  ${baseline ?? ''}`;
  console.log(`  ${name.padEnd(62)} ${value.toFixed(digits).padStart(10)} ${unit.padEnd(16)} ${compared}`.trimEnd());
}

/**
 * Core is measured as it ships, bundled: run from its sources, every function made on the way would be named anew, which costs
 * more than what it does. The other benchmarks start processes of their own from where they stand.
 */
function toRun(file: string): string {
  const source = join(__dirname, file);
  if (!file.startsWith('core')) return source;
  const outfile = resolve('out/bench', file.replace(/\.ts$/, '.cjs'));
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', target: 'node22', format: 'cjs', logLevel: 'warning' });
  return outfile;
}

async function main(wanted: readonly string[]): Promise<void> {
  const files = globSync('**/*.bench.ts', { cwd: __dirname }).sort().filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
  if (files.length === 0) throw new Error(`no benchmark matches ${wanted.join(', ')}`);
  for (const file of files) {
    const module: unknown = await import(toRun(file));
    if (!isBench(module)) throw new Error(`${file}: expected an exported function "run"`);
    console.log(`\n${relative('.', file)}`);
    await module.run(print);
  }
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
