import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { Report } from '../report';
import { median } from '../report';

const MEGABYTE = 1_000_000;
/** `TRACE_BENCH_MB` asks for a smaller log. */
const LOG_BYTES = Number(process.env['TRACE_BENCH_MB'] ?? 1000) * MEGABYTE;
const ROUNDS = 3;
const THREAD = '13679e4dcc38403a';
const RUN = `thread_${THREAD}_run_1756919162904_9adf1f09`;
const NEVER = 'thread_0f0e0d0c0b0a0908_run_1756919162904_0c0ffee0';

/** The sample logs over and over with other IDs and users, and in the middle, once, as they are. */
function writeLog(file: string): void {
  const samples = 'test/fixtures/samples';
  const seed = readFileSync(join(samples, 'seed_bug_before_fix_info_level.log'));
  const text = readdirSync(samples).map((name) => readFileSync(join(samples, name), 'utf8')).join('\n').replaceAll(THREAD, '0123456789abcdef');
  let state = 1;
  const parts: Buffer[] = [];
  for (let bytes = 0; bytes < 16 * MEGABYTE; bytes += parts.at(-1)?.length ?? 0) {
    const next = (): string => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state.toString(16).padStart(8, '0');
    };
    parts.push(Buffer.from(`${text.replaceAll(/[0-9a-f]{8}(?![0-9a-f])/g, next).replaceAll(/\bu1\b/g, () => `u${next()}`)}\n`));
  }
  const block = Buffer.concat(parts);
  const fd = openSync(file, 'w');
  try {
    let isWritten = false;
    for (let bytes = 0; bytes < LOG_BYTES; bytes += block.length) {
      writeSync(fd, block, 0, Math.min(block.length, LOG_BYTES - bytes));
      if (isWritten || bytes < LOG_BYTES / 2) continue;
      writeSync(fd, '\n');
      writeSync(fd, seed);
      isWritten = true;
    }
  } finally {
    closeSync(fd);
  }
}

interface Run {
  readonly seconds: number;
  readonly peakMb: number;
  readonly lines: number;
  readonly passes: number;
}

/** A process of its own, so that its peak of memory is its own. */
function traceIn(program: string, id: string, file: string): Run {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, id, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`expected the trace to end, received status ${status}: ${stderr}`);
  return JSON.parse(stdout) as Run;
}

/** Wall seconds of a search for the same ID by the fastest tool there is. */
function baseline(file: string): { readonly name: string; readonly seconds: number; readonly peakMb: number } {
  const hasRipgrep = spawnSync('rg', ['--version']).status === 0;
  const [tool, args] = hasRipgrep ? ['rg', ['--no-config', '-a', '-n', '-F', THREAD, file]] : ['grep', ['-a', '-n', '-F', THREAD, file]];
  const name = hasRipgrep ? 'rg -n -F' : 'grep -n -F';
  const seconds = Array.from({ length: ROUNDS }, () => {
    const begin = performance.now();
    const { status } = spawnSync(tool, args, { maxBuffer: 1 << 26 });
    if (status !== 0) throw new Error(`expected ${tool} to find ${THREAD}, received status ${status}`);
    return (performance.now() - begin) / 1000;
  });
  return { name, seconds: median(seconds), peakMb: NaN };
}

/** A 1 GB log: throughput beside ripgrep's on the same file in the same run, and memory that a small log needs, too. */
export async function run(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trace-bench-'));
  try {
    const program = resolve('out/bench/trace/trace-program.cjs');
    buildSync({ entryPoints: [join(__dirname, 'trace-program.ts')], outfile: program, bundle: true, platform: 'node', target: 'node22', format: 'cjs', logLevel: 'warning' });
    const file = join(folder, 'big.log');
    writeLog(file);
    const small = resolve('test/fixtures/samples/seed_bug_before_fix_info_level.log');
    const searched = baseline(file);
    const size = LOG_BYTES / MEGABYTE;
    report({ name: `${searched.name}, ${size} MB`, value: size / searched.seconds, unit: 'MB/s' });
    const runs = (id: string, log: string): Run[] => Array.from({ length: ROUNDS }, () => traceIn(program, id, log));
    const seconds = (all: readonly Run[]): number => median(all.map((one) => one.seconds));
    const once = runs(NEVER, file);
    report({ name: 'trace of an ID that is not there: one pass', value: size / seconds(once), unit: 'MB/s', ratio: searched.seconds / seconds(once), baseline: `speed of ${searched.name}` });
    const found = runs(RUN, file);
    const [first] = found;
    if (first === undefined || first.lines !== 29) throw new Error(`expected 29 lines, received ${first?.lines}`);
    report({
      name: `trace that learns its connections: ${first.lines} lines, ${first.passes} passes`,
      value: size / seconds(found),
      unit: 'MB/s of log',
      ratio: searched.seconds / seconds(found),
      baseline: `speed of ${searched.name}, which makes one pass`,
    });
    const peak = median(found.map(({ peakMb }) => peakMb));
    const smallPeak = median(runs(RUN, small).map(({ peakMb }) => peakMb));
    report({ name: 'peak RSS, log of 14 kB', value: smallPeak, unit: 'MB' });
    report({ name: `peak RSS, log of ${size} MB`, value: peak, unit: 'MB', ratio: peak / smallPeak, baseline: 'of that for 14 kB: flat' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await Promise.resolve();
}
