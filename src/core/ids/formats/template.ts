import { segmentKind, type SegmentKind } from './segment-kinds';

/** The named parts of an ID. */
export type SegmentValues = Readonly<Record<string, string>>;

/** A compiled template such as `thread_{thread}_run_{ms}_{hex8}`. */
export interface Template {
  readonly text: string;
  /** Names of its segments, in order. */
  readonly names: readonly string[];
  /** The text every such ID starts with; may be empty. */
  readonly prefix: string;
  /** Every character that stands outside the segments. */
  readonly literals: string;
  /** The segments of `text` when all of it matches. Time is linear in its length. */
  parse(text: string): SegmentValues | undefined;
  /** The ID made of `values`, unchecked. A missing value counts as empty. */
  compose(values: SegmentValues): string;
  /** The ID made of `values`, or undefined when a value is missing or does not fit, or the ID would read differently. */
  build(values: SegmentValues): string | undefined;
}

/** A template that cannot be used. `reason` says why, `at` is the offset in the template. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  constructor(
    readonly reason: 'syntax' | 'unknown-segment' | 'duplicate-segment' | 'ambiguous' | 'too-long' | 'no-segment',
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

interface Segment {
  readonly name: string;
  readonly kind: SegmentKind;
  readonly at: number;
}
type Item = string | Segment;

const MOST_TEMPLATE_CHARACTERS = 200;
const PLACEHOLDER = /^([a-zA-Z][a-zA-Z0-9]*)(?::([a-zA-Z][a-zA-Z0-9]*))?$/;
/** Names that say what a segment is for and leave its characters open. */
const OPEN_NAMES = new Set(['thread', 'user', 'op', 'tail', 'any']);

function parseItems(template: string): Item[] {
  const items: Item[] = [];
  const names = new Set<string>();
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    const literal = template.slice(at, open === -1 ? undefined : open);
    if (literal.includes('}')) throw new TemplateError('syntax', 'expected "{" before "}"', at + literal.indexOf('}'));
    if (literal !== '') items.push(literal);
    if (open === -1) break;
    const close = template.indexOf('}', open);
    const match = close === -1 ? null : PLACEHOLDER.exec(template.slice(open + 1, close));
    if (!match) throw new TemplateError('syntax', 'expected a segment such as "{thread}" or "{tenant:word}"', open);
    const name = match[1] ?? '';
    const kindName = match[2] ?? (OPEN_NAMES.has(name) ? 'text' : name);
    const kind = segmentKind(kindName);
    if (!kind) throw new TemplateError('unknown-segment', `unknown segment kind "${kindName}"`, open);
    if (names.has(name)) throw new TemplateError('duplicate-segment', `the segment "${name}" stands twice`, open);
    names.add(name);
    items.push({ name, kind, at: open });
    at = close + 1;
  }
  return items;
}

/** Whether a segment ends by itself when its neighbour on one side is reached: its length is fixed, or the neighbour's edge cannot stand in it. */
function endsAt(segment: Segment, neighbour: Item | undefined, edge: (literal: string) => number): boolean {
  if (segment.kind.min === segment.kind.max || neighbour === undefined) return true;
  return typeof neighbour === 'string' && !segment.kind.accepts(edge(neighbour));
}

const firstCode = (literal: string): number => literal.charCodeAt(0);
const lastCode = (literal: string): number => literal.charCodeAt(literal.length - 1);

/**
 * Index of the one segment that takes what the others leave, or -1 when none is needed. All before it are read from the
 * left, all after it from the right, so nothing is ever tried twice: that is what makes matching linear.
 */
function findFree(items: readonly Item[]): number {
  let left = 0;
  for (; left < items.length; left++) {
    const item = items[left];
    if (item !== undefined && typeof item !== 'string' && !endsAt(item, items[left + 1], firstCode)) break;
  }
  if (left === items.length) return -1;
  let right = items.length - 1;
  for (; right > left; right--) {
    const item = items[right];
    if (item !== undefined && typeof item !== 'string' && !endsAt(item, items[right - 1], lastCode)) break;
  }
  const blocked = items[right];
  if (right !== left && typeof blocked === 'object') {
    throw new TemplateError('ambiguous', `cannot tell where "${blocked.name}" begins: only one segment may be open on both sides`, blocked.at);
  }
  return left;
}

