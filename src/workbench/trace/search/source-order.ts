/** What is known of a log before it is searched. */
export interface OrderFacts {
  readonly label: string;
  /** Time of its first line that has one. */
  readonly firstTime: number | undefined;
  readonly modifiedAt: number | undefined;
}

/** The number that rotation gave a log: `app.log` 0, `app.log.1` 1, `app.log.2.gz` 2; undefined for a date. */
export function rotationOf(label: string): { readonly base: string; readonly number: number } {
  const plain = label.replace(/\.gz$/i, '');
  const [, base = plain, number] = /^(.*?)[._-](\d{1,4})$/.exec(plain) ?? [];
  return { base, number: number === undefined ? 0 : Number(number) };
}

/**
 * Puts logs in the order they were written: by the time of their first line; those without one by rotation number, the
 * higher the older, then by the time of their last change.
 */
export function inOrder<T extends OrderFacts>(sources: readonly T[]): T[] {
  const withTime = sources.filter((source) => source.firstTime !== undefined).sort((a, b) => (a.firstTime ?? 0) - (b.firstTime ?? 0) || byRotation(a, b));
  const without = sources.filter((source) => source.firstTime === undefined).sort(byRotation);
  return [...withTime, ...without];
}

function byRotation(a: OrderFacts, b: OrderFacts): number {
  const [left, right] = [rotationOf(a.label), rotationOf(b.label)];
  if (left.base === right.base && left.number !== right.number) return right.number - left.number;
  return (a.modifiedAt ?? 0) - (b.modifiedAt ?? 0) || (a.label < b.label ? -1 : Number(a.label > b.label));
}

/** Whether a file is named like a log: `app.log`, `app.log.1`, `app.log.2.gz`, `app.log-20250903`, `app-2025-09-03.log.gz`, `out.jsonl`. */
export function isLogName(name: string): boolean {
  return /\.(?:log|jsonl|ndjson|out|err)(?:[._-][\dT:-]{1,25}){0,3}(?:\.gz)?$/i.test(name);
}
