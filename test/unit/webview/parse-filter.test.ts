import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkPattern, PatternProblem } from '../../../src/webview/filter/check-pattern';
import { frameTest, type FilterChoices } from '../../../src/webview/filter/match-frame';
import { parseFilter } from '../../../src/webview/filter/parse-filter';
import { frame } from './frames';

const ANY: FilterChoices = { direction: '', outcome: '', type: '', hideHeartbeats: false };

const FRAMES = [
  frame(1, { type: 'agent_started', threadId: 'thread_a', runId: 'thread_a_run_1_9adf1f09', outcome: 'delivered' }),
  frame(2, { type: 'agent_started', threadId: 'thread_a', runId: 'thread_a_run_1_9adf1f09', outcome: 'delivered', direction: 'out', peer: 'client', recipients: 2 }),
  frame(3, { type: 'tool_executing', threadId: 'thread_b', outcome: 'queued' }),
  frame(4, { type: 'agent_error', runId: 'run_9f5d282b', outcome: 'undeliverable' }),
  frame(5, { type: 'ping', peer: 'client', connectionId: 'conn_u_3052f606', threadId: 'thread_b' }),
  frame(6, { peer: 'client', connectionId: 'main_deadbeef', binary: true }),
];

function matching(text: string, choices: Partial<FilterChoices> = {}, bodies: readonly number[] = []): number[] {
  const test = frameTest(parseFilter(text), { ...ANY, ...choices }, (_term, seq) => bodies.includes(seq));
  return FRAMES.filter(test).map(({ seq }) => seq);
}

describe('the filter of the Traffic panel', () => {
  it('finds words in any column, without case, and all of them must be there', () => {
    assert.deepEqual(matching(''), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(matching('AGENT'), [1, 2, 4]);
    assert.deepEqual(matching('agent thread_a'), [1, 2]);
    assert.deepEqual(matching('"agent_error"'), [4]);
  });

  it('finds by field, also with the long names and in quotes', () => {
    assert.deepEqual(matching('thread:thread_b'), [3, 5]);
    assert.deepEqual(matching('thread_id:"thread_b"'), [3, 5]);
    assert.deepEqual(matching('type:tool'), [3]);
    assert.deepEqual(matching('conn:main_'), [6]);
    assert.deepEqual(matching('run:9f5d'), [4]);
    assert.deepEqual(matching('outcome:delivered dir:out'), [2]);
    assert.deepEqual(matching('outcome:waits'), [3]);
    assert.deepEqual(matching('peer:client dir:in'), [5, 6]);
  });

  it('takes regular expressions between slashes', () => {
    assert.deepEqual(matching('/^agent_(started|error)$/'), [1, 2, 4]);
    assert.deepEqual(matching('/THREAD_[ab]$/'), [1, 2, 3, 5]);
    assert.deepEqual(matching('/a b/'), []);
  });

  it('turns any condition round with a minus', () => {
    assert.deepEqual(matching('-thread_a'), [3, 4, 5, 6]);
    assert.deepEqual(matching('-type:ping -/agent/'), [3, 6]);
    assert.deepEqual(matching('-outcome:delivered -outcome:queued'), [4, 5, 6]);
  });

  it('counts what the router found in a body', () => {
    assert.deepEqual(matching('cost_analysis', {}, [3, 6]), [3, 6]);
    assert.deepEqual(matching('-cost_analysis', {}, [3, 6]), [1, 2, 4, 5]);
  });

  it('joins the box with the choices beside it', () => {
    assert.deepEqual(matching('', { hideHeartbeats: true }), [1, 2, 3, 4, 6]);
    assert.deepEqual(matching('agent', { direction: 'in', outcome: 'delivered' }), [1]);
    assert.deepEqual(matching('', { type: 'tool_executing' }), [3]);
  });

  it('names what it cannot use, with what it expected, and uses the rest', () => {
    const { terms, problems } = parseFilter('thread_a outcome:sent /a(/ dir:up');
    assert.equal(terms.length, 1);
    assert.equal(problems.length, 3);
    assert.match(problems[0] ?? '', /expected delivered, queued, undeliverable, rejected, misrouted, discarded, edited, received sent/);
    assert.match(problems[1] ?? '', /a\(.*nterminated group/);
    assert.match(problems[2] ?? '', /expected in or out, received up/);
  });

  it('complains about no field that is still being typed, and reads a lone slash as text', () => {
    assert.deepEqual(parseFilter('outcome:'), { terms: [], problems: [] });
    assert.deepEqual(parseFilter('/api/v1').problems, []);
    assert.deepEqual(parseFilter('http://127.0.0.1:8787/ws').terms, [
      { kind: 'text', text: 'http://127.0.0.1:8787/ws', lower: 'http://127.0.0.1:8787/ws', not: false },
    ]);
  });

  it('never throws and always ends, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '/', '-', ':', ' ', '\\', 'a', 'type', 'outcome', '(', '*', '😀') }), (text) => {
        const test = frameTest(parseFilter(text), ANY, () => false);
        for (const each of FRAMES) assert.equal(typeof test(each), 'boolean');
      }),
    );
  });

  it('holds for every word of a column, and its opposite for none', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_]{1,20}$/), (word) => {
        const named = frame(9, { threadId: `thread_${word}_x` });
        const test = (text: string): boolean => frameTest(parseFilter(text), ANY, () => false)(named);
        assert.ok(test(word));
        assert.ok(!test(`-${word}`));
        assert.ok(test(`thread:${word}`));
      }),
    );
  });
});

describe('checkPattern', () => {
  const reasonOf = (source: string): string => {
    try {
      checkPattern(source);
      return 'accepted';
    } catch (error) {
      assert.ok(error instanceof PatternProblem);
      return error.reason;
    }
  };

  it('refuses what may take exponential time', () => {
    for (const source of ['(a+)+$', '(a|aa)*', '((a*)b)*', '(?:x{2,})+', String.raw`(a)\1`, '(a?)*', '(.*){5}']) {
      assert.equal(reasonOf(source), 'may-not-end', source);
    }
  });

  it('accepts what people write', () => {
    for (const source of ['agent_(started|error)', '^thread_[0-9a-f]{16}$', '(abc)+', 'a.*b', '[(+*]+', String.raw`\(x+\)+`, '(?:run|thread)_?', '(?<id>x)y']) {
      assert.equal(reasonOf(source), 'accepted', source);
    }
  });

  it('says what is wrong with the rest', () => {
    assert.equal(reasonOf('a('), 'syntax');
    assert.equal(reasonOf('x'.repeat(201)), 'too-long');
  });
});
