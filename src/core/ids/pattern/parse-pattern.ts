import { PatternError, type PatternNode } from './pattern-node';

type Accepts = (code: number) => boolean;

const MOST_PATTERN_CHARACTERS = 300;
/** Repetitions are written out in the compiled program, so their counts are bounded. */
const MOST_REPETITIONS = 100;
const MOST_NESTING = 30;

const isDigit: Accepts = (code) => code >= 0x30 && code <= 0x39;
const isWord: Accepts = (code) => isDigit(code) || code === 0x5f || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
const isSpace: Accepts = (code) => /\s/.test(String.fromCharCode(code));
const isAny: Accepts = (code) => code !== 0x0a && code !== 0x0d && code !== 0x2028 && code !== 0x2029;
const not = (accepts: Accepts): Accepts => (code) => !accepts(code);

const CLASSES: Readonly<Record<string, Accepts>> = { d: isDigit, D: not(isDigit), w: isWord, W: not(isWord), s: isSpace, S: not(isSpace) };
const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };
const GROUP_NAME = /^\?<([A-Za-z][A-Za-z0-9]*)>/;
const COUNTS = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/;

/**
 * Parses the part of JavaScript's regular expressions that needs no backtracking: characters, classes, groups, named groups,
 * alternatives, repetitions. Back references, look-around and word boundaries are refused by name.
 * @throws {PatternError}
 */
export function parsePattern(source: string): { readonly node: PatternNode; readonly names: readonly string[] } {
  if (source.length > MOST_PATTERN_CHARACTERS) {
    throw new PatternError('too-long', `expected at most ${MOST_PATTERN_CHARACTERS} characters, received ${source.length}`, MOST_PATTERN_CHARACTERS);
  }
  const parser = new PatternParser(source);
  return { node: parser.parse(), names: parser.names };
}

class PatternParser {
  /** Names of the groups, in order. */
  readonly names: string[] = [];
  #at = 0;
  #depth = 0;

  constructor(readonly source: string) {}

  parse(): PatternNode {
    // Patterns match whole IDs, so anchors at the ends say nothing new.
    if (this.#peek() === '^') this.#at++;
    const node = this.#choice();
    if (this.#at < this.source.length) this.#fail('syntax', `unexpected "${this.#peek()}"`);
    return node;
  }

  #peek(): string {
    return this.source.charAt(this.#at);
  }

  #fail(reason: PatternError['reason'], message: string, at = this.#at): never {
    throw new PatternError(reason, message, at);
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at++;
      options.push(this.#sequence());
    }
    const [only] = options;
    return options.length === 1 && only ? only : { type: 'choice', options };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.source.length && this.#peek() !== '|' && this.#peek() !== ')') {
      if (this.#peek() === '$' && this.#at === this.source.length - 1) {
        this.#at++;
        break;
      }
      items.push(this.#repeat());
    }
    return { type: 'sequence', items };
  }

  #repeat(): PatternNode {
    const item = this.#atom();
    const counts = this.#counts();
    if (!counts) return item;
    const greedy = this.#peek() !== '?';
    if (!greedy) this.#at++;
    if (this.#counts()) this.#fail('syntax', 'nothing to repeat');
    return { type: 'repeat', item, ...counts, greedy };
  }

  #counts(): { min: number; max: number } | undefined {
    const start = this.#at;
    switch (this.#peek()) {
      case '*':
        this.#at++;
        return { min: 0, max: Infinity };
      case '+':
        this.#at++;
        return { min: 1, max: Infinity };
      case '?':
        this.#at++;
        return { min: 0, max: 1 };
      case '{': {
        const match = COUNTS.exec(this.source.slice(start));
        if (!match) return this.#fail('syntax', 'expected a count such as "{2}" or "{1,3}"; write "\\{" for the character');
        this.#at += match[0].length;
        const min = Number(match[1]);
        const max = match[2] === undefined ? min : match[3] === undefined ? Infinity : Number(match[3]);
        if (max < min) this.#fail('syntax', 'expected the smaller count first', start);
        if (min > MOST_REPETITIONS || (max !== Infinity && max > MOST_REPETITIONS)) {
          this.#fail('too-big', `expected at most ${MOST_REPETITIONS} repetitions`, start);
        }
        return { min, max };
      }
      default:
        return undefined;
    }
  }

