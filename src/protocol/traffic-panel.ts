/**
 * What passes between the Traffic panel's page and its host in the workbench. Each message is a tagged object; both
 * sides check what they receive, because a page can be of another version than its host after an update.
 *
 * The page opens with `ready`. The host answers with `router`, then `reset` and `frames` in order, oldest first, one
 * batch at a time: the next one comes after the page has said `ack`. So a busy page slows the stream, never the router.
 */
import { isRecord } from '../core/is-record';
import type { LiveThread } from '../core/diagnosis/near-misses';
import { DELIVERY_OUTCOMES, type DeliveryReceipt } from './delivery';
import type { ConnectionDetails, ConnectionInfo, DeliveryInfo, FrameInfo, LiveAnswer } from './inspection';

export const TRAFFIC_VIEW_TYPE = 'threadLens.traffic';

/** The router as the panel shows it. */
export type PanelRouterState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly url: string; readonly clientUrl: string }
  | { readonly kind: 'failed'; readonly message: string };

/** The body of a frame, redacted by the router. */
export interface FrameBody {
  readonly text?: string;
  readonly base64?: string;
  /** Only the beginning was kept. */
  readonly truncated?: boolean;
  /** The journal has let it go. */
  readonly missing?: boolean;
  /** Why it could not be asked for. */
  readonly error?: string;
}

/** What the host knows of the way a frame took. */
export interface PathFacts {
  /** The delivery as the router decided it, while it is remembered. */
  readonly delivery?: DeliveryInfo;
  /** How the run resolves now; given when the delivery is no longer remembered. */
  readonly now?: LiveAnswer;
  /** Open connections of the thread now, at most 100. */
  readonly connections: readonly ConnectionInfo[];
  /** All open connections of the thread now. */
  readonly connectionCount: number;
}

/** An event to send as an agent would, to a run or to a thread (the host mints a run ID for it). */
export interface InjectedEvent {
  readonly runId?: string;
  readonly threadId?: string;
  readonly eventType: string;
  readonly agentName: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface SavedEvent {
  readonly name: string;
  readonly event: InjectedEvent;
}

export type HostToPage =
  | { readonly type: 'router'; readonly state: PanelRouterState }
  /** Forget all frames: those of this journal follow. `journal` names it; its numbers mean nothing in another. */
  | { readonly type: 'reset'; readonly journal: string }
  /** `skipped`: how many before these the journal had let go. `behind`: how many the router has beyond these. */
  | { readonly type: 'frames'; readonly batch: number; readonly frames: readonly FrameInfo[]; readonly skipped: number; readonly behind: number }
  /** How many frames wait while the page is paused. */
  | { readonly type: 'pending'; readonly count: number }
  | { readonly type: 'body'; readonly seq: number; readonly body: FrameBody }
  | { readonly type: 'path'; readonly seq: number; readonly facts: PathFacts }
  | { readonly type: 'connection'; readonly connectionId: string; readonly details?: ConnectionDetails; readonly error?: string }
  /** Frames up to number `upTo` whose body the search matches. */
  | { readonly type: 'matches'; readonly search: number; readonly seqs: readonly number[]; readonly upTo: number; readonly error?: string }
  | { readonly type: 'targets'; readonly threads: readonly LiveThread[]; readonly runs: readonly string[] }
  | { readonly type: 'injected'; readonly request: number; readonly receipt?: DeliveryReceipt; readonly error?: string }
  | { readonly type: 'saved'; readonly events: readonly SavedEvent[] }
  /** Sets the filter box: the panel was opened for something. */
  | { readonly type: 'filter'; readonly text: string };

/** Commands that the page may have run; the host knows what stands behind each. */
export const PANEL_COMMANDS = ['startRouter', 'showLog', 'explain', 'findInFiles'] as const;
export type PanelCommand = (typeof PANEL_COMMANDS)[number];

export type PageToHost =
  /** The page is loaded; frames up to `after` of that journal were cleared by the user and stay away. */
  | { readonly type: 'ready'; readonly journal?: string; readonly after?: number }
  | { readonly type: 'ack'; readonly batch: number }
  | { readonly type: 'pause'; readonly on: boolean }
  | { readonly type: 'body'; readonly seq: number }
  | { readonly type: 'path'; readonly seq: number; readonly deliverySeq?: number; readonly runId?: string; readonly threadId?: string }
  | { readonly type: 'connection'; readonly connectionId: string }
  /** Searches bodies from now on, for the text or the regular expression; without both it ends. */
  | { readonly type: 'search'; readonly search: number; readonly text?: string; readonly pattern?: string }
  | { readonly type: 'targets' }
  | { readonly type: 'inject'; readonly request: number; readonly event: InjectedEvent }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'run'; readonly command: PanelCommand; readonly argument?: string }
  | { readonly type: 'save'; readonly saved: SavedEvent }
  | { readonly type: 'forget'; readonly name: string };

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

