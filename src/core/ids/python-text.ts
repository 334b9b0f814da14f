/**
 * The Python string rules that decide what the systems under debug answer (FIELD_GUIDE 2.4). JavaScript's nearest
 * functions differ in exactly the cases below, so they live here and nowhere else.
 */

/** White space as `str.strip` sees it: `trim()` would also drop U+FEFF and would keep U+001C..U+001F and U+0085. */
function isPythonSpace(code: number): boolean {
  if (code <= 0x20) return code >= 0x1c || (code >= 0x09 && code <= 0x0d);
  if (code < 0x85) return false;
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x1680 ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** `str.strip()`. Returns the same string when there is nothing to strip, which is nearly always. */
export function pythonStrip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPythonSpace(text.charCodeAt(start))) start++;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}

/** Whether nothing is left of `text` after `strip()`. */
export function isBlank(text: string): boolean {
  return pythonStrip(text) === '';
}

/**
 * `str.isdigit()`: decimal digits of every script (Unicode category Nd) and the characters with Numeric_Type=Digit,
 * which are superscripts, subscripts, circled digits and a few historic ones. `\d` knows only 0-9.
 */
const DIGITS_ONLY =
  /^[\p{Nd}\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$/u;

/** `str.isdigit()` (DOMAIN 2, pattern 3). */
export function pythonIsDigit(text: string): boolean {
  return DIGITS_ONLY.test(text);
}

/** `len(text)`: code points, where JavaScript counts UTF-16 units. */
export function pythonLength(text: string): number {
  let length = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0xd800 || code > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    length--;
    i++;
  }
  return length;
}

/**
 * `str.lower()`. Both languages apply the full Unicode mapping here (`İ` becomes two characters), so the built-in serves;
 * the name records that this was checked. `toLocaleLowerCase` would differ.
 */
export function pythonLower(text: string): string {
  return text.toLowerCase();
}

/** Where a Python `$` (without MULTILINE) may match: the end, or just before one final newline. */
export function withoutFinalNewline(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

const DECIMALS_ONLY = /^\p{Nd}+$/u;
const DECIMAL = /^\p{Nd}$/u;
const INTEGER = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u;

/** Python's regular expression `^\d+$` on text: decimal digits of every script, but no superscripts. */
export function pythonIsDecimal(text: string): boolean {
  return isAsciiDigits(text) || DECIMALS_ONLY.test(text);
}

/** The common case of both, without a Unicode table. */
function isAsciiDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '';
}

/** The value of a decimal digit of any script. Unicode keeps each script's ten in one run, and runs may touch. */
function decimalValue(code: number): number {
  let first = code;
  while (DECIMAL.test(String.fromCodePoint(first - 1))) first--;
  return (code - first) % 10;
}

/**
 * `int(text)`: surrounding white space, one sign, digits of any script, single underscores between digits. Returns undefined
 * where Python raises ValueError. Values beyond 2^53 lose their last digits, as they do in JSON.
 */
export function pythonInt(text: string): number | undefined {
  if (isAsciiDigits(text)) return Number(text);
  const stripped = pythonStrip(text);
  if (!INTEGER.test(stripped)) return undefined;
  let digits = '';
  for (const char of stripped) {
    if (char === '_' || char === '+') continue;
    const code = char.codePointAt(0) ?? 0;
    digits += code < 0x80 ? char : String(decimalValue(code));
  }
  return Number(digits);
}
