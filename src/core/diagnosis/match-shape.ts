import { type LogShape, logShapes } from './log-shapes';

/** Where the fields of a shape stand in a message. */
export interface ShapeMatch {
  readonly shape: LogShape;
  /** Start and end of each field, in the order of `shape.names`; fewer when the message breaks off. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** False when only the beginning of the message has the shape: it is cut off or goes on differently. */
  readonly complete: boolean;
  /** Where the part with the shape ends. */
  readonly end: number;
}

/** Literal characters that must agree before a message counts as the beginning of a shape. */
const LEAST_PARTIAL = 16;
/** Shapes that begin with the same three characters, heaviest first. */
let buckets: Map<number, LogShape[]> | undefined;

function keyAt(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) ^ (text.charCodeAt(at + 1) << 8) ^ text.charCodeAt(at + 2);
}

/** A shape whose first literal is shorter than a key is told by its first character alone. */
function shortKey(text: string, at: number): number {
  return -text.charCodeAt(at) - 1;
}

function bucketsByStart(): Map<number, LogShape[]> {
  const map = new Map<number, LogShape[]>();
  for (const shape of logShapes()) {
    const first = shape.literals[0] ?? '';
    const key = first.length >= 3 ? keyAt(first, 0) : shortKey(first, 0);
    const bucket = map.get(key);
    if (bucket === undefined) map.set(key, [shape]);
    else bucket.push(shape);
  }
  return map;
}

/** The shapes that may begin at `at`; usually none. */
export function candidatesAt(text: string, at: number): readonly LogShape[] {
  buckets ??= bucketsByStart();
  return buckets.get(keyAt(text, at)) ?? buckets.get(shortKey(text, at)) ?? [];
}

/**
 * Fits a shape to the message `text`. Each literal is taken at its first occurrence after the one before, the last at
 * the end, which finds a fit whenever there is one, without going back.
 */
function fit(shape: LogShape, text: string): ShapeMatch | undefined {
  const { literals } = shape;
  const first = literals[0] ?? '';
  if (!text.startsWith(first)) return undefined;
  const spans: [number, number][] = [];
  let at = first.length;
  let agreed = at;
  const last = literals.length - 1;
  if (last === 0) return at === text.length || agreed >= LEAST_PARTIAL ? { shape, spans, complete: at === text.length, end: at } : undefined;
  for (let index = 1; index <= last; index++) {
    const literal = literals[index] ?? '';
    const atEnd = index === last && text.length - literal.length >= at && text.endsWith(literal);
    const found = atEnd ? text.length - literal.length : literal === '' ? -1 : text.indexOf(literal, at);
    if (found < 0) {
      // Cut off: the field runs to the end of the message.
      return agreed >= LEAST_PARTIAL ? { shape, spans: [...spans, [at, text.length]], complete: false, end: text.length } : undefined;
    }
    spans.push([at, found]);
    at = found + literal.length;
    agreed += literal.length;
  }
  const complete = at === text.length;
  return complete || agreed >= LEAST_PARTIAL ? { shape, spans, complete, end: at } : undefined;
}

function agreedLength(match: ShapeMatch): number {
  const reached = match.shape.literals.slice(0, match.spans.length + (match.complete ? 1 : 0));
  return reached.reduce((sum, literal) => sum + literal.length, 0);
}

/** The heaviest shape that the whole message has; otherwise the one that its beginning agrees with best. */
export function matchShape(text: string): ShapeMatch | undefined {
  let partial: ShapeMatch | undefined;
  for (const shape of candidatesAt(text, 0)) {
    const match = fit(shape, text);
    if (match === undefined) continue;
    if (match.complete) return match;
    if (partial === undefined || agreedLength(match) > agreedLength(partial)) partial = match;
  }
  return partial;
}
