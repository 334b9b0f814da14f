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

/** What a file is that is no text, told by its first bytes. */
export type BinaryKind = 'zip' | 'zstd' | 'xz' | 'bzip2' | 'sqlite' | 'unknown';

/** Why a log cannot be read, or not to its end: what was expected and received. Sizes and places are in bytes. */
export type SourceFault =
  | { readonly reason: 'vanished' }
  /** `code` of the system call, empty where there is none. */
  | { readonly reason: 'unreadable'; readonly code: string; readonly detail: string }
  | { readonly reason: 'not-a-file'; readonly isFolder: boolean }
  | { readonly reason: 'shrunk'; readonly expected: number; readonly received: number }
  | { readonly reason: 'broken-gzip'; readonly detail: string; readonly bytes: number }
  | { readonly reason: 'binary'; readonly kind: BinaryKind; readonly isCompressed: boolean; readonly zeroAt: number }
  | { readonly reason: 'too-large'; readonly most: number; readonly size: number; readonly scheme: string };

/** A log that cannot be read, or not to its end. `describeFault` says it to people. */
export class SourceError extends Error {
  override readonly name = 'SourceError';

  constructor(readonly fault: SourceFault) {
    super(JSON.stringify(fault));
  }
}
