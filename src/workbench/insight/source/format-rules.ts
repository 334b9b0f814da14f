import { extractByIdManager, extractByRunIdGenerator, extractByU4, extractThreadId, FormatTable, isValidThreadId, readRunId } from '../../../core/index';
import type { GeneratorSite, SourceFinding, SourceFix } from './finding';
import { isGenerator, wordsOf } from './id-words';
import { idTemplates, type IdTemplate } from './id-template';
import type { Outline } from './outline';
import { type HoleSample, SAMPLE_THREAD, sampleIds, sampleOf } from './sample-id';
import type { Hole, Piece } from './token';

export interface FormatRuleResults {
  /** Wrong wherever it stands. */
  readonly certain: readonly SourceFinding[];
  readonly findings: readonly SourceFinding[];
  readonly generators: readonly GeneratorSite[];
}

const isHole = (piece: Piece): piece is Hole => typeof piece !== 'string';

/** What is wrong with the IDs that a program puts together, and which formats it mints. */
export function formatResults(outline: Outline, table: FormatTable): FormatRuleResults {
  const certain: SourceFinding[] = [];
  const findings: SourceFinding[] = [];
  const generators: GeneratorSite[] = [];
  const prefixed = prefixedNames(outline);
  for (const template of idTemplates(outline)) {
    const samples = template.pieces.filter(isHole).map((hole) => sampleOf(hole, outline.language));
    const doubled = doubledPrefix(outline, template, prefixed);
    if (doubled) certain.push(doubled);
    const hyphen = hyphenInThread(outline, template, samples);
    if (hyphen) findings.push(hyphen);
    const shape = shapeOf(template);
    // In `thread_run_{n}` nothing stands where the thread should: somebody names a loop.
    const isRun = shape.startsWith('run_') || shape.indexOf('_run_', 'thread_'.length) !== -1;
    if (!isRun || samples.length === 0) continue;
    const unreadable = unreadableRunId(outline, template, samples, table);
    if (unreadable) findings.push(unreadable);
    const site = generatorSite(template, samples, table);
    if (site) generators.push(site);
  }
  return { certain, findings, generators };
}

/** The template as people write it: `run_{thread_id}_{now}`. */
function shapeOf({ pieces }: IdTemplate): string {
  return pieces.map((piece) => (isHole(piece) ? `{${piece.source.length > 40 ? '…' : piece.source}}` : piece)).join('');
}

/** A run ID with its thread in it, of which no parser of any era makes that thread. */
function unreadableRunId(outline: Outline, template: IdTemplate, samples: readonly HoleSample[], table: FormatTable): SourceFinding | undefined {
  const last = template.pieces.at(-1);
  // What ends in a separator is the beginning of an ID, to compare with.
  if (typeof last === 'string' && last.endsWith('_')) return undefined;
  const thread = samples.findIndex((sample) => sample.is === 'thread');
  if (thread === -1) return undefined;
  // The variable may hold the thread with or without its prefix; one of them has to work.
  for (const text of [SAMPLE_THREAD, `thread_${SAMPLE_THREAD}`]) {
    const held = samples.map((sample, i) => (i === thread ? { ...sample, text } : sample));
    for (const id of sampleIds(template.pieces, held)) if (isReadable(id, table)) return undefined;
  }
  const { start, end } = template;
  return { rule: 'unreadable-run-id', start, end, received: shapeOf(template), context: '', fixes: generatorFix(outline, template, thread) };
}

function isReadable(id: string, table: FormatTable): boolean {
  // A table's own formats stand before the built-in ones, some of which only recognise what no parser takes apart.
  const own = table.formats.slice(0, table.formats.length - FormatTable.builtIn.formats.length);
  const answers = [
    extractThreadId(id, 'fix')?.threadId,
    extractThreadId(id, 'unified')?.threadId,
    extractByIdManager(id),
    extractByRunIdGenerator(id),
    extractByU4(id).text,
    ...own.map((format) => format.read(id)?.threadId),
  ];
  return answers.some((answer) => answer === SAMPLE_THREAD || answer === `thread_${SAMPLE_THREAD}`);
}

function generatorFix(outline: Outline, { pieces, start, end }: IdTemplate, thread: number): SourceFix[] {
  const hole = pieces.filter(isHole)[thread];
  const name = [...outline.imported].find(isGenerator) ?? outline.functions.find((definition) => isGenerator(definition.name) && definition.indent === 0 && !definition.isAsync)?.name;
  if (!hole || name === undefined) return [];
  // Inside the generator itself the call would never end.
  const own = outline.functions.find((definition) => definition.name === name);
  if (own) return [];
  const code = `${name}(${hole.source})`;
  return [{ kind: 'generate', code, changes: [{ start, end, text: code }] }];
}

