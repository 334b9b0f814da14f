/**
 * The victim of the kill test, run as `node <bundle> <file> <seed>`: works a store as a router does, as fast as it
 * can, until it is killed. Each line it writes is one word and its arguments, `;` apart, and is out of its hands once
 * written (a synchronous write to a pipe):
 *
 * - `open`: the store is open.
 * - `registered run thread` / `removing run` / `removed run`: a registration was acknowledged; its removal is asked for, was acknowledged.
 * - `queued seq` / `died seq`: an event was acknowledged as waiting, or as a dead letter.
 * - `delivered seq`: the event was sent; this line is the sending.
 * - `settled seq`: that it was sent is on disk.
 * - `failed message`: something is wrong.
 */
import { writeSync } from 'node:fs';
import { openStore } from '../../../../src/router/store/open-store';
import type { StoredEvent } from '../../../../src/router/store/store';

const [file, seedText] = process.argv.slice(2);
if (file === undefined || seedText === undefined) throw new Error('expected a file and a seed');

function say(...lines: string[]): void {
  if (lines.length > 0) writeSync(1, `${lines.join('\n')}\n`);
}

let seed = Number(seedText) | 1;
/** An integer from 0 to below `bound` (xorshift32). */
function random(bound: number): number {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) % bound;
}

/** The payload tells its number, so that a mix-up shows. */
function payloadOf(seq: number): Buffer {
  return Buffer.from(`${seq}:`.repeat(1 + random(100)));
}

const store = openStore(file, (_level, message) => say(`failed;${message}`));
const contents = store.load();
if (store.kind !== 'sqlite') say(`failed;the store is ${store.kind}`);
let seq = contents.lastSeq;
const runs = contents.registrations.map((row) => row.runId);
const waiting: number[] = [];
for (const event of contents.events) {
  if (event.state === 'waiting') waiting.push(event.seq);
}
// As a router does at start: what was in flight is never sent again by itself.
store.markEvents(contents.events.filter((event) => event.state === 'handing_over').map((event) => event.seq), 'dead', 'it may have arrived');
store.commit();
say('open');

const work: readonly (() => void)[] = [register, register, unregister, enqueue, enqueue, enqueue, handOver, handOver, bury, bound];
for (;;) work[random(work.length)]?.();

function register(): void {
  const lines: string[] = [];
  for (let n = 1 + random(4); n > 0; n -= 1) {
    const runId = `run_${process.pid}_${seq}_${runs.length}_${n}_${random(1e9)}`;
    const threadId = `thread_${random(1000)}`;
    store.putRegistration({ runId, threadId, createdAt: Date.now(), lastAccessedAt: 0, accessCount: 0 });
    runs.push(runId);
    lines.push(`registered;${runId};${threadId}`);
  }
  store.commit();
  say(...lines);
}

function unregister(): void {
  if (runs.length < 10) return;
  const [runId] = runs.splice(random(runs.length), 1);
  if (runId === undefined) return;
  say(`removing;${runId}`);
  store.removeRegistration(runId);
  store.commit();
  say(`removed;${runId}`);
}

function put(state: StoredEvent['state']): number {
  seq += 1;
  store.putEvent({ seq, state, at: Date.now(), type: 'agent_started', threadId: 'thread_1', reason: 'nobody is connected', payload: payloadOf(seq) });
  return seq;
}

function enqueue(): void {
  const numbers = Array.from({ length: 1 + random(20) }, () => put('waiting'));
  store.commit();
  waiting.push(...numbers);
  say(...numbers.map((number) => `queued;${number}`));
}

function bury(): void {
  const number = put('dead');
  store.commit();
  say(`died;${number}`);
}

function handOver(): void {
  const numbers = waiting.splice(0, random(30));
  store.markEvents(numbers, 'handing_over');
  store.commit();
  for (const number of numbers) say(`delivered;${number}`);
  store.removeEvents(numbers);
  if (random(2) === 0) return;
  store.commit();
  say(...numbers.map((number) => `settled;${number}`));
}

/** Keeps the test's own files small: what is in excess is given up, and said before. */
function bound(): void {
  while (runs.length > 300) {
    const runId = runs.shift();
    if (runId === undefined) return;
    say(`removing;${runId}`);
    store.removeRegistration(runId);
  }
}
