import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { OldestFirst } from '../../../src/core/index';

const operations = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('set' as const), key: fc.nat(20) }),
    fc.record({ what: fc.constant('delete' as const), key: fc.nat(20) }),
    fc.record({ what: fc.constantFrom('oldest' as const, 'removeOldest' as const), key: fc.constant(0) }),
  ),
  { maxLength: 600, size: 'max' },
);

describe('OldestFirst', () => {
  it('answers what was set first of what is there, after any sets and deletions', () => {
    fc.assert(fc.property(operations, (list) => {
      const map = new OldestFirst<number, string>();
      const keys: number[] = [];
      for (const { what, key } of list) {
        if (what === 'set') {
          map.set(key, `value ${key}`);
          if (!keys.includes(key)) keys.push(key);
        } else if (what === 'delete') {
          assert.equal(map.delete(key), keys.includes(key));
          if (keys.includes(key)) keys.splice(keys.indexOf(key), 1);
        } else if (what === 'oldest') assert.equal(map.oldest(), keys[0]);
        else {
          const first = keys.shift();
          assert.equal(map.removeOldest(), first === undefined ? undefined : `value ${first}`);
        }
        assert.deepEqual([...map.keys()], keys);
      }
    }));
  });

  it('lets go of what was deleted, also when nobody asks for the oldest any more', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const map = new OldestFirst<number, object>();
    const fill = (): WeakRef<object> => {
      const value = { text: 'a value' };
      map.set(0, {});
      map.set(1, value);
      map.oldest();
      // The map outgrows its table while the value is in it.
      for (let key = 2; key < 300; key++) map.set(key, {});
      return new WeakRef(value);
    };
    const value = fill();
    for (let key = 1; key < 300; key++) map.delete(key);
    await turn();
    collect();
    assert.equal(value.deref(), undefined);
  });
});
