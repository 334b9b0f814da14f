import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnosis, FaultId } from '../../../src/core/index';
import { ROOT } from '../../harness/repository';
import { associate, at, close, connect, fromRegistry, miss, R, sample, T, T2 } from '../../unit/core/diagnosis/log-lines';
import { startWorkbench, type Started } from '../start-workbench';

/** A branch of FIELD_GUIDE 6.3: what the log says before the failing line and after it, and what that means. */
interface Branch {
  readonly step: string;
  readonly before?: readonly string[];
  readonly failing: string;
  readonly after?: readonly string[];
  /** What the log around the line tells. */
  readonly explained: FaultId;
  readonly inferred?: boolean;
  /** What the line tells by itself; undefined: nothing. Default: the same. */
  readonly hovered?: RegExp;
}

const other = T.replace(/a$/, 'b');

const BRANCHES: readonly Branch[] = [
  { step: '1, K is None', failing: miss(2, 'None'), explained: 'none-thread', hovered: /^No thread at all/ },
  { step: '2, K is a run', failing: miss(2, R), explained: 'composite-as-thread', hovered: /^Run ID used as thread key/ },
  { step: '2, K is a run that the registry answers with', before: [fromRegistry(1, R, R)], failing: miss(2, R), explained: 'poisoned-registry' },
  { step: '3, the prefix twice', failing: miss(2, `thread_${T}`), explained: 'doubled-prefix', hovered: /^Doubled thread_ prefix/ },
  { step: '4, no prefix', failing: miss(2, '13679e4dcc38403a'), explained: 'prefix-mismatch', hovered: /^Thread ID with and without its prefix/ },
  { step: '5, the self test', failing: miss(2, 'startup_test_1756919162904'), explained: 'startup-self-test', hovered: /^Start-up self test/ },
  { step: '6, closed before', before: [connect(0), associate(1), close(1.5)], failing: miss(2, T, 0), explained: 'client-disconnected', inferred: true, hovered: /^Nobody connected/ },
  { step: '6, forgotten after 180 s', before: [connect(0), associate(1)], failing: miss(182, T, 0), explained: 'connection-expired', inferred: true, hovered: /^Nobody connected/ },
  { step: '6, nobody came', failing: miss(2, T, 0), explained: 'nobody-connected', hovered: /^Nobody connected/ },
  { step: '7, the sample has K', failing: miss(2), after: [sample(2, `['${T}', None]`)], explained: 'dead-socket', hovered: /^Connection without a thread/ },
  { step: '8, the sample has K without its prefix', failing: miss(2), after: [sample(2, "['13679e4dcc38403a']")], explained: 'prefix-mismatch', hovered: /^Connection without a thread/ },
  { step: '9, the sample has nothing', failing: miss(2), after: [sample(2, '[None, None]')], explained: 'never-associated', inferred: false },
  { step: '9, a connection ID as user', before: [connect(0), at(1, 'No connections found for user conn_u1_00000001 when updating thread', 'WARNING')], failing: miss(2), after: [sample(2, '[None]')], explained: 'never-associated' },
  { step: '9, associated before the reconnect', before: [connect(0), associate(0.5), close(1), connect(1.5, 'u1', 2)], failing: miss(2), after: [sample(2, '[None]')], explained: 'reconnect-lost-association', inferred: true },
  { step: '9, associated later', before: [connect(0)], failing: miss(2), after: [sample(2, '[None]'), associate(3)], explained: 'late-association' },
  { step: '10, another thread since', before: [connect(0), associate(1), associate(1.5, T2)], failing: miss(2), after: [sample(2, `['${T2}']`)], explained: 'thread-stealing', inferred: true },
  { step: '10, a thread one character away', failing: miss(2), after: [sample(2, `['${other}']`)], explained: 'wrong-thread' },
  { step: '11, no sample: the table from the log', before: [connect(0), associate(1, other)], failing: miss(2), explained: 'wrong-thread', inferred: true, hovered: /^Connection without a thread/ },
];

