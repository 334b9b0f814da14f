/**
 * The inspection protocol (DESIGN 3): how a workbench watches and steers a router, over the port of a worker
 * thread or over a WebSocket at `/inspect`. Each message is one JSON text.
 *
 * The router opens with `hello`, then the snapshot: `changes` messages of which the first says `reset` and all but
 * the last say `more`. Every later `changes` message carries the next `seq`; a gap means that something was lost and
 * the client must attach again. Entities are sent whole and replace what the client held under the same ID.
 */
import type { Behaviour, BehaviourOverrides, Profile } from '../core/behaviour/behaviour';
import type { FaultRule } from '../core/behaviour/fault-rule';
import type { AgentEvent } from '../core/events/agent-event';
import type { Dialect, Resolution } from '../core/resolution/resolution';
import type { Misrouting } from '../core/traffic/judge-event';
import type { BreakpointInfo, BreakpointRule, HeldFrame } from './breakpoints';
import type { DeliveryOutcome, DeliveryReceipt, NearMiss, ResolutionSummary } from './delivery';

export const INSPECTION_VERSION = 1;

/** A recording under way, or one that ended by itself. */
export interface RecordingInfo {
  /** On the machine of the router. */
  readonly file: string;
  readonly startedAt: number;
  readonly frames: number;
  readonly bytes: number;
  /** Why it ended: it reached its bound, or the disk refused. What was recorded before is in the file. */
  readonly problem?: string;
}

/** What serves the protocol: our router, a tap in front of a backend, a recording, a backend that has only the debug endpoints. */
export type ServedKind = 'router' | 'tap' | 'recording' | 'backend';

