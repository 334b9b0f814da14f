import { median, type Report } from '../report';
import { Bench, type Kind, quantile } from './control';

/** DESIGN 6: memory of idle connections, and what one stalled reader does to the others. */
export async function run(report: Report): Promise<void> {
  await idleMemory(report);
  await stalledReader(report);
}

async function idleMemory(report: Report): Promise<void> {
  const connections = 8_000;
  const cost = async (kind: Kind): Promise<number> => {
    const base = { clientsPerThread: 1, bytes: 256, events: 1, inFlight: 1, inspector: false };
    const few = await Bench.start(kind, { ...base, threads: 100 });
    const before = (await few.memory()).rss;
    await few.stop();
    const many = await Bench.start(kind, { ...base, threads: 100 + connections });
    const after = (await many.memory()).rss;
    await many.stop();
    return (after - before) / connections;
  };
  const router: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < 3; round++) {
    router.push(await cost('router'));
    plain.push(await cost('plain'));
  }
  report({ name: 'memory of an idle connection', value: median(router) / 1024, unit: 'KiB', ratio: median(router) / median(plain), baseline: 'plain ws server, memory to memory' });
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
