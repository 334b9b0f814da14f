import { FormatTable } from '../../../src/core/index';
import { analyseSource } from '../../../src/workbench/insight/source/analyse-source';
import type { SourceFinding, SourceReport } from '../../../src/workbench/insight/source/finding';

export function analyse(source: string, language: 'python' | 'script', table: FormatTable = FormatTable.builtIn): SourceReport {
  const work = analyseSource(source, language, table);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

export function python(source: string): SourceReport {
  return analyse(source, 'python');
}

export function script(source: string): SourceReport {
  return analyse(source, 'script');
}

/** Findings as `rule: what stands there`. */
export function told({ findings, findingsInRouting }: SourceReport): string[] {
  return [...findings, ...findingsInRouting].map(({ rule, received }) => `${rule}: ${received}`);
}

/** The source after a fix. */
export function fixed(source: string, finding: SourceFinding | undefined, kind: string): string {
  const fix = finding?.fixes.find((candidate) => candidate.kind === kind);
  if (!fix) throw new Error(`expected a fix ${kind}, received ${JSON.stringify(finding?.fixes.map((each) => each.kind))}`);
  return fix.changes.toReversed().reduce((text, { start, end, text: code }) => text.slice(0, start) + code + text.slice(end), source);
}
