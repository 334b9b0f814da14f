import { EVENT_LIMITS, isBlank } from '../../core/index';
import { JsonVectors } from './json-vectors';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Bytes that end the plain run of a string: the quote, the backslash, and control characters, which JSON forbids there. */
const STRING_STOP = new Uint8Array(256).fill(1, 0, 0x20);
STRING_STOP[QUOTE] = 1;
STRING_STOP[BACKSLASH] = 1;

const BLANK = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) BLANK[byte] = 1;

const SIMPLE_ESCAPES = new Set(Buffer.from('"\\/bfnrt'));
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** Length from which a copy for the vector instructions pays, in bytes. */
const VECTORS_FROM = 512;

/** What a value at the top of the envelope may be. */
type Kind = 'string' | 'object' | 'null' | 'other';

/**
 * Reads what routing needs of an agent event straight from its bytes, in one pass and without building the event: it
 * checks that the bytes are one JSON object that `parseAgentEvent` would take as an event, and finds the fields at its
 * top. The bytes must be valid UTF-8. As with `JSON.parse`, the last of several members of one name counts.
 *
 * One scanner serves any number of events; its fields tell about the last one.
 */
export class EventScanner {
  type = '';
  runId = '';
  /** Undefined when the event names none. */
  agentName: string | undefined;
  /** The JSON text of `request_id`; undefined when there is none. */
  requestId: string | undefined;
  /** The event as it is forwarded: the given bytes, or a copy without `request_id`. */
  payload: Buffer = EMPTY;

  private bytes: Buffer = EMPTY;
  private readonly vectors: JsonVectors | undefined;
  /** Whether the vectors have the same bytes. */
  private loaded = false;
  /** For each level of nesting, whether it is an object (1) or an array (0). */
  private readonly inObject = new Uint8Array(EVENT_LIMITS.maxDepth + 1);
  private at = 0;
  private kind: Kind = 'other';

  /** @param vectors false does without WebAssembly, as where a policy forbids it. */
  constructor(vectors = true) {
    this.vectors = vectors ? JsonVectors.open() : undefined;
  }

  /** Whether the bytes are an agent event. When not, `parseAgentEvent` says why. */
  scan(bytes: Buffer): boolean {
    this.bytes = bytes;
    this.loaded = bytes.length >= VECTORS_FROM && this.vectors?.load(bytes) === true;
    this.at = 0;
    const accepted = this.envelope();
    if (!accepted) {
      this.payload = EMPTY;
      // Of an event that is not readable to its end, nothing is certain.
      if (this.at < bytes.length) this.requestId = undefined;
    }
    this.bytes = EMPTY;
    return accepted;
  }

  private envelope(): boolean {
    const { bytes } = this;
    let typeFrom = -1;
    let typeTo = -1;
    let runFrom = -1;
    let runTo = -1;
    let agentFrom = -1;
    let agentTo = -1;
    let agentKind: Kind = 'null';
    let payloadKind: Kind = 'null';
    let dataKind: Kind = 'null';
    let cuts: number[] | undefined;
    this.requestId = undefined;

    this.blanks();
    if (bytes[this.at] !== OPEN_OBJECT) return false;
    this.at++;
    this.blanks();
    if (bytes[this.at] === CLOSE_OBJECT) return false;
    for (;;) {
      const member = this.at;
      if (!this.string()) return false;
      const keyFrom = member + 1;
      const keyTo = this.at - 1;
      this.blanks();
      if (bytes[this.at] !== COLON) return false;
      this.at++;
      this.blanks();
      const from = this.at;
      if (!this.value(2)) return false;
      const to = this.at;
      switch (this.name(keyFrom, keyTo)) {
        case 'type':
          typeFrom = this.kind === 'string' ? from : -1;
          typeTo = to;
          break;
        case 'run_id':
          runFrom = this.kind === 'string' ? from : -1;
          runTo = to;
          break;
        case 'agent_name':
          agentFrom = from;
          agentTo = to;
          agentKind = this.kind;
          break;
        case 'payload':
          payloadKind = this.kind;
          break;
        case 'data':
          dataKind = this.kind;
          break;
        case 'request_id':
          this.requestId = bytes.toString('utf8', from, to);
          (cuts ??= []).push(member, to);
          break;
        default:
          break;
      }
      this.blanks();
      const next = bytes[this.at];
      this.at++;
      if (next === CLOSE_OBJECT) break;
      if (next !== COMMA) return false;
      this.blanks();
    }
    this.blanks();
    if (this.at !== bytes.length) return false;

    if (typeFrom < 0 || runFrom < 0) return false;
    if (agentKind !== 'string' && agentKind !== 'null') return false;
    if (payloadKind !== 'object' && (payloadKind !== 'null' || (dataKind !== 'object' && dataKind !== 'null'))) return false;
    this.type = this.text(typeFrom, typeTo);
    this.runId = this.text(runFrom, runTo);
    if (this.type.trim() === '' || isBlank(this.runId) || this.runId === 'registry') return false;
    this.agentName = agentKind === 'string' ? this.text(agentFrom, agentTo) : undefined;
    this.payload = cuts ? withoutMembers(bytes, cuts) : bytes;
    return true;
  }

