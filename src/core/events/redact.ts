import { isHeaderList, isPairName, isPairValue, isProtocolHeader, namesSecret } from './name-value-pairs';
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

/** Whether it tells more than that there is none, or whether there is one. */
function tells(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'boolean' && value !== '';
}

/** @param name that of the member or header it is the value of; elements of a list have that of the list */
function redactNamed(name: string, value: unknown, walk: Walk): unknown {
  return tells(value) && isSecretKey(name) ? REDACTED : redactValue(value, walk, name);
}

function redactMembers(members: readonly [unknown, unknown][], walk: Walk): [unknown, unknown][] {
  const pair = members.find(([key, value]) => typeof key === 'string' && isPairName(key) && typeof value === 'string' && namesSecret(value))?.[1];
  return members.map(([key, value]) => {
    const name = typeof key === 'string' ? key : '';
    const paired = typeof pair === 'string' && isPairValue(name);
    return [key, paired && !isSecretKey(name) ? redactNamed(pair, value, walk) : redactNamed(name, value, walk)];
  });
}

function redactList(list: readonly unknown[], walk: Walk, name: string): unknown[] {
  const left = Math.max(0, MAX_VALUES - walk.values);
  const inPairs = isHeaderList(name);
  return list.slice(0, left).map((item, index) => {
    const before = list[index - 1];
    const paired = index % 2 === 1 && (inPairs || (list.length === 2 && !isProtocolHeader(name))) && typeof item !== 'object' && typeof before === 'string' && namesSecret(before);
    return paired ? redactNamed(before, item, walk) : redactValue(item, walk, name);
  });
}

function redactValue(value: unknown, walk: Walk, name = ''): unknown {
  if (++walk.values > MAX_VALUES) return TOO_MANY;
  if (typeof value === 'string') return isProtocolHeader(name) ? redactProtocols(value) : redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (walk.parents.has(value)) return CIRCULAR;
  if (walk.parents.size >= MAX_DEPTH) return TOO_DEEP;
  walk.parents.add(value);
  let copy: unknown;
  if (Array.isArray(value)) copy = redactList(value, walk, name);
  else if (value instanceof Map) copy = new Map(redactMembers([...value], walk));
  else if (value instanceof Set) copy = new Set([...value].map((item: unknown) => redactValue(item, walk, name)));
  else if (value instanceof Date) copy = value;
  // fromEntries defines properties, so that a `__proto__` key stays an ordinary one.
  else copy = Object.fromEntries(redactMembers(Object.entries(value), walk) as [string, unknown][]);
  walk.parents.delete(value);
  return copy;
}

/**
 * A copy in which nothing secret is left: values under secret names (see `isSecretKey`) at any depth, those whose name
 * stands beside them (`{name, value}`, lists of two, lists of headers), and what `redactText` finds inside strings. Bounded in depth and in the number of values; a cycle is cut, never followed.
 */
export function redact(value: unknown): unknown {
  return redactValue(value, { values: 0, parents: new Set() });
}

/** Headers of a request or response by name, secrets redacted. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const walk: Walk = { values: 0, parents: new Set() };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(redactNamed(name, value, walk))]));
}