class Matcher {
  readonly #values: Record<string, string> = {};
  #start = 0;
  #end: number;

  constructor(readonly text: string) {
    this.#end = text.length;
  }

  fromLeft(item: Item): boolean {
    if (typeof item === 'string') {
      if (!this.text.startsWith(item, this.#start) || this.#start + item.length > this.#end) return false;
      this.#start += item.length;
      return true;
    }
    const { min, max, accepts } = item.kind;
    const limit = Math.min(this.#end, this.#start + max);
    let at = this.#start;
    while (at < limit && accepts(this.text.charCodeAt(at))) at++;
    if (at - this.#start < min) return false;
    const from = this.#start;
    this.#start = at;
    return this.#take(item, from, at);
  }

  fromRight(item: Item): boolean {
    if (typeof item === 'string') {
      if (this.#end - item.length < this.#start || !this.text.startsWith(item, this.#end - item.length)) return false;
      this.#end -= item.length;
      return true;
    }
    const { min, max, accepts } = item.kind;
    const limit = Math.max(this.#start, this.#end - max);
    let at = this.#end;
    while (at > limit && accepts(this.text.charCodeAt(at - 1))) at--;
    if (this.#end - at < min) return false;
    const to = this.#end;
    this.#end = at;
    return this.#take(item, at, to);
  }

  /** The free segment takes the rest. */
  rest(segment: Segment): boolean {
    return this.fromLeft(segment) && this.#start === this.#end;
  }

  finish(): SegmentValues | undefined {
    return this.#start === this.#end ? this.#values : undefined;
  }

  #take({ name, kind }: Segment, from: number, to: number): boolean {
    const value = this.text.slice(from, to);
    if (kind.test && !kind.test(value)) return false;
    this.#values[name] = value;
    return true;
  }
}

function sameValues(a: SegmentValues | undefined, b: SegmentValues, names: readonly string[]): boolean {
  return a !== undefined && names.every((name) => a[name] === b[name]);
}

/**
 * Compiles a template: literal text and segments in braces, `{kind}` or `{name:kind}`; `{thread}` and `{user}` take any
 * characters. At most one segment may be open on both sides, so that an ID has at most one reading by a template.
 * @throws {TemplateError} when it cannot be read, names an unknown kind, or would be ambiguous.
 */
export function compileTemplate(text: string): Template {
  if (text.length > MOST_TEMPLATE_CHARACTERS) {
    throw new TemplateError('too-long', `expected at most ${MOST_TEMPLATE_CHARACTERS} characters, received ${text.length}`, MOST_TEMPLATE_CHARACTERS);
  }
  const items = parseItems(text);
  const segments = items.filter((item) => typeof item !== 'string');
  const free = findFree(items);
  const leftItems = free === -1 ? items : items.slice(0, free);
  const rightItems = free === -1 ? [] : items.slice(free + 1).reverse();
  const freeSegment = items[free];
  const names = segments.map((segment) => segment.name);
  const prefix = typeof items[0] === 'string' ? items[0] : '';

  function parse(id: string): SegmentValues | undefined {
    if (!id.startsWith(prefix)) return undefined;
    const matcher = new Matcher(id);
    for (const item of leftItems) if (!matcher.fromLeft(item)) return undefined;
    for (const item of rightItems) if (!matcher.fromRight(item)) return undefined;
    if (typeof freeSegment === 'object' && !matcher.rest(freeSegment)) return undefined;
    return matcher.finish();
  }

  function compose(values: SegmentValues): string {
    return items.map((item) => (typeof item === 'string' ? item : (values[item.name] ?? ''))).join('');
  }

  function build(values: SegmentValues): string | undefined {
    const id = compose(values);
    return sameValues(parse(id), values, names) ? id : undefined;
  }

  return {
    text,
    names,
    prefix,
    literals: items.filter((item) => typeof item === 'string').join(''),
    parse,
    compose,
    build,
  };
}
