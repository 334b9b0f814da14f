import assert from 'node:assert/strict';
import { readVectors } from '../ids/read-vectors';
import { ManagerSteps, type Op, type StepAnswer } from './manager-steps';

interface ManagerVector {
  readonly name: string;
  readonly steps: readonly ({ readonly op: Op } & StepAnswer)[];
  readonly stats_after: Readonly<Record<string, number>>;
}

describe('answers of the original: connection manager', () => {
  for (const { name, steps, stats_after } of readVectors<ManagerVector>('connection_manager')) {
    it(name, () => {
      const manager = new ManagerSteps();
      assert.ok(steps.length > 0);
      for (const [i, { op, ...expected }] of steps.entries()) {
        assert.deepEqual(manager.run(op), expected, `step ${i}: ${JSON.stringify(op)}`);
      }
      assert.deepEqual(manager.stats(), stats_after);
    });
  }
});
