import type { Call, FunctionDefinition, Language, NamedValue, Outline, TokenSpan } from './outline';
import type { Token } from './token';

/** Work is handed back to the caller after so many tokens. */
export const SLICE = 4096;

/** Words before a parenthesis that is no call. */
const NOT_CALLED = new Set([
  'if', 'elif', 'while', 'for', 'switch', 'catch', 'return', 'with', 'and', 'or', 'not', 'in', 'is', 'await', 'yield', 'assert', 'except',
  'print', 'lambda', 'typeof', 'void', 'delete', 'case', 'import', 'from', 'raise', 'else', 'super',
]);
const MODIFIERS = new Set(['public', 'private', 'protected', 'readonly', 'override']);
const OPENING = new Set(['(', '[', '{']);

interface Frame {
  readonly bracket: string;
  readonly at: number;
  readonly parts: TokenSpan[];
  partFrom: number;
  /** Values found inside that count only if this frame turns out to be no pattern. */
  readonly held: NamedValue[];
}

/** Reads calls, definitions and named values off a token list. Yields between slices; linear. */
export function* buildOutline(source: string, tokens: readonly Token[], language: Language): Generator<undefined, Outline, undefined> {
  const builder = new OutlineBuilder(source, tokens, language);
  for (let at = 0; at < tokens.length; at++) {
    builder.take(at);
    if (at % SLICE === SLICE - 1) yield undefined;
  }
  return builder.finish();
}

