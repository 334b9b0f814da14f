import { findPairs, mayHavePairs } from './find-pairs';
import { keyBefore, MOST_BLANKS, skipBlanks } from './key-before';
import { isSecretKey, mayNameSecret } from './secret-keys';

export const REDACTED = '[REDACTED]';

const MOST_PASSES = 3;

/** After `token:` or `Bearer` these words say something about the secret and are none. */
const PLAIN_WORDS = new Set([
  'token', 'tokens', 'auth', 'authentication', 'authorization', 'header', 'headers', 'scheme', 'credential', 'credentials',
  'missing', 'invalid', 'expired', 'valid', 'required', 'present', 'none', 'null', 'undefined', 'true', 'false', 'not', 'no',
  'is', 'was', 'of', 'or', 'and', 'in', 'for', 'the', 'a', 'format', 'prefix', 'handlers', 'string', 'str', 'number',
  'yes', 'ok', 'failed', 'success', 'pending', 'verified', 'rejected', 'denied', 'enabled', 'disabled', 'unknown', 'empty', 'provided', 'refreshed',
  '[redacted]', 'redacted',
]);

/** What stands before a quote: a call such as `SecretStr(`, and what Python writes before bytes and some texts. */
const BEFORE_QUOTE = /(?:(?:pydantic\.)?\w{1,40}\(){0,2}(?:[bru]{1,2})?(?=\\{0,8}["'`])/iy;
/** After `AUTH:`, what a line is about. */
const ID_FIELD = /^(?:[a-z]{2,12}_?)?id=/i;
/** Quotes of other kinds: what they hold ends at any of those that close. */
const ODD_QUOTE = /[‘‚“„«‹<]/;
const AFTER_ODD_QUOTE = /[’“”»›>"'\r\n]/g;
/** Headers whose values have blanks and separators in them. */
const WIDE_HEADER = /(?:authorization|cookie2?)$/i;
/** Further `name=value` of a cookie header, or parameters of credentials. */
const COOKIES = /[^\s&,;'"`()<>{}[\]#|=]{1,256}=[^\s,;'"`()<>{}[\]|]*(?:;[ \t]{0,8}[^\s,;'"`()<>{}[\]|=]{1,256}=[^\s,;'"`()<>{}[\]|]*)*/y;

interface Cut {
  readonly from: number;
  readonly to: number;
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

/** End of a header: that of its line, or the quotes around it. Quotes after `=` are those of a parameter (`response="…"`). */
function headerEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    at = endOf(text, at, /["'\r\n]/g);
    const quote = text[at];
    let escapes = 0;
    while (at - escapes > from && text[at - escapes - 1] === '\\') escapes++;
    if ((quote !== '"' && quote !== "'") || text[at - escapes - 1] !== '=') return at - escapes;
    at = quotedEnd(text, at + 1, quote, escapes) + escapes;
  }
  return text.length;
}

/** Where the value after the separator at `at` begins and ends. */
function valueAfter(text: string, at: number, key: string): Cut | undefined {
  let from = at + 1;
  // `:=`, `==` and `=>` separate, too.
  while (from <= at + 2 && (text[from] === '=' || text[from] === '>')) from++;
  from = skipBlanks(text, from, 1);
  BEFORE_QUOTE.lastIndex = from;
  if (BEFORE_QUOTE.test(text)) from = BEFORE_QUOTE.lastIndex;
  const scheme = schemeAt(text, from) ?? '';
  from += scheme.length;
  let escapes = 0;
  while (escapes < MOST_BLANKS && text[from + escapes] === '\\') escapes++;
  const quote = text[from + escapes];
  if (quote === '"' || quote === "'" || quote === '`') {
    from += escapes + 1;
    return { from, to: quotedEnd(text, from, quote, escapes) };
  }
  if (text[from] === '{' || text[from] === '[') return { from, to: bracketedEnd(text, from) };
  if (ODD_QUOTE.test(text[from] ?? '')) return { from: from + 1, to: endOf(text, from + 1, AFTER_ODD_QUOTE) };
  if (WIDE_HEADER.test(key)) {
    if (text[at] === ':' || /^digest/i.test(scheme)) return { from, to: headerEnd(text, from) };
    COOKIES.lastIndex = from;
    if (scheme === '' && COOKIES.test(text)) return { from, to: COOKIES.lastIndex };
  }
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

/** Values after secret names: JSON, Python, headers, query strings, `name=value` in prose; and those whose names stand elsewhere. */
function redactNamed(text: string): string {
  if (!mayNameSecret(text)) return text;
  let result = '';
  let done = 0;
  const pairs = findPairs(text);
  const separators = pairs.size > 0 ? /[:=,]|%3D/gi : /[:=]|%3D/gi;
  for (let found = separators.exec(text); found !== null; found = separators.exec(text)) {
    const pair = pairs.get(found.index);
    if (found[0] === ',' && !pair) continue;
    const key = pair?.name ?? keyBefore(text, found.index);
    if (key === '' || !isSecretKey(key)) continue;
    const value = found[0].length > 1 ? encodedAfter(text, separators.lastIndex) : valueAfter(text, pair?.at ?? found.index, key);
    if (value === undefined || value.to <= value.from) continue;
    if (found[0] === ':' && /^(?:auth|jwt|token)$/i.test(key) && ID_FIELD.test(text.slice(value.from, value.from + 32))) continue;
    const cut = withoutScheme(text, value);
    const length = cut.to - cut.from;
    if (length <= 20 && PLAIN_WORDS.has(text.slice(cut.from, cut.to).toLowerCase())) continue;
    result += text.slice(done, cut.from) + REDACTED;
    done = cut.to;
    separators.lastIndex = cut.to;
  }
  return done === 0 ? text : result + text.slice(done);
}

function hideProtocols(text: string): string {
  return text.replace(/\b(token|jwt|jwt-auth|bearer|staging-auth|api-key)\.[\w.~+/=-]+/gi, `$1.${REDACTED}`);
}

/** Leaves `Sec-WebSocket-Protocol` entries readable but for JSON Web Tokens and what follows `token.`, `jwt.` and their kin. */
export function redactProtocols(text: string): string {
  return redactText(hideProtocols(text));
}

/** `<password>…</password>`, with a namespace, attributes or CDATA too. */
function redactElements(text: string): string {
  return text.replace(/(<(?:[\w.-]{1,32}:)?([\w.-]{1,64})(?:\s[^<>]{0,256})?>(?:<!\[CDATA\[)?)([^<>\]]+)(?=(?:\]\]>)?<\\{0,8}\/)/g, (whole, start: string, name: string, value: string) =>
    isSecretKey(name) && !PLAIN_WORDS.has(value.trim().toLowerCase()) ? start + REDACTED : whole,
  );
}

/** `SecretStr("…")` under any name. */
function redactSecretTypes(text: string): string {
  let result = '';
  let done = 0;
  for (const { index, 0: { length } } of text.matchAll(/\bSecret(?:Str|Bytes)\((?=[bru]{0,2}\\{0,8}["'`])/g)) {
    const cut = index < done ? undefined : valueAfter(text, index + length - 1, '');
    if (!cut || cut.to <= cut.from) continue;
    result += text.slice(done, cut.from) + REDACTED;
    done = cut.to;
  }
  return result + text.slice(done);
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
  let before = text;
  let shown = redactOnce(text);
  // What is hidden can change what seems to be a pair in text that is broken.
  for (let n = 0; n < MOST_PASSES && shown !== before && mayHavePairs(shown); n++) [before, shown] = [shown, redactOnce(shown)];
  return shown;
}

function redactOnce(text: string): string {
  if (text.length < 6) return text;
  let result = redactNamed(text);
  if (result.includes('</') || result.includes('<\\')) result = redactElements(result);
  if (result.includes('Secret')) result = redactSecretTypes(result);
  result = result.replace(/\b(bearer|basic)([ \t]{1,8})([\w.~+/=-]+)/gi, (whole, scheme: string, gap: string, value: string) => {
    const plain = PLAIN_WORDS.has(value.toLowerCase()) || /^\.+$/.test(value);
    if (plain || (scheme.toLowerCase() === 'basic' && (value.length < 8 || !looksEncoded(value)))) return whole;
    return `${scheme}${gap}${REDACTED}`;
  });
  if (result.includes('eyJ')) result = result.replace(/(?<![\w-])eyJ[\w-]{5,}(?:\.[\w-]*){1,4}/g, REDACTED);
  result = result.replace(/\b(token|jwt|jwt-auth|bearer|staging-auth|api-key)\.[\w-]{16,}/gi, `$1.${REDACTED}`);
  result = result.replace(/sec-websocket-protocol[^\r\n]{4,1024}/gi, hideProtocols);
  if (result.includes('://')) result = result.replace(/(:\/\/[^\s/:@"']{0,64}:)[^\s/"']{1,256}@/g, `$1${REDACTED}@`);
  return result;
}
