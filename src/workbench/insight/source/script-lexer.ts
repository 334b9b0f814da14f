import { endOfHole, Lexer, type ReadText } from './lexer';
import type { Piece } from './token';

/** After these words a `/` begins a regular expression and does not divide. */
const EXPRESSION_WORDS = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'await', 'yield', 'else', 'do']);

/** TypeScript and JavaScript, with JSX as far as it reads as such: strings, template literals, regular expressions. */
export class ScriptLexer extends Lexer {
  protected commentEnd(at: number): number {
    const { source } = this;
    if (source.charCodeAt(at) !== 0x2f) return -1;
    if (source.charCodeAt(at + 1) === 0x2f) return this.endOfLine(at);
    if (source.charCodeAt(at + 1) !== 0x2a) return -1;
    const end = source.indexOf('*/', at + 2);
    return end === -1 ? this.limit : end + 2;
  }

  protected readText(at: number): ReadText | undefined {
    const char = this.source.charAt(at);
    if (char === '"' || char === "'") return this.readString(at, char);
    if (char === '`') return this.readTemplate(at);
    if (char === '/' && this.beginsExpression()) return this.readExpression(at);
    return undefined;
  }

  private readString(start: number, quote: string): ReadText {
    const { source } = this;
    const limit = this.endOfLine(start);
    for (let at = start + 1; at < limit; at++) {
      const char = source.charAt(at);
      if (char === '\\') at++;
      else if (char === quote) return { end: at + 1, pieces: [source.slice(start + 1, at)] };
    }
    return { end: limit, pieces: undefined };
  }

  private readTemplate(start: number): ReadText {
    const { source, limit } = this;
    const pieces: Piece[] = [];
    let from = start + 1;
    let at = from;
    while (at < limit) {
      const char = source.charAt(at);
      if (char === '\\') {
        at += 2;
      } else if (char === '`') {
        if (at > from || pieces.length === 0) pieces.push(source.slice(from, at));
        return { end: at + 1, pieces };
      } else if (char === '$' && source.charAt(at + 1) === '{') {
        const end = endOfHole(new ScriptLexer(source, at + 2, limit, this.depth + 1))?.at;
        if (end === undefined) return { end: limit, pieces: undefined };
        if (at > from) pieces.push(source.slice(from, at));
        pieces.push({ source: source.slice(at + 2, end).trim(), start: at + 2, end });
        at = end + 1;
        from = at;
      } else {
        at++;
      }
    }
    return { end: limit, pieces: undefined };
  }

  private beginsExpression(): boolean {
    const { previous } = this;
    if (!previous) return true;
    if (previous.kind === 'name') return EXPRESSION_WORDS.has(previous.value);
    // `</a>` and `/>` belong to JSX.
    return previous.kind === 'operator' && !/^[)\]}<]$/.test(previous.value);
  }

  /** A regular expression is no ID: it is an `other`. One that does not end on its line was none. */
  private readExpression(start: number): ReadText | undefined {
    const { source } = this;
    const limit = this.endOfLine(start);
    let inClass = false;
    for (let at = start + 1; at < limit; at++) {
      const char = source.charAt(at);
      if (char === '\\') at++;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass) return { end: at + 1, pieces: undefined };
    }
    return { end: limit, pieces: undefined };
  }
}
