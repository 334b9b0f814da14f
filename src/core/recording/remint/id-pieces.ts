import { readMintTime } from '../../ids/mint-time';
import { keepsLetters } from './kept-words';

/** What an ID consists of besides separators: UUIDs as a whole, else runs of letters and digits. */
const PIECES = /[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[a-zA-Z0-9]+/g;
const UUID_LENGTH = 36;
/** Version and variant of a UUID (RFC 9562 section 4). */
const UUID_FIXED: ReadonlySet<number> = new Set([14, 19]);

/** Numbers outside these years are counters, not times. */
const FIRST_TIME = Date.UTC(2001, 8, 10);
const LAST_TIME = Date.UTC(2100, 0, 1);

/** Characters are replaced within their class, so that whatever grammar fitted the old piece fits the new one. */
const CLASSES = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz', 'ABCDEF', 'GHIJKLMNOPQRSTUVWXYZ'];
const CLASS_OF = new Map(CLASSES.flatMap((members) => Array.from(members, (char) => [char, members] as const)));

const DIGITS_NOT_ZERO = '123456789';
/** Guesses at a new piece; only very short pieces need more than one or two. */
const MOST_GUESSES = 64;

/**
 * Replaces the pieces of IDs, each always by the same other one and no two by one, times by times as far away from
 * each other. Because all IDs are made of the same pieces, a run still names its thread afterwards.
 */
export class IdPieces {
  private readonly replacements = new Map<string, string>();
  private readonly taken = new Set<string>();

  /**
   * @param seed the same seed makes the same IDs
   * @param shiftMs what is added to times, in whole seconds, so that times in seconds keep step
   */
  constructor(
    private readonly seed: string,
    private readonly shiftMs: number,
  ) {}

  /** The ID with all its pieces replaced. */
  replaceAll(id: string): string {
    return id.replace(PIECES, (piece) => this.replace(piece));
  }

  private replace(piece: string): string {
    const known = this.replacements.get(piece);
    if (known !== undefined) return known;
    const made = this.make(piece);
    this.replacements.set(piece, made);
    this.taken.add(made);
    return made;
  }

  private make(piece: string): string {
    if (/^[a-zA-Z]+$/.test(piece) && keepsLetters(piece)) return piece;
    const shifted = this.shiftTime(piece);
    if (shifted !== undefined && !this.taken.has(shifted)) return shifted;
    for (let guess = 0; guess < MOST_GUESSES; guess++) {
      const made = this.guess(piece, guess);
      if (made !== piece && this.isFree(piece, made)) return made;
    }
    return this.count(piece);
  }

  private shiftTime(piece: string): string | undefined {
    const time = /^\d+$/.test(piece) ? readMintTime(piece)?.timestamp : undefined;
    if (time === undefined || time < FIRST_TIME || time > LAST_TIME) return undefined;
    const unit = 10 ** (piece.length - 10);
    const moved = BigInt(piece) + (BigInt(Math.round(this.shiftMs / 1000)) * BigInt(unit));
    const text = String(moved);
    return moved > 0n && text.length === piece.length ? text : undefined;
  }

  private guess(piece: string, guess: number): string {
    const random = randomFrom(`${this.seed}\n${guess}\n${piece}`);
    return this.each(piece, (members) => members[Math.floor(random() * members.length)] ?? '');
  }

  /** The next free piece of that shape after this one, for shapes with few members: there are as many new as old ones. */
  private count(piece: string): string {
    let made = piece;
    for (;;) {
      let carry = true;
      made = this.each(made, (members, char) => {
        if (!carry) return char;
        const next = (members.indexOf(char) + 1) % members.length;
        carry = next === 0;
        return members[next] ?? char;
      });
      if (this.isFree(piece, made) || made === piece) return made;
    }
  }

  private each(piece: string, choose: (members: string, char: string) => string): string {
    const fixedLetters = keepsLetters(piece);
    const isUuid = piece.length === UUID_LENGTH;
    const isNumber = /^\d+$/.test(piece);
    let made = '';
    for (let at = 0; at < piece.length; at++) {
      const char = piece[at] ?? '';
      const members = CLASS_OF.get(char);
      const isDigit = char >= '0' && char <= '9';
      if (members === undefined || (fixedLetters && !isDigit) || (isUuid && UUID_FIXED.has(at)) || (isNumber && at === 0 && char === '0')) made += char;
      // A number stays one of as many digits.
      else made += choose(isNumber && at === 0 ? DIGITS_NOT_ZERO : members, char);
    }
    return made;
  }

  private isFree(piece: string, made: string): boolean {
    return !this.taken.has(made) && keepsLetters(made) === keepsLetters(piece);
  }
}

/** Numbers from 0 to 1 that follow from a text (xorshift on an FNV-1a hash): nothing that must be hard to guess. */
function randomFrom(text: string): () => number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state ||= 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
