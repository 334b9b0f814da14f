import type { FrameInfo } from '../../protocol/inspection';

/** Where frames can be looked up by their numbers: a journal, or a recording. */
export interface FrameStore {
  readonly oldest: number;
  readonly newest: number;
  info(seq: number): FrameInfo | undefined;
  /** The body, valid until the next call; undefined when it is gone. `truncated` when only its beginning was kept. */
  body(seq: number): { readonly bytes: Buffer; readonly truncated: boolean } | undefined;
}
