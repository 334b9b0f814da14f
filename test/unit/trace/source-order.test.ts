import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inOrder, isLogName, rotationOf } from '../../../src/workbench/trace/search/source-order';

const facts = (label: string, firstTime?: number): { label: string; firstTime: number | undefined; modifiedAt: number | undefined } => ({ label, firstTime, modifiedAt: undefined });

describe('rotated logs', () => {
  it('are put in the order of their first times', () => {
    assert.deepEqual(inOrder([facts('app.log', 3), facts('app.log.1', 2), facts('app.log.2.gz', 1)]).map(({ label }) => label), ['app.log.2.gz', 'app.log.1', 'app.log']);
  });

  it('are put in the order of their numbers where they have no times', () => {
    assert.deepEqual(inOrder([facts('app.log'), facts('app.log.10.gz'), facts('app.log.2')]).map(({ label }) => label), ['app.log.10.gz', 'app.log.2', 'app.log']);
  });

  it('come out the same however they came in', () => {
    const labels = ['app.log', 'app.log.1', 'app.log.2.gz', 'b.log', 'b.log.1'];
    fc.assert(
      fc.property(fc.shuffledSubarray(labels, { minLength: 5 }), (shuffled) => {
        assert.deepEqual(inOrder(shuffled.map((label) => facts(label))), inOrder(labels.map((label) => facts(label))));
      }),
    );
  });

  it('are known by their names', () => {
    for (const name of ['app.log', 'app.log.1', 'app.log.2.gz', 'app.log-20250903', 'app.log.2025-09-03.gz', 'app.2025-09-03.log', 'out.jsonl', 'x.log.2025-09-03T10:00:00']) assert.ok(isLogName(name), name);
    for (const name of ['app.ts', 'catalog', 'blog.md', 'archive.tar.gz', 'log', 'app.log.bak']) assert.ok(!isLogName(name), name);
    assert.deepEqual(rotationOf('app.log.2.gz'), { base: 'app.log', number: 2 });
  });
});
