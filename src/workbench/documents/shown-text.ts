import { clip } from '../../core/clip';
import { showInvisible } from '../markdown-text';

/** Characters of a line that are shown; nobody reads further. */
const LONGEST_LINE = 2000;

/** Text as documents of ours show it: what cannot be seen by its code point, and no line without an end. */
export function shownText(text: string): string {
  return text
    .split('\n')
    .map((line) => showInvisible(clip(line, LONGEST_LINE)))
    .join('\n');
}
