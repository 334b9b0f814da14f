import type { FrameInfo } from '../../protocol/inspection';
import type { InspectionClient } from '../live/inspection-client';
import type { LiveModel } from '../live/live-model';
import type { TraceEntry, TraceNote, TraceOrigin } from './trace-entry';
import { targetOf } from './trace-target';

const ORIGIN: TraceOrigin = { uri: 'journal:', label: 'journal', kind: 'journal' };
const PAGE = 1000;
/** Frames taken from the journal at most. */
const MOST_FRAMES = 5000;

/** What the running router tells about an ID. */
export interface LiveTrace {
  readonly entries: readonly TraceEntry[];
  readonly threadIds: readonly string[];
  readonly notes: readonly TraceNote[];
}

/** Asks the running router for the frames of the ID's thread; a failure is a note. */
export async function traceFrames(id: string, client: InspectionClient, model: LiveModel): Promise<LiveTrace> {
  const { kind } = targetOf(id);
  try {
    const threadId = kind === 'connection' ? undefined : (await client.request('resolve', { runId: id })).threadId;
    if (kind !== 'connection' && threadId === undefined) return { entries: [], threadIds: [], notes: [] };
    const scope = threadId === undefined ? { connectionId: id } : { threadId };
    const frames: FrameInfo[] = [];
    let after = 0;
    while (frames.length < MOST_FRAMES) {
      const answer = await client.request('frames', { ...scope, after, limit: PAGE });
      frames.push(...answer.frames);
      const to = answer.searchedTo ?? answer.frames.at(-1)?.seq ?? answer.newest;
      if (to <= after || (answer.frames.length < PAGE && answer.searchedTo === undefined)) break;
      after = to;
    }
    const wanted = kind === 'run' ? frames.filter((frame) => frame.runId === undefined || frame.runId === id) : frames;
    return { entries: wanted.map((frame) => entryOf(frame, model)), threadIds: threadId === undefined ? [] : [threadId], notes: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { entries: [], threadIds: [], notes: [{ source: 'journal', reason: 'journal', message: `expected the frames of the running router, received: ${reason}` }] };
  }
}

/** A frame of the journal as an entry of the timeline. */
export function entryOf(frame: FrameInfo, model: Pick<LiveModel, 'delivery'>): TraceEntry {
  const delivery = frame.deliverySeq === undefined ? undefined : model.delivery(frame.deliverySeq);
  const isEvent = frame.peer === 'agent' && frame.direction === 'in';
  const outcome = isEvent ? (delivery?.outcome ?? frame.outcome) : undefined;
  const details = [`${frame.bytes} bytes`, frame.runId, delivery?.reason, delivery?.expected && `expected ${delivery.expected}`, delivery?.received && `received ${delivery.received}`];
  return {
    time: frame.at,
    hasOwnTime: true,
    origin: ORIGIN,
    line: frame.seq,
    relation: 'direct',
    kind: 'frame',
    what: describe(frame, outcome, delivery?.connections),
    text: details.filter((part) => part !== undefined && part !== '').join(', '),
    ...(isEvent && frame.type !== undefined ? { event: frame.type } : {}),
    ...(outcome === undefined ? {} : { delivered: outcome === 'delivered' }),
    ...(frame.runId === undefined ? {} : { runId: frame.runId }),
    ...(frame.threadId === undefined ? {} : { threadId: frame.threadId }),
    ...(frame.connectionId === undefined ? {} : { connectionId: frame.connectionId }),
    marks: [],
  };
}

function describe(frame: FrameInfo, outcome: FrameInfo['outcome'], connections: number | undefined): string {
  const what = frame.type ?? (frame.binary === true ? 'a binary message' : 'a message');
  const who = frame.connectionId ?? (frame.recipients === undefined ? 'a client' : `${frame.recipients} connections`);
  if (frame.peer === 'agent') {
    if (frame.direction === 'out') return `The router answered the agent with ${what}.`;
    if (outcome === 'delivered') return `The agent sent ${what}; it reached ${connections === undefined ? 'its thread' : connections === 1 ? '1 connection' : `${connections} connections`}.`;
    if (outcome === 'queued') return `The agent sent ${what}; nobody is connected, so it waits.`;
    if (outcome === undefined) return `The agent sent ${what}.`;
    return `The agent sent ${what}; it was ${outcome === 'rejected' ? 'rejected' : 'not delivered'}.`;
  }
  return frame.direction === 'in' ? `${who} sent ${what}.` : `The router sent ${what} to ${who}.`;
}
