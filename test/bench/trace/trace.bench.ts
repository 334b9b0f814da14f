import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { median, type Report } from '../report';

const MEGABYTE = 1_000_000;
/** `TRACE_BENCH_MB` asks for a smaller log. */
const LOG_BYTES = Number(process.env['TRACE_BENCH_MB'] ?? 1000) * MEGABYTE;
const ROUNDS = 5;
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

interface Tool {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The fastest tools there are for the same search. Mapping a file into memory, as ripgrep does, spares a copy; a stream cannot. */
function searchTools(file: string): readonly Tool[] {
  const args = ['-a', '-n', '-F', THREAD, file];
  if (spawnSync('rg', ['--version']).status !== 0) return [{ name: 'grep -n -F', command: 'grep', args }];
  return [
    { name: 'rg -n -F', command: 'rg', args: ['--no-config', ...args] },
    { name: 'rg -n -F --no-mmap', command: 'rg', args: ['--no-config', '--no-mmap', ...args] },
  ];
}

/** Wall seconds. */
function timeTool({ command, args }: Tool): number {
  const begin = performance.now();
  const { status } = spawnSync(command, args, { maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`expected ${command} to find ${THREAD}, received status ${status}`);
  return (performance.now() - begin) / 1000;
}

/** A 1 GB log: throughput beside ripgrep's on the same file in the same run, and memory that a small log needs, too. */
export function run(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trace-bench-'));
  try {
    const program = resolve('out/bench/trace/trace-program.cjs');
    buildSync({ entryPoints: [join(__dirname, 'trace-program.ts')], outfile: program, bundle: true, platform: 'node', target: 'node22', format: 'cjs', logLevel: 'warning' });
    const file = join(folder, 'big.log');
    writeLog(file);
    const small = resolve('test/fixtures/samples/seed_bug_before_fix_info_level.log');
    const tools = searchTools(file);
    const searched = tools.map((): number[] => []);
    const once: number[] = [];
    const found: Run[] = [];
    // In turns, and the best of each: what else the machine does only makes them slower.
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, tool] of tools.entries()) searched[i]?.push(timeTool(tool));
      once.push(traceIn(program, NEVER, file).seconds);
      found.push(traceIn(program, RUN, file));
    }
    const size = LOG_BYTES / MEGABYTE;
    for (const [i, tool] of tools.entries()) report({ name: `${tool.name}, ${size} MB`, value: size / Math.min(...(searched[i] ?? [])), unit: 'MB/s' });
    const compare = (name: string, seconds: number, remark: string): void => {
      for (const [i, tool] of tools.entries()) {
        report({ name, value: size / seconds, unit: 'MB/s', ratio: Math.min(...(searched[i] ?? [])) / seconds, baseline: `speed of ${tool.name}${remark}` });
      }
    };
    compare('trace of an ID that is not there: one pass', Math.min(...once), '');
    const [first] = found;
    if (first?.lines !== 29) throw new Error(`expected 29 lines, received ${first?.lines}`);
    const name = `trace that learns its connections: ${first.lines} lines, ${first.passes} passes`;
    compare(name, Math.min(...found.map(({ seconds }) => seconds)), ', which makes one pass');
    const peak = median(found.map(({ peakMb }) => peakMb));
    const smallPeak = median(Array.from({ length: ROUNDS }, () => traceIn(program, RUN, small).peakMb));
    report({ name: 'peak RSS, log of 14 kB', value: smallPeak, unit: 'MB' });
    report({ name: `peak RSS, log of ${size} MB`, value: peak, unit: 'MB', ratio: peak / smallPeak, baseline: 'of that for 14 kB: flat' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return Promise.resolve();
}
