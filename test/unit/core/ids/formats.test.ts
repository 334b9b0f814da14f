import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  defineFormat,
  FormatError,
  type FormatErrorReason,
  type FormatSpec,
  FormatTable,
  parseContract,
  parseFormats,
  parseRunId,
  readRunId,
  SEGMENT_KIND_NAMES,
} from '../../../../src/core';
import { segmentKind } from '../../../../src/core/ids/formats/segment-kinds';
import { compileTemplate, TemplateError } from '../../../../src/core/ids/formats/template';
import { compilePattern, LONGEST_MATCHED } from '../../../../src/core/ids/pattern/compile-pattern';
import { PatternError } from '../../../../src/core/ids/pattern/pattern-node';

describe('templates', () => {
  it('read what they build', () => {
    const template = compileTemplate('order-{thread}-{ms}-{hex8}');
    assert.deepEqual(template.parse('order-a-b-1756919162904-9adf1f09'), { thread: 'a-b', ms: '1756919162904', hex8: '9adf1f09' });
    assert.equal(template.build({ thread: 'a-b', ms: '1756919162904', hex8: '9adf1f09' }), 'order-a-b-1756919162904-9adf1f09');
    assert.equal(template.build({ thread: '', ms: '1', hex8: '9adf1f09' }), undefined);
    assert.equal(template.build({ thread: 'a', ms: 'x', hex8: '9adf1f09' }), undefined);
    assert.equal(template.build({ thread: 'a' }), undefined);
    assert.equal(template.prefix, 'order-');
    assert.deepEqual(template.names, ['thread', 'ms', 'hex8']);
    for (const text of ['', 'order-', 'order--1-9adf1f09', 'order-a-1-9adf1f0', 'order-a-1-9ADF1F09', 'xorder-a-1-9adf1f09', 'order-a-1-9adf1f09x', 'order-a\nb-1-9adf1f09']) {
      assert.equal(template.parse(text), undefined, text);
    }
  });

  it('match whole texts without a segment, and texts that are all segment', () => {
    assert.deepEqual(compileTemplate('registry').parse('registry'), {});
    assert.equal(compileTemplate('registry').parse('registryx'), undefined);
    assert.deepEqual(compileTemplate('{uuid}').parse('7c5e1032-ed21-4aea-b12a-aeddf3622bec'), { uuid: '7c5e1032-ed21-4aea-b12a-aeddf3622bec' });
    assert.equal(compileTemplate('{uuid}').parse('7c5e1032-ed21-4aea-b12a-aeddf3622be-'), undefined);
    assert.equal(compileTemplate('{uuid}').prefix, '');
    assert.deepEqual(compileTemplate('{a:hex8}{b:digits3}').parse('deadbeef123'), { a: 'deadbeef', b: '123' });
  });

  it('do not let two literals share characters', () => {
    const template = compileTemplate('aba{any}aba');
    assert.equal(template.parse('ababa'), undefined);
    assert.equal(template.parse('abaaba'), undefined);
    assert.deepEqual(template.parse('abaxaba'), { any: 'x' });
    assert.equal(compileTemplate('a{n}-{any}').parse('a1-'), undefined);
  });

  it('respect the least and the greatest length of a segment', () => {
    const template = compileTemplate('x_{ms5}_{any}');
    assert.ok(template.parse('x_12345_a'));
    assert.equal(template.parse('x_123456_a'), undefined);
    assert.equal(template.parse('x__a'), undefined);
    const ending = compileTemplate('{any}_{s}');
    assert.ok(ending.parse('a_1756919162'));
    assert.equal(ending.parse('a_175691916'), undefined);
    assert.deepEqual(ending.parse('a_1_1756919162'), { any: 'a_1', s: '1756919162' });
    assert.equal(ending.parse('a_11756919162'), undefined);
    assert.deepEqual(compileTemplate('t{float}').parse('t1.5'), { float: '1.5' });
    assert.equal(compileTemplate('t{float}').parse('t1.5.2'), undefined);
  });

  it('are refused with a reason and a place', () => {
    for (const [text, reason, at] of [
      ['a}b', 'syntax', 1],
      ['a{thread', 'syntax', 1],
      ['{}', 'syntax', 0],
      ['{1x}', 'syntax', 0],
      ['{a:b:c}', 'syntax', 0],
      ['a{nope}', 'unknown-segment', 1],
      ['{a:nope}', 'unknown-segment', 0],
      ['{hex0}', 'unknown-segment', 0],
      ['{thread}-{thread}', 'duplicate-segment', 9],
      ['{thread}-{user}', 'ambiguous', 9],
      ['{a:digits}{b:digits}', 'ambiguous', 10],
      ['{thread}1{n}2{user}', 'ambiguous', 13],
      ['x'.repeat(201), 'too-long', 200],
    ] as const) {
      assert.throws(
        () => compileTemplate(text),
        (error) => error instanceof TemplateError && error.reason === reason && error.at === at && error.message !== '',
        text,
      );
    }
    assert.ok(compileTemplate('x'.repeat(200)));
  });

  it('know every kind by name and in words', () => {
    for (const name of [...SEGMENT_KIND_NAMES, 'hex4', 'HEX8', 'alnum9', 'digits6']) assert.ok(segmentKind(name)?.label, name);
    for (const name of ['', 'hex', 'hex100', 'HEX', 'constructor', 'digits0']) assert.equal(segmentKind(name), undefined, name);
    const accepted = (name: string): string =>
      Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter((character) => segmentKind(name)?.accepts(character.charCodeAt(0))).join('');
    assert.equal(accepted('digits'), '0123456789');
    assert.equal(accepted('hex8'), '0123456789abcdef');
    assert.equal(accepted('HEX8'), '0123456789ABCDEFabcdef');
    assert.equal(accepted('alnum'), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
    assert.equal(accepted('slug'), '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
    assert.equal(accepted('word'), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz');
    assert.equal(accepted('lower'), '_abcdefghijklmnopqrstuvwxyz');
    assert.equal(accepted('text').length, 127);
    assert.equal(accepted('part').length, 126);
  });

  it('build what they read, for any values', () => {
    const template = compileTemplate('job/{tenant:slug}/{thread:word}.{n}');
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z-]{1,8}$/), fc.stringMatching(/^\w{1,8}$/), fc.nat(), (tenant, thread, n) => {
        const values = { tenant, thread, n: String(n) };
        const id = template.build(values);
        assert.equal(id, `job/${tenant}/${thread}.${n}`);
        assert.deepEqual(template.parse(id ?? ''), values);
      }),
    );
  });
});

