import type { Token } from './token';

export type Language = 'python' | 'script';

/** Tokens `from` up to, not including, `to`. */
export interface TokenSpan {
  readonly from: number;
  readonly to: number;
}

/** A value given under a name: a keyword argument, an entry of a dictionary or of an object literal. */
export interface NamedValue {
  readonly name: string;
  readonly value: TokenSpan;
}

export interface Call {
  /** The called name, without what stands before its last dot. */
  readonly name: string;
  /** The whole chain as it is written, e.g. `self.bridge.send_to_thread`. */
  readonly chain: string;
  /** The token of `name`. */
  readonly at: number;
  readonly isAwaited: boolean;
  readonly positional: readonly TokenSpan[];
  readonly named: readonly NamedValue[];
}

export interface FunctionDefinition {
  readonly name: string;
  /** Empty for one that is taken apart. `self` and `cls` are left out. */
  readonly parameters: readonly string[];
  readonly isAsync: boolean;
  /** The token of its parameter list's `(`, and of the `)`. */
  readonly at: number;
  readonly end: number;
  readonly indent: number;
  /** Script only: the tokens of its body's braces. */
  body?: { from: number; to: number };
}

/** What the rules need to know of a program. */
export interface Outline {
  readonly language: Language;
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly calls: readonly Call[];
  readonly named: readonly NamedValue[];
  readonly functions: readonly FunctionDefinition[];
  /** Token of the closing bracket, by token of the opening one. */
  readonly closing: ReadonlyMap<number, number>;
  /** Tokens of names that are given a value: `name = …`. */
  readonly assignments: readonly number[];
  readonly imported: ReadonlySet<string>;
}

/** The source of some tokens, from the first to the last. */
export function textOf(outline: Outline, { from, to }: TokenSpan): string {
  const first = outline.tokens[from];
  const last = outline.tokens[to - 1];
  return first && last ? outline.source.slice(first.start, last.end) : '';
}

/** The innermost function whose body holds a token. */
export function enclosingFunction(outline: Outline, at: number): FunctionDefinition | undefined {
  const indent = outline.tokens[at]?.indent ?? 0;
  let least = indent;
  for (let i = outline.functions.length - 1; i >= 0; i--) {
    const definition = outline.functions[i];
    if (!definition || definition.at > at) continue;
    if (outline.language === 'script') {
      if (definition.body && definition.body.from < at && at < definition.body.to) return definition;
    } else if (definition.indent < least || (definition.end < at && definition.indent < indent)) {
      return definition;
    } else {
      least = Math.min(least, definition.indent + 1);
    }
  }
  return undefined;
}
