/** What a number in an ID may be, by its digits (FIELD_GUIDE 1.7 "number of digits"). */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'float-s' | 'ms-mod-100000';

export interface MintTime {
  readonly unit: TimeUnit;
  /** Milliseconds since 1970; undefined when the number carries no absolute time. */
  readonly timestamp: number | undefined;
}

const TAIL_DIGITS = 5;

/** Reads a number of an ID as the time at which the ID was minted; undefined when its digits fit no unit. */
export function readMintTime(digits: string): MintTime | undefined {
  if (/^\d{10}\.\d+$/.test(digits)) return { unit: 'float-s', timestamp: Math.round(Number(digits) * 1000) };
  if (!/^\d+$/.test(digits)) return undefined;
  switch (digits.length) {
    case 10:
      return { unit: 's', timestamp: Number(digits) * 1000 };
    case 13:
      return { unit: 'ms', timestamp: Number(digits) };
    case 16:
      return { unit: 'us', timestamp: Number(digits.slice(0, 13)) };
    case 19:
      return { unit: 'ns', timestamp: Number(digits.slice(0, 13)) };
    default:
      return digits.length <= TAIL_DIGITS ? { unit: 'ms-mod-100000', timestamp: undefined } : undefined;
  }
}

/** Whether `text` is all digits and long enough to be a time rather than a name (a thread of 10, 13, 16 or 19 digits). */
export function looksLikeTimestamp(text: string): boolean {
  return readMintTime(text)?.timestamp !== undefined;
}
