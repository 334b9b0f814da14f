import { clip } from '../clip';
import { redactText } from './redact-text';

const LONGEST = 60;

/** Names what came instead of what was expected: its kind, and for short plain values the value, secrets redacted. */
export function describeReceived(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') {
    if (value === '') return 'an empty string';
    const text = redactText(value.slice(0, LONGEST * 4));
    return JSON.stringify(clip(text, LONGEST));
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return `the ${typeof value} ${String(value)}`;
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
