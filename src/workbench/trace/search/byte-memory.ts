import { simdModule } from './simd-module';

const PAGE = 65_536;
/** Reads of sixteen bytes may begin at the last byte, and look as far ahead as a needle is long. */
const MARGIN = 4096;
const NEWLINE = 10;

/** What to look for. At least two bytes; longer than 4,000 is cut. */
export class Needle {
  readonly bytes: Uint8Array;
  /** Places whose bytes are compared at once: the rarest ones of the needle, the first byte first. */
  readonly probes: readonly [o1: number, o2: number, o3: number];

  /** @param isWhole the text must not go on with a letter, digit or underscore: `user u1` is not found in `user u12` */
  constructor(
    readonly text: string,
    readonly isWhole = false,
  ) {
    this.bytes = Buffer.from(text).subarray(0, MARGIN - 96);
    const last = this.bytes.length - 1;
    this.probes = [last, Math.floor(last / 3), Math.floor((2 * last) / 3)];
  }
}

interface Loops {
  find(from: number, to: number, b0: number, b1: number, b2: number, b3: number, o1: number, o2: number, o3: number): number;
  count(from: number, to: number, byte: number): number;
}

/** Memory that files are read into and that is searched where it lies. */
export class ByteMemory {
  readonly bytes: Buffer;
  private readonly loops: Loops | undefined;

  /**
   * @param size usable bytes
   * @param vectors false does without WebAssembly, as where a policy forbids it
   */
  constructor(size: number, vectors = true) {
    const opened = vectors ? openVectors(size) : undefined;
    this.loops = opened?.loops;
    this.bytes = opened?.bytes ?? Buffer.alloc(size + MARGIN);
  }

  /** Whether sixteen bytes are looked at together. */
  get usesVectors(): boolean {
    return this.loops !== undefined;
  }

  /** Where the needle first stands completely within [from, to), or -1. */
  find(needle: Needle, from: number, to: number): number {
    const { bytes: wanted, probes } = needle;
    const end = to - wanted.length + 1;
    const [o1, o2, o3] = probes;
    const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = [wanted[0], wanted[o1], wanted[o2], wanted[o3]];
    for (let at = from; at < end; at++) {
      if (this.loops === undefined) {
        const found = this.bytes.subarray(at, to).indexOf(wanted);
        at = found < 0 ? end : at + found;
      } else at = this.loops.find(at, end, b0, b1, b2, b3, o1, o2, o3);
      if (at >= end) return -1;
      const stop = at + wanted.length;
      if (this.bytes.compare(wanted, 0, wanted.length, at, stop) !== 0) continue;
      if (!needle.isWhole || stop >= to || !isWordByte(this.bytes[stop] ?? 0)) return at;
    }
    return -1;
  }

  /** Newlines within [from, to). */
  lines(from: number, to: number): number {
    if (from >= to) return 0;
    if (this.loops !== undefined) return this.loops.count(from, to, NEWLINE);
    let lines = 0;
    const range = this.bytes.subarray(from, to);
    for (let at = range.indexOf(NEWLINE); at >= 0; at = range.indexOf(NEWLINE, at + 1)) lines++;
    return lines;
  }

  /** The first newline at or after `from`, or -1 when there is none before `to`. */
  newlineAfter(from: number, to: number): number {
    const at = this.bytes.subarray(from, to).indexOf(NEWLINE);
    return at < 0 ? -1 : from + at;
  }

  /** The last newline within [from, to), or -1. */
  newlineBefore(from: number, to: number): number {
    const at = this.bytes.subarray(from, to).lastIndexOf(NEWLINE);
    return at < 0 ? -1 : from + at;
  }
}

function isWordByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95;
}

/** What is used of the WebAssembly JavaScript interface; the libraries of a Node program do not declare it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly CompileError: new () => Error;
  readonly LinkError: new () => Error;
}

let compiled: object | undefined;

function openVectors(size: number): { readonly bytes: Buffer; readonly loops: Loops } | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyApi };
  if (WebAssembly === undefined) return undefined;
  try {
    compiled ??= new WebAssembly.Module(simdModule());
    const pages = Math.ceil((size + MARGIN) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(compiled, { m: { m: memory } });
    return { bytes: Buffer.from(memory.buffer), loops: exports as Loops };
  } catch (error) {
    // No vector instructions, or no code may be made at run time: it goes slower.
    if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError || error instanceof RangeError) return undefined;
    throw error;
  }
}
