import { isBlank } from '../../core/index';
import type { TurnWriter } from '../delivery/turn-writer';
import type { Store } from '../store/store';
import { type Connection, NO_THREADS } from './connection';
import { labelProblem } from './label-problem';
import type { RouterModel } from './router-model';
import type { Thread } from './thread';

/** Why a connection cannot join a thread. */
export class MembershipError extends Error {
  override readonly name = 'MembershipError';

  constructor(
    readonly reason: 'bad_thread_id' | 'too_many_threads',
    message: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(message);
  }
}

/** One text for all connections that joined in a usual way. */
const JOINED = new Map(['url', 'subscribe', 'switch_thread'].map((how) => [how, `joined by ${how}`]));

/** Which connection belongs to which threads: the only place that changes it. */
export class Membership {
  constructor(
    private readonly model: RouterModel,
    private readonly writer: Pick<TurnWriter, 'flush'>,
    private readonly store: Pick<Store, 'appendAssociation'>,
    private readonly clock: () => number,
  ) {}

  /**
   * Adds the connection to a thread, unless it was closed. The caller hands it what waits there, after its own answer.
   * @param how by what it was associated: `url`, `subscribe`, `switch_thread`, the type of a message.
   * @throws {MembershipError}
   */
  join(connection: Connection, threadId: string, how: string): Thread {
    this.checkId(threadId);
    const known = this.model.threads.get(threadId);
    if (known?.connections.has(connection)) return known;
    if (connection.threads.length >= this.model.limits.threadsPerConnection) {
      const most = this.model.limits.threadsPerConnection;
      throw new MembershipError('too_many_threads', 'This connection is on too many threads.', `at most ${most} threads for one connection`, `${most + 1}`);
    }
    const thread = this.model.thread(threadId);
    if (!thread) {
      const most = this.model.limits.threads;
      throw new MembershipError('too_many_threads', 'The router knows too many threads that are in use.', `at most ${most} threads`, `${most + 1}`);
    }
    // What was sent before the change goes to who was there before it.
    this.writer.flush();
    // That may have been too much for this one.
    if (!connection.open) return thread;
    const at = this.clock();
    this.noteUser(connection, thread, at);
    thread.connections.add(connection);
    if (connection.slow) thread.slow++;
    if (connection.threads === NO_THREADS) connection.threads = [thread];
    else connection.threads.push(thread);
    if (connection.threads.length === 1) this.model.unassociated--;
    this.model.presence++;
    connection.timeline.add({ at, what: 'associated', detail: JOINED.get(how) ?? `joined by ${how}`, threadId });
    this.noteRace(connection, thread, at);
    this.log(connection, threadId, 'associated', how, at);
    this.model.threadChanged(thread);
    this.model.changes.connectionMoved(connection);
    return thread;
  }

  /** Takes the connection off a thread; answers whether it was on it. */
  leave(connection: Connection, threadId: string, how: string): boolean {
    const thread = this.model.threads.get(threadId);
    if (!thread?.connections.has(connection)) return false;
    this.writer.flush();
    // That may have been too much for this one, which then has left already.
    if (!thread.connections.delete(connection)) return false;
    const at = this.clock();
    if (connection.slow) thread.slow--;
    connection.threads.splice(connection.threads.indexOf(thread), 1);
    if (connection.threads.length === 0) this.model.unassociated++;
    this.model.presence++;
    if (thread.connections.size === 0) {
      thread.user = undefined;
      thread.shared = false;
    }
    connection.timeline.add({ at, what: 'dissociated', detail: `left by ${how}`, threadId });
    this.log(connection, threadId, 'dissociated', how, at);
    this.model.threadChanged(thread);
    this.model.changes.connectionMoved(connection);
    return true;
  }

  /** Makes this the only thread of the connection, as the system under debug does when a message names one. */
  replace(connection: Connection, threadId: string, how: string): Thread {
    this.checkId(threadId);
    for (const thread of connection.threads.slice()) if (thread.id !== threadId) this.leave(connection, thread.id, how);
    return this.join(connection, threadId, how);
  }

  /** Takes a connection that closes off all its threads. */
  leaveAll(connection: Connection): void {
    for (const thread of connection.threads.slice()) this.leave(connection, thread.id, 'closing');
  }

  private checkId(threadId: string): void {
    const most = this.model.limits.labelLength;
    if (isBlank(threadId)) throw new MembershipError('bad_thread_id', 'The thread ID is blank.', 'a non-blank thread ID', JSON.stringify(threadId.slice(0, 20)));
    const problem = labelProblem(threadId, most);
    if (problem) throw new MembershipError('bad_thread_id', 'The thread ID cannot be used.', problem.expected, problem.received);
  }

  /** FIELD_GUIDE 4.3: the original checks no ownership, so different users can end up on one thread unnoticed. */
  private noteUser(connection: Connection, thread: Thread, at: number): void {
    const { userId } = connection;
    if (userId === undefined) return;
    if (thread.user === undefined) {
      thread.user = userId;
      return;
    }
    if (thread.user === userId && !thread.shared) return;
    thread.shared = true;
    let other: Connection | undefined;
    for (const candidate of thread.connections) {
      if (candidate.userId === undefined || candidate.userId === userId) continue;
      other = candidate;
      break;
    }
    if (!other) return;
    const threadId = thread.id;
    connection.timeline.add({
      at, what: 'alarm', threadId,
      detail: `user ${userId} joined a thread that user ${other.userId ?? ''} is on (${other.id}): expected one user per thread, both now receive its events`,
    });
    other.timeline.add({
      at, what: 'alarm', threadId,
      detail: `user ${userId} joined this thread (${connection.id}): expected one user per thread, both now receive its events`,
    });
    this.model.changes.connectionMoved(other);
  }

  private noteRace(connection: Connection, thread: Thread, at: number): void {
    const { missedSince } = thread;
    if (missedSince === undefined) return;
    thread.missedSince = undefined;
    connection.raceWindowMs = Math.max(0, at - missedSince);
    connection.timeline.add({
      at: missedSince, what: 'first_event', threadId: thread.id,
      detail: `an event of this thread came ${connection.raceWindowMs} ms before this connection joined it`,
    });
  }

  private log(connection: Connection, threadId: string, what: 'associated' | 'dissociated', how: string, at: number): void {
    const { id: connectionId, userId } = connection;
    this.model.changes.recorder?.associated(connection, threadId, what, how);
    this.store.appendAssociation({ at, connectionId, ...(userId === undefined ? {} : { userId }), threadId, what, how });
  }
}
