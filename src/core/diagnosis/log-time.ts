const STAMP = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|[+-]\d\d:?\d\d))?/y;

/** A point in time as a log wrote it. */
export interface Stamp {
  /** Milliseconds since 1970; read as UTC when the stamp names no zone. */
  readonly time: number;
  readonly zoned: boolean;
  /** Where the stamp ends. */
  readonly end: number;
}

/** Reads `2025-09-03 10:26:02.904`, RFC 3339 with up to nine decimals, and the like, at `at`. */
export function readStamp(text: string, at: number): Stamp | undefined {
  STAMP.lastIndex = at;
  const parts = STAMP.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const ms = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  let time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), ms);
  if (zone !== undefined && zone !== 'Z' && zone !== 'UTC') {
    const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
    time -= (zone.startsWith('-') ? -minutes : minutes) * 60_000;
  }
  return { time, zoned: zone !== undefined, end: STAMP.lastIndex };
}

const QUARTER_HOUR = 900_000;
const MOST_DELAY = 60_000;

/**
 * The time of a line that carries several stamps. The innermost is the program's own and nearest to the event, but it
 * often names no zone; a container's stamp outside does, and the two together tell the zone.
 */
export function bestTime(stamps: readonly Stamp[]): number | undefined {
  const inner = stamps.at(-1);
  if (inner === undefined || inner.zoned) return inner?.time;
  const zoned = stamps.findLast((stamp) => stamp.zoned);
  if (zoned === undefined) return inner.time;
  const offset = Math.round((zoned.time - inner.time) / QUARTER_HOUR) * QUARTER_HOUR;
  const shifted = inner.time + offset;
  return Math.abs(zoned.time - shifted) <= MOST_DELAY ? shifted : zoned.time;
}

/** A time in structured logs: text, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970. */
export function readTimeValue(value: unknown): Stamp | undefined {
  if (typeof value === 'string') {
    const stamp = readStamp(value, 0);
    return stamp ?? (/^\d{10,19}(?:\.\d+)?$/.test(value) ? readTimeValue(Number(value)) : undefined);
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 1e8) return undefined;
  const scale = value < 1e11 ? 1000 : value < 1e14 ? 1 : value < 1e17 ? 1e-3 : 1e-6;
  return { time: Math.round(value * scale), zoned: true, end: 0 };
}
