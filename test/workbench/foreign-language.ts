import { readFileSync } from 'node:fs';
import { BUNDLE_FILE } from '../../scripts/l10n-strings';

/** A translation of every string of the source bundle into a language that has one letter. */
export function foreignBundle(): Record<string, string> {
  const strings = Object.keys(JSON.parse(readFileSync(BUNDLE_FILE, 'utf8')) as Record<string, string>);
  return Object.fromEntries(strings.map((text) => [text, foreign(text)]));
}

/** Placeholders and icons stay. */
function foreign(text: string): string {
  return text.replaceAll(/(\{\d+\}|\$\([\w-]+\))|[A-Za-z]/g, (_, kept: string | undefined) => kept ?? 'ж');
}

/**
 * The words of a text in the Latin alphabet that are not among what no translator translates: IDs, names of files, what logs
 * say, what the core says about them.
 */
export function untranslatedIn(text: string, known: Iterable<string | undefined>): string[] {
  let rest = text;
  const longestFirst = [...known].flatMap((each) => each ?? []).toSorted((a, b) => b.length - a.length);
  for (const each of longestFirst) if (each !== '') rest = rest.replaceAll(each, ' ');
  return rest.match(/[A-Za-z]{2,}/g) ?? [];
}
