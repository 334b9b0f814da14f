import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { REFRESH_INTERVAL_MS, RefreshScheduler } from '../../src/workbench/views/refresh-scheduler';
import { poll } from '../harness/poll';

describe('RefreshScheduler', () => {
  let runs: number[] = [];
  let scheduler: RefreshScheduler;

  beforeEach(() => {
    runs = [];
    scheduler = new RefreshScheduler(() => runs.push(performance.now()));
  });

  afterEach(() => scheduler.dispose());

  it('keeps its distance in a storm and always runs for the last request', async () => {
    const end = performance.now() + 3 * REFRESH_INTERVAL_MS;
    let lastRequest = 0;
    while (performance.now() < end) {
      scheduler.request();
      lastRequest = performance.now();
      await sleep(5);
    }
    await poll('the last request', () => (runs.at(-1) ?? 0) >= lastRequest);
    for (const [index, run] of runs.entries()) {
      const before = runs[index - 1];
      // setTimeout may fire up to a millisecond early.
      if (before !== undefined) assert.ok(run - before >= REFRESH_INTERVAL_MS - 2, `${run - before} ms apart`);
    }
  });

  it('waits while hidden and runs once when shown', async () => {
    scheduler.setVisible(false);
    scheduler.request();
    scheduler.request();
    await sleep(2 * REFRESH_INTERVAL_MS);
    assert.equal(runs.length, 0);
    scheduler.setVisible(true);
    await poll('one refresh when shown', () => runs.length === 1);
  });

  it('never runs after it was disposed of', async () => {
    scheduler.request();
    scheduler.dispose();
    scheduler.request();
    await sleep(20);
    assert.equal(runs.length, 0);
  });
});
