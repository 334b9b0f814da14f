import { existsSync, renameSync } from 'node:fs';

/**
 * Moves a damaged database out of the way, with its write-ahead log, so that a person can still look at it.
 * @param at milliseconds since 1970, for the name.
 * @returns the new name, `<file>.damaged-<time>`.
 * @throws what the file system throws when the file cannot be renamed.
 */
export function setAside(file: string, at: number): string {
  const time = new Date(at).toISOString().replaceAll(/[-:.]/g, '');
  let target = `${file}.damaged-${time}`;
  for (let n = 2; existsSync(target); n += 1) target = `${file}.damaged-${time}-${n}`;
  // The log first: should we stop in between, a log without its database is ignored, a foreign log beside a new one is not.
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  }
  return target;
}
