/**
 * The durable side of the router's model. The router keeps everything it needs in memory and reads a store once, at
 * start; from then on it tells the store what changed. Calls are synchronous. What was written before a `commit` is on
 * disk when `commit` returns; what the router acknowledges to anyone it has committed before.
 */

/** A registration of a run: a row of the registry (DOMAIN 3). Times are milliseconds since 1970. */
export interface RegistrationRow {
  readonly runId: string;
  readonly threadId: string;
  readonly createdAt: number;
  readonly lastAccessedAt: number;
  readonly accessCount: number;
  /** Survives JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * `waiting`: waits for a connection of its thread. `handing_over`: was about to be written to sockets; found at
 * start it means that nobody knows whether it arrived, so it is never sent again by itself. `dead`: a dead letter.
 */
export type StoredEventState = 'waiting' | 'handing_over' | 'dead';

/** An agent event that was not delivered, kept for later. */
export interface StoredEvent {
  /** The number of its delivery; unique, growing, also across restarts. */
  readonly seq: number;
  readonly state: StoredEventState;
  /** When it arrived, milliseconds since 1970. */
  readonly at: number;
  readonly type: string;
  readonly runId?: string;
  readonly threadId?: string;
  readonly agentName?: string;
  /** Why it was not delivered, one sentence. */
  readonly reason: string;
  readonly expected?: string;
  readonly received?: string;
  /** The event's bytes as they go to clients. */
  readonly payload: Uint8Array;
}

/** A connection joined or left a thread. */
export interface AssociationRow {
  readonly at: number;
  readonly connectionId: string;
  readonly userId?: string;
  readonly threadId: string;
  readonly what: 'associated' | 'dissociated';
  /** By what: `url`, `subscribe`, `switch_thread`, the type of the message that named the thread, `closing` … */
  readonly how: string;
}

export interface StoreContents {
  /** Oldest `createdAt` first. */
  readonly registrations: readonly RegistrationRow[];
  /** By `seq`. */
  readonly events: readonly StoredEvent[];
  /** The greatest `seq` ever stored, 0 for none. */
  readonly lastSeq: number;
}

export interface AssociationQuery {
  readonly connectionId?: string;
  readonly threadId?: string;
  readonly limit: number;
}

export interface Store {
  /** Where changes go now: a store in a file is `memory` while the disk refuses them, see `commit`. */
  readonly kind: 'memory' | 'sqlite';
  /** Why this is a memory store although a file was asked for, or that a damaged file was set aside. */
  readonly notice?: string | undefined;
  /** Calls the listener whenever `kind` or `notice` has changed. */
  onChange(listener: () => void): void;

  /** What the store held when it was opened; asked for once, at start. */
  load(): StoreContents;

  /** Inserts or replaces the row of its run. */
  putRegistration(row: RegistrationRow): void;
  removeRegistration(runId: string): void;

  /** Inserts or replaces the event of its `seq`. */
  putEvent(event: StoredEvent): void;
  /** Changes state and reason without writing the payload again. Unknown numbers are ignored. */
  markEvents(seqs: readonly number[], state: StoredEventState, reason?: string): void;
  removeEvents(seqs: readonly number[]): void;

  /** Adds to the log, which keeps a bounded number of the newest rows. */
  appendAssociation(row: AssociationRow): void;
  /** Newest first. */
  associations(query: AssociationQuery): readonly AssociationRow[];

  /**
   * Makes everything written so far durable. Cheap when nothing was written. When the disk begins to refuse, throws
   * `StorageError` once, for the caller to tell: nothing of this commit may be acknowledged as durable. From then on the store is a memory
   * store, `kind` and `notice` say so and `commit` returns as that of a memory store does, but it keeps what is not on
   * disk, tries again every few seconds (within `commit` and `close`), and is `sqlite` again when that succeeds.
   */
  commit(): void;
  /** Commits and lets the file go. Idempotent. */
  close(): void;
}

export type StoreLog = (level: 'info' | 'warn' | 'error', message: string) => void;
