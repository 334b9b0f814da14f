import { rewriteJson } from './rewrite-json';

/** Begins the strings that stand for numbers meanwhile; of the private use area, so that no message has it by chance. */
const MARK = '\uE000number ';
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** JSON whose numbers that JavaScript would spell in another way, such as those of 64 bits, are strings. `withNumbers` makes them numbers again. */
export function withoutInexactNumbers(json: string): string {
  return rewriteJson(json, ({ kind, text }) => (kind === 'scalar' && NUMBER.test(text) && String(Number(text)) !== text ? JSON.stringify(MARK + text) : undefined));
}

/** The reverse of `withoutInexactNumbers`. */
export function withNumbers(json: string): string {
  return rewriteJson(json, ({ kind, text }) => {
    const number = kind === 'string' && text.startsWith(MARK) ? text.slice(MARK.length) : '';
    return NUMBER.test(number) ? number : undefined;
  });
}
