/** What a Python `repr` of plain data reads as; a tuple reads as a list. */
export type PythonValue = null | boolean | number | string | readonly PythonValue[] | ReadonlyMap<string, PythonValue>;

const MOST_DEPTH = 20;
const LONGEST = 65_536;
const WORDS: ReadonlyMap<string, PythonValue> = new Map<string, PythonValue>([['None', null], ['True', true], ['False', false]]);
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

class Unreadable extends Error {}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  read(): PythonValue {
    const value = this.value(0);
    this.blanks();
    if (this.at < this.text.length) throw new Unreadable();
    return value;
  }

  private blanks(): void {
    while (this.text[this.at] === ' ') this.at++;
  }

  private take(char: string): boolean {
    this.blanks();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private value(depth: number): PythonValue {
    if (depth > MOST_DEPTH) throw new Unreadable();
    this.blanks();
    const char = this.text[this.at] ?? '';
    if (char === "'" || char === '"') return this.string(char);
    const closing = CLOSING[char];
    if (closing !== undefined) {
      this.at++;
      return char === '{' ? this.entries(depth, closing) : this.items(depth, closing);
    }
    const word = /[A-Za-z0-9_.+-]+/y;
    word.lastIndex = this.at;
    const read = word.exec(this.text)?.[0];
    if (read === undefined) throw new Unreadable();
    this.at += read.length;
    const constant = WORDS.get(read);
    if (constant !== undefined) return constant;
    const number = Number(read);
    if (!/^[+-]?\d/.test(read) || Number.isNaN(number)) throw new Unreadable();
    return number;
  }

  private string(quote: string): string {
    let result = '';
    for (this.at++; this.at < this.text.length; this.at++) {
      const char = this.text[this.at] ?? '';
      if (char === quote) {
        this.at++;
        return result;
      }
      if (char !== '\\') {
        result += char;
        continue;
      }
      const escape = this.text[++this.at] ?? '';
      const digits = { x: 2, u: 4, U: 8 }[escape];
      const code = digits === undefined ? Number.NaN : Number.parseInt(this.text.slice(this.at + 1, this.at + 1 + digits), 16);
      if (digits !== undefined && code <= 0x10ffff) {
        result += String.fromCodePoint(code);
        this.at += digits;
      } else result += ESCAPES[escape] ?? escape;
    }
    throw new Unreadable();
  }

  private items(depth: number, closing: string): PythonValue[] {
    const items: PythonValue[] = [];
    while (!this.take(closing)) {
      items.push(this.value(depth + 1));
      if (!this.take(',') && this.text[this.at] !== closing) throw new Unreadable();
    }
    return items;
  }

  private entries(depth: number, closing: string): ReadonlyMap<string, PythonValue> {
    const entries = new Map<string, PythonValue>();
    while (!this.take(closing)) {
      const key = this.value(depth + 1);
      if (!this.take(':')) throw new Unreadable();
      if (typeof key === 'object' && key !== null) throw new Unreadable();
      entries.set(String(key), this.value(depth + 1));
      if (!this.take(',') && this.text[this.at] !== closing) throw new Unreadable();
    }
    return entries;
  }
}

/**
 * Reads a Python `repr` of plain data: the dictionary of a RESOLUTION CONTEXT line, the list of a Sample line, the
 * metadata of a registration. Undefined when it is anything else, too deep or too long; never throws.
 */
export function parsePythonRepr(text: string): PythonValue | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    return new Reader(text).read();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
