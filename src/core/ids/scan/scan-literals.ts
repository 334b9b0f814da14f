import type { FormatTable } from '../formats/format-table';
import type { IdFormat } from '../formats/id-format';
import { isAlphanumericCode, isForeignLetterAt, isTokenCode } from './characters';
import { FoundId } from './found-id';

/** Where each format's next occurrence may begin. */
interface Cursor {
  readonly format: IdFormat;
  readonly characters: ReadonlySet<number>;
  at: number;
}

function tokenEnd(text: string, start: number, characters: ReadonlySet<number>): number {
  let end = start;
  while (end < text.length && (isTokenCode(text.charCodeAt(end)) || characters.has(text.charCodeAt(end)))) end++;
  return end;
}

/** The token without the punctuation behind it. */
function trimEnd(text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && !isAlphanumericCode(text.charCodeAt(trimmed - 1))) trimmed--;
  return trimmed;
}

/** Finds IDs of formats that begin with a text of their own, e.g. `order-`. Each occurrence of it is looked at once. */
export function* scanLiterals(
  text: string,
  formats: readonly IdFormat[],
  table: FormatTable,
  minConfidence: number,
): Generator<FoundId, void, undefined> {
  const cursors = formats.map((format): Cursor => ({
    format,
    characters: new Set(Array.from({ length: format.literals.length }, (_, i) => format.literals.charCodeAt(i))),
    at: text.indexOf(format.prefix),
  }));
  for (;;) {
    const next = cursors.reduce<Cursor | undefined>((first, cursor) => {
      if (cursor.at === -1) return first;
      return first === undefined || cursor.at < first.at ? cursor : first;
    }, undefined);
    if (next === undefined) return;
    const start = next.at;
    const end = tokenEnd(text, start, next.characters);
    const found = findAt(text, start, end, next.format, table, minConfidence);
    if (found) yield found;
    const resume = found ? start + found.length : Math.max(end, start + 1);
    for (const cursor of cursors) {
      if (cursor === next || (found && cursor.at !== -1 && cursor.at < resume)) cursor.at = text.indexOf(cursor.format.prefix, resume);
    }
  }
}

function findAt(text: string, start: number, end: number, format: IdFormat, table: FormatTable, minConfidence: number): FoundId | undefined {
  if (start > 0 && (isAlphanumericCode(text.charCodeAt(start - 1)) || isForeignLetterAt(text, start - 1))) return undefined;
  for (const stop of new Set([end, trimEnd(text, start, end)])) {
    const match = format.read(text.slice(start, stop));
    if (match && (match.confidence ?? format.confidence) >= minConfidence) return new FoundId(text, start, stop - start, table);
  }
  return undefined;
}
