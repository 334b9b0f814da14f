import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process holds that can leak, as counts. */
export interface Holdings {
  /** Timers, sockets, pipes, workers. */
  readonly resources: number;
  /** Open files and sockets, where the system tells (Linux). */
  readonly files: number;
  /** Listeners on the process. */
  readonly listeners: number;
}

export function holdings(): Holdings {
  return {
    resources: process.getActiveResourcesInfo().length,
    files: openFiles(),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

/** Fails when any count has grown by more than `slack`. */
export function assertNoGrowth(before: Holdings, after: Holdings, slack: number): void {
  for (const what of ['resources', 'files', 'listeners'] as const) {
    assert.ok(after[what] <= before[what] + slack, `${what}: expected at most ${before[what]} + ${slack}, received ${after[what]}`);
  }
}

let collect: (() => void) | undefined;

/** How many of the objects are still held by something. */
export async function countHeld(objects: ReadonlyArray<WeakRef<object>>): Promise<number> {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  // A weak reference that was looked at stays for that turn.
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  return objects.filter((object) => object.deref() !== undefined).length;
}
