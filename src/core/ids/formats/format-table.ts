import { connectionFormats } from './connection-formats';
import type { IdFormat } from './id-format';
import { otherFormats } from './other-formats';
import { runFormats } from './run-formats';
import { threadFormats } from './thread-formats';

/** The formats that readers and scans know, in the order that decides between equals. Immutable. */
export class FormatTable {
  /** Every format of the systems under debug (DOMAIN 1, FIELD_GUIDE 1). */
  static get builtIn(): FormatTable {
    FormatTable.#builtIn ??= new FormatTable([...runFormats(), ...threadFormats(), ...connectionFormats(), ...otherFormats()]);
    return FormatTable.#builtIn;
  }

  /** Made when first asked for: an extension that is only being activated reads no ID. */
  static #builtIn: FormatTable | undefined;

  readonly formats: readonly IdFormat[];
  /** Those of them that are not built in. */
  readonly defined: readonly IdFormat[];
  /** Formats that may start with a given character, and those that may start with any. */
  readonly #byFirstCharacter = new Map<string, IdFormat[]>();
  readonly #anyStart: IdFormat[] = [];

  constructor(formats: readonly IdFormat[], defined: readonly IdFormat[] = []) {
    this.formats = formats;
    this.defined = defined;
    for (const format of formats) this.#index(format);
  }

  /** This table with further formats before its own: what a user defines is meant. */
  with(formats: readonly IdFormat[]): FormatTable {
    return formats.length === 0 ? this : new FormatTable([...formats, ...this.formats], [...formats, ...this.defined]);
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
