import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import { isLong, propertyRuns } from '../../../harness/property-runs';
import { until } from '../harness';
import { routerHere, type RouterKind, routerProcess, TIGHT_LIMITS } from './live-router';
import { type Operation, operations, RUNS } from './operations';
import { playEvent } from './played-event';
import { Player } from './player';

let played = 0;

async function playAll(kind: RouterKind, steps: readonly Operation[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'thread-lens-model-'));
  const player = new Player(kind, folder);
  try {
    await player.start();
    for (const step of steps) {
      await player.play(step);
      played++;
    }
    await player.look();
  } finally {
    await player.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Longer by `THREAD_LENS_LONG_MINUTES`, see test/harness/property-runs.ts. */
describe('a router, against a model of it', () => {
  after(() => {
    if (isLong) process.stdout.write(`    ${played} operations\n`);
  });

  for (const [what, kind, kills, runs, most] of [
    ['with the usual bounds', routerHere(), false, 15, 30],
    ['with bounds that are met all the time', routerHere(TIGHT_LIMITS), false, 15, 40],
    ['as a process that is killed and started again', routerProcess, true, 3, 25],
  ] as const) {
    it(`delivers each event to who is on its thread, in order and once, or keeps it: ${what}`, async function () {
      const wanted = propertyRuns(runs);
      this.timeout(wanted.timeoutMs);
      await fc.assert(
        fc.asyncProperty(operations({ kills, ages: isLong, most }), (steps) => playAll(kind, steps)),
        wanted.parameters,
      );
    });
  }

  it('gives up what waits too long, and forgets old registrations', () =>
    playAll(routerHere(), [
      { op: 'register', run: RUNS[4], thread: 'thread_a', over: 'http' },
      { op: 'post', run: RUNS[4] },
      { op: 'post', run: RUNS[0] },
      { op: 'age', hours: 0.2 },
      { op: 'connect', client: 0, thread: 'thread_13679e4dcc38403a', user: undefined },
      { op: 'redeliver', pick: 1 },
      { op: 'look' },
      { op: 'age', hours: 25 },
      { op: 'post', run: RUNS[4] },
      { op: 'restart', how: 'stop', dialect: 'fix' },
    ]));

  describe('what it found before', () => {
    it('an event that waits is on disk soon, though nobody asked for a receipt', async function () {
      // The time below is generous, and still no promise on a busy machine.
      this.retries(2);
      const folder = mkdtempSync(join(tmpdir(), 'thread-lens-model-'));
      let router = await routerProcess.start(folder, 'fix');
      const agent = new WebSocket(`${router.url.replace('http', 'ws')}/agent?token=${router.token}`);
      try {
        await once(agent, 'open');
        agent.send(playEvent({ run: RUNS[0], request: 'none', padding: 0 }).sent);
        // As long as lazy changes may take, and well below the second after which everything is written anyway.
        const written = join(folder, 'router.db-wal');
        await until(() => existsSync(written) && readFileSync(written).includes('agent_thinking'), 'the event in the file', 700);
        await router.end('kill');
        router = await routerProcess.start(folder, 'fix');
        const answer = await fetch(`${router.url}/debug/health`, { headers: { authorization: `Bearer ${router.token}` } });
        assert.equal(((await answer.json()) as { counters: { waiting: number } }).counters.waiting, 1);
      } finally {
        agent.terminate();
        await router.end('stop');
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it('guesses that a switch of the dialect took back do not return after a kill', () =>
      playAll(routerProcess, [
        { op: 'post', run: RUNS[0] },
        { op: 'dialect', dialect: 'fix' },
        { op: 'restart', how: 'kill', dialect: 'fix' },
      ]));

    it('guesses of another dialect do not return after a kill right at the start', () =>
      playAll(routerProcess, [
        { op: 'post', run: RUNS[0] },
        { op: 'restart', how: 'stop', dialect: 'before_fix' },
        { op: 'restart', how: 'kill', dialect: 'fix' },
      ]));

    it('a thread that one dialect extracted does not outlive a restart in another', () =>
      playAll(routerHere(), [
        { op: 'post', run: RUNS[0] },
        { op: 'restart', how: 'stop', dialect: 'before_fix' },
        { op: 'post', run: RUNS[0] },
      ]));
  });
});
