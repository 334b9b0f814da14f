import type { Clock } from '../../../../src/core/clock';
import { ConnectionDirectory } from '../../../../src/core/behaviour/original/connection-directory';
import { type AttemptPorts, sendWithAttempts, type SendResult } from '../../../../src/core/behaviour/original/send-attempts';
import { type ClosableRecipient, countAll, sendToOneOfUser } from '../../../../src/core/behaviour/original/send-to-user';
import { fallbackUser, rewriteType, stampForThread, type WireMessage } from '../../../../src/core/behaviour/original/wire-message';

/** A connection without a sign of activity for longer is stale, in milliseconds (FIELD_GUIDE 4.6). */
const STALE_MS = 120_000;

/** A socket as the manager sees it. */
export interface SocketPort {
  isConnected(): boolean;
  /** Sends, and says how that went, perhaps before it returns. The message is changed later: keep a copy, not the message. */
  send(message: WireMessage, timeoutMs: number, done: (result: SendResult) => void): void;
  close(code: number, reason: string): void;
}

/** What the original counts; `activeConnections` goes by connects and clean-ups, not by who is found. */
export interface ManagerCounts {
  totalConnections: number;
  activeConnections: number;
  /** Calls of `sendToUser` that reached somebody. */
  messagesSent: number;
  sendErrors: number;
  staleConnectionsRemoved: number;
  sendTimeouts: number;
  timeoutRetries: number;
  timeoutFailures: number;
}

export interface ManagerOptions {
  /** By which connections and users expire. */
  readonly clock: Clock;
  /** By which activity is timed and messages are stamped; the same clock by default. */
  readonly wallClock?: Clock;
  /** 8 hexadecimal digits, new each time. */
  readonly newSuffix: () => string;
  readonly pause: AttemptPorts['pause'];
  readonly random?: () => number;
}

class Connected implements ClosableRecipient<WireMessage> {
  healthy = true;
  messageCount = 0;

  constructor(
    readonly id: string,
    readonly userId: string,
    readonly socket: SocketPort,
    public threadId: string | null,
    public lastActivityAt: number,
    private readonly wallClock: Clock,
    private readonly cleanUp: (connection: Connected, code: number, reason: string) => void,
  ) {}

  isConnected(): boolean {
    return this.socket.isConnected();
  }

  send(message: WireMessage, timeoutMs: number, done: (result: SendResult) => void): void {
    this.socket.send(message, timeoutMs, (result) => {
      if (result === 'sent') {
        this.messageCount++;
        this.lastActivityAt = this.wallClock();
      }
      done(result);
    });
  }

  drop(code: number, reason: string): void {
    this.cleanUp(this, code, reason);
  }
}

/** A connection of the manager, to look at. */
export type ManagedConnection = Readonly<Pick<Connected, 'id' | 'userId' | 'threadId' | 'healthy' | 'messageCount' | 'lastActivityAt'>>;

/**
 * The original's connection manager, whole (FIELD_GUIDE 4): the rules that the router plays one by one, put together in the
 * original's own way, so that its recorded answers (connection_manager.jsonl) judge them together. Answers come through callbacks, before a method returns when nothing has to be waited for.
 */
export class OriginalConnectionManager {
  readonly counts: ManagerCounts = {
    totalConnections: 0, activeConnections: 0, messagesSent: 0, sendErrors: 0, staleConnectionsRemoved: 0, sendTimeouts: 0, timeoutRetries: 0, timeoutFailures: 0,
  };
  /** The environment says TESTING=1: an event without a listener counts as delivered (F25). */
  testing = false;
  readonly #directory: ConnectionDirectory<Connected>;
  readonly #wallClock: Clock;
  readonly #ports: AttemptPorts;

  constructor(private readonly options: ManagerOptions) {
    this.#directory = new ConnectionDirectory(options.clock, true);
    this.#wallClock = options.wallClock ?? options.clock;
    this.#ports = { pause: options.pause, random: options.random ?? Math.random, counts: this.counts };
  }