/** Longest text of a page's message: a copied body of the largest message, escaped and indented. */
const MAX_TEXT = 16 * 1024 * 1024;
const MAX_NAME = 20_000;

const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const flag: Check = (value) => typeof value === 'boolean';
const text: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT;
const name: Check = (value) => typeof value === 'string' && value.length <= MAX_NAME;
const optional = (check: Check): Check => (value) => value === undefined || check(value);
const oneOf = (...values: readonly unknown[]): Check => (value) => values.includes(value);
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every((item) => check(item));
const shape = (fields: Fields): Check => (value) =>
  isRecord(value) && Object.entries(fields).every(([field, check]) => check(value[field]));

const frame = shape({
  seq: count,
  at: number,
  direction: oneOf('in', 'out'),
  peer: oneOf('client', 'agent'),
  connectionId: optional(text),
  threadId: optional(text),
  runId: optional(text),
  type: optional(text),
  bytes: count,
  binary: optional(flag),
  outcome: optional(oneOf(...DELIVERY_OUTCOMES)),
  deliverySeq: optional(count),
  recipients: optional(count),
});
const injected = shape({ runId: optional(name), threadId: optional(name), eventType: name, agentName: name, payload: isRecord });
const saved = shape({ name, event: injected });
const receipt = shape({ outcome: oneOf(...DELIVERY_OUTCOMES), connections: count });
const connection = shape({ id: text, threads: listOf(text), connectedAt: number });

const HOST_MESSAGES: Readonly<Record<HostToPage['type'], Fields>> = {
  router: { state: shape({ kind: oneOf('stopped', 'starting', 'running', 'failed'), url: optional(text), clientUrl: optional(text), message: optional(text) }) },
  reset: { journal: text },
  frames: { batch: count, frames: listOf(frame), skipped: count, behind: count },
  pending: { count },
  body: { seq: count, body: shape({ text: optional(text), base64: optional(text), truncated: optional(flag), missing: optional(flag), error: optional(text) }) },
  path: { seq: count, facts: shape({ delivery: optional(shape({ seq: count, at: number })), now: optional(isRecord), connections: listOf(connection), connectionCount: count }) },
  connection: { connectionId: text, details: optional(shape({ id: text, threads: listOf(text), handshake: isRecord, timeline: listOf(shape({ at: number, what: text, detail: text })) })), error: optional(text) },
  matches: { search: count, seqs: listOf(count), upTo: count, error: optional(text) },
  targets: { threads: listOf(shape({ id: text, connections: count })), runs: listOf(text) },
  injected: { request: count, receipt: optional(receipt), error: optional(text) },
  saved: { events: listOf(saved) },
  filter: { text },
};

const PAGE_MESSAGES: Readonly<Record<PageToHost['type'], Fields>> = {
  ready: { journal: optional(name), after: optional(count) },
  ack: { batch: count },
  pause: { on: flag },
  body: { seq: count },
  path: { seq: count, deliverySeq: optional(count), runId: optional(name), threadId: optional(name) },
  connection: { connectionId: name },
  search: { search: count, text: optional(name), pattern: optional(name) },
  targets: {},
  inject: { request: count, event: injected },
  copy: { text },
  run: { command: oneOf(...PANEL_COMMANDS), argument: optional(name) },
  save: { saved },
  forget: { name },
};

function matches(table: Readonly<Record<string, Fields>>, value: unknown): boolean {
  if (!isRecord(value) || typeof value['type'] !== 'string' || !Object.hasOwn(table, value['type'])) return false;
  const fields = table[value['type']];
  return fields !== undefined && shape(fields)(value);
}

/** Whether a value is a message from the host, as the page understands them. */
export function isHostToPage(value: unknown): value is HostToPage {
  return matches(HOST_MESSAGES, value);
}

/** Whether a value is a message from the page, as the host understands them. */
export function isPageToHost(value: unknown): value is PageToHost {
  return matches(PAGE_MESSAGES, value);
}

/** Whether a value, e.g. from storage, is an event that was saved under a name. */
export function isSavedEvent(value: unknown): value is SavedEvent {
  return saved(value);
}
