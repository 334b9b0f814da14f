const FIN_TEXT = 0x81;

/** Bytes of the header of an unmasked frame with that many bytes of payload (RFC 6455 section 5.2). */
export function frameHeaderBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

/**
 * Writes one unmasked, final text frame (RFC 6455 section 5.2) at `offset` and returns the offset after it. The caller
 * has made room for `frameHeaderBytes(payload.length) + payload.length` bytes.
 */
export function writeTextFrame(target: Buffer, offset: number, payload: Buffer): number {
  const size = payload.length;
  target[offset] = FIN_TEXT;
  let at = offset + 2;
  if (size < 126) target[offset + 1] = size;
  else if (size < 65_536) {
    target[offset + 1] = 126;
    target[offset + 2] = size >>> 8;
    target[offset + 3] = size & 0xff;
    at = offset + 4;
  } else {
    target[offset + 1] = 127;
    target.writeUInt32BE(Math.floor(size / 0x1_0000_0000), offset + 2);
    target.writeUInt32BE(size % 0x1_0000_0000, offset + 6);
    at = offset + 10;
  }
  target.set(payload, at);
  return at + size;
}

/** One text as an unmasked frame. */
export function textFrame(payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes(payload.length) + payload.length);
  writeTextFrame(frame, 0, payload);
  return frame;
}
