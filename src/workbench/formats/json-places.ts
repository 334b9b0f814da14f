/** A span of a JSON text in UTF-16 units. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

interface Container {
  readonly path: string;
  readonly isArray: boolean;
  readonly start: number;
  index: number;
  key: string | undefined;
}

/** Bounds for hostile files: nothing that is looked for stands deeper, has a longer name, or comes after so many. */
const MOST_LEVELS = 6;
const LONGEST_KEY = 100;
const MOST_PLACES = 10_000;

/**
 * Where the value at each path of a JSON text stands, e.g. `formats[2].template`; the whole at the empty path. Tolerant: a text
 * with mistakes has places as far as it can be read. One pass; what stands deep inside, or after thousands, has no place of its own.
 */
export function jsonPlaces(text: string): Map<string, JsonSpan> {
  const places = new Map<string, JsonSpan>();
  const stack: Container[] = [];
  /** Open containers that stand too deep. */
  let below = 0;
  const tokens = /"(?:[^"\\\n]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/g;
  for (const match of text.matchAll(tokens)) {
    const [token] = match;
    const start = match.index;
    const end = start + token.length;
    const inside = stack.at(-1);
    const opens = token === '{' || token === '[';
    if (places.size >= MOST_PLACES) break;
    if (below > 0 || (opens && stack.length === MOST_LEVELS)) {
      below += opens ? 1 : token === '}' || token === ']' ? -1 : 0;
    } else if (opens) {
      stack.push({ path: pathIn(inside), isArray: token === '[', start, index: 0, key: undefined });
    } else if (token === '}' || token === ']') {
      const closed = stack.pop();
      if (closed) places.set(closed.path, { start: closed.start, end });
    } else if (token === ',') {
      if (inside) {
        inside.index++;
        inside.key = undefined;
      }
    } else if (inside && !inside.isArray && inside.key === undefined) {
      if (token !== ':') inside.key = keyOf(token);
    } else if (token !== ':') {
      places.set(pathIn(inside), { start, end });
    }
  }
  for (const open of stack) places.set(open.path, { start: open.start, end: text.length });
  return places;
}

/** The place of a path, or of the nearest value around it that is there. */
export function placeOf(places: ReadonlyMap<string, JsonSpan>, path: string): JsonSpan {
  for (let rest = path; rest !== ''; rest = rest.slice(0, Math.max(rest.lastIndexOf('.'), rest.lastIndexOf('['), 0))) {
    const place = places.get(rest);
    if (place) return place;
  }
  return places.get('') ?? { start: 0, end: 0 };
}

function keyOf(token: string): string {
  let key: string;
  try {
    key = String(JSON.parse(token));
  } catch {
    key = token.replaceAll('"', '');
  }
  return key.slice(0, LONGEST_KEY);
}

function pathIn(container: Container | undefined): string {
  if (!container) return '';
  if (container.isArray) return `${container.path}[${container.index}]`;
  return container.path === '' ? (container.key ?? '') : `${container.path}.${container.key ?? ''}`;
}
