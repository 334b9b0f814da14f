import type { TraceNoteReason } from '../trace-entry';

/** Delivers the bytes of a log from its beginning. */
export interface ByteReader {
  /** Fills `into` from its start; fewer bytes than it holds mean the end. @throws {SourceError} when there are none */
  read(into: Uint8Array): Promise<number>;
  /** Why the end came early: the bytes before it were delivered. */
  readonly failure: SourceError | undefined;
  /** Bytes of the stored file that were used so far, for the progress. */
  readonly used: number;
  close(): Promise<void>;
}

/** A log that can be read from its beginning as often as needed. */
export interface ByteSource {
  readonly uri: string;
  readonly label: string;
  /** @throws {SourceError} when it cannot be read or is no text */
  open(): Promise<OpenSource>;
}

export interface OpenSource {
  readonly reader: ByteReader;
  readonly isCompressed: boolean;
  /** Stored bytes. */
  readonly size: number;
  /** Milliseconds since 1970, when known. */
  readonly modifiedAt?: number;
}

/** A log that cannot be read, or not to its end. The message names what was expected and received. */
export class SourceError extends Error {
  override readonly name = 'SourceError';

  constructor(
    readonly reason: TraceNoteReason,
    message: string,
  ) {
    super(message);
  }
}
