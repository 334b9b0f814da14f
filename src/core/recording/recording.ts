import type { Dialect } from '../resolution/resolution';

/** Version of the format; a reader refuses later ones. */
export const RECORDING_VERSION = 1;
/** How the names of recordings end. */
export const RECORDING_EXTENSION = '.threadlens-rec.jsonl';

/** Where recorded traffic was seen. `replay` and `har` saw it from the client's side, so nothing is known of routing. */
export type RecordingSource = 'router' | 'tap' | 'replay' | 'har';
export const RECORDING_SOURCES: readonly RecordingSource[] = ['router', 'tap', 'replay', 'har'];

/** The first line. */
export interface RecordingHeader {
  readonly thread_lens_recording: typeof RECORDING_VERSION;
  /** ISO 8601; `t` of all entries counts from here. */
  readonly created: string;
  readonly source: RecordingSource;
  /** Where clients connected, e.g. `ws://127.0.0.1:8787/ws`. */
  readonly url?: string;
  /** Of the program that wrote it. */
  readonly version: string;
  /** How run IDs were taken apart. */
  readonly dialect?: Dialect;
  /** Nothing else is ever written (SECURITY 15). */
  readonly redacted: true;
}

interface Moment {
  /** Milliseconds since `created`. */
  readonly t: number;
}

export interface ConnectionOpened extends Moment {
  readonly kind: 'connection_opened';
  readonly connection: string;
  readonly user?: string;
  /** Named in its URL, or, when it was open before the recording, those it was on. */
  readonly threads: readonly string[];
  readonly already_open?: true;
  readonly url?: string;
  readonly subprotocol?: string;
  /** Of the handshake request, secrets redacted. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ConnectionClosed extends Moment {
  readonly kind: 'connection_closed';
  readonly connection: string;
  /** Close code (RFC 6455 section 7.4); absent when it is not known. */
  readonly code?: number;
  readonly reason?: string;
}

export interface Association extends Moment {
  readonly kind: 'association';
  readonly connection: string;
  readonly thread: string;
  readonly what: 'associated' | 'dissociated';
  /** By what, e.g. `url`, `subscribe`, or the type of a message. */
  readonly how: string;
}

/** What became of an agent event. */
export type RecordedOutcome = 'delivered' | 'queued' | 'undeliverable' | 'rejected';
export const RECORDED_OUTCOMES: readonly RecordedOutcome[] = ['delivered', 'queued', 'undeliverable', 'rejected'];

export interface RecordedFrame extends Moment {
  readonly kind: 'frame';
  /** Grows with each frame of the recording. */
  readonly seq: number;
  /** `in`: from a peer to the server; `out`: from the server to a peer. */
  readonly direction: 'in' | 'out';
  readonly peer: 'client' | 'agent';
  /** Absent for events of agents, and for one frame that stands for the same bytes sent to everybody on `thread`. */
  readonly connection?: string;
  readonly thread?: string;
  readonly run?: string;
  readonly type?: string;
  /** Length before redaction. */
  readonly bytes: number;
  /** The body: a text frame's, or a binary frame's as base64. */
  readonly text?: string;
  readonly base64?: string;
  /** Only the beginning of the body is here. */
  readonly truncated?: true;
  readonly outcome?: RecordedOutcome;
  /** Number of the delivery; what waited goes out later under the same number. */
  readonly delivery?: number;
  /** How many connections of the thread got it. */
  readonly recipients?: number;
  /** Connections of the thread that did not get it, because they read too slowly. */
  readonly skipped?: readonly string[];
  /** At a tap: it was changed on its way, and this is what went on; it was taken out; it was sent by the workbench. */
  readonly edited?: true;
  readonly discarded?: true;
  readonly injected?: true;
  /** At a tap: its run belongs to the thread `expected`, its connection is on `received`. */
  readonly misrouted?: { readonly expected: string; readonly received: string };
}

/** An outcome that changed later: what waited was given up, or went out. */
export interface DeliveryChanged extends Moment {
  readonly kind: 'delivery';
  readonly delivery: number;
  readonly outcome: RecordedOutcome;
  readonly connections: number;
  readonly reason?: string;
}

/** Frames that happened and are not here. */
export interface Gap extends Moment {
  readonly kind: 'gap';
  readonly frames: number;
}

/** The last line of a recording that was ended in order. */
export interface RecordingEnd extends Moment {
  readonly kind: 'end';
  readonly why: RecordingEndReason;
  readonly detail?: string;
}
export type RecordingEndReason = 'stopped' | 'server_stopped' | 'size_limit' | 'disk';
export const END_REASONS: readonly RecordingEndReason[] = ['stopped', 'server_stopped', 'size_limit', 'disk'];

export type RecordingEntry = ConnectionOpened | ConnectionClosed | Association | RecordedFrame | DeliveryChanged | Gap | RecordingEnd;

/** One line, with its newline. */
export function recordingLine(line: RecordingHeader | RecordingEntry): string {
  return `${JSON.stringify(line)}\n`;
}
