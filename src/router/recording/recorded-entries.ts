import { type ConnectionOpened, type RecordedFrame, RECORDING_VERSION, type RecordingHeader, redactText } from '../../core/index';
import type { RouterInfo } from '../../protocol/inspection';
import type { FrameMarks, FrameParts } from '../journal/journal';
import type { Connection } from '../model/connection';
import { headersOf } from '../model/handshake';
import type { recordedBody } from './recorded-body';

/** The first line of what a router or a tap records. @param startedAt milliseconds since 1970 */
export function recordedHeader(router: RouterInfo, startedAt: number): RecordingHeader {
  return {
    thread_lens_recording: RECORDING_VERSION, created: new Date(startedAt).toISOString(), source: router.kind === 'tap' ? 'tap' : 'router', url: redactText(router.clientUrl),
    version: router.version, dialect: router.dialect, redacted: true,
  };
}

/** The beginning of a connection, or that it was there before. @param threads that it was on by then */
export function recordedOpening({ id, userId, handshake }: Connection, t: number, threads: readonly string[], alreadyOpen: boolean): ConnectionOpened {
  return {
    kind: 'connection_opened', t, connection: id, ...(userId === undefined ? {} : { user: userId }), threads, ...(alreadyOpen ? { already_open: true } : {}),
    ...(handshake.subprotocol === undefined ? {} : { subprotocol: handshake.subprotocol }), headers: headersOf(handshake),
  };
}

/** What every frame has, and what only its recording says of it. */
export interface FrameFacts {
  readonly t: number;
  readonly seq: number;
  readonly direction: 'in' | 'out';
  readonly peer: 'client' | 'agent';
  readonly bytes: number;
  readonly truncated?: boolean;
  readonly skipped?: readonly string[];
}

/**
 * A frame with its body.
 * @param parts as the journal has them
 * @param marks what a tap did to it, or found
 */
export function recordedFrame(
  { t, seq, direction, peer, bytes, truncated, skipped = [] }: FrameFacts,
  { connectionId, threadId, runId, type, outcome, deliverySeq, recipients }: Omit<FrameParts, 'marks'>,
  body: ReturnType<typeof recordedBody>,
  { edited, discarded, injected, misrouted }: FrameMarks = {},
): RecordedFrame {
  return {
    kind: 'frame', t, seq, direction, peer,
    ...(connectionId === undefined ? {} : { connection: connectionId }),
    ...(threadId === undefined ? {} : { thread: threadId }),
    ...(runId === undefined ? {} : { run: runId }),
    ...(type === undefined ? {} : { type }),
    bytes,
    ...body,
    ...(truncated ? { truncated } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(deliverySeq === undefined ? {} : { delivery: deliverySeq }),
    ...(recipients === undefined ? {} : { recipients }),
    ...(skipped.length === 0 ? {} : { skipped }),
    ...(edited ? { edited } : {}),
    ...(discarded ? { discarded } : {}),
    ...(injected ? { injected } : {}),
    ...(misrouted ? { misrouted } : {}),
  };
}
