import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LinearPattern } from '../../../src/router/journal/linear-pattern';
import { PatternError } from '../../../src/router/journal/pattern-parser';

const atom = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '\\s', '\\S', '[ab]', '[^ab]', '[a-c]', '[^\\d]', '[\\w-]', '\\.', '\\n', '^', '$', '\\x61', '\\u0062', '-', '_', '1'),
);
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: atom },
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '*?', '+?', '{2}', '{0,2}', '{1,}')).map(([a, quantifier]) => `(${a})${quantifier}`),
  ),
})).node;
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '1', '.', '-', '_', ' ', '\n', 'ä'), { maxLength: 12 }).map((chars) => chars.join(''));

describe('LinearPattern', () => {
  it('matches as RegExp does', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        assert.equal(new LinearPattern(source).test(subject), new RegExp(source).test(subject), `/${source}/ on ${JSON.stringify(subject)}`);
      }),
      { numRuns: 3_000 },
    );
  });

  it('knows that only the empty text ends where it starts', () => {
    assert.equal(new LinearPattern('$^').test(''), true);
    assert.equal(new LinearPattern('$^').test('a'), false);
  });

  it('ignores the case of ASCII letters after (?i)', () => {
    assert.equal(new LinearPattern('(?i)Thread_[a-f]+$').test('THREAD_ABC'), true);
    assert.equal(new LinearPattern('Thread').test('thread'), false);
  });

  for (const [source, reason] of [
    ['(a)\\1', 'not_linear'], ['(?=a)', 'not_linear'], ['(?<!a)b', 'not_linear'], ['\\bword', 'not_linear'], ['a{1000}', 'not_linear'], ['((a{100}){100}){100}', 'not_linear'],
    ['a'.repeat(501), 'too_long'], ['(', 'syntax'], [')', 'syntax'], ['[a', 'syntax'], ['*a', 'syntax'], ['a**', 'syntax'], ['[z-a]', 'syntax'], ['\\', 'syntax'], ['a{3,1}', 'syntax'], ['\\q', 'syntax'],
  ] as const) {
    it(`refuses ${source.slice(0, 30)}: ${reason}`, () => {
      assert.throws(() => new LinearPattern(source), (error) => error instanceof PatternError && error.reason === reason);
    });
  }

  it('SECURITY 14: repeats nothing no oftener than once, however often it is nested', () => {
    let source = '';
    for (let n = 0; n < 12; n++) source = `(${source}){100}`;
    assert.equal(new LinearPattern(`a${source}b`).test('xaby'), true);
  });

  it('SECURITY 14: needs a number of steps that grows with the text alone, where RegExp explodes', () => {
    const subject = `${'a'.repeat(200_000)}!`;
    for (const source of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '(.*a){20}$', 'a*a*a*a*a*b', '([a-z]+)*[0-9]']) assert.equal(new LinearPattern(source).test(subject), false);
  });
});