  /** The name of a member, when it is one that matters here. */
  private name(from: number, to: number): string {
    const { bytes } = this;
    const length = to - from;
    // An escaped name can be six times as long as what it means.
    if (length < 4 || length > 60) return '';
    if (length <= 10) {
      const first = bytes[from];
      // t, r, a, p, d, or a backslash
      if (first !== 0x74 && first !== 0x72 && first !== 0x61 && first !== 0x70 && first !== 0x64 && first !== BACKSLASH) {
        return bytes.subarray(from, to).includes(BACKSLASH) ? this.text(from - 1, to + 1) : '';
      }
    } else if (!bytes.subarray(from, to).includes(BACKSLASH)) return '';
    return this.text(from - 1, to + 1);
  }

  /** The string whose quotes are at `from` and before `to`. */
  private text(from: number, to: number): string {
    const { bytes } = this;
    let plain = true;
    for (let at = from + 1; at < to - 1; at++) {
      const byte = bytes[at] as number;
      if (byte === BACKSLASH || byte >= 0x80) {
        plain = false;
        break;
      }
    }
    if (plain) return bytes.toString('latin1', from + 1, to - 1);
    return JSON.parse(bytes.toString('utf8', from, to)) as string;
  }

  private blanks(): void {
    this.at = this.afterBlanks(this.at);
  }

  /**
   * Steps over one value and notes its kind. One loop with a stack of its own instead of a call for each level: three
   * quarters of the time a large event takes are spent here. `depth` is the level that an object here would have.
   */
  private value(depth: number): boolean {
    const { bytes, inObject } = this;
    const base = depth - 1;
    let level = base;
    let { at } = this;
    let kind: Kind = 'other';
    if (this.loaded && this.vectors !== undefined && (bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_ARRAY)) {
      const end = this.vectors.skip(at, base, EVENT_LIMITS.maxDepth);
      if (end < 0) return false;
      this.kind = bytes[at] === OPEN_OBJECT ? 'object' : 'other';
      this.at = end;
      return true;
    }
    for (;;) {
      const first = bytes[at];
      if (first === QUOTE) {
        at = this.stringEnd(at + 1);
        if (at < 0) return false;
        if (level === base) kind = 'string';
      } else if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
        const object = first === OPEN_OBJECT;
        if (level === base) kind = object ? 'object' : 'other';
        if (++level > EVENT_LIMITS.maxDepth) return false;
        inObject[level] = object ? 1 : 0;
        at = this.afterBlanks(at + 1);
        if (bytes[at] !== (object ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          if (object) {
            at = this.valueAfterKey(at);
            if (at < 0) return false;
          }
          continue;
        }
      } else {
        this.at = at;
        if (first === MINUS || (first !== undefined && first >= ZERO && first <= 0x39)) {
          if (!this.number()) return false;
        } else {
          if (!this.literal()) return false;
          if (level === base && first === 0x6e) kind = 'null';
        }
        ({ at } = this);
      }
      // A value ends here, or an empty object or array has its closing bracket here.
      for (;;) {
        if (level === base) {
          this.at = at;
          this.kind = kind;
          return true;
        }
        at = this.afterBlanks(at);
        const next = bytes[at];
        const object = inObject[level] === 1;
        if (next === COMMA) {
          at = this.afterBlanks(at + 1);
          if (object) {
            at = this.valueAfterKey(at);
            if (at < 0) return false;
          }
          break;
        }
        if (next !== (object ? CLOSE_OBJECT : CLOSE_ARRAY)) return false;
        level--;
        at++;
      }
    }
  }

