/**
 * What passes between the Traffic panel's page and its host in the workbench. Each message is a tagged object; both
 * sides check what they receive, because a page can be of another version than its host after an update.
 *
 * The page opens with `ready`. The host answers with `router`, then `reset` and `frames` in order, oldest first, one
 * batch at a time: the next one comes after the page has said `ack`. So a busy page slows the stream, never the router.
 */
import { isRecord } from '../core/is-record';
import type { LiveThread } from '../core/diagnosis/near-misses';
import type { DeliveryOutcome, DeliveryReceipt } from './delivery';
import type { ConnectionDetails, ConnectionInfo, DeliveryInfo, FrameInfo, LiveAnswer } from './inspection';

export const TRAFFIC_VIEW_TYPE = 'threadLens.traffic';

/** The router as the panel shows it. */
export type PanelRouterState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  /** `readOnly`: it can be looked at only. `tap`: it passes on what others send, and takes no events itself. */
  | { readonly kind: 'running'; readonly url: string; readonly clientUrl: string; readonly readOnly?: boolean; readonly tap?: boolean }
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

export interface ExamplePayload {
  readonly eventType: string;
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
  /** What can be sent to, and the types that an event can have with an example payload of each. */
  | { readonly type: 'targets'; readonly threads: readonly LiveThread[]; readonly runs: readonly string[]; readonly examples: readonly ExamplePayload[] }
  | { readonly type: 'injected'; readonly request: number; readonly receipt?: DeliveryReceipt; readonly error?: string }
  | { readonly type: 'saved'; readonly events: readonly SavedEvent[] }
  /** Sets the filter box: the panel was opened for something. */
  | { readonly type: 'filter'; readonly text: string };

/** Commands that the page may have run; the host knows what stands behind each. */
export type PanelCommand = 'startRouter' | 'showLog' | 'explain' | 'findInFiles';

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

/** What a value must be. Plain data, so that each side's bundle leaves the other side's table out. */
type Spec = 'count' | 'number' | 'flag' | 'text' | 'name' | 'record' | readonly ['list', Spec] | readonly ['one', ...(readonly string[])] | Fields;

/** By name; a name that ends in `?` may be missing. */
interface Fields {
  readonly [field: string]: Spec;
}

/** Longest text of a message: a copied body of the largest message, escaped and indented. */
const MAX_TEXT = 16 * 1024 * 1024;
const MAX_NAME = 20_000;

const OUTCOME = ['one', 'delivered', 'queued', 'undeliverable', 'rejected'] as const satisfies readonly ['one', ...DeliveryOutcome[]];
const COMMAND = ['one', 'startRouter', 'showLog', 'explain', 'findInFiles'] as const satisfies readonly ['one', ...PanelCommand[]];
const FRAME: Fields = {
  seq: 'count',
  at: 'number',
  direction: ['one', 'in', 'out'],
  peer: ['one', 'client', 'agent'],
  'connectionId?': 'text',
  'threadId?': 'text',
  'runId?': 'text',
  'type?': 'text',
  bytes: 'count',
  'binary?': 'flag',
  'outcome?': OUTCOME,
  'deliverySeq?': 'count',
  'recipients?': 'count',
  'misrouted?': { expected: 'text', received: 'text' },
  'edited?': 'flag',
  'discarded?': 'flag',
  'injected?': 'flag',
};
const INJECTED: Fields = { 'runId?': 'name', 'threadId?': 'name', eventType: 'name', agentName: 'name', payload: 'record' };
const SAVED: Fields = { name: 'name', event: INJECTED };
const MISSES: Spec = ['list', { thread_id: 'text', connections: 'count', why: 'text' }];
const RECEIPT: Fields = { outcome: OUTCOME, connections: 'count', 'reason?': 'text', 'expected?': 'text', 'received?': 'text', 'near_misses?': MISSES };
const DELIVERY: Fields = { seq: 'count', at: 'number', outcome: OUTCOME, connections: 'count', 'resolution?': 'record', 'reason?': 'text', 'expected?': 'text', 'received?': 'text', 'nearMisses?': MISSES };
const CONNECTION: Fields = { id: 'text', threads: ['list', 'text'], connectedAt: 'number' };

const HOST_MESSAGES: Readonly<Record<HostToPage['type'], Fields>> = {
  router: { state: { kind: ['one', 'stopped', 'starting', 'running', 'failed'], 'url?': 'text', 'clientUrl?': 'text', 'readOnly?': 'flag', 'tap?': 'flag', 'message?': 'text' } },
  reset: { journal: 'text' },
  frames: { batch: 'count', frames: ['list', FRAME], skipped: 'count', behind: 'count' },
  pending: { count: 'count' },
  body: { seq: 'count', body: { 'text?': 'text', 'base64?': 'text', 'truncated?': 'flag', 'missing?': 'flag', 'error?': 'text' } },
  path: { seq: 'count', facts: { 'delivery?': DELIVERY, 'now?': 'record', connections: ['list', CONNECTION], connectionCount: 'count' } },
  connection: {
    connectionId: 'text',
    'details?': { id: 'text', threads: ['list', 'text'], connectedAt: 'number', open: 'flag', handshake: 'record', timeline: ['list', { at: 'number', what: 'text', detail: 'text' }] },
    'error?': 'text',
  },
  matches: { search: 'count', seqs: ['list', 'count'], upTo: 'count', 'error?': 'text' },
  targets: { threads: ['list', { id: 'text', connections: 'count' }], runs: ['list', 'text'], examples: ['list', { eventType: 'text', payload: 'record' }] },
  injected: { request: 'count', 'receipt?': RECEIPT, 'error?': 'text' },
  saved: { events: ['list', SAVED] },
  filter: { text: 'text' },
};

const PAGE_MESSAGES: Readonly<Record<PageToHost['type'], Fields>> = {
  ready: { 'journal?': 'name', 'after?': 'count' },
  ack: { batch: 'count' },
  pause: { on: 'flag' },
  body: { seq: 'count' },
  path: { seq: 'count', 'deliverySeq?': 'count', 'runId?': 'name', 'threadId?': 'name' },
  connection: { connectionId: 'name' },
  search: { search: 'count', 'text?': 'name', 'pattern?': 'name' },
  targets: {},
  inject: { request: 'count', event: INJECTED },
  copy: { text: 'text' },
  run: { command: COMMAND, 'argument?': 'name' },
  save: { saved: SAVED },
  forget: { name: 'name' },
};

function fits(value: unknown, spec: Spec): boolean {
  switch (spec) {
    case 'count':
      return Number.isSafeInteger(value) && Number(value) >= 0;
    case 'number':
      return Number.isFinite(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'text':
    case 'name':
      return typeof value === 'string' && value.length <= (spec === 'text' ? MAX_TEXT : MAX_NAME);
    case 'record':
      return isRecord(value);
    default:
      return isList(spec) ? fitsList(value, spec) : fitsFields(value, spec);
  }
}

type ListSpec = Extract<Spec, readonly unknown[]>;

const isList = (spec: ListSpec | Fields): spec is ListSpec => Array.isArray(spec);

function fitsList(value: unknown, spec: ListSpec): boolean {
  if (spec[0] === 'list') return Array.isArray(value) && value.every((item) => fits(item, spec[1]));
  return typeof value === 'string' && spec.includes(value, 1);
}

function fitsFields(value: unknown, fields: Fields): boolean {
  if (!isRecord(value)) return false;
  for (const field in fields) {
    const spec = fields[field];
    const optional = field.endsWith('?');
    const found = value[optional ? field.slice(0, -1) : field];
    if (spec !== undefined && !(optional && found === undefined) && !fits(found, spec)) return false;
  }
  return true;
}

function matches(table: Readonly<Record<string, Fields>>, value: unknown): boolean {
  if (!isRecord(value) || typeof value['type'] !== 'string' || !Object.hasOwn(table, value['type'])) return false;
  const fields = table[value['type']];
  return fields !== undefined && fitsFields(value, fields);
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
  return fits(value, SAVED);
}
