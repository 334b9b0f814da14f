import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { BytesSource } from '../../../src/workbench/trace/search/bytes-source';
import { Needle } from '../../../src/workbench/trace/search/byte-memory';
import { LineScanner, LONGEST_LINE } from '../../../src/workbench/trace/search/line-scanner';

interface Found {
  text: string;
  number: number;
}

async function scan(content: Uint8Array, texts: readonly string[], vectors = true): Promise<{ found: Found[]; long: number[]; length: number }> {
  const { reader } = await new BytesSource('test:', 'test', () => Promise.resolve(content)).open();
  const needles = texts.map((text) => ({ needle: new Needle(text), until: Infinity }));
  const found: Found[] = [];
  const long: number[] = [];
  const length = await new LineScanner(vectors).scan(reader, {
    needles: () => needles,
    line: ({ text, number }) => void found.push({ text, number }),
    longLine: (number) => long.push(number),
    progress: () => undefined,
    signal: undefined,
  });
  return { found, long, length };
}

function expected(content: string, texts: readonly string[]): Found[] {
  return content
    .split('\n')
    .map((text, i) => ({ text: text.replace(/\r$/, ''), number: i + 1 }))
    .filter(({ text }) => texts.some((needle) => text.includes(needle)));
}

describe('the line scanner', () => {
  it('gives the lines a split gives, with their numbers', async () => {
    const line = fc.array(fc.constantFrom('a', 'b', 'thread_1', ' ', 'é', '🚨', '\r'), { maxLength: 12 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.boolean(), async (lines, vectors) => {
        const content = lines.join('\n');
        const { found, length } = await scan(Buffer.from(content), ['thread_1', 'bb'], vectors);
        assert.deepEqual(found, expected(content, ['thread_1', 'bb']));
        assert.equal(length, Buffer.byteLength(content));
      }),
    );
  });

  it('finds lines across the borders of its reads, compressed or not', async () => {
    const lines = Array.from({ length: 90_000 }, (_, i) => `${i} ${'x'.repeat(i % 67)} ${i % 977 === 0 ? 'thread_13679e4dcc38403a' : ''}`);
    const content = lines.join('\n');
    assert.ok(content.length > 3 * (1 << 20));
    const wanted = expected(content, ['13679e4dcc38403a']);
    assert.deepEqual((await scan(Buffer.from(content), ['13679e4dcc38403a'])).found, wanted);
    assert.deepEqual((await scan(gzipSync(content), ['13679e4dcc38403a'])).found, wanted);
  });

  it('searches a line that is too long to be held, shows it in part, and goes on after it', async () => {
    for (const at of [10, LONGEST_LINE - 4, LONGEST_LINE + 3, 2 * LONGEST_LINE - 8, 9_999_000]) {
      const long = `${'y'.repeat(at)}thread_1${'z'.repeat(10_000_000 - at)}`;
      const { found, long: numbers } = await scan(Buffer.from(`first\n${long}\nlast thread_1\n`), ['thread_1']);
      assert.deepEqual(found.map(({ number }) => number), [2, 3], `at ${at}`);
      assert.match(found[0]?.text ?? '', /thread_1/);
      assert.ok((found[0]?.text.length ?? 0) < 70_000);
      assert.deepEqual(numbers, [2]);
    }
  });

  it('stops where nothing is looked for any more', async () => {
    const content = Buffer.from('some line\n'.repeat(800_000));
    const { reader } = await new BytesSource('test:', 'test', () => Promise.resolve(content)).open();
    const length = await new LineScanner().scan(reader, {
      needles: () => [{ needle: new Needle('nothing'), until: 1000 }],
      line: () => undefined,
      longLine: () => undefined,
      progress: () => undefined,
      signal: undefined,
    });
    assert.ok(length < content.length / 2, String(length));
  });

  it('reads UTF-16 with its mark', async () => {
    const content = Buffer.from('\ufeffone\r\nthread_1 é\r\n', 'utf16le');
    assert.deepEqual((await scan(content, ['thread_1'])).found, [{ text: 'thread_1 é', number: 2 }]);
  });
});
