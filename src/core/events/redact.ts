import { REDACTED, redactProtocols, redactText } from './redact-text';
import { isSecretKey } from './secret-keys';

/** Deeper values are cut off: nothing that people look at is nested so far. */
const MAX_DEPTH = 100;
/** A bound for the work on hostile input; real messages have a few hundred values. */
const MAX_VALUES = 200_000;

const TOO_DEEP = '[TOO DEEP]';
const TOO_MANY = '[TOO MANY VALUES]';
const CIRCULAR = '[CIRCULAR]';

interface Walk {
  values: number;
  readonly parents: Set<object>;
}

function redactEntry(name: string, value: unknown, walk: Walk): unknown {
  // That there is none, or whether there is one, is no secret.
  const tells = value !== null && value !== undefined && typeof value !== 'boolean' && value !== '';
  if (tells && isSecretKey(name)) return REDACTED;
  if (typeof value === 'string' && name.toLowerCase() === 'sec-websocket-protocol') return redactProtocols(value);
  return redactValue(value, walk);
}

function redactValue(value: unknown, walk: Walk): unknown {
  if (++walk.values > MAX_VALUES) return TOO_MANY;
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (walk.parents.has(value)) return CIRCULAR;
  if (walk.parents.size >= MAX_DEPTH) return TOO_DEEP;
  walk.parents.add(value);
  let copy: unknown;
  if (Array.isArray(value)) {
    const left = Math.max(0, MAX_VALUES - walk.values);
    copy = value.slice(0, left).map((item: unknown) => redactValue(item, walk));
  } else if (value instanceof Map) {
    copy = new Map([...value].map(([key, item]: [unknown, unknown]) => [key, redactEntry(typeof key === 'string' ? key : '', item, walk)]));
  } else if (value instanceof Set) {
    copy = new Set([...value].map((item: unknown) => redactValue(item, walk)));
  } else if (value instanceof Date) {
    copy = value;
  } else {
    // fromEntries defines properties, so that a `__proto__` key stays an ordinary one.
    copy = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactEntry(name, item, walk)]));
  }
  walk.parents.delete(value);
  return copy;
}

/**
 * A copy in which nothing secret is left: values under secret names (see `isSecretKey`) at any depth, and what
 * `redactText` finds inside strings. Bounded in depth and in the number of values; a cycle is cut, never followed.
 */
export function redact(value: unknown): unknown {
  return redactValue(value, { values: 0, parents: new Set() });
}

/** Headers of a request or response by name, secrets redacted. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const walk: Walk = { values: 0, parents: new Set() };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(redactEntry(name, value, walk))]));
}
