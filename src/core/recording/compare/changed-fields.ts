import { clip } from '../../clip';
import { isRecord } from '../../is-record';
import { exactNumber, parseExactly, withNumbers } from '../../json/exact-numbers';
import { own } from '../../own';
import type { RecordedFrame } from '../recording';
import { isTime } from './normal-frame';

const MOST_FIELDS = 20;
const LONGEST_VALUE = 120;

/** A field whose value differs; absent where it does not exist. */
export interface ChangedField {
  /** Where, e.g. `payload.result[2].name`; `outcome` and `body` are of the frame itself. */
  readonly path: string;
  readonly a?: string;
  readonly b?: string;
}

/**
 * The fields in which two frames differ, at most 20.
 * @param sameApartFromIds whether two texts say the same apart from IDs and times
 */
export function changedFields(a: RecordedFrame, b: RecordedFrame, sameApartFromIds: (a: string, b: string) => boolean): ChangedField[] {
  const fields: ChangedField[] = [];
  const note = (path: string, left: unknown, right: unknown): void => {
    if (fields.length >= MOST_FIELDS) return;
    // The number 1 and the text "1" would look the same.
    const quoted = textOf(left) === textOf(right);
    fields.push({ path, ...shown('a', left, quoted), ...shown('b', right, quoted) });
  };
  if (a.outcome !== b.outcome && a.outcome !== undefined && b.outcome !== undefined) note('outcome', a.outcome, b.outcome);
  const left = bodyOf(a);
  const right = bodyOf(b);
  const walk = (path: string, x: unknown, y: unknown): void => {
    if (fields.length >= MOST_FIELDS || same(path, x, y, sameApartFromIds)) return;
    if (isRecord(x) && isRecord(y)) {
      for (const name of new Set([...Object.keys(x), ...Object.keys(y)])) walk(path === '' ? name : `${path}.${name}`, own(x, name), own(y, name));
    } else if (Array.isArray(x) && Array.isArray(y)) {
      for (let at = 0; at < Math.max(x.length, y.length); at++) walk(`${path}[${at}]`, x[at], y[at]);
    } else note(path === '' ? 'body' : path, x, y);
  };
  walk('', left, right);
  return fields;
}

function bodyOf(frame: RecordedFrame): unknown {
  if (frame.base64 !== undefined) return frame.base64;
  try {
    return parseExactly(frame.text ?? '');
  } catch {
    return frame.text ?? '';
  }
}

function same(path: string, x: unknown, y: unknown, sameApartFromIds: (a: string, b: string) => boolean): boolean {
  if (exactNumber(x) !== undefined || exactNumber(y) !== undefined) return x === y || isTime(nameIn(path), Math.min(Number(exactNumber(x) ?? x), Number(exactNumber(y) ?? y)));
  if (typeof x === 'string' && typeof y === 'string') return x === y || sameApartFromIds(x, y);
  if (typeof x === 'number' && typeof y === 'number' && x !== y) return isTime(nameIn(path), Math.min(x, y));
  return x === y;
}

/** The field that a path leads to. */
function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function shown(side: 'a' | 'b', value: unknown, quoted: boolean): { a?: string; b?: string } {
  if (value === undefined) return {};
  return { [side]: clip(quoted && exactNumber(value) === undefined ? JSON.stringify(value) : (textOf(value) ?? ''), LONGEST_VALUE) };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return exactNumber(value) ?? value;
  return value === undefined ? undefined : withNumbers(JSON.stringify(value));
}
