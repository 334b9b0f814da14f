import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { openStore } from '../../../../src/router/store/open-store';
import { useTemporaryDirectory } from './temporary-directory';

/** More than the usual rounds by `THREAD_LENS_KILL_ROUNDS=500 npm run test:unit`. */
const ROUNDS = Number(process.env['THREAD_LENS_KILL_ROUNDS'] ?? 24);

/** What the killed processes said so far, that is, what they promised to the world. */
class Promises {
  readonly registered = new Map<string, string>();
  /** Removal was asked for and not acknowledged: may be there or not. */
  readonly removing = new Set<string>();
  readonly removed = new Set<string>();
  readonly queued = new Set<number>();
  readonly died = new Set<number>();
  readonly delivered = new Set<number>();
  readonly settled = new Set<number>();
  readonly faults: string[] = [];
  opened = 0;

  hear(line: string): void {
    const [word, name = '', threadId = ''] = line.split(';');
    const seq = Number(name);
    switch (word) {
      case 'open':
        this.opened += 1;
        break;
      case 'registered':
        this.registered.set(name, threadId);
        break;
      case 'removing':
        this.registered.delete(name);
        this.removing.add(name);
        break;
      case 'removed':
        this.removing.delete(name);
        this.removed.add(name);
        break;
      case 'queued':
        this.queued.add(seq);
        break;
      case 'died':
        this.died.add(seq);
        break;
      case 'delivered':
        if (this.delivered.has(seq)) this.faults.push(`event ${seq} was delivered twice`);
        this.delivered.add(seq);
        break;
      case 'settled':
        this.settled.add(seq);
        break;
      default:
        this.faults.push(line);
    }
  }
}

describe('a store whose process is killed in the middle of writing', () => {
  const directory = useTemporaryDirectory();

  it(`loses nothing acknowledged and delivers nothing twice, ${ROUNDS} times over`, async function () {
    this.timeout(30_000 + ROUNDS * 2000);
    const victim = join(directory(), 'victim.cjs');
    buildSync({ entryPoints: [join(__dirname, 'kill-writer.ts')], bundle: true, platform: 'node', outfile: victim, logLevel: 'error' });
    const file = join(directory(), 'router.db');
    const promises = new Promises();
    for (let round = 0; round < ROUNDS; round += 1) {
      await killWhileWriting([victim, file, String(round + 1)], promises, Math.random() * 40);
      check(file, promises);
    }
    assert.equal(promises.opened, ROUNDS);
    assert.ok(promises.settled.size > ROUNDS, `too little was written to prove anything: ${promises.settled.size} events settled`);
  });
});

/** Starts the writer, kills it some milliseconds after it has begun, and hears everything it said. */
async function killWhileWriting(args: readonly string[], promises: Promises, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const begun = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`expected a writer that writes, it ended with ${code}`)));
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
  await begun;
  await delay(afterMs);
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
  // The last line may be cut off: then nobody has heard it.
  for (const line of text.split('\n').slice(0, -1)) promises.hear(line);
}

function check(file: string, promises: Promises): void {
  const store = openStore(file, (_level, message) => promises.faults.push(message));
  const { registrations, events, lastSeq } = store.load();
  const notice = store.notice;
  store.close();
  assert.equal(notice, undefined);
  assert.deepEqual(promises.faults, []);

  const threads = new Map(registrations.map((row) => [row.runId, row.threadId]));
  for (const [runId, threadId] of promises.registered) assert.equal(threads.get(runId), threadId, `the registration of ${runId} was acknowledged`);
  for (const runId of promises.removed) assert.ok(!threads.has(runId), `the removal of ${runId} was acknowledged`);

  const states = new Map(events.map((event) => [event.seq, event.state]));
  for (const event of events) {
    const text = Buffer.from(event.payload).toString();
    assert.equal(text, `${event.seq}:`.repeat(text.length / `${event.seq}:`.length));
    assert.ok(event.seq <= lastSeq);
  }
  for (const seq of promises.died) assert.equal(states.get(seq), 'dead', `that event ${seq} is a dead letter was acknowledged`);
  for (const seq of promises.queued) {
    if (promises.delivered.has(seq)) assert.notEqual(states.get(seq), 'waiting', `event ${seq} was delivered and would be once more`);
    else assert.ok(states.has(seq), `event ${seq} was acknowledged as queued, not delivered, and is gone`);
  }
  for (const seq of promises.settled) assert.ok(!states.has(seq), `event ${seq} was delivered, settled, and is back`);
}
