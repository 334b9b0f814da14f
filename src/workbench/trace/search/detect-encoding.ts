import { type BinaryKind, SourceError, type ByteReader } from './byte-source';
import { GunzipReader, Utf16Reader } from './decoders';

/** Looked at to tell text from binary data. */
const HEAD = 4096;

/** A reader of which the first bytes were looked at already. */
class PeekedReader implements ByteReader {
  private offset = 0;

  constructor(
    private readonly head: Uint8Array,
    private readonly below: ByteReader,
  ) {}

  get used(): number {
    return this.below.used;
  }

  get failure(): SourceError | undefined {
    return this.below.failure;
  }

  async read(into: Uint8Array): Promise<number> {
    const part = this.head.subarray(this.offset, this.offset + into.length);
    into.set(part);
    this.offset += part.length;
    if (part.length === into.length) return part.length;
    return part.length + (await this.below.read(into.subarray(part.length)));
  }

  close(): Promise<void> {
    return this.below.close();
  }
}

/**
 * A reader of UTF-8 text over whatever the bytes are: text, UTF-16 with its mark, gzip by its first two bytes whatever
 * the file's name is.
 * @throws {SourceError} `binary`, when it is no text
 */
export async function asText(raw: ByteReader): Promise<{ reader: ByteReader; isCompressed: boolean }> {
  const first = await peek(raw);
  const isCompressed = first.head[0] === 0x1f && first.head[1] === 0x8b;
  const { head, reader } = isCompressed ? await peek(new GunzipReader(first.reader)) : first;
  if (head[0] === 0xff && head[1] === 0xfe) return { reader: new Utf16Reader(reader, 'utf-16le'), isCompressed };
  if (head[0] === 0xfe && head[1] === 0xff) return { reader: new Utf16Reader(reader, 'utf-16be'), isCompressed };
  const zeroAt = head.indexOf(0);
  if (zeroAt >= 0) throw new SourceError({ reason: 'binary', kind: binaryKind(head), isCompressed, zeroAt });
  return { reader, isCompressed };
}

async function peek(below: ByteReader): Promise<{ head: Uint8Array; reader: ByteReader }> {
  const head = new Uint8Array(HEAD);
  const length = await below.read(head);
  return { head: head.subarray(0, length), reader: new PeekedReader(head.subarray(0, length), below) };
}

const SIGNATURES: readonly (readonly [kind: BinaryKind, bytes: readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['sqlite', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
];

function binaryKind(head: Uint8Array): BinaryKind {
  return SIGNATURES.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte))?.[0] ?? 'unknown';
}
