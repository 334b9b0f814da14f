import { endOfHole, Lexer, type ReadText } from './lexer';
import type { Piece } from './token';

const PREFIXES = new Set(['r', 'b', 'u', 'f', 't', 'rb', 'br', 'fr', 'rf', 'tr', 'rt']);

/** Python: strings of all prefixes, f-strings with their expressions (PEP 701: also with the outer quote inside). */
export class PythonLexer extends Lexer {
  protected commentEnd(at: number): number {
    return this.source.charCodeAt(at) === 0x23 ? this.endOfLine(at) : -1;
  }

  protected readText(at: number): ReadText | undefined {
    const { source } = this;
    let quoteAt = at;
    while (quoteAt < at + 2 && isLetter(source.charCodeAt(quoteAt))) quoteAt++;
    const quote = source.charAt(quoteAt);
    if (quote !== '"' && quote !== "'") return undefined;
    const prefix = source.slice(at, quoteAt).toLowerCase();
    if (prefix !== '' && !PREFIXES.has(prefix)) return undefined;
    const triple = quote.repeat(3);
    const isTriple = source.startsWith(triple, quoteAt);
    const terminator = isTriple ? triple : quote;
    const limit = isTriple ? this.limit : this.endOfLine(at);
    return this.readBody(quoteAt + terminator.length, terminator, limit, prefix.includes('f') || prefix.includes('t'));
  }

  private readBody(start: number, terminator: string, limit: number, hasHoles: boolean): ReadText {
    const { source } = this;
    const pieces: Piece[] = [];
    let from = start;
    let literal = '';
    let at = start;
    while (at < limit) {
      const char = source.charAt(at);
      if (char === '\\') {
        at += 2;
      } else if (char === terminator.charAt(0) && source.startsWith(terminator, at)) {
        literal += source.slice(from, at);
        if (literal !== '' || pieces.length === 0) pieces.push(literal);
        return { end: at + terminator.length, pieces };
      } else if (hasHoles && (char === '{' || char === '}') && source.charAt(at + 1) === char) {
        literal += source.slice(from, at + 1);
        at += 2;
        from = at;
      } else if (hasHoles && char === '{') {
        literal += source.slice(from, at);
        const hole = this.readHole(at + 1, limit);
        if (!hole) return { end: limit, pieces: undefined };
        if (literal !== '') pieces.push(literal);
        literal = '';
        pieces.push({ source: source.slice(at + 1, hole.end).trim(), start: at + 1, end: hole.end });
        at = hole.next;
        from = at;
      } else {
        at++;
      }
    }
    return { end: limit, pieces: undefined };
  }

  /** The expression of a hole, without conversion and format; where the text goes on. */
  private readHole(start: number, limit: number): { readonly end: number; readonly next: number } | undefined {
    const stop = endOfHole(new PythonLexer(this.source, start, limit, this.depth + 1), ['!', ':', '=']);
    if (!stop) return undefined;
    let at = stop.at;
    // A format may hold holes of its own.
    for (let open = 0; at < limit; at++) {
      const char = this.source.charAt(at);
      if (char === '{') open++;
      else if (char === '}' && open-- === 0) return { end: stop.at, next: at + 1 };
    }
    return undefined;
  }
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}
