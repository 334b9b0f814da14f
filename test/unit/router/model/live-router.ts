import { join } from 'node:path';
import type { Dialect } from '../../../../src/core/index';
import { openStore } from '../../../../src/router/store/open-store';
import { DEFAULT_LIMITS, type Limits, limitsWith } from '../../../../src/router/limits';
import { TestRouter, TOKEN } from '../harness';
import { startRouter } from '../interop/router-command';

/** A real router under test with its store in a folder, whatever runs it. */
export interface LiveRouter {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  readonly token: string;
  /** Ends it; `kill` as SIGKILL does. Its port and file are free afterwards. */
  end(how: 'stop' | 'kill'): Promise<void>;
  /** Lets that much time pass, where time is ours. */
  leap?(hours: number): void;
  /** What it complained about; nothing in a good life. */
  complaints(): readonly string[];
}

/** How a test starts its router again and again on the same store. */
export interface RouterKind {
  readonly limits: Limits;
  start(folder: string, dialect: Dialect): Promise<LiveRouter>;
}

/** Bounds so low that random operations meet all of them. */
export const TIGHT_LIMITS = {
  threads: 4,
  threadsPerConnection: 2,
  runs: 5,
  registrations: 4,
  waitingPerThread: 3,
  waitingBytesPerThread: 4_000,
  waitingBytes: 9_000,
  deadLetters: 4,
  deadLetterBytes: 6_000,
};

/** A router in this process, on real sockets and a real file. It cannot be killed. */
export function routerHere(changes: Partial<Limits> = {}): RouterKind {
  // Never twice the same time, so that the order of registrations is certain after a restart, too.
  let now = 1_756_919_162_904;
  return {
    limits: limitsWith(changes),
    async start(folder, dialect) {
      const complaints: string[] = [];
      const log = (level: string, message: string): void => void (level === 'warn' || level === 'error' ? complaints.push(`${level}: ${message}`) : 0);
      const store = openStore(join(folder, 'router.db'), log);
      const test = await TestRouter.start({ store, dialect, limits: changes, clock: () => ++now, log });
      return {
        url: test.url,
        token: TOKEN,
        end: () => test.stop(),
        leap: (hours) => void (now += hours * 3_600_000),
        complaints: () => complaints,
      };
    },
  };
}

/** The router as it ships, in a process of its own. */
export const routerProcess: RouterKind = {
  limits: DEFAULT_LIMITS,
  async start(folder, dialect) {
    const command = await startRouter('--store', join(folder, 'router.db'), '--dialect', dialect);
    return {
      url: command.url,
      token: command.token,
      async end(how) {
        await command.end(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
      },
      complaints: () => command.complaints().split('\n').filter((line) => line !== ''),
    };
  },
};