  #atom(): PatternNode {
    const start = this.#at;
    const character = this.#peek();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { type: 'unit', accepts: this.#characterClass() };
      case '.':
        this.#at++;
        return { type: 'unit', accepts: isAny };
      case '\\':
        return this.#escape();
      case '^':
      case '$':
        return this.#fail('unsupported', 'anchors may stand only at the ends; the pattern matches the whole ID anyway');
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#fail('syntax', 'nothing to repeat');
      case ']':
      case '}':
        return this.#fail('syntax', `write "\\${character}" for the character`, start);
      default:
        this.#at++;
        return { type: 'literal', character };
    }
  }

  #group(): PatternNode {
    const start = this.#at;
    if (++this.#depth > MOST_NESTING) this.#fail('too-big', `expected at most ${MOST_NESTING} groups inside each other`);
    this.#at++;
    const rest = this.source.slice(this.#at);
    let group: number | undefined;
    if (rest.startsWith('?:')) {
      this.#at += 2;
    } else if (rest.startsWith('?')) {
      const match = GROUP_NAME.exec(rest);
      if (!match?.[1]) return this.#fail('unsupported', 'look-around and flags are not supported; name a group as in "(?<thread>…)"', start);
      const name = match[1];
      if (this.names.includes(name)) this.#fail('syntax', `the group "${name}" stands twice`, start);
      group = this.names.push(name) - 1;
      this.#at += match[0].length;
    }
    const item = this.#choice();
    if (this.#peek() !== ')') this.#fail('syntax', 'expected ")" for this group', start);
    this.#at++;
    this.#depth--;
    return group === undefined ? item : { type: 'capture', item, group };
  }

  #escape(): PatternNode {
    const escaped = this.#classCode();
    return typeof escaped === 'number' ? { type: 'literal', character: String.fromCharCode(escaped) } : { type: 'unit', accepts: escaped };
  }

  #escapedCode(letter: string, start: number): number {
    if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter] ?? 0;
    if (letter === 'x' || letter === 'u') {
      const size = letter === 'x' ? 2 : 4;
      const digits = this.source.slice(this.#at, this.#at + size);
      if (!/^[0-9A-Fa-f]+$/.test(digits) || digits.length !== size) this.#fail('syntax', `expected ${size} hexadecimal characters`, start);
      this.#at += size;
      return Number.parseInt(digits, 16);
    }
    if (letter === '' || /[A-Za-z0-9]/.test(letter)) {
      this.#fail('unsupported', `"\\${letter}" is not supported: back references and boundaries need backtracking`, start);
    }
    return letter.charCodeAt(0);
  }

  #characterClass(): Accepts {
    const start = this.#at;
    this.#at++;
    const negated = this.#peek() === '^';
    if (negated) this.#at++;
    const tests: Accepts[] = [];
    while (this.#peek() !== ']') {
      if (this.#at >= this.source.length) this.#fail('syntax', 'expected "]" for this class', start);
      tests.push(this.#classItem());
    }
    this.#at++;
    const accepts: Accepts = (code) => tests.some((test) => test(code));
    return negated ? not(accepts) : accepts;
  }

  #classItem(): Accepts {
    const start = this.#at;
    const from = this.#classCode();
    if (typeof from !== 'number') return from;
    if (this.#peek() !== '-' || this.source.charAt(this.#at + 1) === ']') return (code) => code === from;
    this.#at++;
    const to = this.#classCode();
    if (typeof to !== 'number' || to < from) return this.#fail('syntax', 'expected a range from a smaller to a greater character', start);
    return (code) => code >= from && code <= to;
  }

  #classCode(): number | Accepts {
    if (this.#at >= this.source.length) this.#fail('syntax', 'expected "]"');
    const start = this.#at;
    const character = this.#peek();
    this.#at++;
    if (character !== '\\') return character.charCodeAt(0);
    const letter = this.#peek();
    this.#at++;
    const known = Object.hasOwn(CLASSES, letter) ? CLASSES[letter] : undefined;
    return known ?? this.#escapedCode(letter, start);
  }
}
