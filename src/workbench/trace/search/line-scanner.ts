import { ByteMemory, type Needle } from './byte-memory';
import type { ByteReader } from './byte-source';

/** Bytes read at once. */
const CHUNK = 1 << 20;
/** A line longer than this, in bytes, is searched in pieces and shown in part. */
export const LONGEST_LINE = 1 << 20;
/** Of a line that is too long to be kept: so much of its beginning, and around what was found. */
const KEPT_HEAD = 2048;
const KEPT_AROUND = 8192;
/** Lines above this many bytes are kept in part. */
const LONGEST_KEPT = 65_536;
/** Between this many searched bytes other work gets its turn. */
const BREATHE = 16 << 20;

/** A needle, and how far into this log it is to be looked for. */
export interface SearchedNeedle {
  readonly needle: Needle;
  /** Offset in the text; Infinity for all of it. */
  readonly until: number;
}

export interface FoundLine {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  /** Of its first byte in the text. */
  readonly offset: number;
  /** Not all of the line is in `text`. */
  readonly isCut: boolean;
  /** Asked for by the line before. */
  readonly isAsked: boolean;
  /** The lines right before it, nearest first, as far as they are at hand: for a line without a time of its own. */
  before(): Iterable<string>;
}

export interface ScanHandlers {
  /** Asked again after each line: what is looked for may grow on the way. */
  needles(): readonly SearchedNeedle[];
  /** Takes a line with a needle in it; `next` asks for the line after it too. */
  line(line: FoundLine): 'next' | undefined;
  /** A line was too long to be searched as one; called once a line. */
  longLine(number: number): void;
  progress(used: number): void;
  readonly signal: AbortSignal | undefined;
}

interface Window {
  readonly memory: ByteMemory;
  /** Where the carried beginning of a line starts. */
  from: number;
  to: number;
}

/** Finds the lines that hold one of several byte sequences, in memory that does not grow with the log. */
export class LineScanner {
  private readonly windows: readonly [Window, Window];
  private readonly hits = new Map<Needle, number>();
  /** Offset in the text of the byte at place 0 of the current window. */
  private base = 0;
  private lineNumber = 1;
  private wantsNext = false;
  private inLongLine: { number: number; reported: boolean } | undefined;

  constructor(vectors = true) {
    const window = (): Window => ({ memory: new ByteMemory(LONGEST_LINE + CHUNK, vectors), from: LONGEST_LINE, to: LONGEST_LINE });
    this.windows = [window(), window()];
  }