describe('the recipe of FIELD_GUIDE 6.3, through Explain and the hover', () => {
  let started: Started;

  before(async () => {
    started = await startWorkbench();
  });

  after(() => started.end());

  for (const { step, before: earlier = [], failing, after: later = [], explained, inferred, hovered } of BRANCHES) {
    it(step, async () => {
      const { fake } = started;
      const document = fake.documents.add(fake.api.Uri.file(`/logs/${step}.log`), [...earlier, failing, ...later].join('\n'), 'log');
      const diagnoses = await fake.commands.run<readonly Diagnosis[]>('threadLens.explainRouting', { uri: document.uri.toString(), line: earlier.length + 1 });
      const [leading] = diagnoses;
      assert.equal(leading?.id, explained, diagnoses.map(({ id, verdict }) => `${id}: ${verdict}`).join('\n'));
      if (inferred !== undefined) assert.equal(leading.inferred, inferred);
      if (hovered === undefined) return;
      const text = await fake.languages.hoverText(document, new fake.api.Position(earlier.length, failing.indexOf('No connections') + 2));
      assert.match(text.replace(/^\$\(\w+\) \*\*/, '').replaceAll('\\', ''), hovered);
    });
  }
});

describe('the vectors, through Explain', () => {
  interface Vector {
    readonly input: string;
    readonly before_fix: string | null;
    readonly fix: string | null;
    readonly unified: string | null;
  }
  const vectors = readFileSync(join(ROOT, 'test/fixtures/vectors/dialects.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Vector);
  let started: Started;

  before(async () => {
    started = await startWorkbench();
  });

  after(() => started.end());

  it('each dialect stands in the table with the thread it answered', async function () {
    this.timeout(60_000);
    let told = 0;
    for (const { input, ...answers } of vectors) {
      // What no document or command can hold as one ID.
      if (/[\s\p{C}\p{Z}]/u.test(input) || input === '' || input.length > 300) continue;
      await started.fake.commands.run('threadLens.explainRouting', input);
      const text = started.fake.editors.active?.document.getText() ?? '';
      if (!text.includes('## What each version')) continue;
      const subject = /^# (.*)$/m.exec(text)?.[1];
      if (subject !== input) continue;
      told++;
      for (const [dialect, threadId] of Object.entries(answers)) {
        const [, thread] = new RegExp(`^${dialect} +(\\S+)`, 'm').exec(text) ?? [];
        assert.equal(thread, threadId ?? 'none', `${dialect} of ${input}`);
      }
      const found = /^4 +Pattern extraction +found +.* finds (\S+)\.$/m.exec(text)?.[1];
      assert.equal(found ?? null, answers.fix, `priority 4 of ${input}`);
    }
    assert.ok(told > 1000, `${told} of ${vectors.length} vectors told`);
  });

  it('and so does the verdict of the hover', async function () {
    this.timeout(60_000);
    const { fake } = started;
    const ids = vectors.filter(({ input }) => /^[!-~]{4,300}$/.test(input) && !/[`\\]/.test(input));
    const document = fake.documents.add(fake.api.Uri.file('/logs/vectors.txt'), ids.map(({ input }) => input).join('\n'), 'plaintext');
    let told = 0;
    for (const [line, { input, fix }] of ids.entries()) {
      const [hover] = await fake.languages.hover(document, new fake.api.Position(line, 2));
      if (hover?.range === undefined || document.getText(hover.range) !== input) continue;
      const [first = ''] = hover.contents.map((each) => (typeof each === 'string' ? each : each.value)).join('\n').split('\n');
      const routed = /Routes to `([^`]+)`|Routes (to itself|nowhere)/.exec(first);
      if (routed === null) continue;
      told++;
      const thread = routed[2] === 'to itself' ? input : (routed[1] ?? null);
      assert.equal(thread, fix, `${input}: ${first}`);
    }
    assert.ok(told > 500, `${told} of ${ids.length} told`);
  });
});
