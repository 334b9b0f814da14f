import type { Resolution } from './resolution/resolution';

/** A value in an error message: short, quoted when it is text, never throwing whatever it is. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > 120 ? `${JSON.stringify(value.slice(0, 120))}… (${value.length} characters)` : JSON.stringify(value);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    default:
      return 'an object';
  }
}

export type InvalidRunIdReason = 'not-a-string' | 'blank' | 'not-migratable';

/** The run ID was refused before anything was asked (DOMAIN 3, step 5), or cannot be rewritten in another format. */
export class InvalidRunIdError extends Error {
  override readonly name = 'InvalidRunIdError';
  constructor(
    readonly reason: InvalidRunIdReason,
    /** What would have been accepted. */
    readonly expected: string,
    /** What came, in words. */
    readonly received: string,
  ) {
    super(`Invalid run ID: expected ${expected}, received ${received}`);
  }
}

export type InvalidThreadIdReason =
  | 'not-a-string'
  | 'empty'
  | 'empty-after-prefix'
  | 'reserved-sequence'
  | 'illegal-characters';

/** A run ID cannot be made for this thread ID (DOMAIN 1 "Generators", FIELD_GUIDE 1.2). */
export class InvalidThreadIdError extends Error {
  override readonly name = 'InvalidThreadIdError';
  constructor(
    readonly reason: InvalidThreadIdReason,
    /** What would have been accepted. */
    readonly expected: string,
    /** What came, in words. */
    readonly received: string,
  ) {
    super(`Invalid thread ID: expected ${expected}, received ${received}`);
  }
}

/** No source knew the thread. `resolution` holds the whole trace (DOMAIN 3, step 5: never silent). */
export class ThreadResolutionError extends Error {
  override readonly name = 'ThreadResolutionError';
  readonly reason = 'unresolved';
  constructor(readonly resolution: Resolution) {
    super(resolution.error ?? `Cannot resolve a thread for run ID ${describeValue(resolution.runId)}`);
  }
}

/** What was thrown, in words. Anything can be thrown, even a value that throws when it is looked at. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message || thrown.name;
    return typeof thrown === 'string' ? thrown : describeValue(thrown);
  } catch {
    return 'an error that cannot be read';
  }
}

/** A caller named something that does not exist, e.g. a dialect from a settings file. */
export class UnknownOptionError extends Error {
  override readonly name = 'UnknownOptionError';
  readonly reason = 'unknown-option';
  constructor(
    /** What the name is for, e.g. `dialect`. */
    readonly option: string,
    /** The names there are. */
    readonly expected: string,
    /** What came, in words. */
    readonly received: string,
  ) {
    super(`Unknown ${option}: expected ${expected}, received ${received}`);
  }
}