  /** Reads to the end, or until every needle was looked for far enough. @throws {SourceError} what the reader throws */
  async scan(reader: ByteReader, handlers: ScanHandlers): Promise<number> {
    this.base = -LONGEST_LINE;
    this.lineNumber = 1;
    this.wantsNext = false;
    this.inLongLine = undefined;
    let [current, other] = this.windows;
    current.from = LONGEST_LINE;
    let reading = this.fill(current, reader);
    let breathed = 0;
    try {
      for (;;) {
        const length = await reading;
        current.to = LONGEST_LINE + length;
        const isLast = length < CHUNK;
        // The next bytes come while these are searched.
        if (!isLast) reading = this.fill(other, reader);
        const rest = this.search(current, isLast, handlers);
        const done = this.base + current.to;
        handlers.progress(reader.used);
        if (isLast || handlers.signal?.aborted === true || !this.isWanted(handlers, done)) return done;
        this.carry(current, other, rest);
        [current, other] = [other, current];
        if (done - breathed >= BREATHE) {
          breathed = done;
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    } finally {
      // What is being read goes into memory of ours, and its failure is nobody's then.
      await reading.catch(() => undefined);
    }
  }

  private fill(window: Window, reader: ByteReader): Promise<number> {
    const reading = reader.read(window.memory.bytes.subarray(LONGEST_LINE, LONGEST_LINE + CHUNK));
    // It may fail before anybody waits for it; whoever waits is told all the same.
    reading.catch(() => undefined);
    return reading;
  }

  private isWanted(handlers: ScanHandlers, offset: number): boolean {
    return this.wantsNext || handlers.needles().some(({ until }) => until > offset);
  }

  /** Puts the unfinished line in front of the bytes that follow. */
  private carry(from: Window, into: Window, rest: number): void {
    const length = from.to - rest;
    from.memory.bytes.copy(into.memory.bytes, LONGEST_LINE - length, rest, from.to);
    into.from = LONGEST_LINE - length;
    this.base += CHUNK;
  }

  /** Searches a window; answers where its unfinished last line begins. */
  private search(window: Window, isLast: boolean, handlers: ScanHandlers): number {
    const { memory, to } = window;
    let { from } = window;
    if (this.inLongLine !== undefined) {
      const newline = memory.newlineAfter(from, to);
      const end = newline < 0 ? to : newline;
      this.searchPiece(memory, from, end, handlers);
      if (newline < 0) return this.tail(from, to, handlers);
      this.inLongLine = undefined;
      this.lineNumber++;
      from = newline + 1;
    }
    const lastNewline = memory.newlineBefore(from, to);
    const end = isLast ? to : lastNewline + 1;
    if (end > from) this.searchLines(memory, from, end, handlers);
    const rest = Math.max(from, end);
    if (!isLast && to - rest >= LONGEST_LINE) {
      this.inLongLine = { number: this.lineNumber, reported: false };
      handlers.longLine(this.lineNumber);
      this.searchPiece(memory, rest, to, handlers);
      return this.tail(rest, to, handlers);
    }
    return rest;
  }

  /** So much of a long line is looked at again with what follows that no needle is cut in two. */
  private tail(from: number, to: number, handlers: ScanHandlers): number {
    const longest = Math.max(1, ...handlers.needles().map(({ needle }) => needle.bytes.length));
    return Math.max(from, to - longest + 1);
  }

  private searchPiece(memory: ByteMemory, from: number, to: number, handlers: ScanHandlers): void {
    const long = this.inLongLine;
    if (long === undefined || long.reported) return;
    for (const { needle } of handlers.needles()) {
      const at = memory.find(needle, from, to);
      if (at < 0) continue;
      long.reported = true;
      const text = memory.bytes.toString('utf8', Math.max(from, at - KEPT_AROUND), Math.min(to, at + KEPT_AROUND));
      handlers.line({ text: `…${text}…`, number: long.number, offset: this.base + at, isCut: true, isAsked: false, before: () => [] });
      return;
    }
  }

  private searchLines(memory: ByteMemory, from: number, end: number, handlers: ScanHandlers): void {
    this.hits.clear();
    let at = from;
    let counted = from;
    while (at < end) {
      const hit = this.wantsNext ? at : this.nextHit(memory, at, end, handlers.needles());
      if (hit >= end) break;
      const start = memory.newlineBefore(at, hit) + 1 || at;
      const newline = memory.newlineAfter(hit, end);
      const stop = newline < 0 ? end : newline;
      this.lineNumber += memory.lines(counted, start);
      counted = start;
      const isAsked = this.wantsNext;
      const line = this.lineAt(memory, from, start, stop, hit, isAsked);
      this.wantsNext = handlers.line(line) === 'next' && !isAsked;
      at = stop + 1;
    }
    this.lineNumber += memory.lines(counted, end);
  }

  /** The first place at or after `at` where any needle stands; `end` when there is none. */
  private nextHit(memory: ByteMemory, at: number, end: number, needles: readonly SearchedNeedle[]): number {
    let first = end;
    for (const { needle, until } of needles) {
      let hit = this.hits.get(needle);
      if (hit === undefined || hit < at) {
        const limit = Math.min(end, until - this.base);
        const found = limit > at ? memory.find(needle, at, limit) : -1;
        hit = found < 0 ? end : found;
        this.hits.set(needle, hit);
      }
      first = Math.min(first, hit);
    }
    return first;
  }

  private lineAt(memory: ByteMemory, windowFrom: number, start: number, stop: number, hit: number, isAsked: boolean): FoundLine {
    const { bytes } = memory;
    const end = stop > start && bytes[stop - 1] === 13 ? stop - 1 : stop;
    const isCut = end - start > LONGEST_KEPT;
    let text: string;
    if (isCut) {
      const from = Math.max(start + KEPT_HEAD, hit - KEPT_AROUND);
      const to = Math.min(end, hit + KEPT_AROUND);
      text = `${bytes.toString('utf8', start, Math.min(start + KEPT_HEAD, end))}…${from < to ? bytes.toString('utf8', from, to) : ''}…`;
    } else text = bytes.toString('utf8', start, end);
    return {
      text,
      number: this.lineNumber,
      offset: this.base + start,
      isCut,
      isAsked,
      *before() {
        let stopAt = start - 1;
        while (stopAt > windowFrom) {
          const begin = memory.newlineBefore(windowFrom, stopAt) + 1 || windowFrom;
          yield bytes.toString('utf8', begin, Math.min(stopAt, begin + 512));
          stopAt = begin - 1;
        }
      },
    };
  }
}
