/** A server under test, in a process of its own: started with `router` or `plain`, asked over IPC. */
import { Router } from '../../../src/router/router';
import { MemoryStore } from '../../../src/router/store/memory-store';
import { BENCH_TOKEN } from './bench-token';
import { startPlainServer } from './plain-server';

async function start(kind: string): Promise<number> {
  if (kind === 'plain') return startPlainServer();
  const router = new Router({
    host: '127.0.0.1', port: 0, token: BENCH_TOKEN, allowedOrigins: [], dialect: 'fix', version: 'bench',
    store: new MemoryStore(),
    limits: { pendingHandshakes: 2_000 },
  });
  return (await router.start()).port;
}

/** Memory that is in use: collected twice, with time for pages to go back. */
async function settledMemory(): Promise<{ rss: number; heapUsed: number; external: number }> {
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

if (process.send) {
  const answer = (message: object): void => void process.send?.(message);
  process.on('message', (question: string) => {
    if (question === 'cpu') {
      const { user, system } = process.cpuUsage();
      answer({ cpuMs: (user + system) / 1000, userMs: user / 1000 });
    } else if (question === 'memory') {
      void settledMemory().then(answer);
    }
  });
  process.on('disconnect', () => process.exit(0));
  void start(process.argv[2] ?? 'router').then((port) => answer({ port }));
}
