import { median, type Report } from '../report';
import { Bench, compare, type Kind } from './control';

const PLAIN = 'plain ws server, deliveries per CPU second';

/** DESIGN 6: routing over 1,000 threads, fan-out, one in flight; the router with an inspector attached. */
export async function run(report: Report): Promise<void> {
  const rows = [
    { name: 'routing 256 B, 1,000 threads, 4,000 in flight', threads: 1_000, clientsPerThread: 1, bytes: 256, events: 60_000, inFlight: 4_000 },
    { name: 'routing 16 KiB, 1,000 threads, 500 in flight', threads: 1_000, clientsPerThread: 1, bytes: 16_384, events: 8_000, inFlight: 500 },
    { name: 'fan-out 1 to 100, 256 B, 32 in flight', threads: 1, clientsPerThread: 100, bytes: 256, events: 3_200, inFlight: 32 },
    { name: 'fan-out 1 to 100, 256 B, 1 in flight', threads: 1, clientsPerThread: 100, bytes: 256, events: 600, inFlight: 1 },
    { name: 'routing 256 B, 1,000 threads, 1 in flight', threads: 1_000, clientsPerThread: 1, bytes: 256, events: 5_000, inFlight: 1 },
  ];
  for (const { name, ...job } of rows) {
    const { router, ratio, routerRuns, plainRuns } = await compare({ ...job, inspector: true });
    report({ name, value: router, unit: 'CPU µs/delivery', ratio, baseline: PLAIN });
    if (job.inFlight !== 1) continue;
    const p50 = median(routerRuns.flatMap((measured) => measured.latencies));
    report({ name: `${name}: latency p50`, value: p50, unit: 'ms', ratio: median(plainRuns.flatMap((measured) => measured.latencies)) / p50, baseline: 'plain ws server, its latency divided by ours' });
  }
  await flatness(report, 'router');
  // The kernel and the caches grow dearer with the number of sockets, whatever the server does: this row says how much.
  await flatness(report, 'plain');
}

/** The cost of a delivery must not grow with the number of connections. */
async function flatness(report: Report, kind: Kind): Promise<void> {
  const job = { clientsPerThread: 1, bytes: 256, events: 20_000, inFlight: 32, inspector: true };
  const few = await Bench.start(kind, { ...job, threads: 100 });
  const many = await Bench.start(kind, { ...job, threads: 10_000 });
  try {
    await few.run(10_000);
    await many.run();
    const costs: [number[], number[]] = [[], []];
    for (let round = 0; round < 5; round++) {
      for (const [index, bench] of [few, many].entries()) {
        const measured = await bench.run();
        costs[index]?.push((measured.cpuMs * 1000) / measured.deliveries);
      }
    }
    const [cheap, dear] = costs.map(median);
    report({ name: `routing to 10,000 threads, 32 in flight${kind === 'plain' ? ', plain ws server' : ''}`, value: dear ?? NaN, unit: 'CPU µs/delivery', ratio: (dear ?? NaN) / (cheap ?? NaN), baseline: 'to 100 threads, cost to cost' });
  } finally {
    await few.stop();
    await many.stop();
  }
}