  /** Answers the ID of the new connection. */
  connect(userId: string, socket: SocketPort, threadId: string | null = null): string {
    const id = `conn_${userId}_${this.options.newSuffix()}`;
    const connection = new Connected(id, userId, socket, threadId, this.#wallClock(), this.#wallClock, (gone, code, reason) => this.#cleanUp(gone, code, reason));
    this.#directory.add(id, userId, connection);
    this.counts.totalConnections++;
    this.counts.activeConnections++;
    return id;
  }

  /** Moves all connections of a user to a thread; answers whether there were any. */
  associateUser(userId: string, threadId: string | null): boolean {
    return associate(this.#directory.ofUser(userId), threadId);
  }

  /** What was meant to move one connection: the ID is taken for that of a user (F4). */
  associateConnection(connectionId: string, threadId: string | null): boolean {
    return this.associateUser(connectionId, threadId);
  }

  find(socket: SocketPort): ManagedConnection | undefined {
    return this.#directory.connections().find(([, connection]) => connection.socket === socket)?.[1];
  }

  /** Sets one field of a connection that is found, past every rule; answers whether it was found. */
  alter(connectionId: string, fields: { readonly threadId?: string | null; readonly healthy?: boolean; readonly lastActivityAt?: number }): boolean {
    const connection = this.#directory.get(connectionId);
    if (connection) Object.assign(connection, fields);
    return connection !== undefined;
  }

  /** FIELD_GUIDE 4.4. `done` hears whether the original would report success. */
  sendToThread(threadId: string | null, message: unknown, done: (success: boolean) => void): void {
    const candidates = this.#directory.connections().map(([, connection]) => connection).filter((connection) => connection.threadId === threadId && connection.healthy);
    if (candidates.length === 0) return this.#fallBack(message, done);
    const stamped = this.#orSendError(() => stampForThread(message, threadId, this.#wallClock()), done);
    if (!stamped) return;
    countAll(candidates, (connection, sent) => sendWithAttempts(connection, stamped, this.#ports, (outcome) => sent(outcome === 'sent')), (sent) => done(sent > 0));
  }

  /**
   * FIELD_GUIDE 4.5: the raw message, its type rewritten in place once for each connection. The original's order is that
   * of a set, which is any; ours is that of the recorded answers: newest first.
   */
  sendToUser(userId: string, message: unknown, done: (success: boolean) => void): void {
    const record = message as WireMessage;
    countAll(this.#directory.ofUser(userId).reverse(), (connection, sent) => sendToOneOfUser(connection, () => rewriteType(record), sent), (sent) => {
      if (sent > 0) this.counts.messagesSent++;
      done(sent > 0);
    });
  }

  /** Closes all connections of the user, whichever of them ended (F17). */
  disconnectUser(userId: string, code = 1000, reason = 'Normal closure'): void {
    for (const connection of this.#directory.ofUser(userId)) connection.drop(code, reason);
  }

  /** Closes who was silent too long, is closed or unhealthy; answers how many. */
  cleanUpStale(): number {
    const now = this.#wallClock();
    const stale = this.#directory.connections().map(([, connection]) => connection)
      .filter((connection) => now - connection.lastActivityAt > STALE_MS || !connection.isConnected() || !connection.healthy);
    for (const connection of stale) connection.drop(1000, 'Stale connection cleanup');
    this.counts.staleConnectionsRemoved += stale.length;
    return stale.length;
  }

  connections(): readonly ManagedConnection[] {
    return this.#directory.connections().map(([, connection]) => connection);
  }

  users(): readonly (readonly [userId: string, connectionIds: ReadonlySet<string>])[] {
    return this.#directory.users();
  }

  #fallBack(message: unknown, done: (success: boolean) => void): void {
    const named = this.#orSendError(() => ({ user: fallbackUser(message) }), done);
    if (!named) return;
    if (named.user === undefined) done(this.testing);
    else this.sendToUser(named.user, message, done);
  }

  /** What the original does when it stumbles over a message: it counts, and reports failure. */
  #orSendError<T>(read: () => T, done: (success: boolean) => void): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.counts.sendErrors++;
      done(false);
      return undefined;
    }
  }

  #cleanUp(connection: Connected, code: number, reason: string): void {
    if (!this.#directory.has(connection.id)) return;
    this.#directory.remove(connection.id, connection.userId);
    connection.socket.close(code, reason);
    this.counts.activeConnections--;
  }
}

function associate(connections: readonly { threadId: string | null }[], threadId: string | null): boolean {
  for (const connection of connections) connection.threadId = threadId;
  return connections.length > 0;
}
