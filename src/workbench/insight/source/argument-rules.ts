import type { SourceFinding, SourceFix, SourceRule } from './finding';
import { heldKind, type HeldKind, isExtraction, isPlain, isQuestion, wantedFirst } from './id-words';
import { type Call, enclosingFunction, type FunctionDefinition, type Outline, textOf, type TokenSpan } from './outline';

/** Which kind given where which is wanted is a fault. All others are somebody's habit. */
const RULES: Readonly<Record<string, SourceRule>> = {
  'run>thread': 'run-as-thread',
  'connection>thread': 'connection-as-thread',
  'connection>user': 'connection-as-user',
  'run>user': 'run-as-user',
};

interface Given {
  readonly kind: HeldKind;
  /** The last name of the expression. */
  readonly name: string;
}

/** A fix costs a look at the functions around; nobody reads more findings of one file. */
const MOST_FINDINGS = 200;
/** Values given to the thread's variable that are looked at, from the nearest back. */
const MOST_ASSIGNMENTS = 20;

export interface ArgumentFinding {
  readonly finding: SourceFinding;
  /**
   * Whether it is a fault in any program. A name alone says less: programs with checkpoints key them by run ID on purpose
   * (`thread_id=run_id`), and connections of a social network are users.
   */
  readonly isCertain: boolean;
}

/** IDs of one kind given where another is wanted: as arguments by place or by name, and as entries of objects. */
export function* argumentFindings(outline: Outline): Generator<ArgumentFinding, void, undefined> {
  let count = 0;
  for (const found of allFindings(outline)) {
    yield found;
    if (++count === MOST_FINDINGS) return;
  }
}

function* allFindings(outline: Outline): Generator<ArgumentFinding, void, undefined> {
  const definitions = uniqueDefinitions(outline);
  const told = new Set<TokenSpan>();
  for (const call of outline.calls) {
    if (isQuestion(call.name)) continue;
    const [first] = call.positional;
    const wanted = wantedFirst(call.name);
    const definition = isOwn(call) ? definitions.get(call.name) : undefined;
    for (const [place, span] of call.positional.entries()) {
      const parameter = definition?.parameters[place];
      const kind = definition ? heldKind(parameter ?? '') : span === first ? wanted : undefined;
      if (kind === undefined) continue;
      // `send_to_thread(message, thread_id)` of somebody else: the thread is there, only not first.
      if (!definition && call.positional.some((other) => given(outline, other)?.kind === kind)) continue;
      const finding = judge(outline, kind, span, `${call.name}()`);
      if (finding) yield { finding, isCertain: wanted !== undefined || kind === 'thread' };
    }
    for (const { name, value } of call.named) {
      const finding = wanted && isPlain(name, wanted) ? judge(outline, wanted, value, `${call.name}()`) : undefined;
      if (!finding) continue;
      told.add(value);
      yield { finding, isCertain: true };
    }
  }
  for (const { name, value } of outline.named) {
    const kind = heldKind(name);
    // `from_user_id` and the like are relations, not addresses.
    if (kind === undefined || !isPlain(name, kind) || told.has(value)) continue;
    const finding = judge(outline, kind, value, name);
    if (finding) yield { finding, isCertain: false };
  }
}

/** Functions of this file that have one definition only. */
function uniqueDefinitions(outline: Outline): Map<string, FunctionDefinition> {
  const known = new Map<string, FunctionDefinition>();
  const twice = new Set<string>();
  for (const definition of outline.functions) {
    if (known.has(definition.name)) twice.add(definition.name);
    known.set(definition.name, definition);
  }
  for (const name of [...twice, '']) known.delete(name);
  return known;
}

/** Whether the called function is one of this file as far as its name says: `send(…)`, `self.send(…)`, not `api.send(…)`. */
function isOwn({ chain, name }: Call): boolean {
  return chain === name || chain === `self.${name}` || chain === `this.${name}` || chain === `cls.${name}`;
}

function judge(outline: Outline, wanted: HeldKind, span: TokenSpan, context: string): SourceFinding | undefined {
  const found = given(outline, span);
  const rule = found && RULES[`${found.kind}>${wanted}`];
  const first = outline.tokens[span.from];
  const last = outline.tokens[span.to - 1];
  if (!rule || !first || !last) return undefined;
  const received = textOf(outline, span);
  const fixes = rule === 'run-as-thread' ? [...variableFix(outline, span, first.start, last.end), ...extractionFix(outline, span, received)] : [];
  return { rule, start: first.start, end: last.end, received, context, fixes };
}

