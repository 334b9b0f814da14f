import { CONNECTION_FORMATS } from './connection-formats';
import type { IdFormat } from './id-format';
import { OTHER_FORMATS } from './other-formats';
import { RUN_FORMATS } from './run-formats';
import { THREAD_FORMATS } from './thread-formats';

/** The formats that readers and scans know, in the order that decides between equals. Immutable. */
export class FormatTable {
  /** Every format of the systems under debug (DOMAIN 1, FIELD_GUIDE 1). */
  static readonly builtIn = new FormatTable([...RUN_FORMATS, ...THREAD_FORMATS, ...CONNECTION_FORMATS, ...OTHER_FORMATS]);

  readonly formats: readonly IdFormat[];
  /** Formats that may start with a given character, and those that may start with any. */
  readonly #byFirstCharacter = new Map<string, IdFormat[]>();
  readonly #anyStart: IdFormat[] = [];

  constructor(formats: readonly IdFormat[]) {
    this.formats = formats;
    for (const format of formats) this.#index(format);
  }

  /** This table with further formats before its own: what a user defines is meant. */
  with(formats: readonly IdFormat[]): FormatTable {
    return formats.length === 0 ? this : new FormatTable([...formats, ...this.formats]);
  }

  /** The formats that may read `text`, told by its start. */
  candidates(text: string): readonly IdFormat[] {
    return this.#byFirstCharacter.get(text.charAt(0)) ?? this.#anyStart;
  }

  #index(format: IdFormat): void {
    if (format.prefix === '') {
      this.#anyStart.push(format);
      for (const list of this.#byFirstCharacter.values()) list.push(format);
      return;
    }
    const first = format.prefix.charAt(0);
    const list = this.#byFirstCharacter.get(first);
    if (list) list.push(format);
    else this.#byFirstCharacter.set(first, [...this.#anyStart, format]);
  }
}
