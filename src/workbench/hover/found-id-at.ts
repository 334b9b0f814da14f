import { scanText, type FoundId } from '../../core/index';

/** Characters looked at on either side of the position; longer lines are read only there. */
const WINDOW = 512;

/** The ID at a character of a line, with its offset in that line. Costs the same on a line of any length. */
export function foundIdAt(line: string, character: number): FoundId | undefined {
  const start = Math.max(0, character - WINDOW);
  const window = line.slice(start, character + WINDOW);
  for (const found of scanText(window)) {
    const offset = found.offset + start;
    if (offset > character) return undefined;
    if (character <= offset + found.length) return { ...found, offset };
  }
  return undefined;
}
