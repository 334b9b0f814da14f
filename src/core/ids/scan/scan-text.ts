import { FormatTable } from '../formats/format-table';
import { isLowerHexRange } from '../early-parsers';
import { readRunId } from '../read-run-id';
import type { IdKind, ParsedRunId } from '../reading';
import { Anchors } from './anchors';
import { isDigitCode, isForeignLetterAt, tokenEnd, tokenStart } from './characters';
import { FoundId } from './found-id';
import { scanLiterals } from './scan-literals';

export interface ScanOptions {
  /** The formats to look for. Default: all built-in ones. */
  readonly table?: FormatTable | undefined;
  /** Default: run, thread and connection. */
  readonly kinds?: readonly IdKind[] | undefined;
  /** IDs whose best reading is less sure are left out: names in programs mostly. Default 0.25. */
  readonly minConfidence?: number | undefined;
}

const DEFAULT_KINDS: readonly IdKind[] = ['run', 'thread', 'connection'];
const DEFAULT_CONFIDENCE = 0.25;
/** Names that come again and again are judged once; beyond this many the memory starts anew. */
const MOST_JUDGED = 4096;
const SUFFIX_LENGTH = 8;

/** Whether the token ends in `_` and eight lower-case hexadecimal characters, with something before them. */
function hasHexTail(text: string, bodyStart: number, end: number): boolean {
  const tail = end - SUFFIX_LENGTH;
  return tail > bodyStart + 1 && text.charCodeAt(tail - 1) === 0x5f && isLowerHexRange(text, tail, end);
}

const UUID_LENGTH = 36;
const UUID_HYPHENS = [8, 13, 18, 23];

function isUuid(text: string, start: number, end: number): boolean {
  if (end - start !== UUID_LENGTH) return false;
  let from = start;
  for (const hyphen of UUID_HYPHENS) {
    if (text.charCodeAt(start + hyphen) !== 0x2d || !isLowerHexRange(text, from, start + hyphen)) return false;
    from = start + hyphen + 1;
  }
  return isLowerHexRange(text, from, end);
}

function hasDigit(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (isDigitCode(text.charCodeAt(i))) return true;
  return false;
}

/** Whether a token without a digit stands where programs put names: called, assigned, a key, an attribute. */
function isNameInProgram(text: string, start: number, end: number): boolean {
  const next = text.charAt(end);
  if (next === '(' || next === '=') return true;
  if ((next === '"' || next === "'") && text.charAt(end + 1) === ':') return true;
  return text.charAt(start - 1) === '.';
}

/** Whether the separator `_run_` stands where the thread should: then nothing reads the ID. */
function isSeparatorAt(text: string, bodyStart: number): boolean {
  return text.startsWith('run_', bodyStart) || text.startsWith('_run_', bodyStart);
}

class Judge {
  readonly #judged = new Map<string, readonly ParsedRunId[] | undefined>();
  /** Whether the shapes that every default scan accepts need not be read. */
  readonly #quick: boolean;

  constructor(
    readonly table: FormatTable,
    readonly kinds: ReadonlySet<IdKind>,
    readonly minConfidence: number,
  ) {
    this.#quick = minConfidence <= DEFAULT_CONFIDENCE && DEFAULT_KINDS.every((kind) => kinds.has(kind)) && table === FormatTable.builtIn;
  }

  /** The ID at `start`, when the token up to `end` is one. `bodyStart` is the first character after its anchor. */
  judge(text: string, start: number, bodyStart: number, end: number, isAnchored: boolean): FoundId | undefined {
    if (this.#quick && isAnchored && this.#isPlainly(text, start, bodyStart, end)) return new FoundId(text, start, end - start, undefined);
    if (!hasDigit(text, start, end) && isNameInProgram(text, start, end)) return undefined;
    const readings = this.#read(text.slice(start, end));
    return readings && new FoundId(text, start, end - start, this.table, readings);
  }

  /** The shapes that most logs consist of, told without reading: what `#read` would accept anyway. */
  #isPlainly(text: string, start: number, bodyStart: number, end: number): boolean {
    switch (bodyStart - start) {
      case 7:
        return text.startsWith('thread_', start) && !isSeparatorAt(text, bodyStart) && hasDigit(text, bodyStart, end);
      case 5:
        return text.startsWith('conn_', start) && hasHexTail(text, bodyStart, end);
      case 4:
        return text.startsWith('run_', start) && (hasHexTail(text, bodyStart, end) || isUuid(text, bodyStart, end));
      default:
        return false;
    }
  }

  #read(token: string): readonly ParsedRunId[] | undefined {
    if (this.#judged.has(token)) return this.#judged.get(token);
    const readings = readRunId(token, { table: this.table });
    const [best] = readings;
    const accepted = best !== undefined && best.confidence >= this.minConfidence && this.kinds.has(best.kind) ? readings : undefined;
    if (this.#judged.size >= MOST_JUDGED) this.#judged.clear();
    this.#judged.set(token, accepted);
    return accepted;
  }
}

function* scanUnderscores(text: string, anchors: Anchors, judge: Judge): Generator<FoundId, void, undefined> {
  let from = 0;
  let underscore = text.indexOf('_');
  while (underscore !== -1) {
    const wordStart = anchors.wordBefore(text, underscore, from);
    if (wordStart === -1) {
      underscore = text.indexOf('_', underscore + 1);
      continue;
    }
    const end = tokenEnd(text, underscore + 1);
    const start = tokenStart(text, wordStart, from);
    // A token is looked at once, whatever comes of it: that keeps the whole scan linear.
    from = end;
    if (start !== -1 && end > underscore + 1 && !isForeignLetterAt(text, end)) {
      const found = judge.judge(text, start, underscore + 1, end, start === wordStart);
      if (found) yield found;
    }
    underscore = text.indexOf('_', end);
  }
}

/** Both in order of their offsets; where two overlap, that of `first` stays. */
function* merge(first: Iterable<FoundId>, second: Iterable<FoundId>): Generator<FoundId, void, undefined> {
  const rest = second[Symbol.iterator]();
  let other = rest.next();
  let covered = 0;
  for (const found of first) {
    while (!other.done && other.value.offset < found.offset) {
      if (other.value.offset >= covered && other.value.offset + other.value.length <= found.offset) yield other.value;
      other = rest.next();
    }
    yield found;
    covered = found.offset + found.length;
  }
  while (!other.done) {
    if (other.value.offset >= covered) yield other.value;
    other = rest.next();
  }
}

/**
 * Every ID in `text`, in order and without overlap: in prose, quotes, JSON, URLs, after `=`, between ANSI colours. An ID inside
 * a longer word is none, trailing punctuation is not part of one, and names in programs (`thread_id`, `run_tests(`) are
 * left out. Lazy, and linear in the length of the text whatever stands in it.
 */
export function scanText(text: string, options: ScanOptions = {}): Iterable<FoundId> {
  const table = options.table ?? FormatTable.builtIn;
  const kinds = new Set(options.kinds ?? DEFAULT_KINDS);
  const minConfidence = options.minConfidence ?? DEFAULT_CONFIDENCE;
  const anchors = Anchors.of(table, kinds);
  return {
    *[Symbol.iterator]() {
      const inWords = scanUnderscores(text, anchors, new Judge(table, kinds, minConfidence));
      yield* anchors.literal.length === 0 ? inWords : merge(scanLiterals(text, anchors.literal, table, minConfidence), inWords);
    },
  };
}
