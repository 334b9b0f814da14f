import { rewriteJson } from './rewrite-json';

/** Begins the strings that stand for numbers meanwhile; of the private use area, so that no message has it by chance. */
const MARK = '\uE000number ';
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** JSON whose numbers that JavaScript would spell in another way, such as those of 64 bits, are strings. `withNumbers` makes them numbers again. */
export function withoutInexactNumbers(json: string): string {
  return rewriteJson(json, ({ kind, text }) => (kind === 'scalar' && NUMBER.test(text) && String(Number(text)) !== text ? JSON.stringify(MARK + text) : undefined));
}

/** A whole number of so many digits may not be what `JSON.parse` makes of it. */
const MANY_DIGITS = /(?<![.\d])\d{16}/;

/** As `JSON.parse`, but that whole numbers too large for JavaScript are strings, as `withoutInexactNumbers` makes them. @throws {SyntaxError} */
export function parseExactly(json: string): unknown {
  const value: unknown = JSON.parse(json);
  return MANY_DIGITS.test(json) ? JSON.parse(withoutInexactNumbers(json)) : value;
}

/** The number as it was spelt, when the value stands for one. */
export function exactNumber(value: unknown): string | undefined {
  const number = typeof value === 'string' && value.startsWith(MARK) ? value.slice(MARK.length) : '';
  return NUMBER.test(number) ? number : undefined;
}

/** The reverse of `withoutInexactNumbers`. */
export function withNumbers(json: string): string {
  return rewriteJson(json, ({ kind, text }) => (kind === 'string' ? exactNumber(text) : undefined));
}