/** What an expression holds when it is a plain one: `run_id`, `self.run_id`, `str(run_id)`, `run_id!`, `ctx["run_id"]`. */
function given(outline: Outline, { from, to }: TokenSpan): Given | undefined {
  let [first, end] = [from, to];
  const value = (at: number): string => outline.tokens[at]?.value ?? '';
  if ((value(first) === 'str' || value(first) === 'String') && value(first + 1) === '(' && outline.closing.get(first + 1) === end - 1) {
    first += 2;
    end -= 1;
  }
  if (value(end - 1) === '!') end--;
  let name = outline.tokens[first];
  if (name?.kind !== 'name') return undefined;
  let last = name.value;
  let at = first + 1;
  while (at < end) {
    if ((value(at) === '.' || value(at) === '?.') && outline.tokens[at + 1]?.kind === 'name' && at + 1 < end) {
      name = outline.tokens[at + 1];
      last = name?.value ?? '';
      at += 2;
    } else if (value(at) === '[' && outline.closing.get(at) === at + 2 && at + 2 < end) {
      const [text] = outline.tokens[at + 1]?.pieces ?? [];
      if (typeof text !== 'string') return undefined;
      last = text;
      at += 3;
    } else {
      return undefined;
    }
  }
  const kind = heldKind(last);
  return kind && { kind, name: last };
}

/** The thread's variable, when the function around has one. */
function* variableFix(outline: Outline, span: TokenSpan, start: number, end: number): Generator<SourceFix, void, undefined> {
  const scope = enclosingFunction(outline, span.from);
  if (!scope) return;
  const parameter = scope.parameters.find((name) => isPlain(name, 'thread'));
  const assigned = outline.assignments
    .filter((at) => at > scope.end && at < span.from && outline.tokens[at - 1]?.value !== '.' && isPlain(outline.tokens[at]?.value ?? '', 'thread'))
    .slice(-MOST_ASSIGNMENTS)
    .findLast((at) => enclosingFunction(outline, at) === scope);
  const code = parameter ?? (assigned === undefined ? undefined : outline.tokens[assigned]?.value);
  if (code !== undefined) yield { kind: 'use-variable', code, changes: [{ start, end, text: code }] };
}

/** A function that takes run IDs apart, as this file would call it. */
interface Extraction {
  readonly code: string;
  /** Its name without what stands before the last dot. */
  readonly name: string;
  readonly isAsync: boolean;
}

/** The file's own way from a run ID to its thread: a function it calls elsewhere, imports or defines. */
function findExtraction(outline: Outline): Extraction | undefined {
  const called = outline.calls.find((call) => isExtraction(call.name) && call.positional.length === 1 && call.named.length === 0);
  if (called) return { code: called.chain, name: called.name, isAsync: called.isAwaited };
  const imported = [...outline.imported].find(isExtraction);
  if (imported !== undefined) return { code: imported, name: imported, isAsync: false };
  const defined = outline.functions.find((definition) => isExtraction(definition.name) && definition.parameters.length === 1 && definition.indent === 0);
  return defined && { code: defined.name, name: defined.name, isAsync: defined.isAsync };
}

/** Looked for once a file. */
const extractions = new WeakMap<Outline, { readonly found: Extraction | undefined }>();

function* extractionFix(outline: Outline, span: TokenSpan, received: string): Generator<SourceFix, void, undefined> {
  const known = extractions.get(outline) ?? { found: findExtraction(outline) };
  extractions.set(outline, known);
  const { found } = known;
  const scope = enclosingFunction(outline, span.from);
  // Inside the extraction itself the call would never end; outside of asynchronous functions nothing can be awaited.
  if (!found || scope?.name === found.name || (found.isAsync && !scope?.isAsync)) return;
  const start = outline.tokens[span.from]?.start ?? 0;
  const end = outline.tokens[span.to - 1]?.end ?? start;
  const code = `${found.isAsync ? 'await ' : ''}${found.code}(${received})`;
  yield { kind: 'extract', code, changes: [{ start, end, text: code }] };
}