class OutlineBuilder {
  private readonly calls: Call[] = [];
  private readonly named: NamedValue[] = [];
  private readonly functions: FunctionDefinition[] = [];
  private readonly closing = new Map<number, number>();
  private readonly assignments: number[] = [];
  private readonly imported = new Set<string>();
  private readonly frames: Frame[] = [];
  private readonly bodies = new Map<number, FunctionDefinition>();
  /** Open brackets other than braces: inside them `name =` is an argument. */
  private grouped = 0;
  private importing = false;
  /** The function whose body must come next. */
  private headless: FunctionDefinition | undefined;

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
    private readonly language: Language,
  ) {}

  take(at: number): void {
    const token = this.tokens[at];
    if (!token) return;
    if (token.startsLine && this.frames.length === 0) this.importing = token.value === 'import' || (token.value === 'from' && this.language === 'python');
    if (token.kind === 'name') {
      if (this.importing) this.imported.add(token.value);
      if (this.value(at + 1) === '=' && this.grouped === 0) this.assignments.push(at);
    }
    if (token.kind !== 'operator') return;
    if (OPENING.has(token.value)) this.open(token.value, at);
    else if (token.value === ',') this.split(at);
    else if (token.value === ')' || token.value === ']' || token.value === '}') this.close(at);
    else if (token.value === ';') this.headless = undefined;
  }

  finish(): Outline {
    for (const frame of this.frames) this.named.push(...frame.held);
    const { source, tokens, language, calls, named, functions, closing, assignments, imported } = this;
    return { language, source, tokens, calls, named, functions, closing, assignments, imported };
  }

  private value(at: number): string {
    return this.tokens[at]?.value ?? '';
  }

  private open(bracket: string, at: number): void {
    if (bracket === '{' && this.headless && this.frames.length <= this.depthOf(this.headless)) {
      this.bodies.set(at, this.headless);
      this.headless = undefined;
    }
    if (bracket !== '{') this.grouped++;
    this.frames.push({ bracket, at, parts: [], partFrom: at + 1, held: [] });
  }

  private readonly depths = new WeakMap<FunctionDefinition, number>();

  private depthOf(definition: FunctionDefinition): number {
    return this.depths.get(definition) ?? 0;
  }

  private split(at: number): void {
    const frame = this.frames.at(-1);
    if (!frame) return;
    if (at > frame.partFrom) frame.parts.push({ from: frame.partFrom, to: at });
    frame.partFrom = at + 1;
  }

  private close(at: number): void {
    const frame = this.frames.pop();
    if (!frame) return;
    if (frame.bracket !== '{') this.grouped--;
    if (at > frame.partFrom) frame.parts.push({ from: frame.partFrom, to: at });
    this.closing.set(frame.at, at);
    const body = this.bodies.get(frame.at);
    if (body) body.body = { from: frame.at, to: at };
    if (frame.bracket === '{') this.closeBraces(frame, at);
    else if (frame.bracket === '(') this.closeParentheses(frame, at);
    else this.keep(frame.held);
  }

  /** Hands values on to the frame around, which may still be a pattern. */
  private keep(values: readonly NamedValue[]): void {
    const outer = this.frames.at(-1);
    if (outer) for (const value of values) outer.held.push(value);
    else this.named.push(...values);
  }

  private closeBraces(frame: Frame, at: number): void {
    // `const { threadId: runId } = …` takes apart; it gives nothing a name.
    if (this.value(at + 1) === '=' || (this.language === 'script' && this.value(at + 1) === 'of')) return;
    if (this.bodies.has(frame.at)) {
      this.keep(frame.held);
      return;
    }
    this.keep([...frame.held, ...this.entries(frame)]);
  }

  private *entries(frame: Frame): Generator<NamedValue, void, undefined> {
    for (const { from, to } of frame.parts) {
      const key = this.tokens[from];
      if (!key || this.value(from + 1) !== ':') continue;
      const [text] = key.pieces ?? [];
      const name = key.kind === 'name' && this.language === 'script' ? key.value : typeof text === 'string' && key.pieces?.length === 1 ? text : undefined;
      if (name !== undefined) yield { name, value: { from: from + 2, to } };
    }
  }

  private closeParentheses(frame: Frame, at: number): void {
    const definition = this.definition(frame, at);
    if (definition) {
      // What stands in a parameter list are patterns, types and defaults.
      this.functions.push(definition);
      this.depths.set(definition, this.frames.length);
      this.headless = this.language === 'script' ? definition : undefined;
      return;
    }
    this.keep(frame.held);
    const name = this.tokens[frame.at - 1];
    if (name?.kind !== 'name' || NOT_CALLED.has(name.value) || this.value(frame.at - 2) === 'class') return;
    const first = this.chainStart(frame.at - 1);
    const named: NamedValue[] = [];
    const positional: TokenSpan[] = [];
    for (const part of frame.parts) {
      if (this.language === 'python' && this.value(part.from + 1) === '=') named.push({ name: this.value(part.from), value: { from: part.from + 2, to: part.to } });
      else if (this.value(part.from) !== '*' && this.value(part.from) !== '**' && this.value(part.from) !== '...') positional.push(part);
      // Behind a spread nobody can tell which parameter a value is for.
      else break;
    }
    this.calls.push({
      name: name.value,
      chain: this.source.slice(this.tokens[first]?.start ?? name.start, name.end),
      at: frame.at - 1,
      isAwaited: this.value(first - 1) === 'await',
      positional,
      named,
    });
    this.keep(named);
  }

  private chainStart(at: number): number {
    let first = at;
    while ((this.value(first - 1) === '.' || this.value(first - 1) === '?.') && this.tokens[first - 2]?.kind === 'name') first -= 2;
    return first;
  }

  private definition(frame: Frame, at: number): FunctionDefinition | undefined {
    const before = this.tokens[frame.at - 1];
    const isNamed = before?.kind === 'name' && !NOT_CALLED.has(before.value);
    if (this.language === 'python') {
      if (!isNamed || this.value(frame.at - 2) !== 'def') return undefined;
      return this.define(frame, at, before.value, this.value(frame.at - 3) === 'async', frame.at - 2);
    }
    const isFunction = this.value(frame.at - 1) === 'function' || this.value(frame.at - 2) === 'function';
    const isArrow = this.value(at + 1) === '=>';
    const isMethod = isNamed && this.value(at + 1) === '{';
    const isTyped = frame.parts.some((part) => this.isTypedParameter(part.from)) && (isNamed || this.value(at + 1) === ':');
    if (!isFunction && !isArrow && !isMethod && !isTyped) return undefined;
    const isAsync = [1, 2, 3].some((back) => this.value(frame.at - back) === 'async');
    return this.define(frame, at, this.definedName(frame.at), isAsync, frame.at - 1);
  }

  private isTypedParameter(from: number): boolean {
    const at = MODIFIERS.has(this.value(from)) ? from + 1 : from;
    if (this.tokens[at]?.kind !== 'name') return false;
    return this.value(at + 1) === ':' || (this.value(at + 1) === '?' && this.value(at + 2) === ':');
  }

  /** `function name(`, `name(…) {`, `name = (…) =>`, `name: (…) =>`. */
  private definedName(parenthesis: number): string {
    let at = parenthesis - 1;
    if (this.value(at) === 'async') at--;
    if (this.value(at) === '=' || this.value(at) === ':') at--;
    const token = this.tokens[at];
    return token?.kind === 'name' && token.value !== 'function' ? token.value : '';
  }

  private define(frame: Frame, end: number, name: string, isAsync: boolean, at: number): FunctionDefinition {
    const parameters = frame.parts.map((part) => this.parameterName(part)).filter((parameter) => parameter !== 'self' && parameter !== 'cls' && parameter !== 'this');
    return { name, parameters, isAsync, at: frame.at, end, indent: this.tokens[at]?.indent ?? 0 };
  }

  private parameterName({ from, to }: TokenSpan): string {
    let at = from;
    while (at < to && (this.value(at) === '*' || this.value(at) === '**' || this.value(at) === '...' || MODIFIERS.has(this.value(at)))) at++;
    const token = this.tokens[at];
    return token?.kind === 'name' ? token.value : '';
  }
}
