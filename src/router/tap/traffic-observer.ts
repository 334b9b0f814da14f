import { type EventVerdict, type FieldPaths, judgeEvent, moveByClient, moveByServer, readTrafficIds, type RunThreads, type ThreadMove, type TrafficIds } from '../../core/index';
import type { FrameDirection } from '../../protocol/inspection';
import type { Failure } from '../delivery/delivery-log';
import type { FrameMarks } from '../journal/journal';
import type { Connection } from '../model/connection';
import { labelProblem } from '../model/label-problem';
import { type Membership, MembershipError } from '../model/membership';
import type { RouterModel } from '../model/router-model';
import type { PassingMessage } from './relay';

/** Larger texts pass unread: reading one takes the time of thousands of usual ones. */
const LARGEST_READ = 1024 * 1024;
const NOTHING: TrafficIds = {};

export interface ObserverParts {
  readonly model: RouterModel;
  readonly membership: Membership;
  readonly runs: RunThreads;
  readonly paths: FieldPaths;
  readonly clock: () => number;
}

/** Learns threads, runs and connections from the messages that pass, and judges where events arrive. */
export class TrafficObserver {
  /** The names of connections that still have the tap's own. */
  private readonly unnamed = new WeakSet<Connection>();

  constructor(private readonly parts: ObserverParts) {}

  /** A connection was made; its URL may name a thread. */
  opened(connection: Connection, query: URLSearchParams): void {
    this.unnamed.add(connection);
    // A query has no levels: only the names at the top can stand in it.
    const { threadId, userId } = readTrafficIds(Object.fromEntries(query), this.parts.paths);
    if (userId !== undefined && this.isShowable(userId)) connection.userId = userId;
    if (threadId !== undefined) this.move(connection, 'join', threadId, 'url');
  }

  /** What a message says of its way; nothing for binary ones and for what is no JSON. */
  read(data: Buffer, binary: boolean): TrafficIds {
    if (binary || data.length > LARGEST_READ || (data[0] !== OPEN_BRACE && !startsAfterBlanks(data))) return NOTHING;
    let message: unknown;
    try {
      message = JSON.parse(data.toString());
    } catch {
      return NOTHING;
    }
    return readTrafficIds(message, this.parts.paths);
  }

  /** A message goes on to its target now. */
  passes(connection: Connection, direction: FrameDirection, { data, binary, ids }: PassingMessage, marks: FrameMarks): void {
    const { model, clock } = this.parts;
    const now = clock();
    connection.lastActivityAt = now;
    if (direction === 'in') {
      connection.messagesReceived++;
      connection.bytesReceived += data.length;
      model.totals.framesIn++;
      model.totals.bytesIn += data.length;
    } else {
      connection.messagesSent++;
      connection.bytesSent += data.length;
      model.totals.framesOut++;
      model.totals.bytesOut += data.length;
    }
    model.changes.connection(connection);
    if (ids.runId !== undefined && ids.threadId !== undefined) this.parts.runs.learn(ids.runId, ids.threadId);
    if (direction === 'out' && ids.connectionId !== undefined) this.name(connection, ids);
    if (ids.userId !== undefined && connection.userId === undefined && this.isShowable(ids.userId)) connection.userId = ids.userId;
    if (direction === 'out' && ids.runId !== undefined) {
      this.event(connection, ids, ids.runId, data, binary, now, marks);
      return;
    }
    if (ids.threadId !== undefined) {
      const move = direction === 'in' ? moveByClient(ids.type) : moveByServer(ids.type, connection.threads.length > 0);
      if (move) this.move(connection, move, ids.threadId, ids.type ?? 'a message');
    }
    this.note(connection, direction, ids, data, binary, now, marks);
  }

  /** A message was taken out at a breakpoint, or its target was gone. */
  discarded(connection: Connection, direction: FrameDirection, { data, binary, ids }: PassingMessage): void {
    connection.dropped++;
    this.parts.model.totals.dropped++;
    this.parts.model.changes.connection(connection);
    this.note(connection, direction, ids, data, binary, this.parts.clock(), { discarded: true });
  }

