import { isSecretKey } from './secret-keys';

export const REDACTED = '[REDACTED]';

/** After `token:` or `Bearer` these words say something about the secret and are none. */
const PLAIN_WORDS = new Set([
  'token', 'tokens', 'auth', 'authentication', 'authorization', 'header', 'headers', 'scheme', 'credential', 'credentials',
  'missing', 'invalid', 'expired', 'valid', 'required', 'present', 'none', 'null', 'undefined', 'true', 'false', 'not', 'no',
  'is', 'was', 'of', 'or', 'and', 'in', 'for', 'the', 'a', 'format', 'prefix', 'handlers', 'string', 'str', 'number',
  '[redacted]', 'redacted',
]);

const LONGEST_KEY = 64;
const MOST_BLANKS = 8;

/** What Python writes before the quote of bytes and of some texts. */
const PYTHON_PREFIX = /[bru]{1,2}(?=\\{0,8}["'])/iy;

interface Cut {
  readonly from: number;
  readonly to: number;
}

function isKeyChar(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45 || code === 46
  );
}

function skipBlanks(text: string, at: number, step: 1 | -1): number {
  for (let n = 0; n < MOST_BLANKS && (text[at] === ' ' || text[at] === '\t'); n++) at += step;
  return at;
}

/** The name before a `:` or `=` at `at`, through blanks, brackets (`user[password]=`), a quote and the backslashes of JSON within JSON. */
function keyBefore(text: string, at: number): string {
  let end = skipBlanks(text, at - 1, -1);
  if (text[at] === '=' && text.slice(end - 2, end + 1).toLowerCase() === '%5d') end -= 3;
  else if (text[at] === '=' && text[end] === ']') end--;
  if (text[end] === '"' || text[end] === "'" || text[end] === '`') {
    end--;
    for (let n = 0; n < MOST_BLANKS && text[end] === '\\'; n++) end--;
  }
  let start = end;
  while (start >= 0 && end - start < LONGEST_KEY && isKeyChar(text.charCodeAt(start))) start--;
  // "API key": the word before says what kind of key it is.
  if (text[start] === ' ' && /^keys?$/i.test(text.slice(start + 1, end + 1))) {
    start--;
    while (start >= 0 && end - start < LONGEST_KEY && isKeyChar(text.charCodeAt(start))) start--;
  }
  // What is left of a character that a URL encodes, as in `%3Ftoken`.
  return text.slice(start + (/^%[0-9a-f]{2}/i.test(text.slice(start, start + 3)) ? 3 : 1), end + 1);
}

/** End of the value in quotes whose opening quote was escaped by `escapes` backslashes (JSON within JSON). */
function quotedEnd(text: string, from: number, quote: string, escapes: number): number {
  let backslashes = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    // Quotes are closed in their line, but for keys in PEM.
    if (char === '\n' && !text.startsWith('-----BEGIN ', from)) return at;
    if (char === '\\') backslashes++;
    else {
      const closes = backslashes < escapes || (backslashes - escapes) % (2 * (escapes + 1)) === 0;
      if (char === quote && closes) return at - Math.min(backslashes, escapes);
      backslashes = 0;
    }
  }
  return text.length;
}

/** End of a list or object that begins at `from`; strings in it are skipped, also those of JSON within JSON. */
function bracketedEnd(text: string, from: number): number {
  let depth = 0;
  let escapes = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') {
      escapes++;
      continue;
    }
    if (char === '"' || char === "'") at = quotedEnd(text, at + 1, char, escapes) + escapes;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
    escapes = 0;
  }
  return text.length;
}

function endOf(text: string, from: number, stops: RegExp): number {
  stops.lastIndex = from;
  return stops.exec(text)?.index ?? text.length;
}

