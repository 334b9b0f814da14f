import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeValue } from '../../../../src/core/index';
import { readDuration } from '../../../../src/core/scenario/duration';
import { fillText, fillValue, mintedLength, mintIds, placeholdersIn } from '../../../../src/core/scenario/fill-ids';
import { naming } from '../../../../src/core/scenario/lanes';
import { codeText, markdownTable, plainText } from '../../../../src/core/markdown-table';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,10}$/).filter((text) => mintedLength(text) === undefined);
const minting = { now: () => 1_756_919_162_904.7, hex: (length: number) => 'a'.repeat(length) };

describe('IDs of a scenario', () => {
  it('are minted in order, each from those before it', () => {
    const ids = mintIds({ T: 'thread_{hex16}', R: '{T}_run_{ms}_{hex8}', U: 'run_{uuid}', L: 'literal{}{later}', later: 'x' }, minting);
    assert.deepEqual(Object.fromEntries(ids), {
      T: 'thread_aaaaaaaaaaaaaaaa',
      R: 'thread_aaaaaaaaaaaaaaaa_run_1756919162904_aaaaaaaa',
      U: 'run_aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
      L: 'literal{}{later}',
      later: 'x',
    });
  });

  it('replace their placeholders wherever they stand, and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ maxLength: 20 }), { maxKeys: 5 }), fc.array(fc.oneof(fc.string(), name.map((one) => `{${one}}`))), (templates, parts) => {
        const ids = new Map(Object.entries(templates));
        const text = parts.join('');
        const filled = fillText(text, ids);
        if (!placeholdersIn(text).some((one) => ids.has(one))) assert.equal(filled, text);
        for (const one of placeholdersIn(text)) if (ids.has(one)) assert.ok(filled.includes(ids.get(one)!));
      }),
    );
  });

  it('are put into every text of a value, whose shape stays', () => {
    const ids = new Map([['T', 'thread_1']]);
    assert.deepEqual(fillValue({ a: ['{T}', 1, null, true], '{T}': { b: 'x{T}y{Q}' } }, ids), { a: ['thread_1', 1, null, true], thread_1: { b: 'xthread_1y{Q}' } });
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(fillValue(value, new Map()), value)));
  });

  it('are called by their names again in a report, the longer before the shorter', () => {
    const nameOf = naming({ T: 'thread_13679e4dcc38403a', R: 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09', S: 'short' });
    assert.equal(nameOf('thread_13679e4dcc38403a_run_1756919162904_9adf1f09 of thread_13679e4dcc38403a, shortly'), '{R} of {T}, shortly');
    assert.equal(nameOf('short'), '{S}');
  });
});

describe('durations of a scenario', () => {
  for (const [written, ms] of [[5, 5], [0.5, 0.5], ['500ms', 500], ['180s', 180_000], ['1.5h', 5_400_000], ['30m', 1_800_000], ['1d', 86_400_000], ['0ms', 0]] as const) {
    it(`reads ${JSON.stringify(written)}`, () => assert.equal(readDuration(written), ms));
  }

  for (const written of [-1, NaN, Infinity, '5 minutes', '-5s', '5', 's', '', '1.2345s', null, undefined, {}, '9'.repeat(20) + 's']) {
    it(`takes ${describeValue(written)} for none`, () => assert.equal(readDuration(written), undefined));
  }
});

describe('Markdown of a report', () => {
  it('keeps any text in its cell and on its line', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 5 }), (cells) => {
        const lines = markdownTable([['a', 'b'], ...cells.map(([plain, code]) => [plainText(plain), codeText(code)])]);
        assert.equal(lines.length, cells.length + 2);
        for (const line of lines) {
          assert.doesNotMatch(line, /[\n\r\u2028\u2029]/);
          assert.equal(line.match(/(?<!\\)\|/g)?.length, 3, line);
        }
      }),
    );
  });

  it('begins no link, image, code or HTML in a text from outside', () => {
    assert.equal(plainText('[a](http://x) ![b](c) <b> `d` *e* _f_ g_h\n\u202ei'), '[a\\](http:\\//x) \\![b\\](c) \\<b> \\`d\\` \\*e\\* \\_f\\_ g_h i');
  });
});
