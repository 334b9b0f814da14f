import { EXTRA_SHAPES, type LogCategory } from './extra-shapes';
import { type LogLevel, readLevel } from './log-container';
import { KINDS, PHRASES, SHAPES } from './log-shape-table';
import { MESSAGE_KINDS, type MessageKind } from './message-kinds';

/** One message as the backend words it: literal pieces with fields between them. */
export interface LogShape {
  /** The wording, fields as `<name>`. */
  readonly text: string;
  readonly category: LogCategory;
  readonly levels: readonly LogLevel[];
  /** One more than `names`. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
  /** Literal characters: of two shapes that fit, the heavier says more. */
  readonly weight: number;
}

const FIELD = /<(\w+)>/;

const kinds = new Map<LogShape, MessageKind | undefined>();

/** What messages of this shape are about. */
export function kindOf(shape: LogShape): MessageKind | undefined {
  if (kinds.has(shape)) return kinds.get(shape);
  const found = MESSAGE_KINDS.find((kind) => kind.starts.some((start) => shape.text.startsWith(start)));
  kinds.set(shape, found);
  return found;
}

function compile(text: string, category: LogCategory, levels: readonly LogLevel[]): LogShape {
  const pieces = text.split(FIELD);
  const literals = pieces.filter((_, index) => index % 2 === 0);
  return {
    text,
    category,
    levels,
    literals,
    names: pieces.filter((_, index) => index % 2 === 1),
    weight: literals.reduce((sum, literal) => sum + literal.length, 0),
  };
}

function isCategory(name: string): name is LogCategory {
  return name !== '';
}

function unpack(): LogShape[] {
  const packedKinds = KINDS.split(' ').map((kind) => {
    const [category = '', levels = ''] = kind.split(':');
    return { category, levels: levels.split('+').flatMap((level) => readLevel(level) ?? []) };
  });
  const phrases = PHRASES.map((entry) => {
    const length = entry.startsWith('~') ? 2 : 1;
    return [entry.slice(0, length), entry.slice(length)] as const;
  }).reverse();
  let before = '';
  return SHAPES.split('\n').map((line) => {
    let rest = line.slice(3);
    for (const [code, phrase] of phrases) if (rest.includes(code)) rest = rest.replaceAll(code, phrase);
    before = before.slice(0, Number.parseInt(line.slice(1, 3), 36)) + rest;
    const kind = packedKinds[line.charCodeAt(0) - 48];
    const category = kind?.category ?? '';
    if (kind === undefined || !isCategory(category)) throw new Error(`Expected a kind of shape, received "${line.slice(0, 3)}"`);
    return compile(before, category, kind.levels);
  });
}

let known: readonly LogShape[] | undefined;

/** Every shape, heaviest first; unpacked at the first use. */
export function logShapes(): readonly LogShape[] {
  known ??= [...unpack(), ...EXTRA_SHAPES.map(([category, level, text]) => compile(text, category, [level]))].sort(
    // Of two that say the same, the one with the fuller names: `thread_id` rather than `id`.
    (a, b) => b.weight - a.weight || b.text.length - a.text.length,
  );
  return known;
}
