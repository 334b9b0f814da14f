import { type FileHandle, open } from 'node:fs/promises';
import { RecordingError, type RecordingEntry, type RecordingHeader, RecordingReader } from '../../core/index';
import { systemCode } from '../system-code';
import { fileProblem, RecordingFileError } from './recording-problem';

const CHUNK_BYTES = 1024 * 1024;
/** A body of the largest size, every byte of it escaped, and its fields. */
const LONGEST_LINE = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/** How far a task is, and how to end it early. */
export interface TaskControl {
  /** @param done and @param total in one unit, whichever the task counts in */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was read beside the entries. */
export interface ReadSummary {
  readonly header: RecordingHeader;
  /** The last line was cut short. */
  readonly cut: boolean;
  /** Entries of kinds that a later version writes. */
  readonly unknown: number;
}

/**
 * Reads a recording, one entry at a time, in bounded memory.
 * @param take gets each entry and where its line stands in the file, in bytes
 * @throws {RecordingError} when it is none
 * @throws {RecordingFileError} when it cannot be read
 * @throws the signal's reason when that fires
 */
export async function readRecording(path: string, take: (entry: RecordingEntry, at: number, length: number) => void, control: TaskControl = {}): Promise<ReadSummary> {
  const file = await openToRead(path);
  try {
    const { size } = await file.stat();
    const reader = new RecordingReader();
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    /** Where `rest` begins in the file. */
    let restAt = 0;
    for (let at = 0; ; ) {
      control.signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const bytes = rest.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        const entry = reader.line(bytes.toString('utf8', from, end));
        if (entry) take(entry, restAt + from, end - from);
        from = end + 1;
      }
      rest = Buffer.from(bytes.subarray(from));
      restAt += from;
      if (rest.length > LONGEST_LINE) throw new RecordingError('too_large', `expected lines of at most ${LONGEST_LINE} bytes, received a longer one`);
      control.progress?.(Math.min(at, size), size);
    }
    const last = rest.length === 0 ? undefined : reader.line(rest.toString(), false);
    if (last) take(last, restAt, rest.length);
    return { header: reader.header, cut: reader.cut, unknown: reader.unknown };
  } finally {
    await file.close();
  }
}

/** @throws {RecordingFileError} for a file that is larger, or cannot be read. */
export async function checkSize(path: string, mostBytes: number): Promise<void> {
  const file = await openToRead(path);
  try {
    const { size } = await file.stat();
    if (size > mostBytes) throw new RecordingFileError('too_large', `expected a file of at most ${mostBytes} bytes, received ${JSON.stringify(path)} with ${size}`);
  } finally {
    await file.close();
  }
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new RecordingFileError('not_found', `expected a file, received ${JSON.stringify(path)}, which does not exist`);
    throw fileProblem(error, path);
  }
  throw new RecordingFileError('not_found', `expected a file, received ${JSON.stringify(path)}, which is none`);
}
