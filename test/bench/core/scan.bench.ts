import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanText } from '../../../src/core';
import { median, type Report, timeInTurns } from '../report';

const MEGABYTE = 1_000_000;
const LOG_BYTES = 100 * MEGABYTE;
const ROUNDS = 3;
const PATTERN = '\\b(?:thread|run|conn)_[A-Za-z0-9_-]+';

/** The sample logs over and over, each time with other IDs, so that nothing profits from having seen them. */
function makeLog(): Buffer {
  const samples = 'test/fixtures/samples';
  const text = readdirSync(samples).map((file) => readFileSync(join(samples, file), 'utf8')).join('\n');
  const parts: Buffer[] = [];
  let bytes = 0;
  let state = 1;
  while (bytes < LOG_BYTES) {
    const part = Buffer.from(
      text.replaceAll(/[0-9a-f]{8}(?![0-9a-f])/g, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state.toString(16).padStart(8, '0');
      }),
    );
    parts.push(part);
    bytes += part.length;
  }
  return Buffer.concat(parts);
}

function countIds(text: string): number {
  let ids = 0;
  for (const id of scanText(text)) if (id.length > 0) ids++;
  return ids;
}

function countMatches(text: string): number {
  let matches = 0;
  const pattern = new RegExp(PATTERN, 'g');
  while (pattern.test(text)) matches++;
  return matches;
}

/** CPU seconds in what the shell's `times` prints last: user and system time of its children, e.g. `0m1.250s 0m0.040s`. */
function childrenSeconds(times: string): number {
  const [line = ''] = times.trim().split('\n').slice(-1);
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** CPU milliseconds of `rg -o` over the same bytes, or undefined where it is not installed. ASCII boundaries are its faster ones. */
function timeRipgrep(log: Buffer): number | undefined {
  if (spawnSync('rg', ['--version']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'scan-bench-'));
  try {
    writeFileSync(join(folder, 'big.log'), log);
    const script = `rg --no-config -a -o -N --no-filename '(?-u)${PATTERN}' big.log >/dev/null; times`;
    const times = Array.from({ length: ROUNDS }, () => childrenSeconds(spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' }).stdout) * 1000);
    return median(times);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Texts that make each part of the scan work hardest. Twice the text must take twice the time. */
const WORST = ['_', 'thread_', 'run_a_', 'thread_-', 'x_thread_', 'm_[1;', 'thread_a-', 'thread_1.', 'thread_alice(', 'conn__'];

function reportDoubling(report: Report): void {
  for (const unit of WORST) {
    const texts = [4, 16].map((size) => Buffer.from(unit.repeat(Math.ceil((size * MEGABYTE) / unit.length)), 'latin1').toString('latin1'));
    const times = timeInTurns(3, texts.map((text) => () => countIds(text)));
    const [once = NaN, fourTimes = NaN] = times;
    report({ name: `"${unit}" repeated, 4 MB`, value: once, unit: 'CPU ms', ratio: fourTimes / once, baseline: 'time of 16 MB to 4 MB: 4 is linear' });
  }
}

/** DESIGN 6: a 100 MB log at 300 MB/s, or a third of the speed of `rg -o` in the same run. */
export async function run(report: Report): Promise<void> {
  const log = makeLog();
  const texts = [log.toString('utf8'), log.toString('latin1')] as const;
  let ids = 0;
  const times = timeInTurns(ROUNDS, [
    ...texts.map((text) => () => (ids = countIds(text))),
    ...texts.map((text) => () => countMatches(text)),
  ]);
  const speed = (ms: number | undefined): number => log.length / MEGABYTE / ((ms ?? NaN) / 1000);
  const ripgrep = timeRipgrep(log);
  if (ripgrep !== undefined) report({ name: 'rg -o for three prefixes, 100 MB', value: speed(ripgrep), unit: 'MB/s' });
  for (const [i, encoding] of ['UTF-16 string (the log holds arrows and emoji)', 'one-byte string'].entries()) {
    const ours = times[i] ?? NaN;
    const regExp = times[i + 2] ?? NaN;
    report({ name: `RegExp for three prefixes, ${encoding}`, value: speed(regExp), unit: 'MB/s' });
    report({ name: `scanText, ${encoding}`, value: speed(ours), unit: 'MB/s', ratio: regExp / ours, baseline: 'speed of the RegExp' });
    if (ripgrep !== undefined) report({ name: `scanText, ${encoding}`, value: speed(ours), unit: 'MB/s', ratio: ripgrep / ours, baseline: 'speed of rg -o (budget: 0.33, or 300 MB/s)' });
  }
  report({ name: 'IDs found', value: ids, unit: `in ${(log.length / MEGABYTE).toFixed(0)} MB` });
  reportDoubling(report);
}
