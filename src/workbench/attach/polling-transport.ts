import { messageOf } from '../../core/message-of';
import { type InspectionMethod, INSPECTION_VERSION, type RequestMessage } from '../../protocol/inspection';
import { NO_COUNTERS } from '../live/live-model';
import { camelCase } from './camel-case';
import { answerFromDebugApi } from './debug-answers';
import { type DebugApi, DebugApiError } from './debug-api';
import { PolledEntities } from './polled-entities';
import { PolledLog } from './polled-log';
import { TransportListeners } from './transport-listeners';

/** Time between two looks, in milliseconds; a slow backend is given nine times as long as a look took. */
const INTERVAL_MS = 1_000;

type Fields = Record<string, unknown>;

/**
 * The inspection protocol played over the debug endpoints of a backend that has nothing else (media/openapi.yaml). It
 * looks once a second and tells what changed; what a look finds missing is told as gone.
 */
export class PollingTransport extends TransportListeners {
  private readonly connections: PolledEntities;
  private readonly threads: PolledEntities;
  private readonly runs: PolledEntities;
  private readonly deliveries: PolledLog;
  private readonly messages: PolledLog;
  private identity: string | undefined;
  private seq = 0;
  private reset = true;
  private watching = true;
  private framesWatched = false;
  private countersTold = '';
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly api: DebugApi,
    private readonly intervalMs = INTERVAL_MS,
  ) {
    super();
    this.connections = new PolledEntities(api, 'connections');
    this.threads = new PolledEntities(api, 'threads');
    this.runs = new PolledEntities(api, 'runs');
    this.deliveries = new PolledLog(api, 'deliveries');
    this.messages = new PolledLog(api, 'messages');
    this.schedule(0);
  }

  send(text: string): void {
    // From our own client, which checked what is in it.
    const { id, method, params } = JSON.parse(text) as RequestMessage;
    this.answer(method, { ...params }).then(
      (result) => this.tell({ type: 'reply', id, result }),
      (error: unknown) => this.tell({ type: 'reply', id, error: { reason: reasonOf(error), message: messageOf(error) } }),
    );
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async answer(method: InspectionMethod, params: Fields): Promise<unknown> {
    if (method === 'watch') {
      this.watching = params['on'] === true;
      this.forget();
      return params;
    }
    if (method === 'watchFrames') {
      this.framesWatched = params['on'] === true;
      if (this.framesWatched) await this.messages.skipToNewest();
      return params;
    }
    return answerFromDebugApi(this.api, method, params);
  }

  private schedule(wait: number): void {
    if (!this.closed) this.timer = setTimeout(() => void this.look(), wait);
  }

  private async look(): Promise<void> {
    const began = performance.now();
    try {
      await this.poll();
    } catch (error) {
      if (this.closed) return;
      if (error instanceof DebugApiError && (error.reason === 'refused' || error.reason === 'bad_answer')) {
        this.closed = true;
        this.ended(error.message);
        return;
      }
      // Lost, and found again with the next health that is read.
      if (this.identity !== undefined) this.interrupted(messageOf(error));
      this.identity = undefined;
    }
    this.schedule(Math.max(this.intervalMs, 9 * (performance.now() - began)));
  }

  private async poll(): Promise<void> {
    const health = camelCase(await this.api.get('/debug/health')) as Fields;
    const identity = JSON.stringify([health['pid'], health['startedAt']]);
    if (identity !== this.identity) {
      // It is there for the first time, or again, or another one: all that was told counts for nothing.
      this.identity = identity;
      this.forget();
      this.seq = 0;
      this.tell({ type: 'hello', version: INSPECTION_VERSION, router: this.describe(health) });
    }
    if (!this.watching) return;
    const connections = await this.connections.look();
    const threads = await this.threads.look();
    const runs = await this.runs.look();
    const deliveries = await this.deliveries.look();
    const frames = this.framesWatched ? await this.messages.look() : [];
    if (this.closed || !this.watching) return;
    const counters = { ...NO_COUNTERS, connections: this.connections.size, threads: this.threads.size, runs: this.runs.size, ...(health['counters'] as object | undefined) };
    const countersText = JSON.stringify(counters);
    const changes: Fields = {
      ...(this.reset ? { reset: true, router: this.describe(health) } : {}),
      ...filled({
        connections: connections.changed,
        closedConnections: connections.gone,
        threads: threads.changed,
        removedThreads: threads.gone,
        runs: runs.changed,
        removedRuns: runs.gone,
        deliveries,
        frames,
      }),
      ...(this.reset || countersText !== this.countersTold ? { counters } : {}),
    };
    this.countersTold = countersText;
    this.reset = false;
    if (Object.keys(changes).length > 0) this.tell({ type: 'changes', seq: ++this.seq, ...changes });
  }

  private describe(health: Fields): Fields {
    return { ...health, kind: 'backend', url: this.api.base, clientUrl: typeof health['clientUrl'] === 'string' ? health['clientUrl'] : '' };
  }

  private forget(): void {
    this.reset = true;
    for (const polled of [this.connections, this.threads, this.runs, this.deliveries]) polled.forget();
  }

  private tell(message: Fields): void {
    if (!this.closed) this.heard(JSON.stringify(message));
  }
}

/** The lists that have something in them. */
function filled(lists: Readonly<Record<string, readonly unknown[]>>): Fields {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function reasonOf(error: unknown): string {
  return error instanceof DebugApiError ? (error.reason === 'absent' ? 'unsupported' : error.reason) : 'internal';
}
