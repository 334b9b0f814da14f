import type { Profile } from '../behaviour/behaviour';
import type { Severity } from '../diagnosis/diagnosis';
import type { Dialect } from '../resolution/resolution';
import type { Outcome, VariantName } from './scenario';

/** What came of a scenario: plain data, for people (`renderReport`), for programs (`--json`) and for tests. Times are milliseconds. */
export interface ScenarioReport {
  readonly version: 1;
  readonly name: string;
  readonly description?: string;
  readonly fault?: string;
  /** Every variant went as its expectations say. */
  readonly passed: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly variants: readonly VariantReport[];
}

export interface VariantReport {
  /** Absent for a scenario without variants. */
  readonly variant?: VariantName;
  readonly description?: string;
  readonly passed: boolean;
  /** Why it did not run to its end. */
  readonly problem?: string;
  readonly durationMs: number;
  /** `profile`: the one that has exactly these behaviours. `faults`: how many rules of delivery faults. */
  readonly router: { readonly dialect: Dialect; readonly profile?: Profile; readonly behaviours: readonly string[]; readonly faults: number };
  /** The IDs as they were minted. */
  readonly ids: Readonly<Record<string, string>>;
  readonly clients: readonly ClientReport[];
  readonly events: readonly SentEvent[];
  /** What happened beside the events, in order. */
  readonly moments: readonly Moment[];
  /** How the deliveries ended. */
  readonly deliveries: { readonly [O in Outcome]: number };
  /** The thread of each run that was named, at the end. */
  readonly registry: Readonly<Record<string, string | null>>;
  readonly assertions: readonly Assertion[];
  /** The lines that the backend of the original system would have written. */
  readonly log: readonly string[];
  readonly diagnoses: readonly FoundFault[];
}

/** One thing that was expected. */
export interface Assertion {
  /** Where it stands in the expectations, e.g. `clients.tab.receives`. */
  readonly path: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly received: string;
}

/** One event that an agent sent, and what the router answered. `at` counts from the beginning. */
export interface SentEvent {
  /** From 1, in the order of sending. */
  readonly number: number;
  readonly at: number;
  readonly type: string;
  readonly runId: string;
  readonly agent: string;
  readonly bytes: number;
  /** Missing when none came. */
  readonly receipt?: ReceiptReport;
  /** What became of it at the end, where that is not what the receipt said. */
  readonly final?: Pick<ReceiptReport, 'outcome' | 'connections' | 'reason'>;
}

export interface ReceiptReport {
  readonly outcome: Outcome;
  readonly threadId?: string;
  readonly connections: number;
  readonly source?: string;
  readonly pattern?: string;
  readonly reason?: string;
  readonly expected?: string;
  readonly received?: string;
}

/** A virtual client and what reached it. */
export interface ClientReport {
  readonly name: string;
  readonly userId?: string;
  /** Of each time it connected. */
  readonly connectionIds: readonly string[];
  readonly open: boolean;
  readonly closeCode?: number;
  readonly closeReason?: string;
  /** At the end. */
  readonly threads: readonly string[];
  readonly received: readonly Arrival[];
  /** How many more events came than are listed. */
  readonly omitted: number;
}

/** An agent event that reached a client. */
export interface Arrival {
  readonly at: number;
  /** As it stood on the wire. */
  readonly type: string;
  readonly runId: string;
  /** The number of the event that was sent. */
  readonly event?: number;
  /** Since its agent sent it. */
  readonly latencyMs?: number;
}

/** Something that happened beside the events. `at` counts from the beginning, on the router's clock. */
export type Moment = { readonly at: number } & (
  | { readonly what: 'connected'; readonly client: string; readonly connectionId: string; readonly userId?: string }
  /** `all`: every connection that the user has moved. */
  | { readonly what: 'associated'; readonly threadId: string; readonly connectionIds: readonly string[]; readonly clients: readonly string[]; readonly userId?: string; readonly all: boolean }
  | { readonly what: 'left'; readonly client: string; readonly connectionId: string; readonly threadId: string }
  | { readonly what: 'closed'; readonly client: string; readonly connectionId: string; readonly userId?: string; readonly code: number; readonly reason: string; /** By the client itself. */ readonly own: boolean }
  | { readonly what: 'stalled' | 'resumed'; readonly client: string; readonly connectionId: string }
  /** A client sent a message of this type. */
  | { readonly what: 'said'; readonly client: string; readonly type: string; readonly threadId?: string }
  | { readonly what: 'registered'; readonly runId: string; readonly threadId: string }
  | { readonly what: 'unregistered'; readonly runId: string; readonly threadId?: string }
  | { readonly what: 'advanced'; readonly by: number }
  | { readonly what: 'event'; readonly event: number }
);

export interface FoundFault {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: string;
}
