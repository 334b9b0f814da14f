import type * as fc from 'fast-check';

/** How one parser or guard is fuzzed. */
export interface Fuzzed<T = unknown> {
  readonly input: fc.Arbitrary<T>;
  /** Gives it one input; what it answers must be the same the next time. */
  run(input: T): unknown;
  /** Names of the errors that its documentation allows. */
  readonly throws?: readonly string[];
  /** What must be true of an answer; throws when it is not. */
  check?(input: T, answer: unknown): void;
  /** Whether it takes any text, so that long ones are tried, too. */
  readonly isText?: boolean;
}

/** By `path/of/file#name`, without `src/` and `.ts`. */
export type FuzzTable = Readonly<Record<string, Fuzzed>>;
