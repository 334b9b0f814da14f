import { l10n } from '../l10n';

/** Longest regular expression; what people type is far shorter. */
const MAX_LENGTH = 200;

/** A regular expression that is refused; `message` says why. */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem';

  constructor(
    readonly reason: 'too-long' | 'syntax' | 'may-not-end',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a regular expression (SECURITY 14), case-insensitive. Refused is what can take exponential time in a
 * backtracking engine: references back, and a repetition of something that itself repeats or has alternatives.
 * @throws {PatternProblem}
 */
export function checkPattern(source: string): RegExp {
  if (source.length > MAX_LENGTH) throw new PatternProblem('too-long', l10n.t('expected at most {0} characters, received {1}', MAX_LENGTH, source.length));
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, 'iu');
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    throw new PatternProblem('syntax', why);
  }
  const risk = riskOf(source);
  if (risk !== undefined) throw new PatternProblem('may-not-end', risk);
  return pattern;
}

function riskOf(source: string): string | undefined {
  /** For each open group: whether something in it repeats or has alternatives. */
  const groups: boolean[] = [];
  let closed: boolean | undefined;
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? '';
    const wasClosed = closed;
    closed = undefined;
    if (char === '\\') {
      at++;
      if (/[1-9k]/.test(source[at] ?? '')) return l10n.t('expected no reference back to a group');
    } else if (inClass) {
      inClass = char !== ']';
    } else if (char === '[') inClass = true;
    else if (char === '(') {
      groups.push(false);
      // The ? of (?: and (?= is no repetition.
      if (source[at + 1] === '?') at++;
    } else if (char === ')') {
      closed = groups.pop() ?? false;
      if (closed && groups.length > 0) groups[groups.length - 1] = true;
    } else if (char === '|') markOpen(groups);
    else if (char === '*' || char === '+' || char === '{' || char === '?') {
      const bounded = char === '?';
      if (wasClosed === true && !bounded) return l10n.t('expected no repetition of a group that itself repeats or has alternatives');
      markOpen(groups);
    }
  }
  return undefined;
}

function markOpen(groups: boolean[]): void {
  if (groups.length > 0) groups[groups.length - 1] = true;
}
