import { closeSync, constants, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { fileProblem } from './recording-problem';

const MODE = 0o600;

/** How a file writes; tests put a full disk in its place. */
export type Write = (descriptor: number, bytes: Buffer, offset: number, length: number) => number;

/**
 * A file that did not exist before and that only its owner may read (SECURITY 15): an existing one, or a link, is never
 * written to. It holds whole pieces only, even when the disk gets full in the middle of one.
 */
export class NewFile {
  private size = 0;
  private descriptor: number | undefined;

  /** @throws {RecordingFileError} when it exists, or cannot be made. */
  constructor(
    readonly path: string,
    private readonly write: Write = writeSync,
  ) {
    try {
      this.descriptor = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0), MODE);
    } catch (error) {
      throw fileProblem(error, path);
    }
  }

  get bytes(): number {
    return this.size;
  }

  /** Appends a piece, wholly or not at all. @throws {RecordingFileError} when the disk refuses. */
  append(text: string): void {
    const { descriptor } = this;
    if (descriptor === undefined) return;
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += this.write(descriptor, bytes, written, bytes.length - written);
      this.size += bytes.length;
    } catch (error) {
      try {
        ftruncateSync(descriptor, this.size);
      } catch {
        // Readers pass over a last line that was cut short.
      }
      throw fileProblem(error, this.path);
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  /** Closes and deletes it: what was begun is of no use. */
  discard(): void {
    this.close();
    unlinkSync(this.path);
  }
}
