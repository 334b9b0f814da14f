/**
 * Memory for the newest bodies, one block that is written round and round. Copying a body is cheaper than keeping the
 * buffer it came in: that would hold whole chunks of the socket, and each would live until a full garbage collection.
 */
export class BodyArena {
  private block: Buffer | undefined;
  private written = 0;

  constructor(private readonly capacity: number) {}

  /** Copies up to `length` bytes and answers their place. */
  put(body: Buffer, length: number): number {
    const size = Math.min(length, body.length, this.capacity);
    // Untouched pages of the block cost no memory, so it is made whole at the first use.
    this.block ??= Buffer.allocUnsafeSlow(this.capacity);
    let offset = this.written % this.capacity;
    if (offset + size > this.capacity) {
      this.written += this.capacity - offset;
      offset = 0;
    }
    const at = this.written;
    this.block.set(size === body.length ? body : body.subarray(0, size), offset);
    this.written += size;
    return at;
  }

  /** A view of a body, valid until the next `put`; undefined when it was written over. */
  get(at: number, length: number): Buffer | undefined {
    if (!this.block || at < this.written - this.capacity) return undefined;
    const offset = at % this.capacity;
    return this.block.subarray(offset, offset + length);
  }
}
