/** One value of a JSON text, as a tree shows it. Children are made when they are asked for. */
export interface JsonNode {
  /** Name within the parent; undefined for the root. */
  readonly name: string | undefined;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** The value as text: JSON for leaves, a summary for lists and objects. */
  readonly text: string;
  /** The string itself, for strings. */
  readonly string?: string;
  readonly size: number;
  /** A range of a long list (`[100 … 199]`), so that no level has more than {@link CHUNK} rows. */
  readonly range?: readonly [from: number, to: number];
  children(): readonly JsonNode[];
}

/** Most rows on one level. */
export const CHUNK = 100;
const MAX_SUMMARY = 80;

/** The tree of a parsed value. */
export function jsonNode(value: unknown, name?: string): JsonNode {
  if (Array.isArray(value)) return branch('array', name, value.length, `[${value.length}]`, (from, to) => value.slice(from, to).map((item, index) => jsonNode(item, String(from + index))));
  if (isBranch(value)) {
    const entries = Object.entries(value);
    return branch('object', name, entries.length, summary(entries), (from, to) => entries.slice(from, to).map(([key, item]) => jsonNode(item, key)));
  }
  const kind = value === null ? 'null' : typeof value === 'object' ? 'number' : (typeof value as 'string' | 'number' | 'boolean');
  return { name, kind, text: JSON.stringify(value), ...(typeof value === 'string' ? { string: value } : {}), size: 0, children: () => [] };
}

function branch(kind: 'array' | 'object', name: string | undefined, size: number, text: string, slice: (from: number, to: number) => JsonNode[]): JsonNode {
  return { name, kind, text, size, children: () => level(kind, 0, size, slice) };
}

/** The rows for children from…to: themselves, or ranges when they are too many. */
function level(kind: 'array' | 'object', from: number, to: number, slice: (from: number, to: number) => JsonNode[]): JsonNode[] {
  const size = to - from;
  if (size <= CHUNK) return slice(from, to);
  let step = CHUNK;
  while (size / step > CHUNK) step *= CHUNK;
  const ranges: JsonNode[] = [];
  for (let start = from; start < to; start += step) {
    const end = Math.min(to, start + step);
    const text = `[${start} … ${end - 1}]`;
    ranges.push({ name: undefined, kind, text, size: end - start, range: [start, end], children: () => level(kind, start, end, slice) });
  }
  return ranges;
}

/** `{type: "agent_started", run_id: "…", …}` of bounded length. */
function summary(entries: readonly (readonly [string, unknown])[]): string {
  const parts: string[] = [];
  let length = 2;
  for (const [key, value] of entries) {
    const part = `${key}: ${brief(value)}`;
    if (length + part.length > MAX_SUMMARY) {
      parts.push('…');
      break;
    }
    parts.push(part);
    length += part.length + 2;
  }
  return `{${parts.join(', ')}}`;
}

/** An object of the text, and none that stands for a number (see `bodyContent`). */
function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(JSON as { isRawJSON?(value: unknown): boolean }).isRawJSON?.(value);
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (isBranch(value)) return '{…}';
  if (typeof value === 'string' && value.length > 32) return `${JSON.stringify(value.slice(0, 31)).slice(0, -1)}…"`;
  return JSON.stringify(value);
}
