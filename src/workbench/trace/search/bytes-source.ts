import type { ByteReader, ByteSource, OpenSource } from './byte-source';
import { asText } from './detect-encoding';

class BytesReader implements ByteReader {
  used = 0;
  readonly failure = undefined;

  constructor(private readonly bytes: Uint8Array) {}

  read(into: Uint8Array): Promise<number> {
    const part = this.bytes.subarray(this.used, this.used + into.length);
    into.set(part);
    this.used += part.length;
    return Promise.resolve(part.length);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A log that comes as a whole: an open document, a file of a virtual workspace. */
export class BytesSource implements ByteSource {
  /** @param load gives all bytes; asked at each opening. @throws {SourceError} */
  constructor(
    readonly uri: string,
    readonly label: string,
    private readonly load: () => Promise<Uint8Array>,
  ) {}

  async open(): Promise<OpenSource> {
    const bytes = await this.load();
    return { ...(await asText(new BytesReader(bytes))), size: bytes.length };
  }
}
