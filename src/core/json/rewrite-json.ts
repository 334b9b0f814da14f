/** A value inside JSON text. */
export interface JsonPart {
  /** Name of the member it is the value of; elements of a list have that of the list. */
  readonly key: string | undefined;
  readonly kind: 'string' | 'scalar' | 'container';
  /** A string decoded, a number or word as written; empty for a container. */
  readonly text: string;
  /** Whether it stands in an object, not in a list or alone. */
  readonly isMember: boolean;
  /** Place of the bracket of the container it stands in; -1 for the outermost value. */
  readonly parent: number;
  /** Place among the members or elements of that, from 0. */
  readonly index: number;
}

/** An open container: its key, what kind its values are of, where it begins, and the index of the next value. */
interface Container {
  readonly key: string | undefined;
  readonly isMember: boolean;
  readonly parent: number;
  index: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * JSON text with some of its values replaced and everything else, white space and spelling of numbers included, as it
 * was. Members that stand twice are seen twice. Linear, without recursion, so that depth costs nothing.
 * @param json valid JSON; check it with `JSON.parse` first
 * @param rewrite answers JSON to put in the value's place, or undefined to leave it and look inside
 */
export function rewriteJson(json: string, rewrite: (part: JsonPart) => string | undefined): string {
  let result = '';
  let kept = 0;
  const open: Container[] = [];
  const outside: Container = { key: undefined, isMember: false, parent: -1, index: 0 };
  let inside = outside;
  let key: string | undefined;
  let expectsKey = false;
  const replace = (from: number, to: number, replacement: string | undefined): void => {
    if (replacement === undefined) return;
    result += json.slice(kept, from) + replacement;
    kept = to;
  };
  for (let at = 0; at < json.length; ) {
    const char = json[at] ?? '';
    if (char === '"') {
      const end = stringEnd(json, at);
      const text = decode(json.slice(at, end));
      if (expectsKey) {
        key = text;
        expectsKey = false;
      } else replace(at, end, rewrite({ key, kind: 'string', text, isMember: inside.isMember, parent: inside.parent, index: inside.index }));
      at = end;
    } else if (char === '{' || char === '[') {
      const replacement = rewrite({ key, kind: 'container', text: '', isMember: inside.isMember, parent: inside.parent, index: inside.index });
      if (replacement === undefined) {
        inside = { key, isMember: char === '{', parent: at, index: 0 };
        open.push(inside);
        expectsKey = char === '{';
        at++;
      } else {
        const end = containerEnd(json, at);
        replace(at, end, replacement);
        at = end;
      }
    } else if (char === '}' || char === ']') {
      open.pop();
      inside = open.at(-1) ?? outside;
      at++;
    } else if (char === ',') {
      inside.index++;
      expectsKey = inside.isMember;
      key = inside.key;
      at++;
    } else if (char === ':' || char === ' ' || char === '\n' || char === '\r' || char === '\t') at++;
    else {
      let end = at + 1;
      while (end < json.length && !',]} \n\r\t'.includes(json[end] ?? '')) end++;
      replace(at, end, rewrite({ key, kind: 'scalar', text: json.slice(at, end), isMember: inside.isMember, parent: inside.parent, index: inside.index }));
      at = end;
    }
  }
  return kept === 0 ? json : result + json.slice(kept);
}

function stringEnd(json: string, from: number): number {
  let at = from + 1;
  for (let code = json.charCodeAt(at); at < json.length && code !== QUOTE; code = json.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1;
  return at + 1;
}

function containerEnd(json: string, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; ) {
    const char = json[at];
    if (char === '"') at = stringEnd(json, at);
    else {
      at++;
      if (char === '{' || char === '[') depth++;
      else if ((char === '}' || char === ']') && --depth === 0) return at;
    }
  }
  return json.length;
}

function decode(literal: string): string {
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}
