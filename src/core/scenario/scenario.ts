import type { BehaviourOverrides, Profile } from '../behaviour/behaviour';
import type { FaultRule } from '../behaviour/fault-rule';
import type { FaultId } from '../diagnosis/catalogue';
import type { AgentEventType } from '../events/agent-event';
import type { Dialect, ResolutionSource } from '../resolution/resolution';

/**
 * A scenario: a scripted meeting of agents and clients at a router of its own, and what is expected to come of it (FIELD_GUIDE 7). This is
 * the content of a `*.threadlens.json` file as it stands there; `parseScenario` reads it.
 *
 * In every text, `{T}` stands for the ID named `T` in `ids`.
 */
export interface Scenario {
  readonly $schema?: string;
  readonly version: 1;
  /** One line for lists. */
  readonly name: string;
  readonly description?: string;
  /** The fault that the variant `fault` shows and the variant `fix` cures. */
  readonly fault?: FaultId;
  /** Log lines the scenario was made from. */
  readonly evidence?: readonly string[];
  /** What the router's clock shows at the beginning, ISO 8601; the present without it. */
  readonly startsAt?: string;
  readonly router?: RouterSetup;
  readonly ids?: ScenarioIds;
  readonly clients?: Readonly<Record<string, ScenarioClient>>;
  readonly steps: readonly ScenarioStep[];
  /** Holds for every variant. */
  readonly expect?: Expectations;
  /** The same steps with other options, each with what it expects; without variants the scenario runs once. */
  readonly variants?: { readonly [V in VariantName]?: ScenarioVariant };
}

export type VariantName = 'fault' | 'fix';

/**
 * Thread and run IDs by name: literal, or a template in which `{name}` is an ID named before and `{ms}` (router's clock), `{hex8}`, `{hex16}`,
 * `{uuid}` are minted anew, e.g. `{ "T": "thread_{hex16}", "R": "{T}_run_{ms}_{hex8}" }`.
 */
export type ScenarioIds = Readonly<Record<string, string>>;

/** What differs from the scenario; its members replace or complete those of the scenario. */
export interface ScenarioVariant {
  readonly description?: string;
  readonly router?: RouterSetup;
  readonly ids?: ScenarioIds;
  readonly clients?: Readonly<Record<string, ScenarioClient>>;
  readonly expect?: Expectations;
}

