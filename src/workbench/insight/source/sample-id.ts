import { readNames } from './lex';
import { heldKind, wordsOf } from './id-words';
import type { Language } from './outline';
import type { Hole, Piece } from './token';

export const SAMPLE_THREAD = '13679e4dcc38403a';
const SAMPLE_HEX = '9adf1f0913679e4dcc38403a00d4a888';
const SAMPLE_UUID = '9adf1f09-ac2c-4745-ab6c-1b8418427760';
const SAMPLE_MS = '1756919162904';
const SAMPLE_SECONDS = '1756919162';

/** What an expression puts into an ID. `minted`: it is new each time. */
export interface HoleSample {
  readonly text: string;
  readonly is: 'thread' | 'uuid' | 'hex' | 'time' | 'unknown';
}

const MAKES_UUID = new Set(['uuid4', 'uuidv4', 'randomuuid', 'uuid1', 'uuid7', 'uuidv7', 'uuid']);
const HOLDS_HEX = new Set(['hex', 'suffix', 'hash', 'random', 'nonce', 'short', 'uid', 'digest', 'rand']);
const HOLDS_TIME = new Set(['time', 'timestamp', 'now', 'ms', 'millis', 'ts', 'gettime', 'epoch']);
const CUTS = new Set(['slice', 'substring', 'substr']);

/** What a hole most likely holds, told by the names and numbers in it. */
export function sampleOf(hole: Hole, language: Language): HoleSample {
  const { names, numbers } = readNames(hole.source, language);
  const words = new Set(names.flatMap((name) => [name.toLowerCase(), ...wordsOf(name)]));
  const has = (wanted: ReadonlySet<string>): boolean => [...words].some((word) => wanted.has(word));
  const last = names.at(-1) ?? '';
  if (heldKind(last) === 'thread') return { text: SAMPLE_THREAD, is: 'thread' };
  const cut = has(CUTS) || (language === 'python' && hole.source.includes('[')) ? numbers.at(-1) : undefined;
  if (has(MAKES_UUID)) {
    const joined = words.has('hex') || words.has('replace') || words.has('replaceall');
    const whole = joined ? SAMPLE_HEX : SAMPLE_UUID;
    const text = cut === undefined ? whole : whole.slice(0, cut);
    return { text, is: text.includes('-') ? 'uuid' : 'hex' };
  }
  if (words.has('token') && words.has('hex')) return { text: SAMPLE_HEX.slice(0, (numbers.at(-1) ?? 16) * 2), is: 'hex' };
  if (has(HOLDS_TIME)) {
    const isSeconds = language === 'python' && !numbers.includes(1000) && !words.has('ms') && hole.source.includes('time(');
    return { text: isSeconds ? SAMPLE_SECONDS : SAMPLE_MS, is: 'time' };
  }
  if (has(HOLDS_HEX)) return { text: SAMPLE_HEX.slice(0, cut ?? 8), is: 'hex' };
  return { text: '', is: 'unknown' };
}

/** The IDs that a template may make: what is unknown is tried as anything an ID is usually made of. */
export function* sampleIds(pieces: readonly Piece[], samples: readonly HoleSample[]): Generator<string, void, undefined> {
  for (const unknown of ['9adf1f09', SAMPLE_MS, 'abc', SAMPLE_UUID]) {
    let hole = 0;
    yield pieces.map((piece) => (typeof piece === 'string' ? piece : samples[hole++]?.text || unknown)).join('');
    if (samples.every((sample) => sample.is !== 'unknown')) return;
  }
}
