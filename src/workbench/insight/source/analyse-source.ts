import type { FormatTable } from '../../../core/index';
import { argumentFindings } from './argument-rules';
import { buildOutline, SLICE } from './build-outline';
import type { SourceFinding, SourceReport } from './finding';
import { formatResults } from './format-rules';
import { speaksOfRouting } from './id-words';
import { lexerFor } from './lex';
import type { Language } from './outline';
import type { Token } from './token';

/** Files beyond this, in UTF-16 units, are data or bundles. */
export const MAX_SOURCE = 1024 * 1024;

const NOTHING: SourceReport = { findings: [], findingsInRouting: [], generators: [], speaksOfRouting: false };

/**
 * Looks for the faults of FIELD_GUIDE 6.1 that show in source text. A generator, so that the caller decides when to go on: it
 * yields between slices of work. Linear in the length of the source; never throws on any text.
 */
export function* analyseSource(source: string, language: Language, table: FormatTable): Generator<undefined, SourceReport, undefined> {
  if (source.length > MAX_SOURCE || !mayMatter(source)) return NOTHING;
  const lexer = lexerFor(source, language);
  const tokens: Token[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) {
    tokens.push(token);
    if (tokens.length % SLICE === 0) yield undefined;
  }
  const outline = yield* buildOutline(source, tokens, language);
  yield undefined;
  const given = [...argumentFindings(outline)];
  const of = (isCertain: boolean): SourceFinding[] => given.filter((each) => each.isCertain === isCertain).map(({ finding }) => finding);
  yield undefined;
  const formats = formatResults(outline, table);
  const names = new Set(tokens.filter((token) => token.kind === 'name').map((token) => token.value));
  return {
    findings: [...of(true), ...formats.certain].toSorted((a, b) => a.start - b.start),
    findingsInRouting: [...of(false), ...formats.findings].toSorted((a, b) => a.start - b.start),
    generators: formats.generators,
    speaksOfRouting: [...names].some(speaksOfRouting),
  };
}

/** Most files have nothing to do with runs and threads; they cost one search. */
function mayMatter(source: string): boolean {
  return /thread|run_|run[iI]d|conn(?:ection)?(?:_id|I[dD])|IDManager/i.test(source);
}
