import { median, type Report } from '../report';
import { Bench, type Kind, quantile } from './control';

/** DESIGN 6: memory of idle connections, and what one stalled reader does to the others. */
export async function run(report: Report): Promise<void> {
  await idleMemory(report);
  await stalledReader(report);
}

const CONNECTIONS = 8_000;

async function idleMemory(report: Report): Promise<void> {
  const router = new IdleMemory('router');
  const plain = new IdleMemory('plain');
  for (let round = 0; round < 4; round++) {
    await router.measure();
    await plain.measure();
  }
  report({ name: 'heap of an idle connection', value: router.cost('heapUsed') / 1024, unit: 'KiB', ratio: router.cost('heapUsed') / plain.cost('heapUsed'), baseline: 'plain ws server, heap to heap' });
  report({ name: 'memory of an idle connection', value: router.cost('rss') / 1024, unit: 'KiB', ratio: router.cost('rss') / plain.cost('rss'), baseline: 'plain ws server, resident memory to resident memory' });
}

type Memory = Awaited<ReturnType<Bench['memory']>>;

/** What a server needs with many connections and with few. */
class IdleMemory {
  private readonly few: Memory[] = [];
  private readonly many: Memory[] = [];

  constructor(private readonly kind: Kind) {}

  async measure(): Promise<void> {
    for (const [list, threads] of [[this.few, 100], [this.many, 100 + CONNECTIONS]] as const) {
      const bench = await Bench.start(this.kind, { threads, clientsPerThread: 1, bytes: 256, events: 1, inFlight: 1, inspector: false });
      list.push(await bench.memory());
      await bench.stop();
    }
  }

  /** Bytes for a connection. Of several runs the one that needed least: pages that the collector keeps for later only add to it. */
  cost(what: 'heapUsed' | 'rss'): number {
    const least = (list: readonly Memory[]): number => Math.min(...list.map((memory) => memory[what]));
    return (least(this.many) - least(this.few)) / CONNECTIONS;
  }
}

async function stalledReader(report: Report): Promise<void> {
  const job = { threads: 1, clientsPerThread: 100, bytes: 4_096, events: 3_000, inFlight: 0, rate: 300, inspector: true };
  const p99: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    for (const [index, stalled] of [0, 1].entries()) {
      const bench = await Bench.start('router', { ...job, stalled });
      await bench.run(500);
      p99[index]?.push(quantile((await bench.run()).latencies, 0.99));
      await bench.stop();
    }
  }
  const [without, with1] = p99.map(median);
  report({ name: 'one stalled reader among 100: p99 of the others', value: with1 ?? NaN, unit: 'ms', ratio: (with1 ?? NaN) / (without ?? NaN), baseline: 'nobody stalls, time to time' });
}
