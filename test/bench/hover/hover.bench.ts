import { startWorkbench } from '../../workbench/start-workbench';
import { median, type Report } from '../report';

const COMPOSITE = 'thread_13679e4dcc38403a_run_1756919162904_9adf1f09';
/** A line whose hover tells the event first. */
const FAILING = `2025-09-03 17:06:03.009 | WARNING  | manager:send_to_thread:1057 | No connections found for thread ${COMPOSITE}. Active connections: 1`;
const ROUNDS = 4000;

/** Milliseconds of each call of the hover provider on that line; the first hundred only warm up. */
async function time(line: string, withRouter: boolean): Promise<number[]> {
  const { fake, end } = await startWorkbench();
  if (withRouter) await fake.commands.run('threadLens.router.start');
  const document = await fake.documents.open({ content: line, language: 'log' });
  const position = new fake.api.Position(0, line.indexOf(COMPOSITE) + 10);
  const times: number[] = [];
  for (let round = -100; round < ROUNDS; round++) {
    const begin = performance.now();
    await fake.languages.hover(document, position);
    if (round >= 0) times.push(performance.now() - begin);
  }
  await end();
  return times.toSorted((a, b) => a - b);
}

/** The hover provider, from call to card (DESIGN 6: p95 at most 1 ms on a line of 200 characters). */
export async function run(report: Report): Promise<void> {
  const around = (length: number): string => `${'x '.repeat((length - COMPOSITE.length) / 4)}${COMPOSITE}${' y'.repeat((length - COMPOSITE.length) / 4)}`;
  const lines = [
    { what: 'line of 200', line: around(200), budget: 1 },
    { what: 'failing log line', line: FAILING, budget: 1 },
    { what: 'line of 10000', line: around(10_000), budget: 3 },
  ];
  for (const { what, line, budget } of lines) {
    for (const withRouter of [false, true]) {
      const times = await time(line, withRouter);
      const p95 = times[Math.floor(times.length * 0.95)] ?? NaN;
      const name = `hover, ${what}, ${withRouter ? 'router asked' : 'no router'}`;
      report({ name: `${name}, median`, value: median(times), unit: 'ms' });
      report({ name: `${name}, p95`, value: p95, unit: 'ms', ratio: p95 / budget, baseline: `of ${budget} ms` });
    }
  }
}