/** The router of a run; the defaults are those of a started router. */
export interface RouterSetup {
  readonly dialect?: Dialect;
  readonly profile?: Profile;
  /** Switched on or off beside the profile. */
  readonly behaviours?: BehaviourOverrides;
  /** Faults made on purpose, between resolution and sending. */
  readonly faults?: readonly FaultRule[];
  /** Bounds of the router by name, e.g. `hardBufferBytes`. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** A virtual client. It connects with a `connect` step. */
export interface ScenarioClient {
  readonly user?: string;
  /** Named in the address it connects to; a client without one subscribes, switches or sends later, or never. */
  readonly thread?: string;
  /** False: its socket is never read. */
  readonly reads?: boolean;
}

/** Milliseconds, or a text such as `500ms`, `180s`, `30m`, `24h`, `1d`. */
export type Duration = number | string;

/** What every step may say beside what it does. A step is over when the router has answered it. */
export interface StepTiming {
  /** Not before this time since the beginning. */
  readonly at?: Duration;
  /** So long after the end of the step before. */
  readonly after?: Duration;
  /** Part of one variant only. */
  readonly only?: VariantName;
}

/** The steps run one after another, those of the lanes of `parallel` at once. */
export type ScenarioStep = StepTiming & (
  | { readonly do: 'connect'; readonly client: string; /** Instead of the client's own. */ readonly thread?: string }
  /** Ends an open socket abruptly, then connects again. */
  | { readonly do: 'reconnect'; readonly client: string; readonly thread?: string }
  | { readonly do: 'subscribe' | 'unsubscribe' | 'switch'; readonly client: string; readonly thread: string }
  /** Sends a message of the application as it stands: an object, or text that need not be JSON. */
  | { readonly do: 'send'; readonly client: string; readonly message: Readonly<Record<string, unknown>> | string }
  /** Stops and resumes reading from the socket. */
  | { readonly do: 'stall' | 'resume'; readonly client: string }
  /** The socket ends without a closing handshake. */
  | { readonly do: 'drop'; readonly client: string }
  | { readonly do: 'close'; readonly client: string; readonly code?: number; readonly reason?: string }
  | { readonly do: 'register'; readonly run: string; readonly thread: string }
  | { readonly do: 'unregister'; readonly run: string }
  | EmitStep
  | RunStep
  /** Moves the router's clock on without waiting. */
  | { readonly do: 'advance'; readonly by: Duration }
  /** Waits for a time, or until a client has received an event of a type so often (`count`, default 1; at most 10 s). */
  | { readonly do: 'wait'; readonly for: Duration }
  | { readonly do: 'wait'; readonly client: string; readonly type: string; readonly count?: number }
  | { readonly do: 'parallel'; readonly lanes: readonly (readonly ScenarioStep[])[] }
);

/** One agent event. Each agent has a socket of its own. */
export interface EmitStep {
  readonly do: 'emit';
  readonly type: string;
  readonly run: string;
  readonly agent?: string;
  /** Default: an example for the type (DOMAIN 4). */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** The same event so often (default 1), `every` so long. */
  readonly repeat?: number;
  readonly every?: Duration;
  /** Adds a text of so many bytes to the payload, as `fill`. */
  readonly fillBytes?: number;
}

/** A whole run: started, thinking, tools, progress, and its end. */
export interface RunStep {
  readonly do: 'run';
  readonly run: string;
  readonly agent?: string;
  /** How many times it thinks; default 1. */
  readonly thinking?: number;
  /** Each is one tool_executing and one tool_completed; default one tool, `search`. */
  readonly tools?: readonly string[];
  /** How many progress updates; default 0. */
  readonly progress?: number;
  /** Default `completed`; `none` leaves the run without an end. */
  readonly end?: 'completed' | 'error' | 'death' | 'none';
  /** Time between its events; default 0. */
  readonly every?: Duration;
}

/** What is to be true at the end. What is not named is not looked at. */
export interface Expectations {
  readonly clients?: Readonly<Record<string, ClientExpectation>>;
  readonly receipts?: readonly ReceiptExpectation[];
  /** How many deliveries ended so. */
  readonly deliveries?: { readonly [O in Outcome]?: number };
  /** The thread a run is registered to at the end; null for none. */
  readonly registry?: Readonly<Record<string, string | null>>;
  /** What the log doctor finds in the lines that the backend of the original system would have written of this run. */
  readonly diagnoses?: { readonly includes?: readonly FaultId[]; readonly excludes?: readonly FaultId[] };
}

export type Outcome = 'delivered' | 'queued' | 'undeliverable' | 'rejected';

/** Of what reached one client. Types are those on the wire, of agent events only (messages with a `run_id`). */
export interface ClientExpectation {
  /** Exactly these, in this order; empty for nothing. */
  readonly receives?: readonly (AgentEventType | (string & {}))[];
  /** These in this order, others may stand between. */
  readonly includes?: readonly string[];
  /** None of these. */
  readonly never?: readonly string[];
  /** How many in all, at least and at most. */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Time from the agent's sending to the arrival of the first event of a type. */
  readonly latency?: readonly { readonly type: string; readonly atLeast?: Duration; readonly atMost?: Duration }[];
  /** The threads of its connection at the end, in any order. */
  readonly threads?: readonly string[];
  /** Whether it is connected at the end. */
  readonly open?: boolean;
  /** The close code it received. */
  readonly closeCode?: number;
}

/** Of the receipts for events of `type` and `run` (of all without): there is at least one, or exactly `count`, and each is as said. */
export interface ReceiptExpectation {
  readonly type?: string;
  readonly run?: string;
  readonly count?: number;
  readonly outcome?: Outcome;
  readonly thread?: string | null;
  readonly source?: ResolutionSource;
  readonly pattern?: string;
  readonly connections?: number;
  /** A part of the reason. */
  readonly reason?: string;
}
