import { isDigit, isNamePart, isNameStart, type Piece, type Token } from './token';

/** Texts nested deeper than this in one another are not taken apart. */
const MAX_DEPTH = 16;
/** What is read as one operator; everything else is one character. */
const LONG_OPERATORS = ['...', '===', '!==', '=>', '==', '!=', '<=', '>=', '->', '?.', ':=', '+=', '-=', '*=', '/=', '??', '||', '&&', '**', '//'];
const LONG_STARTS = new Set(LONG_OPERATORS.map((operator) => operator.charCodeAt(0)));

/** Where a text ended, and its parts. Undefined parts: it did not end where it should. */
export interface ReadText {
  readonly end: number;
  readonly pieces: readonly Piece[] | undefined;
}

/**
 * Reads a program token by token, left to right, each character a bounded number of times. It never fails: what it does not
 * understand becomes an `other` token that ends with the line.
 */
export abstract class Lexer {
  protected at: number;
  private lineIndent = 0;
  private lineEnd = -1;
  private fresh = true;
  protected previous: Token | undefined;

  constructor(
    protected readonly source: string,
    start = 0,
    protected readonly limit = source.length,
    protected readonly depth = 0,
  ) {
    this.at = start;
  }

  next(): Token | undefined {
    this.skipBlank();
    const { source, at, limit } = this;
    if (at >= limit) return undefined;
    const text = this.depth <= MAX_DEPTH ? this.readText(at) : undefined;
    if (text) return this.token(text.pieces ? 'text' : 'other', '', Math.min(text.end, limit), text.pieces);
    const code = source.charCodeAt(at);
    if (isNameStart(code)) return this.name();
    if (isDigit(code)) return this.number();
    return this.token('operator', this.operatorAt(at), undefined);
  }

  /** The text that begins at `at`, when one does. */
  protected abstract readText(at: number): ReadText | undefined;
  /** Where a comment that begins at `at` ends; -1 when none begins. */
  protected abstract commentEnd(at: number): number;

  /** The end of the line that holds `at`. Looked for once a line. */
  protected endOfLine(at: number): number {
    if (at > this.lineEnd) {
      const newline = this.source.indexOf('\n', at);
      this.lineEnd = newline === -1 ? this.source.length : newline;
    }
    return Math.min(this.lineEnd, this.limit);
  }

  private skipBlank(): void {
    const { source, limit } = this;
    while (this.at < limit) {
      const code = source.charCodeAt(this.at);
      if (code === 0x0a) {
        this.fresh = true;
        this.lineIndent = 0;
        this.at++;
      } else if (code === 0x20 || code === 0x09 || code === 0x0d || code === 0xfeff || code === 0x5c) {
        if (this.fresh) this.lineIndent++;
        this.at++;
      } else {
        const end = this.commentEnd(this.at);
        if (end === -1) return;
        this.at = Math.min(end, limit);
      }
    }
  }

  private name(): Token {
    let end = this.at + 1;
    while (end < this.limit && isNamePart(this.source.charCodeAt(end))) end++;
    return this.token('name', this.source.slice(this.at, end), end);
  }

  private number(): Token {
    let end = this.at + 1;
    while (end < this.limit && (isNamePart(this.source.charCodeAt(end)) || this.source.charCodeAt(end) === 0x2e)) end++;
    return this.token('other', '', end);
  }

  private operatorAt(at: number): string {
    if (LONG_STARTS.has(this.source.charCodeAt(at))) {
      for (const operator of LONG_OPERATORS) if (this.source.startsWith(operator, at)) return operator;
    }
    return this.source.charAt(at);
  }

  private token(kind: Token['kind'], value: string, end: number | undefined, pieces?: readonly Piece[]): Token {
    const start = this.at;
    const token: Token = {
      kind,
      value,
      start,
      end: end ?? start + value.length,
      indent: this.lineIndent,
      startsLine: this.fresh,
      ...(pieces ? { pieces } : {}),
    };
    this.fresh = false;
    this.at = token.end;
    this.previous = token;
    return token;
  }
}

/**
 * Where the `}` stands that ends a hole, reading with a lexer that begins right after its `{`; -1 when it does not end.
 * `stopAt` also ends it, outside all brackets.
 */
export function endOfHole(lexer: Lexer, stopAt: readonly string[] = []): { readonly at: number; readonly by: string } | undefined {
  let open = 0;
  for (let token = lexer.next(); token; token = lexer.next()) {
    if (token.kind !== 'operator') continue;
    const { value } = token;
    if (open === 0 && (value === '}' || stopAt.includes(value))) return { at: token.start, by: value };
    if (value === '(' || value === '[' || value === '{') open++;
    else if (value === ')' || value === ']' || value === '}') open--;
    if (open < 0) return undefined;
  }
  return undefined;
}
