const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
const CLOSE_ARRAY = 93;
const CLOSE_OBJECT = 125;

/** Whether JSON text nests deeper than `limit`, without parsing it: one pass that skips over strings. */
export function textDepthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at++; at < text.length && text.charCodeAt(at) !== QUOTE; at++) if (text.charCodeAt(at) === BACKSLASH) at++;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++depth > limit) return true;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
  }
  return false;
}

/** Levels of objects and arrays below and with `value`; Infinity when they exceed `room`, as those of a cycle do. */
function heightWithin(value: unknown, room: number, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 0;
  const before = known.get(value);
  if (before !== undefined) return before <= room ? before : Infinity;
  if (room === 0) return Infinity;
  known.set(value, Infinity);
  let height = 1;
  for (const child of Object.values(value) as unknown[]) {
    height = Math.max(height, 1 + heightWithin(child, room - 1, known));
    if (height === Infinity) return Infinity;
  }
  known.set(value, height);
  return height;
}

/** Whether a value nests deeper than `limit`; a cycle always does. Each object is looked at once. */
export function valueDepthExceeds(value: unknown, limit: number): boolean {
  return heightWithin(value, limit, new Map()) === Infinity;
}
