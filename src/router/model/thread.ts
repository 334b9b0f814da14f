import type { ThreadInfo, ThreadState } from '../../protocol/inspection';
import type { Connection } from './connection';
import type { Failure } from '../delivery/delivery-log';
import type { WaitingEvent } from '../delivery/waiting-event';

/** A thread, as far as the router knows it: who listens and what waits. */
export class Thread {
  /** Open connections on it, in the order in which they joined. */
  readonly connections = new Set<Connection>();
  /** How many of `connections` read too slowly to be given events. */
  slow = 0;
  /** Oldest first; undefined while nothing ever waited, which saves the memory of most threads. */
  waiting: WaitingEvent[] | undefined;
  waitingBytes = 0;
  delivered = 0;
  failed = 0;
  lastEventAt: number | undefined;
  /** When the first event came that nobody received, since the thread was last live. */
  missedSince: number | undefined;
  /** The user of the connections on it, while it is one. */
  user: string | undefined;
  /** Whether different users are on it. */
  shared = false;
  /** Events that are framed and written at the end of the turn, see TurnWriter. */
  pending: Buffer[] = NOTHING;
  /** Set while the change is not yet told to who watches. */
  dirty = false;
  /** Set with `dirty` when more than figures changed. */
  moved = false;
  /** Why nobody gets its events, and the presence (see RouterModel) for which that was said. */
  absence: { readonly presence: number; readonly failure: Failure } | undefined;

  constructor(
    readonly id: string,
    /** Grows with each thread; the cursor of pages. */
    readonly ordinal: number,
  ) {}

  get state(): ThreadState {
    if (this.connections.size > 0) return 'live';
    return this.waitingCount > 0 ? 'waiting' : 'idle';
  }

  get waitingCount(): number {
    return this.waiting?.length ?? 0;
  }

  /** Connections that would be given an event now. */
  get readers(): number {
    return this.connections.size - this.slow;
  }

  info(): ThreadInfo {
    return {
      id: this.id,
      state: this.state,
      connections: this.connections.size,
      waiting: this.waitingCount,
      delivered: this.delivered,
      failed: this.failed,
      ...(this.lastEventAt === undefined ? {} : { lastEventAt: this.lastEventAt }),
    };
  }
}

/** The one empty list that threads without pending events share. */
export const NOTHING: Buffer[] = [];
