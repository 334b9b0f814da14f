/** The second generator's parser, from 2025-09-07 on (FIELD_GUIDE 1.3, "G4"; `eras.jsonl`). */
import { pythonInt } from './python-text';

/** `{prefix}_{timestamp}_{counter}_{random}` as G4 reads it. The numbers are whatever stands in those places. */
export interface G4Reading {
  readonly prefix: string;
  readonly timestamp: number;
  readonly counter: number;
  /** Empty for an ID of three parts, whose first is then prefix and time at once. */
  readonly random: string;
}

/** Reads an ID as G4 does: the third and second last parts must be what Python's `int` accepts, and nothing else is looked at. */
export function parseByG4(id: string): G4Reading | undefined {
  const parts = id.split('_');
  const timestamp = pythonInt(parts.at(-3) ?? '');
  const counter = pythonInt(parts.at(-2) ?? '');
  if (timestamp === undefined || counter === undefined) return undefined;
  if (parts.length === 3) return { prefix: parts[0] ?? '', timestamp, counter, random: '' };
  return { prefix: parts.slice(0, -3).join('_'), timestamp, counter, random: parts.at(-1) ?? '' };
}
