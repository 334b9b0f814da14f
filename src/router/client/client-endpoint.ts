import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isBlank } from '../../core/index';
import type { OriginalClients } from '../behaviour/original-clients';
import { because } from '../behaviour/reasons';
import type { Dispatcher } from '../delivery/dispatcher';
import { Connection } from '../model/connection';
import { labelProblem } from '../model/label-problem';
import { type Membership, MembershipError } from '../model/membership';
import type { RouterModel } from '../model/router-model';
import { Timeline } from '../model/timeline';
import { closeReason, type ServerSocket, type SocketOwner } from '../ws-socket';
import type { Backpressure } from './backpressure';
import { type ClientMessage, isFault, readClientMessage, ROUTER_TYPES } from './client-protocol';
import type { ClientSender } from './client-sender';
import { handshakeOf } from './handshake-of';

/** How long a peer may take for the closing handshake, in milliseconds. */
const CLOSE_GRACE_MS = 1_000;

export interface ClientEndpointParts {
  readonly model: RouterModel;
  readonly membership: Membership;
  readonly dispatcher: Dispatcher;
  readonly sender: ClientSender;
  readonly backpressure: Backpressure;
  readonly clock: () => number;
}

/** Clients: their handshake, their messages, their end. */
export class ClientEndpoint implements SocketOwner<Connection> {
  /** The clients as the original knows them, while behaviours of it are on. */
  original: OriginalClients | undefined;

  constructor(private readonly parts: ClientEndpointParts) {}

  /** Why a handshake cannot be accepted, or undefined. */
  refusal(query: URLSearchParams): { readonly status: 400 | 503; readonly reason: string; readonly message: string; readonly expected: string; readonly received: string } | undefined {
    const { model } = this.parts;
    const { limits } = model;
    if (model.connections.size >= limits.connections) {
      return { status: 503, reason: 'too_many_connections', message: 'The router has too many connections.', expected: `at most ${limits.connections}`, received: `${model.connections.size + 1}` };
    }
    for (const name of ['user_id', 'thread_id']) {
      const problem = labelProblem(query.get(name) ?? '', limits.labelLength);
      if (problem) return { status: 400, reason: `bad_${name}`, message: `The ${name} cannot be used.`, ...problem };
    }
    return undefined;
  }

  /** Takes a client in whose handshake is done. */
  accept(ws: ServerSocket, socket: Socket, request: IncomingMessage, query: URLSearchParams): void {
    const { model, membership, dispatcher, sender, clock } = this.parts;
    const now = clock();
    const userId = query.get('user_id')?.trim() || undefined;
    const connection = new Connection(
      this.newId(userId), model.nextOrdinal(), userId, ws, socket, handshakeOf(ws.protocol, socket, request), now,
      new Timeline(model.limits.timelineMoments), model.limits.clientMessagesPerSecond,
    );
    model.opened(connection);
    ws.attach(this, connection);
    this.original?.connected(connection);

    const threadId = query.get('thread_id') ?? undefined;
    let fault: MembershipError | undefined;
    if (threadId !== undefined && !isBlank(threadId) && this.original?.ignoresUrl(connection, threadId) !== true) {
      try {
        membership.join(connection, threadId, 'url');
      } catch (error) {
        if (!(error instanceof MembershipError)) throw error;
        fault = error;
      }
    }
    sender.send(connection, established(connection, now));
    if (fault) this.sendFault(connection, fault);
    for (const thread of connection.threads) dispatcher.flushWaiting(thread);
    dispatcher.endTurn();
  }

  /** Closes a connection with a reason that its user can read; answers whether it was open. */
  disconnect(id: string, code: number, reason: string): boolean {
    const connection = this.parts.model.connections.get(id);
    if (!connection) return false;
    this.close(connection, code, reason);
    return true;
  }

  close(connection: Connection, code: number, reason: string): void {
    connection.closeCode ??= code;
    connection.closeReason ??= reason;
    connection.ws.close(code, closeReason(reason));
    const timer = setTimeout(() => connection.ws.terminate(), CLOSE_GRACE_MS);
    timer.unref();
    connection.ws.once('close', () => clearTimeout(timer));
  }

  message(connection: Connection, data: Buffer, isBinary: boolean): void {
    this.read(connection, data, isBinary);
    this.parts.dispatcher.endTurn();
  }

  private read(connection: Connection, data: Buffer, isBinary: boolean): void {
    const { model, sender, clock } = this.parts;
    // ws still delivers frames that it had read before it was told to close.
    if (!connection.open) return;
    const now = clock();
    connection.lastActivityAt = now;
    connection.missedBeats = 0;
    connection.messagesReceived++;
    connection.bytesReceived += data.length;
    model.totals.framesIn++;
    model.totals.bytesIn += data.length;
    model.changes.connection(connection);
    const note = (message?: ClientMessage): void => {
      model.journal.add('in', 'client', now, data, {
        connectionId: connection.id, binary: isBinary, type: message?.type, threadId: message?.threadId,
      });
    };
    if (!this.mayTalk(connection, now)) {
      note();
      const most = model.limits.clientMessagesPerSecond;
      this.close(connection, 1008, `too many messages: expected at most ${most} a second`);
      return;
    }
    if (isBinary) {
      note();
      sender.send(connection, error('binary', 'Binary frames are not understood.', 'a text frame with one JSON object', `a binary frame of ${data.length} bytes`));
      return;
    }
    const read = readClientMessage(data.toString(), model.limits.labelLength);
    if (isFault(read)) {
      note();
      sender.send(connection, error(read.reason, read.message, read.expected, read.received));
      return;
    }
    note(read);
    try {
      this.handle(connection, read, now);
    } catch (fault) {
      if (!(fault instanceof MembershipError)) throw fault;
      this.sendFault(connection, fault);
    }
  }

