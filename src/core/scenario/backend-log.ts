import type { Behaviour } from '../behaviour/behaviour';
import { TABLE_TTL_MS } from '../diagnosis/routing-state';
import type { ClientReport, Moment, SentEvent } from './report';

/** The run of a scenario, as far as a backend would see it. */
export interface BackendView {
  /** Milliseconds since 1970. */
  readonly startsAt: number;
  readonly behaviours: ReadonlySet<Behaviour>;
  /** Age at which a mapping expires, in milliseconds. */
  readonly registrationAge: number;
  readonly moments: readonly Moment[];
  readonly events: readonly SentEvent[];
  readonly clients: readonly ClientReport[];
}

interface KnownConnection {
  readonly client: string;
  readonly userId: string;
  readonly connectedAt: number;
  threadId: string | undefined;
  stalled: boolean;
}

type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Types that the original's server passes on as they are and writes a line of (FIELD_GUIDE 5.1, 5.4). */
const CRITICAL: ReadonlySet<string> = new Set(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed', 'agent_error']);

const MOST_LINES = 5_000;
/** The user of a connection that names none (FIELD_GUIDE 5.5). */
const NOBODY = 'dev_user';

/**
 * The log lines that the backend of the original system would have written of this run (FIELD_GUIDE 4.9), so that the log doctor, and people,
 * can compare a scenario with a log of theirs.
 */
export function backendLog(view: BackendView): string[] {
  return new BackendLog(view).write();
}

class BackendLog {
  private readonly lines: string[] = [];
  private readonly connections = new Map<string, KnownConnection>();
  /** When each mapping was made, by run. */
  private readonly mappings = new Map<string, number>();
  private readonly byNumber: ReadonlyMap<number, SentEvent>;
  /** The types an event had where it arrived, by client. */
  private readonly arrivals = new Map<number, Map<string, string>>();
  private at = 0;

  constructor(private readonly view: BackendView) {
    this.byNumber = new Map(view.events.map((event) => [event.number, event]));
    for (const { name, received } of view.clients) {
      for (const { event, type } of received) {
        if (event === undefined) continue;
        const types = this.arrivals.get(event) ?? new Map<string, string>();
        this.arrivals.set(event, types.set(name, type));
      }
    }
  }

  write(): string[] {
    for (const moment of this.view.moments) {
      if (this.lines.length >= MOST_LINES) break;
      this.at = moment.at;
      this.moment(moment);
    }
    return this.lines;
  }

  private say(level: Level, message: string): void {
    const time = new Date(this.view.startsAt + this.at).toISOString().replace('T', ' ').replace('Z', '');
    this.lines.push(`${time} | ${level.padEnd(8)} | ${message}`);
  }

  private moment(moment: Moment): void {
    switch (moment.what) {
      case 'connected': {
        const userId = moment.userId ?? NOBODY;
        this.connections.set(moment.connectionId, { client: moment.client, userId, connectedAt: moment.at, threadId: undefined, stalled: false });
        this.say('INFO', `Enhanced WebSocket connected: ${moment.connectionId} for user ${userId} (protocol: fastapi)`);
        break;
      }
      case 'associated':
        this.associated(moment);
        break;
      case 'closed':
        this.closed(moment);
        break;
      case 'said':
        this.said(moment);
        break;
      case 'stalled':
      case 'resumed': {
        const connection = this.connections.get(moment.connectionId);
        if (connection) connection.stalled = moment.what === 'stalled';
        break;
      }
      case 'registered':
        this.mappings.set(moment.runId, moment.at);
        this.say('INFO', `✅ REGISTERED: run_id=${moment.runId} → thread_id=${moment.threadId} (metadata: {})`);
        this.say('INFO', `✅ MAPPING REGISTERED: run_id=${moment.runId} → thread_id=${moment.threadId} (metadata: {})`);
        break;
      case 'unregistered':
        this.mappings.delete(moment.runId);
        this.say('INFO', `🗑️ UNREGISTERED: run_id=${moment.runId} from thread_id=${moment.threadId ?? 'None'}`);
        break;
      case 'event': {
        const event = this.byNumber.get(moment.event);
        if (event) this.event(event);
        break;
      }
      default:
    }
  }

  private closed({ connectionId, userId = NOBODY, code, reason, own }: Moment & { readonly what: 'closed' }): void {
    const tabs = [...this.connections.values()].filter((connection) => connection.userId === userId).length;
    this.connections.delete(connectionId);
    if (own && tabs > 1 && this.view.behaviours.has('closeAllTabs')) this.say('INFO', `Disconnected user ${userId} with ${tabs} connections`);
    else this.say('INFO', `Enhanced WebSocket closed for ${connectionId} (fastapi): ${code} - ${reason || 'Connection lost'}`);
  }

  /** The association that goes by a connection ID where a user ID is expected finds nobody (FIELD_GUIDE 4.3). */
  private said({ client, type, threadId }: Moment & { readonly what: 'said' }): void {
    if (threadId === undefined || type === 'start_agent' || !this.view.behaviours.has('shadowedAssociation')) return;
    const [connectionId] = [...this.connections].find(([, connection]) => connection.client === client) ?? [];
    if (connectionId !== undefined) this.say('WARNING', `No connections found for user ${connectionId} when updating thread`);
  }

  private associated({ threadId, connectionIds, userId = NOBODY, all }: Moment & { readonly what: 'associated' }): void {
    for (const id of connectionIds) {
      const connection = this.connections.get(id);
      if (connection) connection.threadId = threadId;
    }
    if (all) this.say('INFO', `Associated ${connectionIds.length} connections for user ${userId} with thread ${threadId}`);
    else for (const id of connectionIds) this.say('DEBUG', `Updated connection ${id} with thread_id ${threadId}`);
  }

  private event(event: SentEvent): void {
    const { receipt, runId } = event;
    if (!receipt || receipt.outcome === 'rejected') return;
    const registeredAt = this.mappings.get(runId);
    if (registeredAt !== undefined && receipt.source !== 'thread_registry' && event.at - registeredAt >= this.view.registrationAge) {
      this.mappings.delete(runId);
      this.say('DEBUG', `🔍 LOOKUP EXPIRED: run_id=${runId} mapping expired`);
    }
    const { threadId } = receipt;
    if (threadId === undefined) this.unresolved(event);
    else {
      this.resolved(event, threadId);
      this.sent(event, threadId);
    }
  }

  private unresolved({ runId, type, agent }: SentEvent): void {
    this.say('ERROR', `🚨 PRIORITY 5 RESOLUTION FAILURE: Unable to resolve thread_id for run_id=${runId} after trying all 5 priorities`);
    this.say('ERROR', `🚨 BUSINESS IMPACT: User will not receive WebSocket notifications for run_id=${runId} - this breaks core chat functionality`);
    this.say('ERROR', `🚨 EMISSION EXCEPTION: notify_${type} failed (run_id=${runId}, agent=${agent}): Thread resolution failed for run_id=${runId}`);
  }

  private resolved({ runId, receipt }: SentEvent, threadId: string): void {
    switch (receipt?.source) {
      case 'thread_registry':
        this.say('INFO', `✅ PRIORITY 1 SUCCESS: run_id=${runId} → thread_id=${threadId} via ThreadRunRegistry (0.2ms)`);
        break;
      case 'websocket_manager':
        this.say('INFO', `✅ PRIORITY 3 SUCCESS: run_id=${runId} is valid thread_id with active WebSocket connection (0.1ms)`);
        break;
      case 'pattern_extraction':
        this.say('INFO', `✅ PRIORITY 4 SUCCESS: run_id=${runId} → thread_id=${threadId} via pattern extraction (0.2ms)`);
        this.mappings.set(runId, this.at);
        this.say('INFO', `✅ REGISTERED: run_id=${runId} → thread_id=${threadId} (metadata: {'source': 'pattern_extraction'})`);
        break;
      default:
    }
  }

  private sent(event: SentEvent, threadId: string): void {
    const { number, type, runId, agent } = event;
    const arrived = this.arrivals.get(number);
    const { outcome, connections } = event.final ?? event.receipt ?? { outcome: 'rejected', connections: 0 };
    const rewritten = arrived !== undefined && ![...arrived.values()].includes(type);
    this.timedOut(number, threadId, outcome === 'delivered');
    if (arrived === undefined && this.active().every(([, connection]) => connection.threadId !== threadId)) this.missed(type, threadId, outcome === 'delivered' && connections === 0);
    if (outcome !== 'delivered' && arrived === undefined) {
      this.say('ERROR', `🚨 EMISSION FAILED: ${type} send failed (run_id=${runId}, agent=${agent})`);
      return;
    }
    if (type === 'agent_death' && rewritten) this.say('CRITICAL', `💀 AGENT DEATH NOTIFIED: ${agent} died due to timeout (run_id=${runId}, thread=${threadId})`);
    // The original would have rewritten any other type; a line of it would tell what did not happen here.
    else if (CRITICAL.has(type) || rewritten) this.say('INFO', `✅ EMISSION SUCCESS: ${CRITICAL.has(type) ? type : `custom(${type})`} → thread=${threadId} (run_id=${runId}, agent=${agent})`);
  }

  /** Connections of the thread that did not read the event, or too late to count. */
  private timedOut(event: number, threadId: string, delivered: boolean): void {
    for (const [id, { client, stalled, threadId: on }] of this.active()) {
      if (on !== threadId || !stalled || (delivered && this.arrivals.get(event)?.has(client) === true)) continue;
      for (const attempt of [1, 2]) this.say('WARNING', `WebSocket send timeout for ${id}, attempt ${attempt}/2`);
      this.say('ERROR', `Failed to send to ${id} after 2 attempts`);
    }
  }

  /** @param claimed the router says that it was delivered. */
  private missed(type: string, threadId: string, claimed: boolean): void {
    const active = this.active();
    this.say('WARNING', `No connections found for thread ${threadId}. Active connections: ${active.length}`);
    if (active.length > 0) {
      const sample = active.slice(0, 5).map(([, connection]) => (connection.threadId === undefined ? 'None' : `'${connection.threadId}'`));
      this.say('DEBUG', `Sample connection thread_ids: [${sample.join(', ')}]`);
    }
    if (claimed) this.say('CRITICAL', `CRITICAL ERROR: No WebSocket connections found for user ${threadId}. User will not receive message: ${type}`);
    else this.say('ERROR', `CRITICAL: Cannot deliver message for thread ${threadId} - no connections and no fallback available`);
  }

  /** Those in the connection table: with the 180-second wall, an open socket may be missing in it. */
  private active(): [string, KnownConnection][] {
    const expires = this.view.behaviours.has('connectionExpiry');
    return [...this.connections].filter(([, { connectedAt }]) => !expires || this.at - connectedAt < TABLE_TTL_MS);
  }
}
