import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { asShipped } from '../as-shipped';
import { median } from '../report';
import type { Job, JobResult } from './load-process';

export type Kind = 'router' | 'plain';

/** The plain server has ws as npm installs it. */
function serverFile(kind: Kind): string {
  return kind === 'plain' ? 'plain-process.ts' : asShipped(join(__dirname, 'router-process.ts'));
}

class Child {
  readonly process: ChildProcess;

  constructor(file: string, args: readonly string[] = []) {
    this.process = fork(resolve(__dirname, file), args, { execArgv: ['--require', 'tsx/cjs', '--expose-gc', ...(process.env['BENCH_NODE_ARGS']?.split(' ') ?? [])] });
  }

  async answer<T>(): Promise<T> {
    const [message] = (await once(this.process, 'message')) as [T & { error?: string }];
    if (message.error !== undefined) throw new Error(message.error);
    return message;
  }

  ask<T>(question: unknown): Promise<T> {
    const answer = this.answer<T>();
    this.process.send(question as string);
    return answer;
  }

  async end(): Promise<void> {
    const exit = once(this.process, 'exit');
    this.process.disconnect();
    await exit;
  }
}

export interface Measured extends JobResult {
  /** CPU time of the server process, in milliseconds. */
  readonly cpuMs: number;
  /** Of it, outside the kernel. */
  readonly userMs: number;
}

/** A server and a load generator, each a process. */
export class Bench {
  private constructor(
    private readonly server: Child,
    private readonly load: Child,
    private readonly job: Job,
  ) {}

  static async start(kind: Kind, job: Omit<Job, 'port'>): Promise<Bench> {
    const server = new Child(serverFile(kind));
    const { port } = await server.answer<{ port: number }>();
    const load = new Child('load-process.ts');
    const bench = new Bench(server, load, { ...job, port, inspector: job.inspector && kind === 'router' });
    await load.ask({ what: 'prepare', job: bench.job });
    return bench;
  }

  async run(events = this.job.events): Promise<Measured> {
    const before = await this.server.ask<{ cpuMs: number; userMs: number }>('cpu');
    const result = await this.load.ask<JobResult>({ what: 'run', job: this.job, events });
    const after = await this.server.ask<{ cpuMs: number; userMs: number }>('cpu');
    return { ...result, cpuMs: after.cpuMs - before.cpuMs, userMs: after.userMs - before.userMs };
  }

  memory(): Promise<{ rss: number; heapUsed: number; external: number }> {
    return this.server.ask('memory');
  }

  async stop(): Promise<void> {
    await this.load.end();
    await this.server.end();
  }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** CPU microseconds of the server for one delivery, by rounds that alternate between the two servers. */
export async function compare(job: Omit<Job, 'port'>, rounds = 5): Promise<{ router: number; plain: number; ratio: number; routerRuns: Measured[]; plainRuns: Measured[] }> {
  const router = await Bench.start('router', job);
  const plain = await Bench.start('plain', job);
  try {
    // Long enough for the optimising compiler, in both.
    for (let round = 0; round < 2; round++) {
      await router.run(job.events);
      await plain.run(job.events);
    }
    const routerRuns: Measured[] = [];
    const plainRuns: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      routerRuns.push(await router.run());
      plainRuns.push(await plain.run());
    }
    const cost = (runs: readonly Measured[]): number => median(runs.map((run) => (run.cpuMs * 1000) / run.deliveries));
    return { router: cost(routerRuns), plain: cost(plainRuns), ratio: cost(plainRuns) / cost(routerRuns), routerRuns, plainRuns };
  } finally {
    await router.stop();
    await plain.stop();
  }
}
