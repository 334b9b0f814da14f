/** Runs the router's benchmarks alone: `tsx test/bench/router/main.ts [routing|connections]`. */
import type { BenchRow } from './control';
import { run as runConnections } from './connections.bench';
import { run as runRouting } from './routing.bench';

const report = ({ name, value, unit, ratio, baseline }: BenchRow): void => {
  const compared = ratio === undefined ? '' : `  ${ratio.toFixed(2)}x (${baseline ?? ''})`;
  console.log(`${name.padEnd(60)} ${value.toFixed(2).padStart(9)} ${unit}${compared}`);
};

async function main(): Promise<void> {
  const [, , which] = process.argv;
  if (which !== 'connections') await runRouting(report);
  if (which !== 'routing') await runConnections(report);
}

void main();
