import { closeSync, openSync, readSync } from 'node:fs';
import { RecordingError, type RecordedFrame } from '../../../core/index';
import type { FrameInfo } from '../../../protocol/inspection';
import type { FrameStore } from '../../journal/frame-store';

/** Frames of one recording that are shown: their facts are held in memory. */
const MOST_FRAMES = 1_000_000;

/** The frames of a recording: facts in memory, bodies in the file. */
export class RecordingFrames implements FrameStore {
  readonly oldest = 1;
  private readonly infos: FrameInfo[] = [];
  /** Where the line of each frame stands in the file, in bytes. */
  private readonly places: number[] = [];
  private descriptor: number | undefined;

  /** @param startedAt milliseconds since 1970 */
  constructor(
    private readonly path: string,
    private readonly startedAt: number,
  ) {}

  get newest(): number {
    return this.infos.length;
  }

  /** Adds a frame that stands at a place of the file. @throws {RecordingError} when they become too many. */
  add(frame: RecordedFrame, at: number, length: number): FrameInfo {
    if (this.infos.length >= MOST_FRAMES) throw new RecordingError('too_large', `expected a recording of at most ${MOST_FRAMES} frames, received more`);
    const { t, direction, peer, connection, thread, run, type, bytes, outcome, delivery, recipients, edited, discarded, injected, misrouted } = frame;
    const info: FrameInfo = {
      seq: this.infos.length + 1, at: this.startedAt + t, direction, peer,
      ...(connection === undefined ? {} : { connectionId: connection }),
      ...(thread === undefined ? {} : { threadId: thread }),
      ...(run === undefined ? {} : { runId: run }),
      ...(type === undefined ? {} : { type }),
      bytes,
      ...(frame.base64 === undefined ? {} : { binary: true }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(delivery === undefined ? {} : { deliverySeq: delivery }),
      ...(recipients === undefined ? {} : { recipients }),
      ...(edited ? { edited } : {}),
      ...(discarded ? { discarded } : {}),
      ...(injected ? { injected } : {}),
      ...(misrouted ? { misrouted } : {}),
    };
    this.infos.push(info);
    this.places.push(at, length);
    return info;
  }

  info(seq: number): FrameInfo | undefined {
    return this.infos[seq - 1];
  }

  body(seq: number): { readonly bytes: Buffer; readonly truncated: boolean } | undefined {
    const at = this.places[2 * (seq - 1)];
    const length = this.places[2 * (seq - 1) + 1];
    if (at === undefined || length === undefined) return undefined;
    const line = Buffer.allocUnsafe(length);
    try {
      this.descriptor ??= openSync(this.path, 'r');
      readSync(this.descriptor, line, 0, length, at);
      // The line was checked when the frame was added; a file that was changed since is no longer one.
      const { text, base64, truncated = false } = JSON.parse(line.toString()) as RecordedFrame;
      return { bytes: base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64'), truncated };
    } catch {
      return undefined;
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
