import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const left = new Set<string>();

/** A new empty folder, deleted by `remove` or when this process ends. Its path is short: sockets will lie in it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tl-'));
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

process.on('exit', () => {
  for (const path of left) rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});
