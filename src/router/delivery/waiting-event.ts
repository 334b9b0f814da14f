/** An agent event that waits for a connection of its thread, or a dead letter. */
export interface WaitingEvent {
  /** The number of its delivery. */
  readonly seq: number;
  /** When it arrived, milliseconds since 1970. */
  readonly at: number;
  readonly type: string;
  readonly runId?: string;
  readonly threadId?: string;
  readonly agentName?: string;
  /** Why it was not delivered. */
  readonly reason: string;
  readonly expected?: string;
  readonly received?: string;
  /** The bytes that clients get. */
  readonly payload: Buffer;
}
