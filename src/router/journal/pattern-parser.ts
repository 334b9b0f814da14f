/** A regular expression that is not accepted. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  constructor(
    readonly reason: 'too_long' | 'syntax' | 'not_linear',
    message: string,
  ) {
    super(message);
  }
}

/** Characters (UTF-16 units) by ranges, both ends included. */
export interface CharSet {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly negated: boolean;
}

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'char'; readonly set: CharSet }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

/** Longest expression, in UTF-16 units. */
const MAX_LENGTH = 500;
/** Largest number in a counted repetition. */
const MAX_COUNT = 100;
const MAX_GROUPS = 50;

const DIGITS: CharSet['ranges'] = [[0x30, 0x39]];
const WORDS: CharSet['ranges'] = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const BLANKS: CharSet['ranges'] = [[0x09, 0x0d], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff]];
const LINE_ENDS: CharSet['ranges'] = [[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]];
const CLASSES: Readonly<Record<string, CharSet>> = {
  d: { ranges: DIGITS, negated: false }, D: { ranges: DIGITS, negated: true },
  w: { ranges: WORDS, negated: false }, W: { ranges: WORDS, negated: true },
  s: { ranges: BLANKS, negated: false }, S: { ranges: BLANKS, negated: true },
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

/**
 * Reads the part of the regular expressions of JavaScript that can be matched in linear time: everything but
 * back-references, look-around and word boundaries. A leading `(?i)` makes ASCII letters match in either case.
 * @throws {PatternError}
 */
export function parsePattern(source: string): Node {
  if (source.length > MAX_LENGTH) throw new PatternError('too_long', `expected a regular expression of at most ${MAX_LENGTH} characters, received ${source.length}`);
  const ignoreCase = source.startsWith('(?i)');
  return new Parser(source, ignoreCase ? 4 : 0, ignoreCase).parse();
}

class Parser {
  private groups = 0;

  constructor(
    private readonly source: string,
    private at: number,
    private readonly ignoreCase: boolean,
  ) {}

  parse(): Node {
    const node = this.choice();
    if (this.at < this.source.length) throw this.error(`unexpected "${this.source[this.at] ?? ''}"`);
    return node;
  }

  private choice(): Node {
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    for (;;) {
      const next = this.source[this.at];
      if (next === undefined || next === '|' || next === ')') break;
      parts.push(this.repeated(this.atom()));
    }
    return parts.length === 0 ? { kind: 'empty' } : { kind: 'sequence', parts };
  }

  private repeated(part: Node): Node {
    const bounds = this.bounds();
    if (!bounds) return part;
    if (part.kind === 'start' || part.kind === 'end') throw this.error('nothing to repeat');
    // Whether a repetition is lazy makes no difference to whether there is a match.
    this.take('?');
    if ('*+?'.includes(this.source[this.at] ?? 'x')) throw this.error('nothing to repeat');
    return { kind: 'repeat', part, ...bounds };
  }

  private bounds(): { min: number; max: number } | undefined {
    if (this.take('*')) return { min: 0, max: Infinity };
    if (this.take('+')) return { min: 1, max: Infinity };
    if (this.take('?')) return { min: 0, max: 1 };
    const counted = /^\{(\d{1,6})(?:(,)(\d{0,6}))?\}/.exec(this.source.slice(this.at, this.at + 20));
    if (!counted) return undefined;
    const [whole, low, comma, high] = counted;
    const min = Number(low);
    const max = comma === undefined ? min : high === '' ? Infinity : Number(high);
    if (min > max) throw this.error('numbers out of order in a repetition');
    if (min > MAX_COUNT || (max > MAX_COUNT && max !== Infinity)) {
      throw new PatternError('not_linear', `expected at most ${MAX_COUNT} counted repetitions, received ${whole}`);
    }
    this.at += whole.length;
    return { min, max };
  }

  private atom(): Node {
    const char = this.source[this.at++] ?? '';
    switch (char) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'char', set: { ranges: LINE_ENDS, negated: true } };
      case '(':
        return this.group();
      case '[':
        return { kind: 'char', set: this.charClass() };
      case '\\':
        return { kind: 'char', set: this.withCase(this.escape()) };
      case '*':
      case '+':
      case '?':
        throw this.error('nothing to repeat');
      default:
        return { kind: 'char', set: this.withCase(single(char.charCodeAt(0))) };
    }
  }

  private group(): Node {
    if (++this.groups > MAX_GROUPS) throw this.error(`expected at most ${MAX_GROUPS} groups`);
    if (this.take('?')) {
      if (/^(?:[=!]|<[=!])/.test(this.source.slice(this.at))) throw new PatternError('not_linear', 'expected a regular expression without look-around');
      if (!this.take(':')) {
        const name = /^<[A-Za-z_$][\w$]*>/.exec(this.source.slice(this.at))?.[0];
        if (name === undefined) throw this.error('unknown kind of group');
        this.at += name.length;
      }
    }
    const node = this.choice();
    if (!this.take(')')) throw this.error('expected ")"');
    return node;
  }

  private charClass(): CharSet {
    const negated = this.take('^');
    const ranges: (readonly [number, number])[] = [];
    for (;;) {
      const char = this.source[this.at];
      if (char === undefined) throw this.error('expected "]"');
      this.at++;
      if (char === ']') break;
      const low = char === '\\' ? this.escape(true) : single(char.charCodeAt(0));
      const from = low.ranges[0]?.[0];
      const isSingle = !low.negated && low.ranges.length === 1 && from !== undefined && from === low.ranges[0]?.[1];
      if (isSingle && this.source[this.at] === '-' && this.source[this.at + 1] !== ']' && this.source[this.at + 1] !== undefined) {
        this.at++;
        const next = this.source[this.at++] ?? '';
        const high = next === '\\' ? this.escape(true) : single(next.charCodeAt(0));
        const to = high.ranges[0]?.[0] ?? 0;
        if (high.negated || high.ranges.length !== 1 || to < from || high.ranges[0]?.[1] !== to) throw this.error('range out of order');
        ranges.push([from, to]);
      } else ranges.push(...(low.negated ? complement(low.ranges) : low.ranges));
    }
    return { ...this.withCase({ ranges, negated: false }), negated };
  }

  private escape(inClass = false): CharSet {
    const char = this.source[this.at++];
    if (char === undefined) throw this.error('nothing after "\\"');
    const known = CLASSES[char];
    if (known) return known;
    if (char === 'b' && inClass) return single(8);
    if (char === 'b' || char === 'B') throw new PatternError('not_linear', 'expected a regular expression without word boundaries');
    if ((char >= '1' && char <= '9') || char === 'k') throw new PatternError('not_linear', 'expected a regular expression without back-references');
    const control = CONTROLS[char];
    if (control !== undefined) return single(control);
    if (char === 'x' || char === 'u') {
      const digits = this.source.slice(this.at, this.at + (char === 'x' ? 2 : 4));
      if (digits.length !== (char === 'x' ? 2 : 4) || !/^[0-9a-f]+$/i.test(digits)) throw this.error(`expected hexadecimal digits after "\\${char}"`);
      this.at += digits.length;
      return single(parseInt(digits, 16));
    }
    if (/[A-Za-z]/.test(char)) throw this.error(`unknown escape "\\${char}"`);
    return single(char.charCodeAt(0));
  }

  private withCase(set: CharSet): CharSet {
    if (!this.ignoreCase) return set;
    const ranges = [...set.ranges];
    for (const [from, to] of set.ranges) {
      for (let code = Math.max(from, 0x41); code <= Math.min(to, 0x5a); code++) ranges.push([code + 32, code + 32]);
      for (let code = Math.max(from, 0x61); code <= Math.min(to, 0x7a); code++) ranges.push([code - 32, code - 32]);
    }
    return { ranges, negated: set.negated };
  }

  private take(char: string): boolean {
    if (this.source[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private error(why: string): PatternError {
    return new PatternError('syntax', `${why} at ${this.at} in the regular expression ${JSON.stringify(this.source.slice(0, 100))}`);
  }
}

function single(code: number): CharSet {
  return { ranges: [[code, code]], negated: false };
}

function complement(ranges: CharSet['ranges']): (readonly [number, number])[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const result: (readonly [number, number])[] = [];
  let next = 0;
  for (const [from, to] of sorted) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= 0xffff) result.push([next, 0xffff]);
  return result;
}
