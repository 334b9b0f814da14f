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

  it('take time in proportion to the length of the worst texts', () => {
    const worst = ['f"{', '`${', "f'{f\"{", '"', '/', '(', '{', '"thread_" + ', 'run_(', '<a b={c} />', 'x = x = '];
    for (const language of ['python', 'script'] as const) {
      for (const unit of worst) {
        const steps = (count: number): number => {
          const source = `thread_id ${unit.repeat(count)}`;
          const start = process.cpuUsage().user;
          for (let i = 0; i < 3; i++) analyse(source, language);
          return process.cpuUsage(undefined).user - start + 5000;
        };
        steps(2000);
        const ratio = steps(32_000) / steps(4000);
        assert.ok(ratio < 40, `${language} ${unit}: 8 times the text took ${ratio.toFixed(1)} times as long`);
      }
    }
  });
});
