import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { RegistrationAges } from '../../../../src/router/store/registration-ages';

describe('the ages of registrations', () => {
  it('decide as a plain sorted list does, in whatever order registrations come', () => {
    const runId = fc.integer({ min: 0, max: 12 }).map((n) => `run_${n}`);
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), runId, hour: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant('delete' as const), runId }),
      fc.record({ kind: fc.constant('expire' as const), hour: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant('trim' as const), count: fc.integer({ min: 0, max: 12 }) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const ages = new RegistrationAges();
        let model = new Map<string, number>();
        for (const [i, step] of operations.entries()) {
          switch (step.kind) {
            case 'set': {
              // No two at the same time: which of them is older is nobody's promise.
              const at = step.hour + i / 1000;
              ages.set(step.runId, at);
              model.set(step.runId, at);
              break;
            }
            case 'delete':
              ages.delete(step.runId);
              model.delete(step.runId);
              break;
            case 'expire': {
              const expired = [...model].filter(([, at]) => at < step.hour).map(([id]) => id);
              assert.deepEqual([...ages.expire(step.hour)].sort(), expired.sort());
              for (const id of expired) model.delete(id);
              break;
            }
            case 'trim': {
              const newestFirst = [...model].sort(([, a], [, b]) => b - a);
              assert.deepEqual([...ages.trim(step.count)].sort(), newestFirst.slice(step.count).map(([id]) => id).sort());
              model = new Map(newestFirst.slice(0, step.count));
              break;
            }
          }
          assert.equal(ages.size, model.size);
        }
      }),
    );
  });
});