describe('linear patterns', () => {
  it('match as JavaScript does, whole texts only', () => {
    for (const [source, text, groups] of [
      ['(?<thread>\\w+)#(?<ms>\\d{13})', 'ab#1756919162904', { thread: 'ab', ms: '1756919162904' }],
      ['^a(?:b|cd)*$', 'abcdb', {}],
      ['(?<a>a*?)(?<b>a*)', 'aaa', { a: '', b: 'aaa' }],
      ['(?<a>a*)(?<b>a*)', 'aaa', { a: 'aaa', b: '' }],
      ['(?<a>a??)(?<b>a?)', 'a', { a: '', b: 'a' }],
      ['(?<a>a+?)(?<b>.*)', 'aaa', { a: 'a', b: 'aa' }],
      ['(?<x>\\d)+', '123', { x: '3' }],
      ['[^\\d_-]+[a-c\\]]\\.', 'xyb.', {}],
      ['\\x41\\u0042\\t\\/', 'AB\t/', {}],
      ['a{2}b{1,}c{0,2}', 'aabbc', {}],
      ['\\S\\s\\W\\D', 'a -x', {}],
      ['', '', {}],
      ['a||b', '', {}],
      ['(?<x>)', '', { x: '' }],
      ['[-a]+', '-a', {}],
      ['[a-]+', '-a', {}],
    ] as const) {
      assert.deepEqual(compilePattern(source).match(text), groups, source);
      assert.deepEqual({ ...new RegExp(`^(?:${source})$`).exec(text)?.groups }, groups, source);
    }
    // JavaScript forgets a group when its repetition goes on without it; here it keeps what it last held.
    assert.deepEqual(compilePattern('(?:(?<x>a)|b)+').match('ab'), { x: 'a' });
    for (const [source, text] of [['a', 'ab'], ['a', 'ba'], ['a{2}', 'a'], ['a{1,2}', 'aaa'], ['.', '\n'], ['[^a]', 'a'], ['a|b', 'c']] as const) {
      assert.equal(compilePattern(source).match(text), undefined, source);
    }
  });

  it('tell the text every match starts with', () => {
    for (const [source, prefix] of [['job-\\d', 'job-'], ['(?:a)b', 'a'], ['(?<x>a)b', ''], ['a|b', ''], ['\\.x', '.x'], ['a+', ''], ['', ''], ['(?:ab)', 'ab']] as const) {
      assert.equal(compilePattern(source).prefix, prefix, source);
    }
  });

  it('are refused with a reason when they cannot be matched without backtracking, or are wrong', () => {
    for (const [source, reason] of [
      ['(a)\\1', 'unsupported'], ['(?<x>a)\\k<x>', 'unsupported'], ['(?=a)', 'unsupported'], ['(?!a)', 'unsupported'], ['(?<=a)', 'unsupported'], ['\\bx', 'unsupported'],
      ['\\p', 'unsupported'], ['a^b', 'unsupported'], ['a$b', 'unsupported'], ['a\\', 'unsupported'],
      ['(a', 'syntax'], ['a)', 'syntax'], ['[a', 'syntax'], ['[', 'syntax'], ['*a', 'syntax'], ['+', 'syntax'], ['a**', 'syntax'], ['a{2}{3}', 'syntax'], ['a{2,1}', 'syntax'], ['a{x}', 'syntax'],
      ['a{', 'syntax'], ['{2}', 'syntax'], [']', 'syntax'], ['}', 'syntax'], ['[b-a]', 'syntax'], ['[a-\\d]', 'syntax'], ['\\x1', 'syntax'], ['\\u12g4', 'syntax'], ['(?<x>a)(?<x>b)', 'syntax'],
      ['a{101}', 'too-big'], ['a{0,101}', 'too-big'], ['(?:(?:a{100}){100}){100}', 'too-big'], ['(?:(?:(?:(?:){100}){100}){100}){100}', 'too-big'], [`${'('.repeat(31)}a${')'.repeat(31)}`, 'too-big'],
      ['a'.repeat(301), 'too-long'],
    ] as const) {
      assert.throws(
        () => compilePattern(source),
        (error) => error instanceof PatternError && error.reason === reason && error.at >= 0,
        source,
      );
    }
    assert.ok(compilePattern(`${'('.repeat(30)}a${')'.repeat(30)}`).match('a'));
  });

  it('cannot be made slow: patterns known to hang backtracking matchers answer within a bounded number of steps', () => {
    const evil = ['(a+)+', '(a*)*', '([a-z]+)*x', '(a|aa)+', '(a|a)*', '(.*a){10}', '(\\w+\\s?)*x', '([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*@x', '(?:(?:a?){20})(?:a{20})', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y'];
    for (const source of evil) {
      const pattern = compilePattern(source);
      for (const text of ['a'.repeat(LONGEST_MATCHED), `${'a'.repeat(LONGEST_MATCHED - 1)}!`, 'x'.repeat(LONGEST_MATCHED), 'a-'.repeat(LONGEST_MATCHED / 2)]) {
        let read = 0;
        const counting = { length: text.length, charCodeAt: (at: number) => (read++, text.charCodeAt(at)), slice: (start: number, end: number) => text.slice(start, end) };
        pattern.match(counting as unknown as string);
        // Each character is read once: the matcher never goes back.
        assert.ok(read <= text.length, `${source} read ${read} characters of ${text.length}`);
      }
    }
    assert.equal(compilePattern('a*').match('a'.repeat(LONGEST_MATCHED + 1)), undefined);
    assert.ok(compilePattern('a*').match('a'.repeat(LONGEST_MATCHED)));
  });

  it('agree with JavaScript on any pattern they accept', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '1', '(?:a|b1)', '(?:(?:ab)?)', '_');
    const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?', '??');
    const sequence = fc.array(fc.tuple(atom, quantifier).map((pair) => pair.join('')), { minLength: 1, maxLength: 4 }).map((list) => list.join(''));
    const pattern = fc.oneof(sequence, fc.tuple(sequence, sequence, quantifier).map(([a, b, q]) => `(?:${a}|${b})${q === '' ? '' : q}`), fc.tuple(sequence, sequence).map(([a, b]) => `(?<x>${a})(?<y>${b})`));
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', '1', '_', '\n'), maxLength: 10 }), (source, text) => {
        const expected = new RegExp(`^(?:${source})$`).exec(text);
        const actual = compilePattern(source).match(text);
        assert.equal(actual !== undefined, expected !== null);
        if (expected?.groups) assert.deepEqual(actual, { ...expected.groups });
      }),
      { numRuns: 2000 },
    );
  });

  it('never throw anything but their own error, on any source', () => {
    const source = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ab()[]{}?*+|\\^$-<>:=!,0129dwx.'.split('')) }));
    fc.assert(
      fc.property(source, fc.string({ maxLength: 20 }), (text, id) => {
        try {
          compilePattern(text).match(id);
        } catch (error) {
          assert.ok(error instanceof PatternError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('defineFormat', () => {
  const table = (spec: FormatSpec, trusted = false): FormatTable => FormatTable.builtIn.with([defineFormat(spec, { trusted })]);

  it('puts what a user defines before what is built in', () => {
    const order = table({ name: 'order', template: 'order-{thread}-{ms}-{hex8}', examples: ['order-a-1756919162904-9adf1f09'] });
    const parsed = parseRunId('order-77-1756919162904-9adf1f09', { table: order });
    assert.equal(parsed?.format, 'order');
    assert.equal(parsed?.label, 'order');
    assert.equal(parsed?.kind, 'run');
    assert.equal(parsed?.era, 'any');
    assert.equal(parsed?.threadId, '77');
    assert.equal(parsed?.timestamp, 1756919162904);
    assert.equal(parsed?.suffix, '9adf1f09');
    assert.equal(parseRunId('order-77-1756919162904-9adf1f09'), undefined);
    const mine = table({ name: 'mine', template: 'run_{thread}_{hex8}', thread: 'prefixed', label: 'Mine', era: '2030', kind: 'run' });
    const readings = readRunId('run_abc_deadbeef', { table: mine });
    assert.deepEqual(readings.slice(0, 2).map((reading) => reading.format), ['mine', 'id_manager']);
    assert.deepEqual([readings[0]?.threadId, readings[0]?.label, readings[0]?.era], ['thread_abc', 'Mine', '2030']);
    assert.equal(parseRunId('conv-7', { table: table({ name: 'conv', template: 'conv-{n}', kind: 'thread' }) })?.threadId, 'conv-7');
    assert.equal(parseRunId('conv-7', { table: table({ name: 'conv', template: 'conv-{n}' }) })?.threadId, undefined);
    assert.equal(FormatTable.builtIn.with([]), FormatTable.builtIn);
  });

  it('takes a regular expression only where it is trusted', () => {
    const spec = { name: 'hash', pattern: '(?<thread>\\w+)#(?<ms>\\d{13})' };
    assert.equal(parseRunId('abc#1756919162904', { table: table(spec, true) })?.threadId, 'abc');
    assert.equal(parseRunId('abc#1756919162904', { table: table(spec, true) })?.timestamp, 1756919162904);
    assert.throws(() => defineFormat(spec), (error) => error instanceof FormatError && error.reason === 'untrusted-pattern');
  });

  it('names the member that is wrong, expected and received', () => {
    const refused: [FormatSpec, FormatErrorReason, string][] = [
      [{ name: '', template: 'a{n}' }, 'invalid-name', 'name'],
      [{ name: '1a', template: 'a{n}' }, 'invalid-name', 'name'],
      [{ name: 'a'.repeat(65), template: 'a{n}' }, 'invalid-name', 'name'],
      [{ name: 'a' }, 'template-or-pattern', 'template'],
      [{ name: 'a', template: 'x', pattern: 'x' }, 'template-or-pattern', 'template'],
      [{ name: 'a', template: '{nope}' }, 'template', 'template'],
      [{ name: 'a', pattern: '(' }, 'pattern', 'pattern'],
      [{ name: 'a', template: 'a{n}', examples: ['a1', 'b1'] }, 'example', 'examples[1]'],
    ];
    for (const [spec, reason, member] of refused) {
      assert.throws(
        () => defineFormat(spec, { trusted: true }),
        (error) => error instanceof FormatError && error.reason === reason && error.member === member && error.message === `Invalid format: expected ${error.expected}, received ${error.received}`,
        JSON.stringify(spec),
      );
    }
  });
});

describe('parseContract', () => {
  const format = { name: 'order', template: 'order-{thread}-{hex8}' };

  it('reads a contract', () => {
    const contract = parseContract({ $schema: 'x', version: 1, formats: [{ ...format, kind: 'run', label: 'Order', era: '2030', thread: 'prefixed', examples: ['order-a-deadbeef'] }] });
    assert.deepEqual(contract.problems, []);
    assert.equal(contract.version, 1);
    assert.equal(contract.formats[0]?.label, 'Order');
    assert.equal(contract.formats[0]?.read('order-a-deadbeef')?.threadId, 'thread_a');
    assert.deepEqual(parseContract({ version: 1 }), { version: 1, formats: [], problems: [] });
  });

  it('names path, expected and received of each problem, and keeps what is right', () => {
    const { formats, problems } = parseContract({
      version: 1,
      extra: 1,
      formats: [
        format,
        5,
        { name: 'x' },
        { template: 'a{n}' },
        { name: 'k', template: 'a{n}', kind: 'thing' },
        { name: 'l', template: 'a{n}', label: 7 },
        { name: 'm', template: 'a{n}', examples: 'a1' },
        { name: 'n', template: 'a{n}', examples: ['a1', 2] },
        { name: 'o', template: 'a{n}', colour: 'red' },
        { name: 'p', pattern: 'a' },
        { name: 'q', template: '{nope}' },
        { name: 'r', template: 'a{n}', examples: ['b'] },
        { name: 'order', template: 'b{n}' },
        { name: 's', template: 'x'.repeat(301) },
        { name: 't', template: 'a{n}', thread: 'upper' },
      ],
    });
    assert.deepEqual(formats.map((found) => found.name), ['order']);
    assert.deepEqual(problems.map((problem) => problem.path), [
      'extra',
      'formats[1]',
      'formats[2].template',
      'formats[3].name',
      'formats[4].kind',
      'formats[5].label',
      'formats[6].examples',
      'formats[7].examples[1]',
      'formats[8].colour',
      'formats[9].pattern',
      'formats[10].template',
      'formats[11].examples[0]',
      'formats[13].template',
      'formats[14].thread',
      'formats[12].name',
    ]);
    for (const problem of problems) assert.ok(problem.expected !== '' && problem.received !== '', problem.path);
    assert.deepEqual(problems[4], { path: 'formats[4].kind', expected: 'one of run, thread, connection, request, other', received: '"thing"' });
    assert.deepEqual(problems[3], { path: 'formats[3].name', expected: 'a name', received: 'undefined' });
  });

  it('takes regular expressions in trusted workspaces only', () => {
    const json = { version: 1, formats: [{ name: 'p', pattern: 'a(?<thread>.)' }] };
    assert.equal(parseContract(json, { trusted: true }).formats.length, 1);
    assert.equal(parseContract(json).formats.length, 0);
    assert.equal(parseFormats(json.formats, { trusted: true }).formats.length, 1);
  });

  it('refuses other versions and other things whole', () => {
    for (const json of [undefined, null, 5, 'x', [], {}, { version: 2 }, { version: '1' }]) {
      const contract = parseContract(json);
      assert.deepEqual(contract.formats, []);
      assert.equal(contract.problems.length, 1);
    }
    assert.equal(parseContract({ version: 1, formats: {} }).problems[0]?.path, 'formats');
    assert.equal(parseFormats(Array.from({ length: 101 }, () => format), { path: 'threadLens.formats' }).problems[0]?.path, 'threadLens.formats');
    assert.deepEqual(parseContract({ version: 2 }).problems, [{ path: 'version', expected: '1', received: '2' }]);
  });

  it('never throws, on any JSON', () => {
    const value = fc.jsonValue();
    const spec = fc.record({ name: fc.oneof(fc.string(), value), template: fc.oneof(fc.string(), value), pattern: fc.oneof(fc.string(), value), examples: value, kind: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(value, fc.record({ version: fc.constant(1), formats: fc.array(spec) })), fc.boolean(), (json, trusted) => {
        const contract = parseContract(json, { trusted });
        for (const found of contract.formats) found.read('abc');
      }),
    );
  });

  it('is what its JSON schema says', () => {
    const schema = JSON.parse(readFileSync(join(__dirname, '../../../../media/thread-lens.schema.json'), 'utf8')) as {
      properties: Record<string, { const?: unknown; maxItems?: number }>;
      definitions: { format: { properties: Record<string, { enum?: string[]; maxLength?: number; examples?: string[]; description?: string }> } };
    };
    assert.equal(schema.properties.version?.const, 1);
    assert.deepEqual(Object.keys(schema.properties), ['$schema', 'version', 'formats']);
    const { properties } = schema.definitions.format;
    assert.deepEqual(Object.keys(properties).sort(), ['era', 'examples', 'kind', 'label', 'name', 'pattern', 'template', 'thread']);
    for (const kind of properties.kind?.enum ?? []) assert.deepEqual(parseFormats([{ ...format, kind }]).problems, [], kind);
    for (const thread of properties.thread?.enum ?? []) assert.deepEqual(parseFormats([{ ...format, thread }]).problems, []);
    for (const template of properties.template?.examples ?? []) assert.deepEqual(parseFormats([{ name: 'x', template }]).problems, []);
    for (const name of SEGMENT_KIND_NAMES) assert.ok(properties.template?.description?.includes(name), name);
  });
});
