import { clip } from '../../clip';
import { isRecord } from '../../is-record';
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
    if (fields.length < MOST_FIELDS) fields.push({ path, ...shown('a', left), ...shown('b', right) });
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
    return JSON.parse(frame.text ?? '');
  } catch {
    return frame.text ?? '';
  }
}

function same(path: string, x: unknown, y: unknown, sameApartFromIds: (a: string, b: string) => boolean): boolean {
  if (typeof x === 'string' && typeof y === 'string') return x === y || sameApartFromIds(x, y);
  if (typeof x === 'number' && typeof y === 'number' && x !== y) return isTime(path.slice(path.lastIndexOf('.') + 1), Math.min(x, y));
  return x === y;
}

function shown(side: 'a' | 'b', value: unknown): { a?: string; b?: string } {
  if (value === undefined) return {};
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { [side]: clip(text, LONGEST_VALUE) };
}
