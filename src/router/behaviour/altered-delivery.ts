import { type Behaviour, FAULT_LIMITS } from '../../core/index';
import { type AttemptPorts, SEND_ATTEMPTS, SEND_TIMEOUT_MS, sendWithAttempts } from '../../core/behaviour/original/send-attempts';
import { countAll, sendToOneOfUser } from '../../core/behaviour/original/send-to-user';
import { fallbackUser, rewriteType, stampForThread, type WireMessage } from '../../core/behaviour/original/wire-message';
import type { ResolutionSummary } from '../../protocol/delivery';
import type { AbsenceExplainer } from '../delivery/absence';
import type { DeadLetters } from '../delivery/dead-letters';
import type { Failure } from '../delivery/delivery-log';
import type { TurnWriter } from '../delivery/turn-writer';
import type { WaitingEvent } from '../delivery/waiting-event';
import type { WaitingQueue } from '../delivery/waiting-queue';
import type { FaultInjector } from '../faults/fault-injector';
import { HeldEvents } from '../faults/held-events';
import type { Connection } from '../model/connection';
import type { RouterModel } from '../model/router-model';
import type { Run } from '../model/run';
import { Thread } from '../model/thread';
import { AlteredEvent, type SentFrame } from './altered-event';
import type { OriginalClients } from './original-clients';
import { because } from './reasons';
import { type RecipientParts, SocketRecipient } from './socket-recipient';

export interface AlteredDeliveryParts extends Omit<RecipientParts, 'clients'> {
  readonly model: RouterModel;
  readonly writer: TurnWriter;
  readonly queue: WaitingQueue;
  readonly deadLetters: DeadLetters;
  readonly absence: AbsenceExplainer;
  readonly clock: () => number;
}

/** What became of an event that names no thread. */
export interface SentToNone {
  readonly connections: number;
  readonly reason: string;
  readonly frame: SentFrame;
}

/**
 * The way of an event from its resolution on, while the original's behaviours or faults are on: it takes the place of the
 * dispatcher's own, writes each connection by itself, and says in the delivery what made a difference.
 */
export class AlteredDelivery {
  clients: OriginalClients | undefined;
  injector: FaultInjector | undefined;
  private readonly held: HeldEvents<AlteredEvent>;
  private readonly counts = { sendTimeouts: 0, timeoutRetries: 0, timeoutFailures: 0 };
  private readonly attempts: AttemptPorts;

  constructor(private readonly parts: AlteredDeliveryParts) {
    this.held = new HeldEvents(parts.timers, (event) => this.release(event));
    this.attempts = { pause: (ms, then) => void parts.timers.after(ms, then), random: Math.random, counts: this.counts };
  }

  /** Takes an event over after its resolution; answers the number of its delivery. */
  send(bytes: Buffer, payload: Buffer, run: Run, thread: Thread, summary: ResolutionSummary, now: number): number {
    const { model } = this.parts;
    thread.lastEventAt = now;
    const event = new AlteredEvent(model, { bytes, payload, run, type: run.lastType, thread, summary, at: now });
    const waits = this.held.waitsFor(thread);
    const fault = this.injector?.judge(event.type, thread.id, run.id, waits === undefined);
    switch (fault?.kind) {
      case 'drop':
        thread.failed++;
        event.settle('undeliverable', 0, { reason: `${fault.name}: the event was dropped on purpose.` });
        break;
      case 'delay':
      case 'reorder':
        this.hold(event, fault.kind === 'delay' ? fault.ms : FAULT_LIMITS.holdMs, fault.name, fault.kind === 'reorder');
        break;
      case 'duplicate':
        event.explain(`${fault.name}: the event was sent twice on purpose.`);
        this.deliver(event, 2);
        break;
      case undefined:
        this.deliver(event);
    }
    if (waits) this.held.release(waits);
    return event.seq;
  }

  /**
   * An event that names no run, so no thread (F15): it goes to every connection without a thread.
   * Answers undefined when that behaviour is off.
   */
  sendToNone(payload: Buffer): SentToNone | undefined {
    if (!this.has('noneMatchesNone')) return undefined;
    const { model } = this.parts;
    this.clients?.expire();
    const nowhere = [...model.connections.values()].filter((connection) => connection.threads.length === 0 && this.mayGet(connection));
    const { request_id: _asked, ...message } = parse(payload);
    const { body, type } = this.wire(Buffer.from(JSON.stringify(message)), null);
    let sent = 0;
    this.parts.writer.flush();
    for (const connection of nowhere) if (this.recipient(connection, NO_THREAD).post(body)) sent++;
    return {
      connections: sent,
      reason: because('noneMatchesNone', `the event names no thread, so it went to the ${sent} connections that have none.`),
      frame: { body, type, recipients: sent },
    };
  }

  /** Who is given the thread's events now. */
  readers(thread: Thread): Connection[] {
    this.clients?.expire();
    return Array.from(thread.connections).filter((connection) => this.mayGet(connection) && (this.has('sendRetries') || !connection.slow));
  }

