import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { BASELINE_ID, MEASURED, type Activation, type Activations } from './measured';

const QUIET_MS = 1000;
const MOST_QUIET_ROUNDS = 20;

/** Runs inside the extension host of a fresh window: waits until the window has settled, then activates. */
export async function run(): Promise<void> {
  await settle();
  const activations: Activations = { baseline: await activate(BASELINE_ID), own: await activate('thread-lens.thread-lens') };
  console.log(`${MEASURED}${JSON.stringify(activations)}`);
}

async function activate(id: string): Promise<Activation> {
  const extension = vscode.extensions.getExtension(id);
  if (!extension) throw new Error(`${id} is not installed in this window`);
  if (extension.isActive) throw new Error(`${id} was active before it could be measured`);
  const heapBefore = heapInUse();
  const begin = performance.now();
  await extension.activate();
  const ms = performance.now() - begin;
  return { ms, heapMb: (heapInUse() - heapBefore) / 2 ** 20 };
}

/** Bytes, without what only waits to be collected: the host makes garbage of its own meanwhile. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** A window that starts keeps its extension host busy for seconds, which would be measured instead. */
async function settle(): Promise<void> {
  for (let round = 0; round < MOST_QUIET_ROUNDS; round++) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await sleep(QUIET_MS);
    delay.disable();
    if (delay.max / 1e6 < 25) return;
  }
}
