import { type BehaviourSet, BoundedMap } from '../../core/index';
import { associationTargets, isIgnored } from '../../core/behaviour/original/association';
import { ConnectionDirectory, EXPIRY_MS, MAX_FOUND } from '../../core/behaviour/original/connection-directory';
import type { Connection } from '../model/connection';
import type { Membership } from '../model/membership';
import type { RouterModel } from '../model/router-model';
import { because } from './reasons';

/** Threads of which is remembered why a connection is not on them. */
const MOST_REMEMBERED = 1_000;

/** The clients as the original knows them: who is found, who is healthy, who moves with whom. */
export class OriginalClients {
  private readonly directory: ConnectionDirectory<Connection>;
  private readonly unhealthy = new WeakSet<Connection>();
  /** Connections that have not expired, in the order in which they came. */
  private readonly live = new Set<Connection>();
  /** By thread, what a behaviour did to a connection that would be on it; the oldest are forgotten. */
  private readonly absences = new BoundedMap<string, string>(MOST_REMEMBERED);

  constructor(
    readonly behaviours: BehaviourSet,
    private readonly model: RouterModel,
    private readonly membership: Membership,
    private readonly clock: () => number,
  ) {
    this.directory = new ConnectionDirectory(clock, behaviours.has('connectionExpiry'));
    for (const connection of model.connections.values()) this.connected(connection);
    this.expire();
  }

  connected(connection: Connection): void {
    this.directory.add(connection.id, connection.userId, connection, connection.connectedAt);
    this.live.add(connection);
  }

  closing(connection: Connection): void {
    this.directory.remove(connection.id, connection.userId);
    this.live.delete(connection);
  }

  /** Whether it has not expired. */
  isFound(connection: Connection): boolean {
    return this.directory.has(connection.id);
  }

  isHealthy(connection: Connection): boolean {
    return !this.unhealthy.has(connection);
  }

  setHealthy(connection: Connection, healthy: boolean): void {
    if (healthy) {
      this.unhealthy.delete(connection);
      return;
    }
    if (this.unhealthy.has(connection)) return;
    this.unhealthy.add(connection);
    this.alarm(connection, because('sendRetries', 'sends to it failed, so it is unhealthy and gets nothing more.'));
  }

  /** The connections that are found by their user. */
  ofUser(userId: string): Connection[] {
    return this.directory.ofUser(userId);
  }

  /** Why a behaviour keeps connections off a thread, as far as one did. */
  whyAbsent(threadId: string): string | undefined {
    return this.absences.get(threadId);
  }

  /** Whether the message is only acknowledged; its connection is told in its timeline. */
  ignores(connection: Connection, type: string, threadId: string): boolean {
    if (!isIgnored(this.behaviours, type)) return false;
    const text = because('switchThreadIgnored', `${type} was only acknowledged.`);
    this.alarm(connection, text, threadId);
    if (type !== 'unsubscribe') this.absent(threadId, because('switchThreadIgnored', `${connection.id} asked for it by ${type} and was only acknowledged.`));
    return true;
  }

  /** Whether a thread named in the URL does not count. */
  ignoresUrl(connection: Connection, threadId: string): boolean {
    if (!this.behaviours.has('unassociatedAtConnect')) return false;
    const text = because('unassociatedAtConnect', `${connection.id} named it in its URL, which is not looked at.`);
    this.alarm(connection, text, threadId);
    this.absent(threadId, text);
    return true;
  }

  /**
   * Gives a thread to the connections that get it when one names it.
   * @param add beside the threads they have, not instead of them.
   * @throws {MembershipError}
   */
  associate(connection: Connection, threadId: string, type: string, add: boolean): void {
    this.expire();
    const targets = associationTargets(this.behaviours, this.directory, connection, type);
    if (targets.length === 0) {
      const why = this.whyNobody(connection, type);
      this.alarm(connection, why, threadId);
      this.absent(threadId, why);
      return;
    }
    for (const target of targets) {
      const how = target === connection ? type : `${type} of ${connection.id} (original behaviour userWideAssociation)`;
      for (const left of add && !this.behaviours.has('singleThread') ? [] : target.threads) {
        if (left.id === threadId) continue;
        const behaviour = target === connection ? 'singleThread' : 'userWideAssociation';
        if (this.behaviours.has(behaviour)) this.absent(left.id, because(behaviour, `${target.id} left it when ${target === connection ? 'it' : connection.id} named ${threadId}.`));
      }
      if (add && !this.behaviours.has('singleThread')) this.membership.join(target, threadId, how);
      else this.membership.replace(target, threadId, how);
    }
  }

  /** The other connections that end with this one. */
  closedWith(connection: Connection): Connection[] {
    if (!this.behaviours.has('closeAllTabs') || connection.userId === undefined) return [];
    this.expire();
    return this.directory.ofUser(connection.userId).filter((other) => other !== connection);
  }

  /** Takes connections that the original no longer finds off their threads; their sockets stay open. */
  expire(): void {
    if (!this.behaviours.has('connectionExpiry')) return;
    const crowded = this.live.size > MAX_FOUND;
    for (const connection of this.live) {
      if (this.directory.has(connection.id)) {
        if (crowded) continue;
        break;
      }
      this.lapse(connection);
    }
    this.directory.expire();
  }

  private lapse(connection: Connection): void {
    this.live.delete(connection);
    const old = this.clock() - connection.connectedAt >= EXPIRY_MS;
    const text = because('connectionExpiry', old
      ? `${connection.id} is no longer found ${EXPIRY_MS / 1000} s after it connected; its socket stays open.`
      : `${connection.id} gave way when more than ${MAX_FOUND} connections were there; its socket stays open.`);
    this.alarm(connection, text);
    for (const thread of connection.threads.slice()) {
      this.absent(thread.id, text);
      this.membership.leave(connection, thread.id, 'original behaviour connectionExpiry');
    }
  }

  private whyNobody(connection: Connection, type: string): string {
    const { id, userId } = connection;
    if (this.behaviours.has('shadowedAssociation') && type !== 'start_agent') {
      return because('shadowedAssociation', `${type} of ${id} associates by connection ID where a user ID is expected: no connections found for user ${id}.`);
    }
    return because('connectionExpiry', userId === undefined || !this.behaviours.has('userWideAssociation')
      ? `${id} named it but is no longer found.`
      : `${id} named it, but user ${userId} is no longer found.`);
  }

  private absent(threadId: string, why: string): void {
    this.absences.renew(threadId, why);
  }

  private alarm(connection: Connection, detail: string, threadId?: string): void {
    connection.timeline.add({ at: this.clock(), what: 'alarm', detail, ...(threadId === undefined ? {} : { threadId }) });
    this.model.changes.connectionMoved(connection);
  }
}
