import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SourceError, type ByteReader, type ByteSource, type OpenSource } from './byte-source';
import { asText } from './detect-encoding';

/** Absent on Windows, where no file is such a pipe. */
const FLAGS = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

class FileReader implements ByteReader {
  used = 0;
  failure: SourceError | undefined;

  constructor(
    private readonly file: FileHandle,
    /** Read so far and no further: a log may grow faster than it is read. */
    private readonly size: number,
  ) {}

  async read(into: Uint8Array): Promise<number> {
    let filled = 0;
    const wanted = Math.min(into.length, this.size - this.used);
    while (filled < wanted) {
      const { bytesRead } = await this.file.read(into, filled, wanted - filled, this.used);
      if (bytesRead === 0) {
        this.failure = new SourceError({ reason: 'shrunk', expected: this.size, received: this.used });
        break;
      }
      filled += bytesRead;
      this.used += bytesRead;
    }
    return filled;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** What a failed system call means for whoever wants to read the log. */
export function toSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const { code = '', message: detail = String(error) } = error as Partial<NodeJS.ErrnoException>;
  return new SourceError(code === 'ENOENT' ? { reason: 'vanished' } : { reason: 'unreadable', code, detail });
}

/** A file of this machine, read as a stream. */
export class FileSource implements ByteSource {
  constructor(
    readonly path: string,
    readonly uri: string,
    readonly label: string,
  ) {}

  async open(): Promise<OpenSource> {
    let file: FileHandle | undefined;
    try {
      // Opening a pipe that nobody writes to would wait for ever; with this flag it does not.
      file = await open(this.path, FLAGS);
      const stats = await file.stat();
      if (!stats.isFile()) throw new SourceError({ reason: 'not-a-file', isFolder: stats.isDirectory() });
      const opened = await asText(new FileReader(file, stats.size));
      return { ...opened, size: stats.size, modifiedAt: stats.mtimeMs };
    } catch (error) {
      await file?.close().catch(() => undefined);
      throw toSourceError(error);
    }
  }
}
