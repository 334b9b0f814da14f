import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The recorded answers of the original system, one a line. */
export function readVectors<T>(name: string): T[] {
  const file = join(__dirname, '..', '..', '..', 'fixtures', 'vectors', `${name}.jsonl`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** One failure that shows the first few differing inputs, instead of a thousand tests. */
export function describeMismatches(mismatches: readonly unknown[]): string {
  return `${mismatches.length} differ, e.g. ${JSON.stringify(mismatches.slice(0, 5))}`;
}