  /** Where the value of the member whose key begins at `at` begins; -1 when there is no key and colon. */
  private valueAfterKey(at: number): number {
    const { bytes } = this;
    if (bytes[at] !== QUOTE) return -1;
    let next = this.stringEnd(at + 1);
    if (next < 0) return -1;
    if (bytes[next] !== COLON) {
      next = this.afterBlanks(next);
      if (bytes[next] !== COLON) return -1;
    }
    return this.afterBlanks(next + 1);
  }

  private afterBlanks(from: number): number {
    const { bytes } = this;
    let at = from;
    // Usually there is none.
    while ((bytes[at] as number) <= 0x20 && BLANK[bytes[at] as number] === 1) at++;
    return at;
  }

  private string(): boolean {
    if (this.bytes[this.at] !== QUOTE) return false;
    const end = this.stringEnd(this.at + 1);
    if (end < 0) return false;
    this.at = end;
    return true;
  }

  /** The offset after the closing quote of the string whose first character is at `from`; -1 when it is no string. */
  private stringEnd(from: number): number {
    const { bytes } = this;
    let at = from;
    for (;;) {
      while (at < bytes.length && STRING_STOP[bytes[at] as number] === 0) at++;
      const stop = bytes[at];
      if (stop === QUOTE) return at + 1;
      if (stop !== BACKSLASH) return -1;
      const escaped = bytes[at + 1];
      if (escaped === 0x75) {
        for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(bytes[digit])) return -1;
        at += 6;
      } else if (escaped !== undefined && SIMPLE_ESCAPES.has(escaped)) at += 2;
      else return -1;
    }
  }

  private number(): boolean {
    const { bytes } = this;
    if (bytes[this.at] === MINUS) this.at++;
    if (bytes[this.at] === ZERO) this.at++;
    else if (!this.digits()) return false;
    if (bytes[this.at] === 0x2e) {
      this.at++;
      if (!this.digits()) return false;
    }
    const exponent = bytes[this.at];
    if (exponent === 0x65 || exponent === 0x45) {
      this.at++;
      const sign = bytes[this.at];
      if (sign === 0x2b || sign === MINUS) this.at++;
      if (!this.digits()) return false;
    }
    return true;
  }

  private digits(): boolean {
    const { bytes } = this;
    const from = this.at;
    let at = from;
    while (at < bytes.length && (bytes[at] as number) >= ZERO && (bytes[at] as number) <= 0x39) at++;
    this.at = at;
    return at > from;
  }

  private literal(): boolean {
    for (const word of LITERALS) {
      if (this.bytes[this.at] !== word[0]) continue;
      const to = this.at + word.length;
      if (this.bytes.compare(word, 0, word.length, this.at, Math.min(to, this.bytes.length)) !== 0) return false;
      this.at = to;
      return true;
    }
    return false;
  }
}

const EMPTY = Buffer.alloc(0);

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= ZERO && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66));
}

/**
 * The object without some of its members, every other byte as it was. `cuts` holds begin and end of each member; the
 * comma that follows goes with it, or the one before when it was the last.
 */
function withoutMembers(bytes: Buffer, cuts: readonly number[]): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (let index = 0; index < cuts.length; index += 2) {
    let from = cuts[index] ?? 0;
    let to = cuts[index + 1] ?? 0;
    while (BLANK[bytes[to] ?? 0] === 1) to++;
    if (bytes[to] === COMMA) {
      to++;
      while (BLANK[bytes[to] ?? 0] === 1) to++;
    } else {
      while (from > done && bytes[from] !== COMMA) from--;
      // Everything between here and the last kept byte may already be cut; then that byte's comma is the one to go.
      if (bytes[from] !== COMMA) trimTrailingComma(parts);
    }
    if (from > done) parts.push(bytes.subarray(done, from));
    done = to;
  }
  parts.push(bytes.subarray(done));
  return Buffer.concat(parts);
}

function trimTrailingComma(parts: Buffer[]): void {
  const last = parts.pop();
  if (!last) return;
  let end = last.length;
  while (end > 0 && last[end - 1] !== COMMA) end--;
  parts.push(last.subarray(0, Math.max(0, end - 1)));
}
