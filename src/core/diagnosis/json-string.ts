import { type TextView, ViewBuilder } from './text-view';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\', '/': '/' };

/** A JSON string read out of a view: its decoded text, and where its closing quote stands. */
export interface JsonString {
  readonly view: TextView;
  readonly end: number;
}

/** Reads the JSON string whose opening quote is at `at`; undefined when it is not closed. Lenient about bad escapes. */
export function readJsonString(parent: TextView, at: number): JsonString | undefined {
  const { text } = parent;
  const builder = new ViewBuilder(parent);
  let done = at + 1;
  for (let here = done; here < text.length; here++) {
    const char = text[here];
    if (char === '"') {
      builder.add(text.slice(done, here), done);
      return { view: builder.build(here), end: here };
    }
    if (char !== '\\') continue;
    builder.add(text.slice(done, here), done);
    const escape = text[here + 1] ?? '';
    const hex = escape === 'u' ? text.slice(here + 2, here + 6) : '';
    if (/^[0-9a-fA-F]{4}$/.test(hex)) {
      builder.add(String.fromCharCode(Number.parseInt(hex, 16)), here);
      here += 5;
    } else {
      builder.add(ESCAPES[escape] ?? escape, here);
      here++;
    }
    done = here + 1;
  }
  return undefined;
}

/** Finds the string value of `key` whose decoded text is `value`, anywhere in JSON text. */
export function findJsonString(parent: TextView, key: string, value: string): TextView | undefined {
  const name = `"${key}"`;
  const colon = /\s{0,64}:\s{0,64}"/y;
  for (let at = parent.text.indexOf(name); at >= 0; at = parent.text.indexOf(name, at + 1)) {
    colon.lastIndex = at + name.length;
    if (!colon.test(parent.text)) continue;
    const read = readJsonString(parent, colon.lastIndex - 1);
    if (read === undefined) return undefined;
    if (read.view.text === value) return read.view;
    at = read.end;
  }
  return undefined;
}
