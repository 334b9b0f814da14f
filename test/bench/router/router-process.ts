import { Router } from '../../../src/router/router';
import { MemoryStore } from '../../../src/router/store/memory-store';
import { BENCH_TOKEN } from './bench-token';
import { answerQuestions } from './server-process';

/** The router under test, in a process of its own. */
async function start(): Promise<number> {
  const router = new Router({
    host: '127.0.0.1', port: 0, token: BENCH_TOKEN, allowedOrigins: [], dialect: 'fix', version: 'bench',
    store: new MemoryStore(),
    limits: { pendingHandshakes: 2_000 },
  });
  return (await router.start()).port;
}

answerQuestions(start());
