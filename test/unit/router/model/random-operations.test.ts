import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { propertyRuns } from '../../../harness/property-runs';
import { routerHere, type RouterKind, routerProcess, TIGHT_LIMITS } from './live-router';
import { type Operation, operations, RUNS } from './operations';
import { Player } from './player';

async function playAll(kind: RouterKind, steps: readonly Operation[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'thread-lens-model-'));
  const player = new Player(kind, folder);
  try {
    await player.start();
    for (const step of steps) await player.play(step);
    await player.look();
  } finally {
    await player.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Longer by `THREAD_LENS_LONG_MINUTES`, see test/harness/property-runs.ts. */
describe('a router, against a model of it', () => {
  for (const [what, kind, kills, runs, most] of [
    ['with the usual bounds', routerHere(), false, 25, 30],
    ['with bounds that are met all the time', routerHere(TIGHT_LIMITS), false, 25, 40],
    ['as a process that is killed and started again', routerProcess, true, 4, 25],
  ] as const) {
    it(`delivers each event to who is on its thread, in order and once, or keeps it: ${what}`, async function () {
      const wanted = propertyRuns(runs);
      this.timeout(wanted.timeoutMs);
      await fc.assert(
        fc.asyncProperty(operations({ kills, most }), (steps) => playAll(kind, steps)),
        wanted.parameters,
      );
    });
  }

  describe('what it found before', () => {
    it('a thread that one dialect extracted does not outlive a restart in another', () =>
      playAll(routerHere(), [
        { op: 'post', run: RUNS[0] },
        { op: 'restart', how: 'stop', dialect: 'before_fix' },
        { op: 'post', run: RUNS[0] },
      ]));
  });
});