  /** An agent event on its way to a client. */
  private event(connection: Connection, ids: TrafficIds, runId: string, data: Buffer, binary: boolean, now: number, marks: FrameMarks): void {
    const { model, runs } = this.parts;
    const type = ids.type ?? 'event';
    const threadId = runs.threadOf(runId) ?? ids.threadId;
    const verdict = judgeEvent(threadId, connection.threads.map((thread) => thread.id));
    const run = model.run(runId, now);
    run.threadId = threadId;
    run.saw(type, undefined, now);
    model.changes.run(run);
    const thread = threadId === undefined ? undefined : model.thread(threadId);
    if (thread) {
      thread.lastEventAt = now;
      if (verdict.verdict === 'misrouted') thread.failed++;
      else thread.delivered++;
      model.changes.thread(thread);
    }
    model.totals.countOutcome('delivered');
    this.noteFirst(connection, threadId, verdict, now);
    const failure = failureOf(verdict, type, runId, connection);
    if (failure) connection.timeline.add({ at: now, what: 'alarm', ...(threadId === undefined ? {} : { threadId }), detail: failure.reason });
    const deliverySeq = model.deliveries.record(now, type, runId, threadId, undefined, 'delivered', 1, data.length, undefined, failure, false);
    model.journal.add('out', 'client', now, data, {
      connectionId: connection.id, threadId: threadId ?? connection.threads[0]?.id, runId, type: ids.type, binary, outcome: 'delivered', deliverySeq, recipients: 1,
      ...withMarks(failure?.misrouted ? { ...marks, misrouted: failure.misrouted } : marks),
    });
  }

  private note(connection: Connection, direction: FrameDirection, ids: TrafficIds, data: Buffer, binary: boolean, now: number, marks: FrameMarks): void {
    this.parts.model.journal.add(direction, 'client', now, data, {
      connectionId: connection.id, threadId: ids.threadId ?? connection.threads[0]?.id, runId: ids.runId, type: ids.type, binary, ...withMarks(marks),
    });
  }

  private noteFirst(connection: Connection, threadId: string | undefined, { verdict }: EventVerdict, now: number): void {
    if (connection.firstDeliveryAt !== 0 || verdict === 'misrouted') return;
    connection.firstDeliveryAt = now;
    connection.timeline.add({ at: now, what: 'first_delivery', ...(threadId === undefined ? {} : { threadId }), detail: 'the first event was sent to it' });
  }

  /** The backend said what it calls the connection: its logs do, too. */
  private name(connection: Connection, { connectionId }: TrafficIds): void {
    if (connectionId === undefined || !this.isShowable(connectionId) || !this.unnamed.delete(connection)) return;
    this.parts.model.rename(connection, connectionId);
  }

  private isShowable(id: string): boolean {
    return labelProblem(id, this.parts.model.limits.labelLength) === undefined;
  }

  private move(connection: Connection, move: ThreadMove, threadId: string, how: string): void {
    const { membership } = this.parts;
    try {
      if (move === 'leave') membership.leave(connection, threadId, how);
      else if (move === 'join' || connection.threads.some((thread) => thread.id === threadId)) membership.join(connection, threadId, how);
      else membership.replace(connection, threadId, how);
    } catch (error) {
      // A bound was reached: what passes is not the tap's to refuse, it is only not shown.
      if (!(error instanceof MembershipError)) throw error;
    }
  }
}

const OPEN_BRACE = 0x7b;

function startsAfterBlanks(data: Buffer): boolean {
  let at = 0;
  while (at < 64 && (data[at] === 0x20 || data[at] === 0x0a || data[at] === 0x0d || data[at] === 0x09)) at++;
  return at > 0 && data[at] === OPEN_BRACE;
}

function failureOf(verdict: EventVerdict, type: string, runId: string, connection: Connection): Failure | undefined {
  if (verdict.verdict !== 'misrouted') return undefined;
  const { expected, received } = verdict;
  return {
    reason: `misrouted: ${type} of run ${runId} went to a connection of another thread`,
    expected: `a connection of ${expected}`,
    received: `${connection.id}, which is on ${received}`,
    misrouted: { expected, received },
  };
}

function withMarks(marks: FrameMarks): { readonly marks?: FrameMarks } {
  for (const _ in marks) return { marks };
  return {};
}
