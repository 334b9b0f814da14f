import type { Connection } from '../model/connection';
import { NOTHING, type Thread } from '../model/thread';
import { frameHeaderBytes, writeTextFrame } from './server-frame';

/** Events of one turn that go to one thread, framed. */
interface Batch {
  readonly thread: Thread;
  readonly bytes: Buffer;
  readonly events: number;
  /** Of the events alone. */
  readonly payloadBytes: number;
}

/** What became of a batch at one connection. */
export interface WriteWatcher {
  /** So many events were handed to the connection's socket. @param bytes of the events, without what frames them */
  wrote(connection: Connection, thread: Thread, events: number, bytes: number): void;
  /** The connection is slow, so the events were not handed to it. */
  dropped(connection: Connection, thread: Thread, events: number): void;
}

/** A flush is due at the latest when this many bytes wait, so that a turn cannot grow without bound. */
export const MAX_PENDING_BYTES = 4 * 1024 * 1024;

const MIN_BLOCK_BYTES = 64 * 1024;
const MAX_KEPT_BLOCK_BYTES = 8 * 1024 * 1024;

/**
 * Gathers what a turn of the event loop sends and writes it at its end: each event is framed once for all its
 * connections, each socket is written once. Who ends a turn calls `flush`; nothing waits for a timer.
 */
export class TurnWriter {
  private threads: Thread[] = [];
  /** Threads in the order of their events, for connections that get events of several. */
  private order: Thread[] = [];
  private bytes = 0;
  private turn = 0;
  /** Where frames are laid out; kept while sockets take everything at once, as they usually do. */
  private block: Buffer | undefined;

  constructor(private readonly watcher: WriteWatcher) {}

  /** Sends an event to everybody on the thread at the end of the turn. */
  add(thread: Thread, payload: Buffer): void {
    if (thread.pending === NOTHING) {
      thread.pending = [];
      this.threads.push(thread);
    }
    const bytes = frameHeaderBytes(payload.length) + payload.length;
    thread.pending.push(payload);
    this.order.push(thread);
    this.bytes += bytes;
    if (this.bytes > MAX_PENDING_BYTES) this.flush();
  }

  /** Writes everything gathered. Cheap when there is nothing. */
  flush(): void {
    if (this.threads.length === 0) return;
    const { threads, order } = this;
    this.threads = [];
    this.order = [];
    const turn = ++this.turn;
    let several = false;
    for (const thread of threads) {
      for (const connection of thread.connections) {
        if (connection.turn === turn) {
          connection.turnThread = undefined;
          several = true;
        } else {
          connection.turn = turn;
          connection.turnThread = thread;
        }
      }
    }
    const batches = this.frame(threads);
    let unsent = 0;
    for (const batch of batches) {
      const { thread, bytes, events, payloadBytes } = batch;
      for (const connection of thread.connections) {
        if (connection.turnThread !== thread || connection.turn !== turn) continue;
        if (connection.slow) {
          this.watcher.dropped(connection, thread, events);
          continue;
        }
        const { socket } = connection;
        if (socket.writable) socket.write(bytes);
        unsent += socket.writableLength;
        this.watcher.wrote(connection, thread, events, payloadBytes);
      }
    }
    if (several) this.writeMixed(batches, order, turn);
    // What no socket still holds on to, the next turn writes over.
    if (unsent > 0) this.block = undefined;
  }

  /** Frames each thread's events into one piece of one block. */
  private frame(threads: readonly Thread[]): Batch[] {
    const block = this.blockFor(this.bytes);
    this.bytes = 0;
    let at = 0;
    const batches: Batch[] = [];
    for (const thread of threads) {
      const from = at;
      const { pending } = thread;
      let payloadBytes = 0;
      for (const payload of pending) {
        at = writeTextFrame(block, at, payload);
        payloadBytes += payload.length;
      }
      batches.push({ thread, bytes: block.subarray(from, at), events: pending.length, payloadBytes });
      thread.pending = NOTHING;
    }
    return batches;
  }

  private blockFor(bytes: number): Buffer {
    if (this.block && this.block.length >= bytes) return this.block;
    const block = Buffer.allocUnsafeSlow(Math.max(MIN_BLOCK_BYTES, bytes));
    this.block = bytes <= MAX_KEPT_BLOCK_BYTES ? block : undefined;
    return block;
  }

  /** Connections that get events of several threads: theirs are put together in the order in which they came. */
  private writeMixed(batches: readonly Batch[], order: readonly Thread[], turn: number): void {
    const mixed = new Set<Connection>();
    for (const { thread } of batches) {
      for (const connection of thread.connections) {
        if (connection.turn === turn && connection.turnThread === undefined) mixed.add(connection);
      }
    }
    const frames = new Map(batches.map(({ thread, bytes }) => [thread, splitFrames(bytes)]));
    for (const connection of mixed) {
      const next = new Map<Thread, number>();
      const parts: Buffer[] = [];
      for (const thread of order) {
        if (!thread.connections.has(connection)) continue;
        const index = next.get(thread) ?? 0;
        next.set(thread, index + 1);
        const frame = frames.get(thread)?.[index];
        if (frame) parts.push(frame);
      }
      const { slow } = connection;
      if (!slow && connection.socket.writable) connection.socket.write(Buffer.concat(parts));
      for (const { thread, events, payloadBytes } of batches) {
        if (!thread.connections.has(connection)) continue;
        if (slow) this.watcher.dropped(connection, thread, events);
        else this.watcher.wrote(connection, thread, events, payloadBytes);
      }
    }
  }
}

/** Cuts a row of unmasked frames. */
function splitFrames(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    frames.push(bytes.subarray(at, at + header + length));
    at += header + length;
  }
  return frames;
}