  /** Hands over an event that waited, to those readers; answers what is to be said of it. */
  handOver(thread: Thread, payload: Buffer, readers: readonly Connection[]): { readonly reasons: readonly string[]; readonly frame: SentFrame } {
    this.parts.writer.flush();
    const { body, type, reasons } = this.wire(payload, thread.id);
    for (const connection of readers) this.recipient(connection, thread).post(body);
    return { reasons, frame: { body, type, recipients: readers.length } };
  }

  /** Sends everything that is held back. */
  releaseAll(): void {
    this.held.releaseAll();
  }

  /** The router stops: what is held back is not sent any more, but waits, for the next life where there is a store. */
  stop(): void {
    for (const event of this.held.takeAll()) this.giveUp(event, { reason: 'The router stopped while a fault held the event back; the event waits.' }, true);
  }

  private has(behaviour: Behaviour): boolean {
    return this.clients?.behaviours.has(behaviour) === true;
  }

  private mayGet(connection: Connection): boolean {
    const { clients } = this;
    return connection.open && (clients === undefined || (clients.isFound(connection) && clients.isHealthy(connection)));
  }

  private recipient(connection: Connection, thread: Thread): SocketRecipient {
    return new SocketRecipient(connection, thread, { ...this.parts, clients: this.clients });
  }

  private hold(event: AlteredEvent, ms: number, name: string, changesPlaces: boolean): void {
    if (!this.held.hold({ event, thread: event.thread, bytes: event.payload.length, changesPlaces }, ms)) {
      event.explain(`${name}: too much is held back, so the event went out at once.`);
      this.deliver(event);
      return;
    }
    event.explain(changesPlaces
      ? `${name}: the event was held back until the next one of its thread, or ${ms} ms, on purpose.`
      : `${name}: the event was held back for ${ms} ms on purpose.`);
    event.settle('queued', 0, undefined);
    event.keep();
  }

  private release(event: AlteredEvent): void {
    this.deliver(event);
    this.parts.writer.flush();
  }

  private deliver(event: AlteredEvent, copies = 1): void {
    const { thread } = event;
    const readers = this.readers(thread);
    if (readers.length === 0) {
      this.withoutListener(event);
      return;
    }
    this.parts.writer.flush();
    const { body, type, reasons } = this.wire(event.payload, thread.id);
    for (const reason of reasons) event.explain(reason);
    for (let copy = 0; copy < copies; copy++) {
      event.sent({ body, type, recipients: readers.length });
      if (this.has('sendRetries')) this.attempt(event, readers, body);
      else {
        const sent = readers.filter((connection) => this.recipient(connection, thread).post(body)).length;
        this.finish(event, sent, undefined);
      }
    }
  }

  private attempt(event: AlteredEvent, readers: readonly Connection[], body: Buffer): void {
    // Attempts go on after this turn, whose bytes are used again.
    const own = body === event.payload ? Buffer.from(body) : body;
    let sent = 0;
    let left = readers.length;
    const lost: string[] = [];
    for (const connection of readers) {
      sendWithAttempts(this.recipient(connection, event.thread), own, this.attempts, (outcome) => {
        left--;
        if (outcome === 'sent') sent++;
        else lost.push(`${connection.id} ${LOSSES[outcome]}`);
        if (sent > 0 || left === 0) this.finish(event, sent, lost.length === 0 ? undefined : because('sendRetries', `${lost.slice(0, 5).join('; ')}${lost.length > 5 ? `; ${lost.length - 5} more` : ''}.`));
      });
    }
    if (left > 0 && sent === 0 && !event.isDelivered) {
      event.settle('queued', 0, { reason: because('sendRetries', `${left} connections do not take it; each is tried ${SEND_ATTEMPTS} times for ${SEND_TIMEOUT_MS / 1000} s.`) });
      event.keep();
    }
  }

  private finish(event: AlteredEvent, sent: number, trouble: string | undefined): void {
    const { thread } = event;
    if (sent > 0) {
      if (!event.isDelivered) thread.delivered++;
      event.settle('delivered', sent, trouble === undefined ? undefined : { reason: trouble });
    } else if (!event.isDelivered) {
      thread.failed++;
      this.giveUp(event, {
        reason: trouble ?? `Nobody on ${thread.id} could be written to.`,
        expected: `a connection on ${thread.id} that takes the event`,
        received: `${thread.connections.size} on it, none took it`,
      });
    }
  }

  /** FIELD_GUIDE 4.4 step 2. */
  private withoutListener(event: AlteredEvent): void {
    if (!this.has('userFallback')) {
      this.lose(event, undefined, true);
      return;
    }
    let user: string | undefined;
    let message: WireMessage;
    try {
      message = parse(event.payload);
      user = fallbackUser(message);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.lose(event, because('userFallback', `the event cannot be read for its user (${error.message}), so the send failed.`), false);
      return;
    }
    if (user === undefined) this.lose(event, undefined, true);
    else this.sendToUser(event, user, message);
  }

