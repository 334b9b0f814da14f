import type { Dialect, Priority, ResolutionSource } from '../core/resolution/resolution';

/** What became of an agent event (DESIGN 4.2). `rejected`: it was no valid event; `undeliverable`: it has no thread, or may not wait. */
export type DeliveryOutcome = 'delivered' | 'queued' | 'undeliverable' | 'rejected';

export const DELIVERY_OUTCOMES: readonly DeliveryOutcome[] = ['delivered', 'queued', 'undeliverable', 'rejected'];

/** The resolution in short, as it stands in a receipt. */
export interface ResolutionSummary {
  readonly source?: ResolutionSource;
  readonly priority?: Priority;
  readonly pattern?: string;
  readonly dialect: Dialect;
  readonly error?: string;
}

/** A live thread whose name is close to the one that was asked for. */
export interface NearMiss {
  readonly thread_id: string;
  /** Open connections on that thread. */
  readonly connections: number;
  /** Why it is thought to be close, e.g. "1 character away", "without the thread_ prefix". */
  readonly why: string;
}

/** The router's answer to an agent event that carried a `request_id` (DESIGN 4.2). */
export interface DeliveryReceipt {
  readonly type: 'delivery_receipt';
  readonly request_id?: string | number;
  readonly outcome: DeliveryOutcome;
  readonly run_id?: string;
  readonly thread_id?: string;
  /** Connections the event was handed to. */
  readonly connections: number;
  readonly resolution?: ResolutionSummary;
  /** Sentences for people; present unless delivered, and whenever a behaviour of the original or a fault made a difference. */
  readonly reason?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly near_misses?: readonly NearMiss[];
}