/** What a router says of itself. */
export interface RouterInfo {
  /** What it is; a router when it does not say. */
  readonly kind?: ServedKind;
  /** Where HTTP is served, e.g. `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Where a client connects, e.g. `ws://127.0.0.1:8787/ws`. */
  readonly clientUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly dialect: Dialect;
  /** The profile that the behaviours are; absent for a mixture. */
  readonly profile?: Profile;
  /** Behaviours of the original that are on; none in a strict router. */
  readonly behaviours: readonly Behaviour[];
  /** Faults made on purpose that are on. */
  readonly faults: readonly FaultRule[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Where the registry is kept. */
  readonly storage: 'memory' | 'sqlite';
  /** Why storage is in memory although a file was asked for. */
  readonly storageNotice?: string;
  readonly recording?: RecordingInfo;
  /** Of a tap. */
  readonly tap?: TapInfo;
}

/** What a tap says of itself. */
export interface TapInfo {
  /** The backend, e.g. `wss://backend.example/ws`. */
  readonly target: string;
  /** Whether `Cookie` and `Authorization` are passed on. */
  readonly forwardsCredentials: boolean;
  /** Pings and pongs pass from end to end; beside them the tap sends its own to notice half-open connections. */
  readonly pings: 'end-to-end';
  /** What went wrong last that a setting can help with. */
  readonly notice?: TapNotice;
}

export interface TapNotice {
  readonly reason: 'credentials_withheld' | 'backend_unreachable' | 'hold_bound';
  readonly message: string;
  /** How often it was so far. */
  readonly count: number;
}

/** One client connection. Times are milliseconds since 1970, sizes bytes. */
export interface ConnectionInfo {
  readonly id: string;
  readonly userId?: string;
  /** The threads it receives; empty means that it receives nothing. */
  readonly threads: readonly string[];
  readonly connectedAt: number;
  readonly lastActivityAt: number;
  readonly remoteAddress: string;
  readonly origin?: string;
  readonly userAgent?: string;
  readonly subprotocol?: string;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Bytes that wait for the peer to read (backpressure). */
  readonly bufferedBytes: number;
  /** Events not sent because the peer read too slowly. */
  readonly dropped: number;
  /** Round trip of the last ping. */
  readonly latencyMs?: number;
}

/** Something that happened to a connection, for its timeline. */
export interface ConnectionMoment {
  readonly at: number;
  readonly what: 'connected' | 'associated' | 'dissociated' | 'first_event' | 'first_delivery' | 'missed_event' | 'alarm' | 'closed';
  readonly detail: string;
  readonly threadId?: string;
}

export interface ConnectionDetails extends ConnectionInfo {
  readonly open: boolean;
  readonly closeCode?: number;
  readonly closeReason?: string;
  /** The handshake request's headers, secrets redacted. */
  readonly handshake: Readonly<Record<string, string>>;
  readonly timeline: readonly ConnectionMoment[];
  /** From the first event of its thread to its association, when the event came first. */
  readonly raceWindowMs?: number;
}

/** `live`: has connections; `waiting`: nobody is connected and events wait; `idle`: nobody, nothing waits. */
export type ThreadState = 'live' | 'waiting' | 'idle';

export interface ThreadInfo {
  readonly id: string;
  readonly state: ThreadState;
  readonly connections: number;
  readonly waiting: number;
  readonly delivered: number;
  readonly failed: number;
  readonly lastEventAt?: number;
}

export type RunState = 'running' | 'completed' | 'failed';

/** A run that the router has seen an event of. */
export interface RunInfo {
  readonly id: string;
  readonly threadId?: string;
  readonly agentName?: string;
  readonly state: RunState;
  readonly events: number;
  readonly lastType: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** One agent event and what became of it. */
export interface DeliveryInfo {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly runId?: string;
  readonly threadId?: string;
  readonly agentName?: string;
  readonly outcome: DeliveryOutcome;
  readonly connections: number;
  readonly bytes: number;
  readonly resolution?: ResolutionSummary;
  readonly reason?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly nearMisses?: readonly NearMiss[];
  /** Set while the event can be delivered again: it waits, or is a dead letter. */
  readonly deadLetter?: boolean;
  /** Seen by a tap: the connection that got it is on another thread. */
  readonly misrouted?: Misrouting;
}

/** `in`: from a peer to the router; `out`: from the router to a peer. */
export type FrameDirection = 'in' | 'out';

/** A frame in the journal, without its body. */
export interface FrameInfo {
  readonly seq: number;
  readonly at: number;
  readonly direction: FrameDirection;
  readonly peer: 'client' | 'agent';
  readonly connectionId?: string;
  readonly threadId?: string;
  readonly runId?: string;
  readonly type?: string;
  readonly bytes: number;
  readonly binary?: boolean;
  /** Of the agent event that the frame carries. */
  readonly outcome?: DeliveryOutcome;
  readonly deliverySeq?: number;
  /** For one frame that stands for the same bytes sent to many: how many. */
  readonly recipients?: number;
  /** Seen by a tap: its run belongs to another thread than its connection. */
  readonly misrouted?: Misrouting;
  /** Changed on its way at a breakpoint; the body is what went on. */
  readonly edited?: boolean;
  /** Taken out at a breakpoint: it did not go on. */
  readonly discarded?: boolean;
  /** Sent by the workbench and not by the backend. */
  readonly injected?: boolean;
}

export interface Counters {
  readonly connections: number;
  readonly agents: number;
  readonly threads: number;
  readonly runs: number;
  readonly delivered: number;
  readonly queued: number;
  readonly undeliverable: number;
  readonly rejected: number;
  /** Events that wait now. */
  readonly waiting: number;
  /** Events that wait or failed and can be delivered again. */
  readonly deadLetters: number;
  readonly dropped: number;
  readonly framesIn: number;
  readonly framesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface HelloMessage {
  readonly type: 'hello';
  readonly version: number;
  readonly router: RouterInfo;
}

export interface ChangesMessage {
  readonly type: 'changes';
  readonly seq: number;
  /** Forget everything held: a snapshot begins. */
  readonly reset?: true;
  /** The snapshot goes on in the next message. */
  readonly more?: true;
  readonly router?: RouterInfo;
  readonly connections?: readonly ConnectionInfo[];
  readonly closedConnections?: readonly string[];
  readonly threads?: readonly ThreadInfo[];
  readonly removedThreads?: readonly string[];
  readonly runs?: readonly RunInfo[];
  readonly removedRuns?: readonly string[];
  /** Oldest first. */
  readonly deliveries?: readonly DeliveryInfo[];
  /** How many deliveries before these were left out because too many came at once; `deliveries` queries give them. */
  readonly skippedDeliveries?: number;
  /** Oldest first; only while watched (see `watchFrames`). */
  readonly frames?: readonly FrameInfo[];
  readonly skippedFrames?: number;
  readonly counters?: Counters;
  /** All breakpoints of a tap, when one of them changed. */
  readonly breakpoints?: readonly BreakpointInfo[];
  /** All frames that a tap holds, when that changed, oldest first. */
  readonly held?: readonly HeldFrame[];
}

export interface ReplyMessage {
  readonly type: 'reply';
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly reason: string; readonly message: string };
}

export type RouterToWorkbench = HelloMessage | ChangesMessage | ReplyMessage;

export interface LiveAnswer extends Resolution {
  /** IDs of the open connections on that thread, at most 100. */
  readonly connectionIds: readonly string[];
  readonly connections: number;
  readonly waiting: number;
  readonly nearMisses: readonly NearMiss[];
}

export interface FrameQuery {
  readonly threadId?: string;
  readonly connectionId?: string;
  readonly type?: string;
  readonly outcome?: DeliveryOutcome;
  readonly direction?: FrameDirection;
  readonly text?: string;
  /** A regular expression over the body; refused when it could take more than linear time. */
  readonly pattern?: string;
  /** Only frames with a greater `seq`. */
  readonly after?: number;
  readonly limit?: number;
}

/** What a workbench may ask: parameters and result of each method. */
export interface InspectionMethods {
  /** Resolves without side effects: nothing is written back. */
  resolve: { params: { runId: string; dialect?: Dialect }; result: LiveAnswer };
  /** Sends an agent event as an agent would. */
  simulate: { params: { event: AgentEvent }; result: DeliveryReceipt };
  disconnect: { params: { connectionId: string; code?: number; reason?: string }; result: { disconnected: boolean } };
  connection: { params: { connectionId: string }; result: ConnectionDetails };
  /** Off: no changes are sent. On: a snapshot, then changes; also to begin anew after a gap in `seq`. It is on from the start. */
  watch: { params: { on: boolean }; result: { on: boolean } };
  /** Turns the stream of frames on or off for this client. */
  watchFrames: { params: { on: boolean }; result: { on: boolean } };
  /** `searchedTo`: the last frame looked at; a search may stop early to keep the router responsive, ask on from there. */
  frames: { params: FrameQuery; result: { frames: readonly FrameInfo[]; oldest: number; newest: number; searchedTo?: number } };
  /** The redacted body of a frame; `truncated` when only the beginning was kept, `missing` when the journal has let it go. */
  frameBody: { params: { seq: number }; result: { text?: string; base64?: string; truncated?: boolean; missing?: boolean } };
  redeliver: { params: { seq: number }; result: DeliveryReceipt };
  registerRun: { params: { runId: string; threadId: string; metadata?: Record<string, unknown> }; result: { registered: true } };
  unregisterRun: { params: { runId: string }; result: { removed: boolean } };
  setDialect: { params: { dialect: Dialect }; result: { dialect: Dialect } };
  /** Puts a profile (`strict` by default) with some behaviours switched in the place of what was on. */
  setBehaviours: { params: { profile?: Profile; behaviours?: BehaviourOverrides }; result: { behaviours: readonly Behaviour[] } };
  /** Puts these faults in the place of those before; what those held back goes out. */
  setFaults: { params: { faults: readonly FaultRule[] }; result: { faults: readonly FaultRule[] } };
  /** Records everything from now on to a new file on the router's machine, redacted; `file` is absolute and ends in `.threadlens-rec.jsonl`. */
  startRecording: { params: { file: string }; result: RecordingInfo };
  stopRecording: { params: Record<string, never>; result: RecordingInfo & { durationMs: number } };
  /** Writes what the journal still holds to such a file. */
  saveJournal: { params: { file: string }; result: RecordingInfo };
  /** These are answered by a tap only. */
  addBreakpoint: { params: { rule: BreakpointRule; enabled?: boolean }; result: BreakpointInfo };
  removeBreakpoint: { params: { id: number }; result: { removed: boolean } };
  enableBreakpoint: { params: { id: number; enabled: boolean }; result: BreakpointInfo };
  /** The body of a held frame, redacted; `masks`: how many secrets are hidden in it. */
  heldBody: { params: { id: number }; result: { text?: string; base64?: string; masks: number } };
  /** Lets held frames go on, all of them without `ids`. */
  release: { params: { ids?: readonly number[] }; result: { released: number } };
  /** Lets a held frame go on with another text. A secret that still stands as its mask goes on as it came. */
  releaseEdited: { params: { id: number; text: string }; result: { released: number } };
  drop: { params: { ids: readonly number[] }; result: { dropped: number } };
}

export type InspectionMethod = keyof InspectionMethods;

/** Methods that change nothing: all that a workbench with `access=read` may use. */
export const READ_ONLY_METHODS = ['resolve', 'connection', 'watch', 'watchFrames', 'frames', 'frameBody', 'heldBody'] as const satisfies readonly InspectionMethod[];

export type InspectionAccess = 'full' | 'read';

/** Whether a method changes nothing. */
export function isReadOnlyMethod(method: InspectionMethod): boolean {
  return (READ_ONLY_METHODS as readonly InspectionMethod[]).includes(method);
}

export interface RequestMessage<M extends InspectionMethod = InspectionMethod> {
  readonly type: 'request';
  readonly id: number;
  readonly method: M;
  readonly params: InspectionMethods[M]['params'];
}

/** Carries the protocol's texts; implemented over a worker's port and over a WebSocket. */
export interface InspectionTransport {
  send(text: string): void;
  onText(listener: (text: string) => void): void;
  /** For carriers that reconnect: called each time the connection is lost; a `hello` follows when it is there again. */
  onInterrupted?(listener: (reason: string) => void): void;
  /** Called once, when nothing more will come. */
  onClosed(listener: (reason: string) => void): void;
  close(): void;
}
