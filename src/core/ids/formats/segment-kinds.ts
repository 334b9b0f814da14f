/** The named segments a format is built of: which characters, and how many. */
export interface SegmentKind {
  readonly name: string;
  /** What it is, in words, for messages and completion. */
  readonly label: string;
  /** Whether a UTF-16 code may stand in it. */
  readonly accepts: (code: number) => boolean;
  readonly min: number;
  readonly max: number;
  /** A further test of the whole segment, when characters and length do not say it all. */
  readonly test?: (text: string) => boolean;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLower = (code: number): boolean => code >= 0x61 && code <= 0x7a;
const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;
const isLowerHex = (code: number): boolean => isDigit(code) || (code >= 0x61 && code <= 0x66);
const isHex = (code: number): boolean => isLowerHex(code) || (code >= 0x41 && code <= 0x46);
const isAlphanumeric = (code: number): boolean => isDigit(code) || isLower(code) || isUpper(code);
const isText = (code: number): boolean => code !== 0x0a;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const FLOAT = /^\d+\.\d+$/;

/** No segment is longer: an ID is a name, not a document. Free text is bounded by the text itself. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER;

const KINDS: readonly SegmentKind[] = [
  { name: 'text', label: 'any characters', accepts: isText, min: 1, max: UNBOUNDED },
  { name: 'word', label: 'letters, digits and underscores', accepts: (code) => isAlphanumeric(code) || code === 0x5f, min: 1, max: UNBOUNDED },
  { name: 'slug', label: 'letters, digits and hyphens', accepts: (code) => isAlphanumeric(code) || code === 0x2d, min: 1, max: UNBOUNDED },
  { name: 'alnum', label: 'letters and digits', accepts: isAlphanumeric, min: 1, max: UNBOUNDED },
  { name: 'part', label: 'anything but an underscore', accepts: (code) => isText(code) && code !== 0x5f, min: 1, max: UNBOUNDED },
  { name: 'lower', label: 'lower-case letters and underscores', accepts: (code) => isLower(code) || code === 0x5f, min: 1, max: UNBOUNDED },
  { name: 'digits', label: 'digits', accepts: isDigit, min: 1, max: UNBOUNDED },
  { name: 'n', label: 'a counter', accepts: isDigit, min: 1, max: 12 },
  { name: 'ms', label: 'a time in milliseconds (or its tail)', accepts: isDigit, min: 1, max: 19 },
  { name: 'ms5', label: 'milliseconds modulo 100000', accepts: isDigit, min: 1, max: 5 },
  { name: 's', label: 'a time in seconds', accepts: isDigit, min: 10, max: 10 },
  { name: 'ms13', label: 'a time in milliseconds', accepts: isDigit, min: 13, max: 13 },
  { name: 'float', label: 'a time in seconds with a fraction', accepts: (code) => isDigit(code) || code === 0x2e, min: 3, max: 32, test: (text) => FLOAT.test(text) },
  { name: 'uuid', label: 'a UUID', accepts: (code) => isHex(code) || code === 0x2d, min: 36, max: 36, test: (text) => UUID.test(text) },
];

const BY_NAME = new Map(KINDS.map((kind) => [kind.name, kind]));

/** `hex8`, `hex16`, …: so many lower-case hexadecimal characters; `HEX8` takes either case; `alnum9`, `digits6` likewise. */
const SIZED = /^(hex|HEX|alnum|digits)([1-9]\d?)$/;

const SIZED_CLASSES: Readonly<Record<string, { readonly label: string; readonly accepts: (code: number) => boolean }>> = {
  hex: { label: 'lower-case hexadecimal characters', accepts: isLowerHex },
  HEX: { label: 'hexadecimal characters', accepts: isHex },
  alnum: { label: 'letters or digits', accepts: isAlphanumeric },
  digits: { label: 'digits', accepts: isDigit },
};

/** The kind of that name, or undefined when there is none. */
export function segmentKind(name: string): SegmentKind | undefined {
  const known = BY_NAME.get(name);
  if (known) return known;
  const sized = SIZED.exec(name);
  const sizedClass = sized && SIZED_CLASSES[sized[1] ?? ''];
  if (!sized || !sizedClass) return undefined;
  const size = Number(sized[2]);
  return { name, label: `${size} ${sizedClass.label}`, accepts: sizedClass.accepts, min: size, max: size };
}

/** The names of all kinds that are not sized, for messages and completion. */
export const SEGMENT_KIND_NAMES: readonly string[] = KINDS.map((kind) => kind.name);