  private handle(connection: Connection, message: ClientMessage, now: number): void {
    const { dispatcher, sender } = this.parts;
    const { type, threadId, id } = message;
    const echo = id === undefined ? {} : { id };
    switch (type) {
      case 'ping':
        if (threadId !== undefined) this.associate(connection, threadId, type);
        sender.send(connection, { type: 'pong', ...echo, timestamp: new Date(now).toISOString() });
        if (threadId === undefined) return;
        break;
      case 'subscribe':
      case 'unsubscribe':
      case 'switch_thread': {
        if (threadId === undefined) {
          sender.send(connection, error('missing_thread_id', `"${type}" names no thread.`, 'a string in "thread_id"', 'no "thread_id"'));
          return;
        }
        if (this.original?.ignores(connection, type, threadId)) {
          this.acknowledge(connection, message);
          return;
        }
        const answer = this.change(connection, type, threadId);
        sender.send(connection, { type: answer, ...echo, thread_id: threadId, threads: names(connection) });
        break;
      }
      default: {
        if (threadId !== undefined) this.associate(connection, threadId, type);
        // A pong answers; answering it would never end.
        if (type !== 'pong' && type !== 'heartbeat_ack') this.acknowledge(connection, message);
      }
    }
    for (const thread of connection.threads) dispatcher.flushWaiting(thread);
  }

  private acknowledge(connection: Connection, { type, threadId, id, knownType }: ClientMessage): void {
    this.parts.sender.send(connection, {
      type: type === 'heartbeat' ? 'heartbeat_ack' : 'ack',
      ...(id === undefined ? {} : { id }),
      received_type: type,
      status: knownType ? 'acknowledged' : 'unknown_type',
      ...(knownType ? {} : { expected: `${ROUTER_TYPES.join(', ')}, or a type of your application` }),
      ...(threadId === undefined ? {} : { thread_id: threadId }),
      threads: names(connection),
    });
  }

  /** Gives the connection a thread, in place of those it has or, with `add`, beside them. @throws {MembershipError} */
  private associate(connection: Connection, threadId: string, type: string, add = false): void {
    const { membership } = this.parts;
    if (this.original) this.original.associate(connection, threadId, type, add);
    else if (add) membership.join(connection, threadId, type);
    else membership.replace(connection, threadId, type);
  }

  private change(connection: Connection, type: 'subscribe' | 'unsubscribe' | 'switch_thread', threadId: string): string {
    const { membership } = this.parts;
    if (type === 'unsubscribe') {
      membership.leave(connection, threadId, type);
      return 'unsubscribed';
    }
    if (type === 'subscribe') {
      this.associate(connection, threadId, type, true);
      return 'subscribed';
    }
    this.associate(connection, threadId, type);
    return 'thread_switched';
  }

  private sendFault(connection: Connection, fault: MembershipError): void {
    this.parts.sender.send(connection, error(fault.reason, fault.message, fault.expected, fault.received));
  }

  private mayTalk(connection: Connection, now: number): boolean {
    const rate = this.parts.model.limits.clientMessagesPerSecond;
    const earned = (Math.max(0, now - connection.allowanceAt) / 1000) * rate;
    connection.allowanceAt = now;
    connection.allowance = Math.min(2 * rate, connection.allowance + earned) - 1;
    return connection.allowance >= 0;
  }

  pong(connection: Connection): void {
    const now = this.parts.clock();
    connection.missedBeats = 0;
    connection.lastActivityAt = now;
    if (connection.pingSentAt > 0) connection.latencyMs = Math.max(0, now - connection.pingSentAt);
    connection.pingSentAt = 0;
    this.parts.model.changes.connection(connection);
  }

  /** From here on nothing is sent to it, and receipts do not count it. */
  closing(connection: Connection): void {
    if (!connection.open) return;
    const { model, membership } = this.parts;
    const alsoEnd = this.original?.closedWith(connection) ?? [];
    this.original?.closing(connection);
    membership.leaveAll(connection);
    model.closed(connection);
    for (const other of alsoEnd) {
      this.original?.closing(other);
      other.timeline.add({ at: this.parts.clock(), what: 'alarm', detail: because('closeAllTabs', `it is closed because ${connection.id} of the same user ended.`) });
      this.close(other, 1000, 'Normal closure');
    }
  }

  closed(connection: Connection, code: number, reason: Buffer): void {
    this.closing(connection);
    connection.closeCode ??= code;
    if (reason.length > 0) connection.closeReason ??= reason.toString();
    connection.timeline.add({
      at: this.parts.clock(), what: 'closed',
      detail: `with code ${connection.closeCode}${connection.closeReason === undefined ? '' : `: ${connection.closeReason}`}`,
    });
    this.parts.backpressure.forget(connection);
    this.parts.dispatcher.endTurn();
  }

  private newId(userId: string | undefined): string {
    for (;;) {
      const tail = randomBytes(4).toString('hex');
      // Joined, not concatenated: such a text does not keep its parts.
      const id = userId === undefined ? ['main', tail].join('_') : ['conn', userId, tail].join('_');
      if (!this.parts.model.connection(id)) return id;
    }
  }
}

function established(connection: Connection, now: number) {
  const threads = names(connection);
  const [threadId] = threads;
  return {
    type: 'connection_established',
    connection_id: connection.id,
    ...(connection.userId === undefined ? {} : { user_id: connection.userId }),
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    threads,
    server_time: new Date(now).toISOString(),
  };
}

function error(reason: string, message: string, expected: string, received: string) {
  return { type: 'error', reason, message, expected, received };
}

function names(connection: Connection): string[] {
  return connection.threads.map((thread) => thread.id);
}
