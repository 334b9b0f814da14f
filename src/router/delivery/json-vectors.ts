import { jsonModule } from './json-loops';

/** Where a text begins in the memory; before it lies what the loops note for each level of nesting. */
const BEGIN = 256;
/** Zeros behind the text. */
const MARGIN = 16;
const PAGE = 65_536;

/** What is used of the WebAssembly JavaScript interface; the libraries of a Node program do not declare it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly CompileError: new () => Error;
  readonly LinkError: new () => Error;
}

type Memory = InstanceType<WebAssemblyApi['Memory']>;

/** Checks objects and arrays of JSON with vector instructions, in a memory that the text is copied to. */
export class JsonVectors {
  private bytes: Buffer;
  private length = 0;

  private constructor(
    private readonly memory: Memory,
    private readonly loop: (at: number, level: number, most: number) => number,
  ) {
    this.bytes = Buffer.from(memory.buffer);
  }

  /** Undefined where there are no vector instructions, or a policy allows no code to be made at run time. */
  static open(): JsonVectors | undefined {
    const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyApi };
    if (WebAssembly === undefined) return undefined;
    try {
      const memory = new WebAssembly.Memory({ initial: 2 });
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(jsonModule()), { m: { m: memory } });
      return new JsonVectors(memory, (exports as { skip: (at: number, level: number, most: number) => number }).skip);
    } catch (error) {
      if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Takes the text that `skip` is asked about; it must be valid UTF-8. Answers whether there is memory for it. */
  load(text: Buffer): boolean {
    const { length } = text;
    const missing = BEGIN + length + MARGIN - this.bytes.length;
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE));
      } catch (error) {
        if (error instanceof RangeError) return false;
        throw error;
      }
      this.bytes = Buffer.from(this.memory.buffer);
    }
    this.bytes.set(text, BEGIN);
    this.bytes.fill(0, BEGIN + length, BEGIN + length + MARGIN);
    this.length = length;
    return true;
  }

  /**
   * The offset after the object or array at `at`, or -1 when it is no JSON or has more than `most` levels.
   * @param level how deep it lies itself.
   */
  skip(at: number, level: number, most: number): number {
    if (at < 0 || at >= this.length) return -1;
    const end = this.loop(BEGIN + at, level, most);
    return end < 0 ? -1 : end - BEGIN;
  }
}
