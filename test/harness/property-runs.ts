import type { Parameters } from 'fast-check';

/** For how long each long property goes on, in minutes: `npm run test:long`, which also explores new inputs (`FAST_CHECK_SEED=random`). */
const LONG_MINUTES = Number(process.env['THREAD_LENS_LONG_MINUTES'] ?? 0);

/** Whether this is a long run. */
export const isLong = LONG_MINUTES > 0;

/** After this time trials and shrinking end in a usual run; what was found is reported as far as it was shrunk. */
const SHORT_LIMIT_MS = 60_000;

interface PropertyRuns {
  readonly parameters: Pick<Parameters<unknown>, 'numRuns' | 'interruptAfterTimeLimit' | 'markInterruptAsFailure'>;
  /** For the test around it. */
  readonly timeoutMs: number;
}

/** How often a property is tried: the given number of times, or in a long run as often as the time allows. */
export function propertyRuns(numRuns: number): PropertyRuns {
  const interruptAfterTimeLimit = isLong ? LONG_MINUTES * 60_000 : SHORT_LIMIT_MS;
  return {
    parameters: { numRuns: isLong ? 1_000_000_000 : numRuns, interruptAfterTimeLimit, markInterruptAsFailure: false },
    timeoutMs: interruptAfterTimeLimit + 30_000,
  };
}
