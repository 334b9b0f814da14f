import { readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive';

/** Sockets will lie in these folders, and the path of a socket may have about 100 characters, 52 of them its own. */
const BASE = process.platform !== 'win32' && tmpdir().length > 30 ? '/tmp' : tmpdir();
const NAME = /^tl-(\d+)-/;

const left = new Set<string>();
let swept = false;

/** A new empty folder, deleted by `remove`, when this process ends, or by the next one when this was killed by force. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  if (!swept) sweep();
  swept = true;
  const path = await mkdtemp(join(BASE, `tl-${process.pid}-`));
  left.add(path);
  return {
    path,
    remove: async () => {
      // A process that was just ended may still be writing.
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      left.delete(path);
    },
  };
}

/** Deletes what processes left that are gone; what belongs to somebody else is not ours to delete. */
function sweep(): void {
  for (const name of readdirSync(BASE)) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    try {
      rmSync(join(BASE, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}

process.on('exit', () => {
  for (const path of left) rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});
