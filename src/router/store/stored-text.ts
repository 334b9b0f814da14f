// SQLite keeps text as UTF-8, which has no lone surrogates: two IDs that differ only in them would become one. And
// before Node 24, node:sqlite reads text only up to the first NUL. A text that has either, or that looks as if it were
// such a text, is therefore kept as a JSON string, which escapes them.
const NEEDS_ESCAPES = /^"|[\0\p{Surrogate}]/u;

/** @returns the text as it is kept; `fromStored` gives it back whatever it holds. */
export function toStored(text: string): string {
  return NEEDS_ESCAPES.test(text) ? JSON.stringify(text) : text;
}

/** @throws SyntaxError when the text was not made by `toStored`. */
export function fromStored(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
