/** One figure of a benchmark. `ratio` compares it with `baseline`, measured in the same run. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratio?: number;
  /** What the ratio compares with, and what DESIGN 6 asks of it. */
  readonly baseline?: string;
}

export type Report = (row: BenchRow) => void;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** CPU time of this thread in milliseconds: what a job costs, whatever else the machine does meanwhile. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** CPU milliseconds of each of `jobs`, the median of `rounds`; in turns, so that whatever disturbs disturbs all alike. */
export function timeInTurns(rounds: number, jobs: readonly (() => unknown)[]): number[] {
  const times = jobs.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, job] of jobs.entries()) {
      const begin = threadCpuMs();
      job();
      // The first round only warms up.
      if (round >= 0) times[i]?.push(threadCpuMs() - begin);
    }
  }
  return times.map(median);
}
