/** A tap as the command starts it, with the CPU time it took: `tap-process.ts TARGET`, prints its URL; answers each line with its CPU milliseconds. */
import { createInterface } from 'node:readline';
import { DEFAULT_FIELD_PATHS } from '../../../src/core/index';
import { Tap } from '../../../src/router/tap/tap';
import { readTapTarget } from '../../../src/router/tap/tap-target';

async function main(): Promise<void> {
  const tap = new Tap({
    port: 0, token: 'bench-token-0123456789abcdef', target: readTapTarget(process.argv[2] ?? ''), allowedOrigins: [], forwardCredentials: false, paths: DEFAULT_FIELD_PATHS, version: 'bench',
  });
  const { clientUrl } = await tap.start();
  console.log(clientUrl);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => {
    const { user, system } = process.cpuUsage();
    console.log((user + system) / 1000);
  });
  lines.on('close', () => void tap.stop());
}

void main();
