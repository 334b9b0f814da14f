import type { FormatTable } from '../../core/index';
import { messageOf } from '../../core/message-of';
import type { FrameInfo } from '../../protocol/inspection';
import type { InspectionClient } from '../live/inspection-client';
import type { LiveModel } from '../live/live-model';
import type { L10nApi } from '../vscode-api';
import { Words } from '../words';
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
export async function traceFrames(api: L10nApi, id: string, client: InspectionClient, model: LiveModel, table?: FormatTable): Promise<LiveTrace> {
  const { kind } = targetOf(id, table);
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
    return { entries: wanted.map((frame) => entryOf(api, frame, model)), threadIds: threadId === undefined ? [] : [threadId], notes: [] };
  } catch (error) {
    const reason = messageOf(error);
    return { entries: [], threadIds: [], notes: [{ source: 'journal', reason: 'journal', message: api.l10n.t('expected the frames of the running router, received: {0}', reason) }] };
  }
}

/** A frame of the journal as an entry of the timeline. */
export function entryOf(api: L10nApi, frame: FrameInfo, model: Pick<LiveModel, 'delivery'>): TraceEntry {
  const delivery = frame.deliverySeq === undefined ? undefined : model.delivery(frame.deliverySeq);
  const isEvent = frame.peer === 'agent' && frame.direction === 'in';
  const outcome = isEvent ? (delivery?.outcome ?? frame.outcome) : undefined;
  const details = [
    new Words(api).bytes(frame.bytes),
    frame.runId,
    delivery?.reason,
    delivery?.expected && api.l10n.t('expected {0}', delivery.expected),
    delivery?.received && api.l10n.t('received {0}', delivery.received),
  ];
  return {
    time: frame.at,
    hasOwnTime: true,
    origin: ORIGIN,
    line: frame.seq,
    relation: 'direct',
    kind: 'frame',
    what: describe(api, frame, outcome, delivery?.connections),
    text: details.filter((part) => part !== undefined && part !== '').join(', '),
    ...(isEvent && frame.type !== undefined ? { event: frame.type } : {}),
    ...(outcome === undefined ? {} : { delivered: outcome === 'delivered' }),
    ...(frame.runId === undefined ? {} : { runId: frame.runId }),
    ...(frame.threadId === undefined ? {} : { threadId: frame.threadId }),
    ...(frame.connectionId === undefined ? {} : { connectionId: frame.connectionId }),
    marks: [],
  };
}

function describe(api: L10nApi, frame: FrameInfo, outcome: FrameInfo['outcome'], connections: number | undefined): string {
  const { l10n } = api;
  const words = new Words(api);
  const what = frame.type ?? (frame.binary === true ? l10n.t('a binary message') : l10n.t('a message'));
  if (frame.peer !== 'agent') {
    const who = frame.connectionId ?? (frame.recipients === undefined ? l10n.t('a client') : words.connections(frame.recipients));
    return frame.direction === 'in' ? l10n.t('{0} sent {1}.', who, what) : l10n.t('The router sent {1} to {0}.', who, what);
  }
  if (frame.direction === 'out') return l10n.t('The router answered the agent with {0}.', what);
  switch (outcome) {
    case undefined:
      return l10n.t('The agent sent {0}.', what);
    case 'delivered':
      return connections === undefined ? l10n.t('The agent sent {0}; it reached its thread.', what) : l10n.t('The agent sent {0}; it reached {1}.', what, words.connections(connections));
    case 'queued':
      return l10n.t('The agent sent {0}; nobody is connected, so it waits.', what);
    case 'rejected':
      return l10n.t('The agent sent {0}; it was rejected.', what);
    case 'undeliverable':
      return l10n.t('The agent sent {0}; it was not delivered.', what);
  }
}
