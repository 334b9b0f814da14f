import { type FormatTable, scanText, type ParsedRunId } from '../../core/index';

/** Characters looked at on either side of the position; longer lines are read only there. */
const WINDOW = 512;

/** An ID on a line, with where it stands there. */
export interface IdOnLine {
  readonly offset: number;
  readonly length: number;
  readonly reading: ParsedRunId;
}

/** The ID at a character of a line. Costs the same on a line of any length. */
export function foundIdAt(line: string, character: number, table?: FormatTable): IdOnLine | undefined {
  const start = Math.max(0, character - WINDOW);
  const window = line.slice(start, character + WINDOW);
  for (const { offset, length, parsed: reading } of scanText(window, { table })) {
    if (offset + start > character) return undefined;
    if (reading && character <= offset + start + length) return { offset: offset + start, length, reading };
  }
  return undefined;
}
