/** Where an ID begins and ends in running text. */

const ASCII = 128;
const DOT = 0x2e;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const BRACKET = 0x5b;

function asciiTable(characters: RegExp): Uint8Array {
  const table = new Uint8Array(ASCII);
  for (let code = 0; code < ASCII; code++) table[code] = characters.test(String.fromCharCode(code)) ? 1 : 0;
  return table;
}

const ALPHANUMERIC = asciiTable(/[A-Za-z0-9]/);
const TOKEN = asciiTable(/[A-Za-z0-9_-]/);
const LETTER_OR_NUMBER = /[\p{L}\p{N}]/u;

export function isAlphanumericCode(code: number): boolean {
  return ALPHANUMERIC[code] === 1;
}

/** Whether a code may stand in an ID: letters, digits, `_` and `-`. */
export function isTokenCode(code: number): boolean {
  return TOKEN[code] === 1;
}

export function isDigitCode(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** Whether a letter or digit outside ASCII stands at `at`: then what looks like an ID is part of a longer word. */
export function isForeignLetterAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (!(code >= ASCII)) return false;
  // The second half of a pair stands for the character that began before it; alone it stands for none.
  const isSecondHalf = code >= 0xdc00 && code <= 0xdfff && isHighSurrogate(text.charCodeAt(at - 1));
  return LETTER_OR_NUMBER.test(String.fromCodePoint(text.codePointAt(isSecondHalf ? at - 1 : at) ?? code));
}

/**
 * Whether the letters right before `at` belong to an escape and not to the word at `at`: `\n` or `\t` in a JSON string,
 * `%3D` in a URL, the end of an ANSI colour (`ESC[31m`, also when its ESC is escaped or lost).
 */
function followsEscape(text: string, at: number): boolean {
  const previous = text.charCodeAt(at - 1);
  if (text.charCodeAt(at - 2) === BACKSLASH) return previous === 0x6e || previous === 0x72 || previous === 0x74;
  if (text.charCodeAt(at - 3) === PERCENT) return /^[0-9A-Fa-f]{2}$/.test(text.slice(at - 2, at));
  if (previous !== 0x6d) return false;
  let i = at - 2;
  const stop = Math.max(0, at - 16);
  while (i > stop && (isDigitCode(text.charCodeAt(i)) || text.charCodeAt(i) === 0x3b)) i--;
  return text.charCodeAt(i) === BRACKET;
}

/**
 * Where the token that holds the word at `wordStart` begins, not before `from`; -1 when the word is part of a longer one in
 * another script. After `-` a new token begins; after `_` or a letter the token began earlier.
 */
export function tokenStart(text: string, wordStart: number, from: number): number {
  if (wordStart <= from) return wordStart;
  const previous = text.charCodeAt(wordStart - 1);
  if (previous === HYPHEN) return wordStart;
  if (!isTokenCode(previous)) return isForeignLetterAt(text, wordStart - 1) ? -1 : wordStart;
  if (previous !== UNDERSCORE && followsEscape(text, wordStart)) return wordStart;
  let start = wordStart - 1;
  while (start > from && isTokenCode(text.charCodeAt(start - 1))) start--;
  return start;
}

const SECONDS_DIGITS = 10;

/** Whether the dot at `at` is the point of a time in seconds (`run_1756919162.904`) and not the end of a sentence. */
function isDecimalPoint(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== DOT || !isDigitCode(text.charCodeAt(at + 1))) return false;
  let digits = 0;
  while (digits <= SECONDS_DIGITS && isDigitCode(text.charCodeAt(at - 1 - digits))) digits++;
  return digits === SECONDS_DIGITS;
}

/** Where the token that goes on at `at` ends; a trailing hyphen is punctuation, as in `run_a->thread_b`. */
export function tokenEnd(text: string, at: number): number {
  let end = at;
  while (isTokenCode(text.charCodeAt(end))) end++;
  if (isDecimalPoint(text, end)) {
    end++;
    while (isDigitCode(text.charCodeAt(end))) end++;
  }
  while (end > at && text.charCodeAt(end - 1) === HYPHEN) end--;
  return end;
}
