/** An expression inside a text: `{x}` of an f-string, `${x}` of a template literal, an operand of a concatenation. */
export interface Hole {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

export type Piece = string | Hole;

/** A token of a program. White space and comments are none. */
export interface Token {
  /** A `text` is a string of any sort; an `other` is a number or what could not be read. */
  readonly kind: 'name' | 'text' | 'operator' | 'other';
  /** The source of a name or an operator; empty otherwise. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Columns before the first token of its line. */
  readonly indent: number;
  readonly startsLine: boolean;
  /** Only of a `text`: its parts, escapes as they are written. */
  readonly pieces?: readonly Piece[];
}

export function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x24 || code >= 0x80;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}