  private sendToUser(event: AlteredEvent, user: string, message: WireMessage): void {
    const { clients } = this;
    const connections = clients?.ofUser(user).reverse() ?? [];
    if (connections.length === 0) {
      this.lose(event, because('userFallback', `user ${user} has no connection that is found, either.`), false);
      return;
    }
    this.parts.writer.flush();
    const rewrites = this.has('typeRewriting');
    const answered = (sent: number): void => {
      if (sent === 0) {
        this.lose(event, because('userFallback', `no connection of user ${user} took the event; they were closed.`), false);
        return;
      }
      event.explain(because('userFallback', `nobody is on ${event.thread.id}, so the event went to user ${user} whatever those connections show.`));
      this.finish(event, sent, undefined);
    };
    countAll(connections, (connection, done) => {
      // The type is rewritten in place once for each connection, so that the second can get another one (FIELD_GUIDE 4.4).
      const prepare = (): Buffer => {
        const body = rewrites ? Buffer.from(JSON.stringify(rewriteType(message))) : event.payload;
        event.sent({ body, type: rewrites ? String(message['type']) : event.type, recipients: 1, connectionId: connection.id });
        return body;
      };
      sendToOneOfUser(this.recipient(connection, event.thread), prepare, done);
    }, answered);
    if (rewrites) event.explain(because('typeRewriting', 'the type was rewritten once for each connection.'));
    if (!event.isSettled) {
      event.settle('queued', 0, { reason: because('userFallback', `the connections of user ${user} do not take it yet.`) });
      event.keep();
    }
  }

  /** @param accepts whether the original, while it tests, takes such an event for delivered. */
  private lose(event: AlteredEvent, why: string | undefined, accepts: boolean): void {
    const { thread } = event;
    if (why !== undefined) event.explain(why);
    if (accepts && this.has('successWithoutSending')) {
      event.explain(because('successWithoutSending', `nobody is on ${thread.id} and nothing was sent, yet success is reported.`));
      event.settle('delivered', 0, undefined);
      return;
    }
    thread.failed++;
    if (thread.connections.size === 0) thread.missedSince ??= event.at;
    const whyAbsent = this.clients?.whyAbsent(thread.id);
    const { reason, ...failure } = this.explain(thread);
    this.giveUp(event, { ...failure, reason: whyAbsent === undefined ? reason : `${reason} ${whyAbsent}` }, true);
  }

  private explain(thread: Thread): Failure {
    const unhealthy = Array.from(thread.connections).filter((connection) => this.clients?.isHealthy(connection) === false).length;
    if (unhealthy === 0) return this.parts.absence.explain(thread);
    return {
      reason: because('sendRetries', `everybody on ${thread.id} is unhealthy or does not read; the event waits.`),
      expected: `a healthy connection on ${thread.id}`,
      received: `${thread.connections.size} on it, ${unhealthy} of them unhealthy`,
    };
  }

  /** Nobody gets the event: it is lost, waits, or becomes a dead letter. */
  private giveUp(event: AlteredEvent, failure: Failure, mayWait = false): void {
    const { queue, deadLetters } = this.parts;
    if (this.has('noQueue')) {
      event.settle('undeliverable', 0, { ...failure, reason: `${failure.reason.replace('; the event waits', '')} ${because('noQueue', 'the event is lost.')}` });
    } else if (mayWait && queue.takes(event.payload.length)) {
      event.settle('queued', 0, failure, true);
      queue.put(event.thread, waitingEvent(event, failure));
    } else {
      event.settle('undeliverable', 0, { ...failure, reason: failure.reason.replace('; the event waits', '') }, true);
      deadLetters.put(waitingEvent(event, failure));
    }
  }

  private wire(payload: Buffer, threadId: string | null): { readonly body: Buffer; readonly type: string; readonly reasons: readonly string[] } {
    const message = parse(payload);
    const before = String(message['type']);
    if (!this.has('typeRewriting')) return { body: payload, type: before, reasons: [] };
    const stamped = stampForThread(message, threadId, this.parts.clock());
    const type = String(stamped['type']);
    const went = type === before ? '' : `${before} went out as ${type}; `;
    return {
      body: Buffer.from(JSON.stringify(stamped)),
      type,
      reasons: [because('typeRewriting', `${went}the timestamp was overwritten and thread_id added.`)],
    };
  }
}

/** Stands in where an event has no thread. */
const NO_THREAD = new Thread('(none)', 0);

const LOSSES = {
  disconnected: 'was closed before the send',
  timeout: `took nothing in ${SEND_ATTEMPTS} attempts of ${SEND_TIMEOUT_MS / 1000} s`,
  error: `failed in ${SEND_ATTEMPTS} attempts`,
} as const;

/** The event was read before; what its bytes say is JSON with a type. */
function parse(payload: Buffer): WireMessage {
  return JSON.parse(payload.toString()) as WireMessage;
}

function waitingEvent({ seq, at, type, run, thread, payload }: AlteredEvent, { reason, expected, received }: Failure): WaitingEvent {
  return {
    seq,
    at,
    type,
    runId: run.id,
    threadId: thread.id,
    ...(run.agentName === undefined ? {} : { agentName: run.agentName }),
    reason,
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
    payload: Buffer.from(payload),
  };
}
