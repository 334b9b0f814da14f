import type { Duration } from './scenario';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WRITTEN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** A duration in milliseconds; undefined for what is none, such as a negative number or `5 minutes`. */
export function readDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, amount, unit] = WRITTEN.exec(value) ?? [];
  return amount === undefined || unit === undefined ? undefined : Number(amount) * (UNITS[unit] ?? NaN);
}

/** A duration of a scenario that was read; nothing is no time. */
export function milliseconds(duration: Duration | undefined): number {
  return readDuration(duration) ?? 0;
}
