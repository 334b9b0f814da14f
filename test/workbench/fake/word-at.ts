/** What VS Code takes for a word where a language says nothing else. */
const DEFAULT_WORD = /(-?\d*\.\d\w*)|([^`~!@#%^&*()\-=+[{\]}\\|;:'",.<>/?\s]+)/g;
/** Longer lines are read only this far around the position, so a long word is cut there. */
const MAX_LINE = 1000;
/** The search starts this far before the position and goes further back step by step. */
const STEP = 15;
const MATCH_OF_NOTHING_IS_WANTED = new Set(['^', '^$', '$', String.raw`^\s*$`]);

/**
 * The word around a character of a line, found as VS Code finds it: short searches backwards first, so an expression
 * that could match in two ways may do so from the middle of a word.
 * @throws when the expression matches the empty string.
 */
export function wordAt(line: string, character: number, expression?: RegExp): { start: number; end: number } | undefined {
  if (expression) refuseEmptyMatch(expression);
  const isLong = line.length > MAX_LINE;
  // The middle of the window is a column, and columns count from 1.
  const shift = isLong ? Math.max(0, character + 1 - MAX_LINE / 2) : 0;
  const text = isLong ? line.slice(shift, character + 1 + MAX_LINE / 2) : line;
  const found = search(text, character - shift, global(expression ?? DEFAULT_WORD));
  return found ? { start: found.start + shift, end: found.end + shift } : undefined;
}

function search(text: string, at: number, expression: RegExp): { start: number; end: number } | undefined {
  let best: { start: number; end: number } | undefined;
  let stopAfter = -1;
  for (let step = 1; ; step += 1) {
    const from = at - STEP * step;
    expression.lastIndex = Math.max(0, from);
    const found = enclosing(text, at, expression, stopAfter);
    if (!found && best) return best;
    best = found;
    if (from <= 0) return best;
    stopAfter = from;
  }
}

function enclosing(text: string, at: number, expression: RegExp, stopAfter: number): { start: number; end: number } | undefined {
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    if (match.index <= at && expression.lastIndex >= at) return { start: match.index, end: match.index + match[0].length };
    if (stopAfter > 0 && match.index > stopAfter) return undefined;
    if (match[0] === '') expression.lastIndex += 1;
  }
  return undefined;
}

/** Global, with the flags VS Code keeps. */
function global(expression: RegExp): RegExp {
  if (expression.global) return new RegExp(expression.source, expression.flags);
  const kept = expression.flags.replace(/[^imu]/g, '');
  return new RegExp(expression.source, `g${kept}`);
}

function refuseEmptyMatch(expression: RegExp): void {
  if (MATCH_OF_NOTHING_IS_WANTED.has(expression.source)) return;
  if (new RegExp(expression.source, expression.flags).exec('')) {
    throw new Error(
      `[getWordRangeAtPosition]: ignoring custom regexp '${expression.source}' because it matches the empty string.`,
    );
  }
}
