import type { FrameParts } from '../journal/journal';
import type { Connection } from './connection';

/** Who is told everything that happens, as it happens. Body buffers are valid during the call only. */
export interface TrafficSink {
  /** A connection is new, or has another name now. */
  appeared(connection: Connection): void;
  disappeared(connectionId: string): void;
  associated(connection: Connection, threadId: string, what: 'associated' | 'dissociated', how: string): void;
  frame(direction: 'in' | 'out', peer: 'client' | 'agent', at: number, body: Buffer, parts: FrameParts): void;
  /** An agent event as it came in, and, when it went to somebody, as it went out: often the same bytes. */
  event(at: number, received: Buffer, sent: Buffer, parts: FrameParts, recipients: number): void;
  /** What became of a delivery changed. */
  delivery(seq: number): void;
}
