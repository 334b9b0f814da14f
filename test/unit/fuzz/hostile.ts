import * as fc from 'fast-check';

/** Pieces that the parsers look for, that regular expressions trip over, and that text is broken by. */
const PIECES = [
  'thread_', 'run_', '_run_', '_thread_', 'thread', 'run', '_', '__', '-', 'session_', 'demo_thread_', 'conn_', 'main_', '_execution', '_step_',
  '13679e4dcc38403a', '1756919162904', '9adf1f09', '9ADF1F09', '9f5d282b-ac2c-4745-ab6c-1b8418427760', 'test', 'default', 'None', 'null',
  'No connections found for thread ', '. Active connections: ', 'Sample connection thread_ids: [', ']', 'PRIORITY 5 RESOLUTION FAILURE', 'REGISTERED: run_id=', ' → thread_id=',
  '2025-09-03 17:06:02.901 | INFO     | manager:connect_user:729 | ', '2025-09-03T17:06:02.901Z', '[BACKEND] ', '\u001b[31m', '\u001b[', '<red>', '</red>', '🚨 ',
  '{', '}', '[', ']', '(', ')', '"', '\'', '\\', '\\u', '\\ud83d', ':', ',', '"message": "', '"type":', '"run_id":', '"__proto__":', '"constructor":', 'true', '1e999', '-0', '.5',
  '(?:', '(?=', '(?<a>', '\\1', '*', '+', '{2,}', '{1000}', '|', '^', '$', '.*', 'a', 'aa', '[^', '\\d', '\\w+', '/', '?', '#', '&', '=', '%', '%41', '@',
  '${', '`', 'f"', '"""', "'''", '//', '/*', '*/', '#!', 'def ', '=>', ' if ', '\n', '\r\n', '\r', '\t', ' ', '\u00a0', '\u200b', '\u202e', '\ufeff', '\u0000', '\u007f', '\u2028', '\ud800', '\udc00', 'é', '²', '①', '٣', 'İ', 'ß', 'Å',
  'http://', 'localhost', '127.0.0.1', '[::1]', ':8787', '.evil', 'Bearer ', 'token.', 'token=', 'authorization: ', 'eyJhbGciOiJIUzI1NiJ9.', 'password=', 'sk-', '--port', '--host', '--', '{thread}', '{ms13}', '{hex8}', 'type:', 'thread:', '-type:', '/x/',
] as const;

const piece = fc.constantFrom<string>(...PIECES);

/** Text made of what parsers look for, and of anything. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 10 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.tuple(piece, piece, fc.nat(60), piece).map(([start, middle, times, end]) => start + middle.repeat(times) + end) },
  { weight: 1, arbitrary: fc.json() },
);

/** Any value, and objects with the keys that guards look at. */
export function hostileValue(keys: readonly string[] = ['type', 'id', 'version']): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true, withDate: true, withNullPrototype: true, withSparseArray: true }), hostileText, fc.constantFrom<unknown>(NaN, Infinity, -0, -1, 0, 1, 1.5, 65_536, '', undefined, null));
  const key = fc.oneof(fc.constantFrom(...keys, 'a'), fc.constantFrom('__proto__', 'constructor', 'toString', 'length'), fc.string({ maxLength: 4 }));
  const record = fc.array(fc.tuple(key, leaf), { maxLength: 8 }).map((entries) => Object.fromEntries(entries));
  const value = fc.oneof(leaf, record, fc.array(record, { maxLength: 3 }));
  const deeper = fc.array(fc.tuple(key, value), { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 2, arbitrary: record }, { weight: 2, arbitrary: deeper });
}

/** Bytes: random ones, and text of any encoding. */
export const hostileBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  hostileText.map((text) => Buffer.from(text)),
  hostileText.map((text) => Buffer.from(`\ufeff${text}`, 'utf16le')),
);

/**
 * Long texts on which a parser that is not linear does not come to an end: the pieces again and again, nested, opened
 * and never closed, with an end that does not fit.
 */
export function* longTexts(length: number): Generator<string> {
  const times = (text: string): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
  for (const text of PIECES) yield times(text);
  const [first] = PIECES;
  for (const text of ['thread_a_run_', 'run_thread_', 'thread__', '_thread', 'thread_1_', '((a+', '[[', '{"a":', '[{"a":[', '\\"', '"\\', '\u001b[1;', 'a=b&', ' \t', 'x ', 'No connections found for thread thread_a. ', 'thread_1756919162904_', "['", "{'a': ", '-thread_', 'f"{f"{', '`${`${']) {
    yield times(text);
    yield `${times(text)}!`;
    yield `${first}${times(text)}\n`;
  }
  yield `${'['.repeat(length >> 1)}${']'.repeat(length >> 1)}`;
  yield `"${'a'.repeat(length)}`;
  yield `{"message": "${'\\u0041'.repeat(length / 6)}"}`;
}
