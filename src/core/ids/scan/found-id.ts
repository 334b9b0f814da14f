import type { FormatTable } from '../formats/format-table';
import { readRunId } from '../read-run-id';
import type { ParsedRunId } from '../reading';

/** An ID found in a text. What it is is worked out when asked for. */
export class FoundId {
  readonly #source: string;
  readonly #table: FormatTable | undefined;
  #readings: readonly ParsedRunId[] | undefined;

  constructor(
    source: string,
    /** Where it begins, in UTF-16 units, as an editor counts. */
    readonly offset: number,
    readonly length: number,
    table: FormatTable | undefined,
    readings?: readonly ParsedRunId[],
  ) {
    this.#source = source;
    this.#table = table;
    this.#readings = readings;
  }

  get text(): string {
    return this.#source.slice(this.offset, this.offset + this.length);
  }

  /** Every reading, best first; never empty. */
  get readings(): readonly ParsedRunId[] {
    this.#readings ??= readRunId(this.text, { table: this.#table });
    return this.#readings;
  }

  /** The best reading. */
  get parsed(): ParsedRunId | undefined {
    return this.readings[0];
  }
}
