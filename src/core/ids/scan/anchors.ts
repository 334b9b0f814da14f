import type { FormatTable } from '../formats/format-table';
import type { IdFormat } from '../formats/id-format';
import type { IdKind } from '../reading';

const CACHE = new WeakMap<FormatTable, Map<string, Anchors>>();
const WORD = /^[A-Za-z0-9]+(?=_)/;

/**
 * The words that IDs begin with, told by the table: `thread`, `run`, `conn`, … Every built-in format has an underscore after
 * its first word, so a scan need only look at underscores, and only at those behind such a word.
 */
export class Anchors {
  /** By the code of their last character, which is what a scan sees first. */
  readonly #byLastCode: (string[] | undefined)[] = [];
  /** Formats that begin otherwise, e.g. with `order-`. */
  readonly literal: readonly IdFormat[];

  /** The anchors of a table, worked out once: scans of single lines would otherwise do little else. */
  static of(table: FormatTable, kinds: ReadonlySet<IdKind>): Anchors {
    const key = [...kinds].sort().join();
    const known = CACHE.get(table) ?? new Map<string, Anchors>();
    CACHE.set(table, known);
    const anchors = known.get(key) ?? new Anchors(table.formats, kinds);
    known.set(key, anchors);
    return anchors;
  }

  private constructor(formats: readonly IdFormat[], kinds: ReadonlySet<IdKind>) {
    const words = new Set<string>();
    const literal: IdFormat[] = [];
    for (const format of formats) {
      if (!format.scanned || !kinds.has(format.kind)) continue;
      const word = WORD.exec(format.prefix)?.[0];
      if (word === undefined) literal.push(format);
      else words.add(word);
    }
    for (const word of words) (this.#byLastCode[word.charCodeAt(word.length - 1)] ??= []).push(word);
    this.literal = literal;
  }

  /** Start of the anchor word that ends right before the underscore at `underscore`, or -1. It begins at `from` or later. */
  wordBefore(text: string, underscore: number, from: number): number {
    const words = this.#byLastCode[text.charCodeAt(underscore - 1)];
    if (words === undefined) return -1;
    for (const word of words) {
      const start = underscore - word.length;
      if (start >= from && text.startsWith(word, start)) return start;
    }
    return -1;
  }
}
