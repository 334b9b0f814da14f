import type { FrameParts } from '../journal/journal';
import type { Connection } from './connection';

/** Who is told everything that happens, as it happens. Body buffers are valid during the call only. */
export interface TrafficSink {
  /** A connection is new, or has another name now. */
  appeared(connection: Connection): void;
  disappeared(connectionId: string): void;
  associated(connection: Connection, threadId: string, what: 'associated' | 'dissociated', how: string): void;
  frame(direction: 'in' | 'out', peer: 'client' | 'agent', at: number, body: Buffer, parts: FrameParts): void;
  /** What became of a delivery changed. */
  delivery(seq: number): void;
}
