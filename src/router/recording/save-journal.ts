import { redactText, type RecordedFrame, type RecordingEntry, recordingLine } from '../../core/index';
import type { RecordingInfo, RouterInfo } from '../../protocol/inspection';
import type { Connection } from '../model/connection';
import type { RouterModel } from '../model/router-model';
import { NewFile } from './new-file';
import { recordedBody } from './recorded-body';
import { recordedFrame, recordedHeader, recordedOpening } from './recorded-entries';

/** Time that frames are written in one go, in milliseconds: the router has other things to do. */
const TURN_MS = 10;
const JOINED_BY = /^(?:joined|left) by /;

/** A part of a recording with the time at which it happened, and what of the same time comes first. */
interface Dated {
  readonly at: number;
  readonly rank: number;
  readonly entry: RecordingEntry;
}

/**
 * Writes what the journal still holds, and the connections of that time, to a new file: a recording of the past. Bodies
 * that the journal cut are marked so; frames whose bodies it has let go are counted as a gap.
 * @throws {RecordingFileError}
 */
export async function saveJournal(model: RouterModel, router: RouterInfo, path: string, now: number): Promise<RecordingInfo> {
  const { journal } = model;
  const file = new NewFile(path);
  try {
    const start = journal.info(journal.oldest)?.at ?? now;
    file.append(recordingLine(recordedHeader(router, start)));
    const moments = model.knownConnections().flatMap((connection) => momentsOf(connection, start)).sort((a, b) => a.at - b.at || a.rank - b.rank);
    let next = 0;
    let last = 0;
    let frames = 0;
    let gone = 0;
    let text = '';
    const write = ({ at, entry }: { readonly at: number; readonly entry: RecordingEntry }): void => {
      last = Math.max(last, at - start);
      text += recordingLine({ ...entry, t: last });
    };
    let began = performance.now();
    for (let seq = journal.oldest; seq <= journal.newest; seq++) {
      const frame = frameOf(model, seq);
      if (!frame) {
        gone++;
        continue;
      }
      for (let moment = moments[next]; moment && (moment.at < frame.at || (moment.at === frame.at && moment.rank < FRAME)); moment = moments[++next]) write(moment);
      write({ at: frame.at, entry: { ...frame.entry, seq: ++frames } });
      if (performance.now() - began < TURN_MS) continue;
      file.append(text);
      text = '';
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      began = performance.now();
    }
    for (const moment of moments.slice(next)) write(moment);
    if (gone > 0) write({ at: start + last, entry: { kind: 'gap', t: 0, frames: gone } });
    write({ at: now, entry: { kind: 'end', t: 0, why: 'stopped' } });
    file.append(text);
    file.close();
    return { file: path, startedAt: start, frames, bytes: file.bytes };
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** What of one time comes before frames, and what after them. */
const OPENED = 0;
const JOINED = 1;
const FRAME = 2;
const LEFT = 3;
const CLOSED = 4;

function frameOf({ journal }: RouterModel, seq: number): { readonly at: number; readonly entry: RecordedFrame } | undefined {
  const info = journal.info(seq);
  const body = journal.body(seq);
  if (!info || !body) return undefined;
  const { at, direction, peer, bytes, binary = false } = info;
  return { at, entry: recordedFrame({ t: 0, seq, direction, peer, bytes, truncated: body.truncated }, info, recordedBody(body.bytes, binary), info) };
}

/** The life of a connection from `start` on; nothing when it had ended by then. */
function momentsOf(connection: Connection, start: number): Dated[] {
  const { id, connectedAt, open } = connection;
  const details = connection.details();
  const closedAt = details.timeline.findLast(({ what }) => what === 'closed')?.at;
  if (!open && closedAt !== undefined && closedAt < start) return [];
  const before = new Set<string>();
  const later: Dated[] = [];
  for (const { at, what, threadId, detail } of details.timeline) {
    if (threadId === undefined || (what !== 'associated' && what !== 'dissociated')) continue;
    const how = detail.replace(JOINED_BY, '');
    if (how === 'closing') continue;
    if (at < start) {
      if (what === 'associated') before.add(threadId);
      else before.delete(threadId);
    } else later.push({ at, rank: what === 'associated' ? JOINED : LEFT, entry: { kind: 'association', t: 0, connection: id, thread: threadId, what, how } });
  }
  const { closeCode, closeReason } = details;
  const opened: Dated = { at: Math.max(connectedAt, start), rank: OPENED, entry: recordedOpening(connection, 0, [...before], connectedAt < start) };
  if (open || closedAt === undefined) return [opened, ...later];
  const closed: RecordingEntry = {
    kind: 'connection_closed', t: 0, connection: id, ...(closeCode === undefined ? {} : { code: closeCode }), ...(closeReason === undefined ? {} : { reason: redactText(closeReason) }),
  };
  return [opened, ...later, { at: closedAt, rank: CLOSED, entry: closed }];
}
