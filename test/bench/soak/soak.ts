/**
 * The router under churn for minutes: `npm run soak -- [minutes]`, ten by default. Prints its memory
 * every half minute; after the stop it says what is left: no listener, socket or timer of the router may be.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from '../../../src/router/router';
import { openStore } from '../../../src/router/store/open-store';

const CONNECTIONS = 1000;
const SAMPLE_MS = 30_000;
const TOKEN = 'soak-token-of-at-least-thirty-two-characters';
/** What Node itself keeps: the pipes of this process and of its child. */
const NOT_OURS = new Set(['PipeWrap', 'TTYWrap', 'ProcessWrap', 'FSReqCallback', 'CloseReq', 'FileHandle']);

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function main(minutes: number): Promise<void> {
  const router = new Router({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    allowedOrigins: [],
    dialect: 'fix',
    version: '0.0.0',
    store: openStore(undefined, () => {}),
  });
  const { url } = await router.start();
  // Somebody watches, as the sidebar does.
  const session = router.inspect({ send: () => {}, ready: () => true });
  const begin = performance.now();
  const args = [join(__dirname, 'soak-load.mjs'), url, TOKEN, String(CONNECTIONS), String(minutes * 60)];
  const load = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(load.stdout, 'data');
  const heaps: number[] = [];
  while (performance.now() - begin < minutes * 60_000 - SAMPLE_MS / 2) {
    await sleep(SAMPLE_MS);
    const heap = heapMb();
    heaps.push(heap);
    const { connections, threads } = router.model;
    const seconds = Math.round((performance.now() - begin) / 1000);
    console.log(`${seconds} s: heap ${heap.toFixed(1)} MiB, rss ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB, ${connections.size} connections, ${threads.size} threads`);
  }
  const [counts] = (await ended) as [Buffer];
  console.log(`load: ${counts.toString().trim()}`);
  const half = heaps.slice(heaps.length >> 1);
  console.log(`heap in the second half: ${Math.min(...half).toFixed(1)} to ${Math.max(...half).toFixed(1)} MiB`);
  session.close();
  const stopping = performance.now();
  await router.stop();
  console.log(`stopped in ${(performance.now() - stopping).toFixed(0)} ms`);
  load.kill();
  await once(load, 'close');
  await sleep(200);
  const left = process.getActiveResourcesInfo().filter((resource) => !NOT_OURS.has(resource));
  console.log(`left after the stop: ${left.length === 0 ? 'nothing' : left.join(', ')}; heap ${heapMb().toFixed(1)} MiB`);
  if (left.length > 0) process.exitCode = 1;
}

void main(Number(process.argv[2] ?? 10));
