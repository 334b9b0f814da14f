import type { Call, Outline } from './outline';
import type { Hole, Piece } from './token';

/** An ID as a program puts it together: literal text and holes. */
export interface IdTemplate {
  readonly pieces: readonly Piece[];
  readonly start: number;
  readonly end: number;
  /** Whether it is one text token, so that its literal can be changed in place. */
  readonly isOneText: boolean;
}

const PREFIXES = ['thread_', 'run_'];
/** An ID has no more parts; what has is a message. */
const MAX_PIECES = 16;

/** Every text that begins as a thread or run ID does, with what is added to it by `+`, `%` and `.format`. */
export function idTemplates(outline: Outline): IdTemplate[] {
  const found: IdTemplate[] = [];
  const calls = new Map(outline.calls.map((call) => [call.at, call]));
  for (const [at, token] of outline.tokens.entries()) {
    const [first] = token.pieces ?? [];
    if (typeof first !== 'string' || !PREFIXES.some((prefix) => first.startsWith(prefix))) continue;
    if (outline.tokens[at - 1]?.value === '+') continue;
    const template = complete(outline, at, calls);
    if (template.pieces.length <= MAX_PIECES && isId(template.pieces)) found.push(template);
  }
  return found;
}

/** What an ID is made of: no spaces, no dots, no slashes. */
function isId(pieces: readonly Piece[]): boolean {
  return pieces.every((piece) => typeof piece !== 'string' || /^[A-Za-z0-9_-]*$/.test(piece));
}

function complete(outline: Outline, at: number, calls: ReadonlyMap<number, Call>): IdTemplate {
  const token = outline.tokens[at];
  const own = token?.pieces ?? [];
  const start = token?.start ?? 0;
  const next = outline.tokens[at + 1]?.value;
  if (next === '.' && outline.tokens[at + 2]?.value === 'format') return formatted(outline, at, start, own, calls.get(at + 2));
  if (next === '%' && outline.language === 'python') return interpolated(outline, at, start, own);
  const pieces = [...own];
  let last = at;
  while (outline.tokens[last + 1]?.value === '+' && pieces.length <= MAX_PIECES) {
    const from = last + 2;
    const end = operandEnd(outline, from);
    if (end <= from) break;
    const text = outline.tokens[from]?.pieces;
    if (text && end === from + 1) pieces.push(...text);
    else pieces.push(hole(outline, from, end));
    last = end - 1;
  }
  return { pieces, start, end: outline.tokens[last]?.end ?? start, isOneText: last === at };
}

/** The token behind an operand: a text, a number, or a chain of names, calls and subscripts. */
function operandEnd(outline: Outline, from: number): number {
  const first = outline.tokens[from];
  if (!first || (first.kind === 'operator' && first.value !== '(')) return from;
  let at = first.value === '(' ? (outline.closing.get(from) ?? from - 1) + 1 : from + 1;
  for (;;) {
    const value = outline.tokens[at]?.value;
    if ((value === '.' || value === '?.') && outline.tokens[at + 1]?.kind === 'name') at += 2;
    else if ((value === '(' || value === '[') && outline.closing.has(at)) at = (outline.closing.get(at) ?? at) + 1;
    else return at;
  }
}

function hole(outline: Outline, from: number, to: number): Hole {
  const start = outline.tokens[from]?.start ?? 0;
  const end = outline.tokens[to - 1]?.end ?? start;
  return { source: outline.source.slice(start, end), start, end };
}

/** `"…{}…{name}".format(a, name=b)` */
function formatted(outline: Outline, at: number, start: number, own: readonly Piece[], call: Call | undefined): IdTemplate {
  const open = at + 3;
  const close = outline.closing.get(open) ?? open;
  let index = 0;
  const pieces = split(own, /\{(\w*)(?:![a-z])?(?::[^{}]*)?\}/g, (name) => {
    const span = name === '' ? call?.positional[index++] : (call?.positional[Number(name)] ?? call?.named.find((value) => value.name === name)?.value);
    return span && hole(outline, span.from, span.to);
  });
  return { pieces, start, end: outline.tokens[close]?.end ?? start, isOneText: false };
}

/** `"…%s…" % (a, b)` or `% a` */
function interpolated(outline: Outline, at: number, start: number, own: readonly Piece[]): IdTemplate {
  const from = at + 2;
  const end = operandEnd(outline, from);
  const isTuple = outline.tokens[from]?.value === '(' && outline.closing.get(from) === end - 1;
  const spans: [number, number][] = [];
  if (isTuple) {
    let partFrom = from + 1;
    for (let i = from + 1; i < end; i++) {
      const closing = outline.closing.get(i);
      if (closing !== undefined && closing < end) i = closing;
      else if (outline.tokens[i]?.value === ',' || i === end - 1) {
        if (i > partFrom) spans.push([partFrom, i]);
        partFrom = i + 1;
      }
    }
  } else {
    spans.push([from, end]);
  }
  let index = 0;
  const pieces = split(own, /%[sd]()/g, () => {
    const span = spans[index++];
    return span && hole(outline, span[0], span[1]);
  });
  return { pieces, start, end: outline.tokens[end - 1]?.end ?? start, isOneText: false };
}

function split(pieces: readonly Piece[], placeholder: RegExp, holeOf: (name: string) => Hole | undefined): Piece[] {
  return pieces.flatMap((piece): Piece[] => {
    if (typeof piece !== 'string') return [piece];
    const parts: Piece[] = [];
    let from = 0;
    for (const match of piece.matchAll(placeholder)) {
      const found = holeOf(match[1] ?? '');
      if (!found) continue;
      if (match.index > from) parts.push(piece.slice(from, match.index));
      parts.push(found);
      from = match.index + match[0].length;
    }
    if (from < piece.length) parts.push(piece.slice(from));
    return parts;
  });
}
