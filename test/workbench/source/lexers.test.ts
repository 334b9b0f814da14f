import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lexerFor } from '../../../src/workbench/insight/source/lex';
import type { Token } from '../../../src/workbench/insight/source/token';
import { analyse } from './analyse';

function tokens(source: string, language: 'python' | 'script'): Token[] {
  const lexer = lexerFor(source, language);
  const all: Token[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) all.push(token);
  return all;
}

const pieces = (source: string, language: 'python' | 'script'): unknown[] =>
  tokens(source, language).flatMap((token) => (token.pieces ? [token.pieces.map((piece) => (typeof piece === 'string' ? piece : { hole: piece.source }))] : []));

/** Texts, brackets and operators that never end. */
const WORST = ['f"{', '`${', "f'{f\"{", '"', '/', '(', '{', '"thread_" + ', 'run_(', '<a b={c} />', 'x = x = ', '{x = ', 'def f(run_id): send_to_thread(run_id)\n', 'f(a, ', '"run_" % '];

describe('the lexers', () => {
  it('read the texts of Python', () => {
    assert.deepEqual(pieces(`f"a_{x!r}_{y:>{w}}_{{}}_{d['k']}"`, 'python'), [['a_', { hole: 'x' }, '_', { hole: 'y' }, '_{}_', { hole: "d['k']" }]]);
    assert.deepEqual(pieces(`f"a_{d["k"]}"`, 'python'), [['a_', { hole: 'd["k"]' }]]);
    assert.deepEqual(pieces(`rb'\\'' + """a\n"b" """ # 'c'`, 'python'), [["\\'"], ['a\n"b" ']]);
    assert.deepEqual(pieces(`f'{x=}' "it's"`, 'python'), [[{ hole: 'x' }], ["it's"]]);
  });

  it('read the texts of TypeScript and JavaScript', () => {
    assert.deepEqual(pieces('`a_${f({ b: `${c}` })}_d`', 'script'), [['a_', { hole: 'f({ b: `${c}` })' }, '_d']]);
    assert.deepEqual(pieces("a / b; x = /'[/']/g; 'c'", 'script'), [['c']]);
    assert.deepEqual(pieces(`<p>Don't</p>\n"ok"`, 'script'), [['ok']]);
  });

  it('go on with the next line when a text does not end', () => {
    assert.deepEqual(pieces(`x = "abc\ny = "d"`, 'python'), [['d']]);
    assert.deepEqual(pieces(`x = f"{a\ny = "d"`, 'python'), [['d']]);
  });

  it('read any text: tokens in order, none empty, none beyond the end', () => {
    const alphabet = fc.string({ unit: fc.constantFrom('"', "'", '`', '{', '}', '$', '(', ')', '/', '\\', '\n', ' ', 'f', 'a', '#', '*', ':', '=', 'thread_', 'run_', '+', '%', ',', '.'), maxLength: 80 });
    fc.assert(
      fc.property(alphabet, fc.constantFrom('python' as const, 'script' as const), (source, language) => {
        let end = 0;
        for (const token of tokens(source, language)) {
          assert.ok(token.start >= end && token.end > token.start && token.end <= source.length, JSON.stringify({ source, token }));
          end = token.end;
        }
        analyse(`thread_id ${source}`, language);
      }),
      { numRuns: 3000 },
    );
  });

  it('read the worst texts of 300 KB, which takes minutes where anything is read again and again', function () {
    this.timeout(20_000);
    for (const language of ['python', 'script'] as const) {
      for (const unit of WORST) analyse(`thread_id ${unit.repeat(300_000 / unit.length)}`, language);
    }
  });
});
