/** Longest name that is looked at. */
const LONGEST_KEY = 64;
/** Longest row of blanks, or of the backslashes of JSON within JSON, that is looked past. */
export const MOST_BLANKS = 8;

function isKeyChar(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45 || code === 46
  );
}

/** The first place from `at` on, or back, where no blank stands. */
export function skipBlanks(text: string, at: number, step: 1 | -1): number {
  for (let n = 0; n < MOST_BLANKS && (text[at] === ' ' || text[at] === '\t'); n++) at += step;
  return at;
}

/** The name before a `:` or `=` at `at`, through blanks, brackets (`user[password]=`), a quote and the backslashes of JSON within JSON. */
export function keyBefore(text: string, at: number): string {
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
