// SQLite keeps text as UTF-8, which has no lone surrogates: two IDs that differ only in them would become one. A text
// that has some, or that looks as if it were such a text, is therefore kept as a JSON string, which escapes them.
const LONE_SURROGATE = /\p{Surrogate}/u;

/** @returns the text as it is kept; `fromStored` gives it back whatever it holds. */
export function toStored(text: string): string {
  return text.startsWith('"') || LONE_SURROGATE.test(text) ? JSON.stringify(text) : text;
}

/** @throws SyntaxError when the text was not made by `toStored`. */
export function fromStored(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