/** Where the value after the separator at `at` begins and ends. */
function valueAfter(text: string, at: number, key: string): Cut | undefined {
  let from = at + 1;
  // `:=`, `==` and `=>` separate, too.
  while (from <= at + 2 && (text[from] === '=' || text[from] === '>')) from++;
  from = skipBlanks(text, from, 1);
  PYTHON_PREFIX.lastIndex = from;
  if (PYTHON_PREFIX.test(text)) from = PYTHON_PREFIX.lastIndex;
  from += schemeAt(text, from)?.length ?? 0;
  let escapes = 0;
  while (escapes < MOST_BLANKS && text[from + escapes] === '\\') escapes++;
  const quote = text[from + escapes];
  if (quote === '"' || quote === "'" || quote === '`') {
    from += escapes + 1;
    return { from, to: quotedEnd(text, from, quote, escapes) };
  }
  if (text[from] === '{' || text[from] === '[') return { from, to: bracketedEnd(text, from) };
  // The value of these headers has blanks and separators in it; it ends with the line, or with the quotes around the header.
  if (/(?:authorization|cookie2?)$/i.test(key) && text[at] === ':') return { from, to: endOf(text, from, /["'\r\n]/g) };
  return { from, to: endOf(text, from, /[\s&,;'"`()<>{}[\]#|]/g) };
}

/** A value in a URL within a URL ends at the next parameter of either. */
function encodedAfter(text: string, from: number): Cut {
  return { from, to: endOf(text, from, /%26|%23|[\s&,;'"`()<>{}[\]#|]/gi) };
}

function schemeAt(text: string, at: number): string | undefined {
  return /^(?:bearer|basic|digest|negotiate|token|apikey)[ \t]+/i.exec(text.slice(at, at + 24))?.[0];
}

function withoutScheme(text: string, cut: Cut): Cut {
  const scheme = schemeAt(text, cut.from);
  return scheme === undefined || cut.from + scheme.length >= cut.to ? cut : { from: cut.from + scheme.length, to: cut.to };
}

/** Values after secret names: JSON, Python, headers, query strings, `name=value` in prose. */
function redactNamed(text: string): string {
  let result = '';
  let done = 0;
  const separators = /[:=]|%3D/gi;
  for (let found = separators.exec(text); found !== null; found = separators.exec(text)) {
    const key = keyBefore(text, found.index);
    if (key === '' || !isSecretKey(key)) continue;
    const value = found[0].length > 1 ? encodedAfter(text, separators.lastIndex) : valueAfter(text, found.index, key);
    if (value === undefined || value.to <= value.from) continue;
    const cut = withoutScheme(text, value);
    const length = cut.to - cut.from;
    if (length <= 20 && PLAIN_WORDS.has(text.slice(cut.from, cut.to).toLowerCase())) continue;
    result += text.slice(done, cut.from) + REDACTED;
    done = cut.to;
    separators.lastIndex = cut.to;
  }
  return done === 0 ? text : result + text.slice(done);
}

/** Leaves `Sec-WebSocket-Protocol` entries readable but for what follows `token.`, `jwt.` and their kin. */
export function redactProtocols(text: string): string {
  return text.replace(/\b(token|jwt|jwt-auth|bearer|staging-auth)\.[\w.~+/=-]+/gi, `$1.${REDACTED}`);
}

function looksEncoded(text: string): boolean {
  return /[\d=+/]/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text.slice(1)));
}

/**
 * Text without its secrets: values of secret names in JSON, headers, query strings and prose, `Bearer …` and
 * `Basic …` credentials, JSON Web Tokens, tokens in subprotocols, passwords in URLs. One bounded look back and one
 * scan ahead for each separator, so the time is linear in the length.
 */
export function redactText(text: string): string {
  if (text.length < 6) return text;
  let result = redactNamed(text);
  result = result.replace(/\b(bearer|basic)([ \t]{1,8})([\w.~+/=-]+)/gi, (whole, scheme: string, gap: string, value: string) => {
    const plain = PLAIN_WORDS.has(value.toLowerCase()) || /^\.+$/.test(value);
    if (plain || (scheme.toLowerCase() === 'basic' && (value.length < 8 || !looksEncoded(value)))) return whole;
    return `${scheme}${gap}${REDACTED}`;
  });
  if (result.includes('eyJ')) result = result.replace(/(?<![\w-])eyJ[\w-]{5,}(?:\.[\w-]*){1,4}/g, REDACTED);
  result = result.replace(/\b(token|jwt|jwt-auth|bearer|staging-auth)\.[\w-]{16,}/gi, `$1.${REDACTED}`);
  if (result.includes('://')) result = result.replace(/(:\/\/[^\s/:@"']{0,64}:)[^\s/"']{1,256}@/g, `$1${REDACTED}@`);
  return result;
}
