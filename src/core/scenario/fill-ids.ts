import type { ScenarioIds } from './scenario';

/** What is minted anew where a template names it. */
export interface Minting {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** So many lower-case hexadecimal characters. */
  readonly hex: (length: number) => string;
}

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_-]{0,63})\}/g;
/** What is minted, and how many characters it has at most. */
const MINTED: ReadonlyMap<string, number> = new Map([['ms', 16], ['hex8', 8], ['hex16', 16], ['uuid', 36]]);

/** The placeholders in a text, in order. */
export function placeholdersIn(text: string): string[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([, name]) => String(name));
}

/** How long what this placeholder mints is at most; undefined for one that a template may not use beside the IDs named before it. */
export function mintedLength(name: string): number | undefined {
  return MINTED.get(name);
}

/** Gives every ID its text, in the order they stand in the file. */
export function mintIds(templates: ScenarioIds, minting: Minting): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [name, template] of Object.entries(templates)) {
    ids.set(name, template.replace(PLACEHOLDER, (whole, placeholder: string) => ids.get(placeholder) ?? mint(placeholder, minting) ?? whole));
  }
  return ids;
}

function mint(placeholder: string, { now, hex }: Minting): string | undefined {
  switch (placeholder) {
    case 'ms':
      return String(Math.floor(now()));
    case 'hex8':
      return hex(8);
    case 'hex16':
      return hex(16);
    case 'uuid':
      return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
    default:
      return undefined;
  }
}

/** The text with its IDs put in; other braces stay as they are. */
export function fillText(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => ids.get(name) ?? whole);
}

/** A JSON value with the IDs put into all of its texts and names of members. */
export function fillValue<T>(value: T, ids: ReadonlyMap<string, string>): T {
  return fill(value, ids) as T;
}

function fill(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return fillText(value, ids);
  if (Array.isArray(value)) return value.map((item: unknown) => fill(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [fillText(name, ids), fill(item, ids)]));
}
