import { isUtf8 } from 'node:buffer';

/** Where frames go. */
export interface FrameSink {
  /** One whole text message, unmasked; its frame's header, which lies before it in its memory, may be written over. */
  text(payload: Buffer): void;
  /** One whole control frame, as it came. */
  control(frame: Buffer): void;
  /** Everything from here on, as it came: only this and no more is asked from now on. */
  rest(bytes: Buffer): void;
}

const FIN_TEXT = 0x81;
const FIN_CLOSE = 0x88;
const FIN_PING = 0x89;
const FIN_PONG = 0x8a;
const MASKED = 0x80;

/** Longest header of a masked frame (RFC 6455 section 5.2). */
const MAX_HEADER = 14;

/**
 * Reads the frames that agents usually send, whole text messages, where they lie in the chunks of the socket. Whatever
 * is unusual (fragments, binary frames, faults) is not judged here but handed on untouched, with all that follows it.
 */
export class MaskedFrames {
  /** The beginning of a frame whose end has not arrived; with its full size once that is known. */
  private held: Buffer = NOTHING;
  private heldBytes = 0;
  private givenUp = false;

  /** @param maxPayload size from which on a message is left to others, in bytes. */
  constructor(
    private readonly sink: FrameSink,
    private readonly maxPayload: number,
  ) {}

  /** Takes what came next from the socket. The bytes are unmasked in place. */
  take(chunk: Buffer): void {
    let at = 0;
    if (this.givenUp) {
      this.sink.rest(chunk);
      return;
    }
    if (this.heldBytes > 0) {
      at = this.complete(chunk);
      if (at < 0) return;
    }
    while (at < chunk.length) {
      const size = this.frameSize(chunk, at, chunk.length);
      if (size < 0) {
        this.giveUp(chunk.subarray(at));
        return;
      }
      if (size === 0 || at + size > chunk.length) {
        this.hold(chunk, at, size);
        return;
      }
      if (!this.frame(chunk, at, size)) {
        this.giveUp(chunk.subarray(at));
        return;
      }
      at += size;
    }
  }

  /** Fills the held frame up from the chunk; answers how much of it that took, or -1 when the chunk is used up. */
  private complete(chunk: Buffer): number {
    let at = 0;
    for (;;) {
      const size = this.frameSize(this.held, 0, this.heldBytes);
      if (size < 0) {
        this.giveUp(chunk.subarray(at));
        return -1;
      }
      if (size > this.held.length) this.makeRoom(size);
      const wanted = (size === 0 ? this.heldBytes + 1 : size) - this.heldBytes;
      if (size > 0 && wanted === 0) {
        const { held } = this;
        this.held = NOTHING;
        this.heldBytes = 0;
        if (this.frame(held, 0, size)) return at;
        this.giveUp(Buffer.concat([held, chunk.subarray(at)]));
        return -1;
      }
      if (at >= chunk.length) return -1;
      const copied = chunk.copy(this.held, this.heldBytes, at, Math.min(chunk.length, at + wanted));
      this.heldBytes += copied;
      at += copied;
    }
  }

  private hold(chunk: Buffer, at: number, size: number): void {
    this.heldBytes = chunk.length - at;
    this.held = Buffer.allocUnsafeSlow(Math.max(size, MAX_HEADER));
    chunk.copy(this.held, 0, at);
  }

  private makeRoom(size: number): void {
    const held = Buffer.allocUnsafeSlow(size);
    this.held.copy(held, 0, 0, this.heldBytes);
    this.held = held;
  }

  private giveUp(rest: Buffer): void {
    this.givenUp = true;
    const bytes = this.heldBytes === 0 ? rest : Buffer.concat([this.held.subarray(0, this.heldBytes), rest]);
    this.held = NOTHING;
    this.heldBytes = 0;
    if (bytes.length > 0) this.sink.rest(bytes);
  }

  /** Bytes of the frame at `at`: 0 while its header is incomplete, -1 when it is none that is read here. */
  private frameSize(bytes: Buffer, at: number, end: number): number {
    const first = bytes[at];
    if (first !== FIN_TEXT && first !== FIN_PING && first !== FIN_PONG && first !== FIN_CLOSE) return -1;
    if (end - at < 2) return 0;
    const second = bytes[at + 1] ?? 0;
    if ((second & MASKED) === 0) return -1;
    const short = second & 0x7f;
    if (short < 126) return 6 + short;
    if (first !== FIN_TEXT) return -1;
    if (short === 126) {
      if (end - at < 4) return 0;
      const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
      return length > this.maxPayload ? -1 : 8 + length;
    }
    if (end - at < 10) return 0;
    if (bytes.readUInt32BE(at + 2) !== 0) return -1;
    const length = bytes.readUInt32BE(at + 6);
    return length > this.maxPayload ? -1 : 14 + length;
  }

  /** Hands on one whole frame; false for one after which others have to go on. */
  private frame(bytes: Buffer, at: number, size: number): boolean {
    const first = bytes[at];
    if (first === FIN_CLOSE) return false;
    if (first !== FIN_TEXT) {
      this.sink.control(bytes.subarray(at, at + size));
      return true;
    }
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const header = short < 126 ? 6 : short === 126 ? 8 : 14;
    const payload = bytes.subarray(at + header, at + size);
    unmask(bytes, at + header - 4, payload);
    if (!isUtf8(payload)) {
      unmask(bytes, at + header - 4, payload);
      return false;
    }
    this.sink.text(payload);
    return true;
  }
}

const NOTHING = Buffer.alloc(0);

/** RFC 6455 section 5.3, in place and its own inverse; four bytes at a time where they lie as the machine likes them. */
function unmask(bytes: Buffer, maskAt: number, payload: Buffer): void {
  const { length } = payload;
  const mask = [bytes[maskAt] ?? 0, bytes[maskAt + 1] ?? 0, bytes[maskAt + 2] ?? 0, bytes[maskAt + 3] ?? 0] as const;
  const [m0, m1, m2, m3] = mask;
  if ((m0 | m1 | m2 | m3) === 0) return;
  const lead = Math.min(length, (4 - (payload.byteOffset & 3)) & 3);
  let at = 0;
  for (; at < lead; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  const count = (length - lead) >>> 2;
  if (count > 0) {
    const words = new Int32Array(payload.buffer, payload.byteOffset + lead, count);
    turned[0] = mask[lead & 3] ?? 0;
    turned[1] = mask[(lead + 1) & 3] ?? 0;
    turned[2] = mask[(lead + 2) & 3] ?? 0;
    turned[3] = mask[(lead + 3) & 3] ?? 0;
    const word = turnedWord[0] ?? 0;
    for (let index = 0; index < count; index++) words[index] = (words[index] as number) ^ word;
    at += count * 4;
  }
  for (; at < length; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
}

/** The mask as it stands at a word's first byte, and the same as a word of this machine. */
const turned = new Uint8Array(4);
const turnedWord = new Int32Array(turned.buffer);