function generatorSite(template: IdTemplate, samples: readonly HoleSample[], table: FormatTable): GeneratorSite | undefined {
  // Only what is new each time mints; `f"run_{name}"` looks up a method.
  if (!samples.some((sample) => sample.is === 'hex' || sample.is === 'uuid' || sample.is === 'time')) return undefined;
  const [id = ''] = sampleIds(template.pieces, samples);
  const [best] = readRunId(id, { table });
  if (!best) return undefined;
  return { format: best.format, shape: shapeOf(template), namesThread: best.threadId !== undefined, start: template.start, end: template.end };
}

/** F8: a thread ID that holds a hyphen for certain: written out, or of a UUID as it comes. */
function hyphenInThread(outline: Outline, template: IdTemplate, samples: readonly HoleSample[]): SourceFinding | undefined {
  const { pieces, start, end } = template;
  const [first] = pieces;
  if (typeof first !== 'string' || !first.startsWith('thread_')) return undefined;
  const finding = { rule: 'hyphen', start, end, received: shapeOf(template), context: '' } as const;
  if (pieces.length === 1) {
    const isThread = first.includes('-') && /\d/.test(first) && !isValidThreadId(first) && !/^thread_(?:creation|switch|delete)_/.test(first);
    return isThread ? { ...finding, fixes: [] } : undefined;
  }
  const [, hole] = pieces;
  if (pieces.length !== 2 || !hole || typeof hole === 'string' || first !== 'thread_' || samples[0]?.is !== 'uuid') return undefined;
  return { ...finding, fixes: withoutHyphens(outline, hole) };
}

function withoutHyphens(outline: Outline, hole: Hole): SourceFix[] {
  const { source, start, end } = hole;
  const isCall = source.endsWith('()') && !source.startsWith('str(');
  if (!isCall) return [];
  const code = outline.language === 'python' ? `${source}.hex` : `${source}.replaceAll('-', '')`;
  return [{ kind: 'without-hyphens', code, changes: [{ start, end, text: code }] }];
}

/** F9: `thread_thread_…` written out, or `thread_` before a name that only ever holds an ID with that prefix. */
function doubledPrefix(outline: Outline, template: IdTemplate, prefixed: ReadonlySet<string>): SourceFinding | undefined {
  const { pieces, start, end } = template;
  const [first, hole] = pieces;
  if (typeof first !== 'string') return undefined;
  // A prefix alone is asked for: `startswith("thread_thread_")`.
  const literal = first.startsWith('thread_thread_') && (pieces.length > 1 || first !== 'thread_thread_');
  const variable = first === 'thread_' && hole !== undefined && typeof hole !== 'string' && prefixed.has(hole.source);
  if (!literal && !variable) return undefined;
  const at = outline.source.indexOf('thread_', start);
  const rest = pieces.slice(literal ? 1 : 2);
  const isAlone = variable && rest.length === 0;
  const fix: SourceFix = isAlone
    ? { kind: 'strip-prefix', code: hole.source, changes: [{ start, end, text: hole.source }] }
    : { kind: 'strip-prefix', code: shapeOf(template).slice('thread_'.length), changes: [{ start: at, end: at + 'thread_'.length, text: '' }] };
  return { rule: 'doubled-prefix', start, end, received: shapeOf(template), context: '', fixes: [fix] };
}

/** Names that hold a thread ID with its prefix at every place of this file that gives them a value. */
function prefixedNames(outline: Outline): Set<string> {
  const prefixed = new Set<string>();
  const other = new Set(outline.functions.flatMap((definition) => definition.parameters));
  for (const at of outline.assignments) {
    const name = outline.tokens[at]?.value ?? '';
    const [first] = outline.tokens[at + 2]?.pieces ?? [];
    const ends = outline.tokens[at + 3];
    const isWhole = ends === undefined || ends.startsLine || ends.value === ';' || ends.value === '+';
    const isPrefixed = outline.tokens[at - 1]?.value !== '.' && typeof first === 'string' && first.startsWith('thread_') && isWhole;
    if (isPrefixed && wordsOf(name).includes('thread')) prefixed.add(name);
    else other.add(name);
  }
  for (const name of other) prefixed.delete(name);
  return prefixed;
}
