import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { messageOf } from '../../../core/message-of';
import { SourceError, type ByteReader } from './byte-source';

const CHUNK = 1 << 18;

/** Chunks of any size as a reader. */
abstract class ChunkReader implements ByteReader {
  private rest: Uint8Array = new Uint8Array(0);
  private ended = false;
  private brokenBy: SourceError | undefined;

  get failure(): SourceError | undefined {
    return this.brokenBy ?? this.below.failure;
  }

  constructor(protected readonly below: ByteReader) {}

  get used(): number {
    return this.below.used;
  }

  async read(into: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < into.length) {
      if (this.rest.length === 0) {
        const next = this.ended ? undefined : await this.nextOrEnd(filled);
        if (next === undefined) {
          this.ended = true;
          break;
        }
        this.rest = next;
      }
      const part = this.rest.subarray(0, into.length - filled);
      into.set(part, filled);
      filled += part.length;
      this.rest = this.rest.subarray(part.length);
    }
    return filled;
  }

  async close(): Promise<void> {
    await this.below.close();
  }

  /** What came before a failure is not lost: the failure is the end of it. */
  private async nextOrEnd(filled: number): Promise<Uint8Array | undefined> {
    try {
      return await this.next();
    } catch (error) {
      if (!(error instanceof SourceError) || filled === 0) throw error;
      this.brokenBy = error;
      return undefined;
    }
  }

  /** The next bytes, or undefined at the end. */
  protected abstract next(): Promise<Uint8Array | undefined>;
}

async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    // Each its own memory: the decompressor may still hold the one before.
    const chunk = new Uint8Array(CHUNK);
    const length = await reader.read(chunk);
    if (length > 0) yield chunk.subarray(0, length);
    if (length < CHUNK) return;
  }
}

/** Decompresses gzip (RFC 1952), several members one after the other too. */
export class GunzipReader extends ChunkReader {
  private readonly gunzip = createGunzip({ chunkSize: CHUNK });
  private readonly source: Readable;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private bytes = 0;

  constructor(below: ByteReader) {
    super(below);
    this.source = Readable.from(chunksOf(below), { objectMode: false });
    // An error of the file is an error of what is made of it.
    this.source.on('error', (error) => this.gunzip.destroy(error));
    this.chunks = this.source.pipe(this.gunzip)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  override async close(): Promise<void> {
    this.source.destroy();
    this.gunzip.destroy();
    await super.close();
  }

  protected async next(): Promise<Uint8Array | undefined> {
    try {
      const { value, done } = await this.chunks.next();
      if (done === true) return undefined;
      this.bytes += value.length;
      return value;
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const detail = messageOf(error);
      throw new SourceError({ reason: 'broken-gzip', detail, bytes: this.bytes });
    }
  }
}

/** Turns UTF-16, as Windows shells write when they redirect, into UTF-8. */
export class Utf16Reader extends ChunkReader {
  private readonly decoder: InstanceType<typeof TextDecoder>;
  private readonly raw = new Uint8Array(CHUNK);
  private finished = false;

  constructor(below: ByteReader, encoding: 'utf-16le' | 'utf-16be') {
    super(below);
    this.decoder = new TextDecoder(encoding);
  }

  protected async next(): Promise<Uint8Array | undefined> {
    if (this.finished) return undefined;
    const length = await this.below.read(this.raw);
    this.finished = length < this.raw.length;
    return Buffer.from(this.decoder.decode(this.raw.subarray(0, length), { stream: !this.finished }));
  }
}
