import { isRecord } from './is-record';

/**
 * A field of data from outside that was given under this name, never an inherited one: no `constructor` or `__proto__`
 * stands in for it. Undefined where it was not given, or where `value` is no object.
 */
export function own(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
