import { globSync, readFileSync } from 'node:fs';
import { FormatTable } from '../../../src/core';
import { analyseSource } from '../../../src/workbench/insight/source/analyse-source';
import { type Report, timeInTurns } from '../report';

const ROUNDS = 5;
const WORST = ['f"{', '`${', '(', '{', '"thread_" + ', 'run_(', '{x = '];
const UNITS = 40_000;

function analyse(source: string, language: 'python' | 'script'): number {
  const work = analyseSource(source, language, FormatTable.builtIn);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value.findings.length;
}

/** The least that reading a program takes: each of its words once. */
function countWords(source: string): number {
  let words = 0;
  const word = /[A-Za-z_$][\w$]*|\d+|"[^"\n]*"|'[^'\n]*'|[^\s\w]/g;
  while (word.test(source)) words++;
  return words;
}

/** Analysis of source beside a regular expression that only counts words, and how the worst texts grow. */
export async function run(report: Report): Promise<void> {
  const sources = globSync('src/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  const bytes = sources.reduce((sum, { length }) => sum + length, 0);
  const [own = NaN, words = NaN] = timeInTurns(ROUNDS, [() => sources.map((source) => analyse(source, 'script')), () => sources.map(countWords)]);
  report({ name: "analysis of this repository's sources", value: bytes / 1000 / own, unit: 'MB/CPU s', ratio: words / own, baseline: 'speed of a RegExp that counts words' });
  let worst = 0;
  for (const unit of WORST) {
    for (const language of ['python', 'script'] as const) {
      const [once = NaN, twice = NaN] = timeInTurns(ROUNDS, [1, 2].map((times) => () => analyse(`thread_id ${unit.repeat(UNITS * times)}`, language)));
      worst = Math.max(worst, twice / Math.max(once, 1));
    }
  }
  report({ name: 'worst text, twice as long', value: worst, unit: 'times the time' });
}
